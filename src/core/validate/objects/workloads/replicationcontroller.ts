import type { PodRules } from '../../pod-context.ts'
import type { Field } from '../field.ts'
import { labelsOf } from '../selector.ts'
import { counts } from './rollout.ts'
import { podTemplate, runsForever } from './template.ts'

/**
 * A ReplicationController's selector is a plain map that defaults to the template's labels.
 * Source: core validation ValidateReplicationControllerSpec; core/v1 SetDefaults_ReplicationController.
 */
export function replicationController(object: Field, podRules: PodRules): void {
  const spec = object.get('spec')
  const template = spec.get('template')
  counts(spec, 'replicas', 'minReadySeconds')
  selector(spec.get('selector'), template)
  if (!template.present) {
    template.required('FIELD_REQUIRED')
    return
  }
  podTemplate(template, podRules)
  runsForever(template)
}

function selector(field: Field, template: Field): void {
  const labels = labelsOf(template.get('metadata'))
  if (field.empty) {
    if (labels.size === 0)
      field.required('SELECTOR_REQUIRED', '', 'give the template labels, or the controller a selector')
    return
  }
  if (!template.present) return
  const differs = field.entries().some(([key, value]) => value.text !== undefined && labels.get(key) !== value.text)
  if (!differs) return
  template
    .get('metadata', 'labels')
    .report('SELECTOR_MISMATCH', '`selector` does not match template `labels`', {
      hint: 'give the template every label that spec.selector requires',
      related: [{ path: field.path, message: 'the selector' }],
    })
}
