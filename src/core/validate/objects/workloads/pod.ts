import { isObject } from '../../../json.ts'
import type { PodRules } from '../../pod-context.ts'
import type { Field } from '../field.ts'
import { podAnnotations } from './pod-annotations.ts'
import { podTemplate, specOf } from './template.ts'

/** Source: core validation ValidatePodCreate. */
export function pod(object: Field, podRules: PodRules): void {
  const metadata = object.get('metadata')
  const spec = object.get('spec')
  podAnnotations(metadata.get('annotations'), metadata.get('annotations'), spec)
  if (spec.get('ephemeralContainers').items().length > 0) {
    spec.get('ephemeralContainers').forbidden('POD_CREATE', 'cannot be set on create', 'Use kubectl debug on the running pod.')
  }
  if (!spec.get('nodeName').empty && spec.get('schedulingGates').items().length > 0) {
    spec.get('nodeName').forbidden('POD_CREATE', 'cannot be set until all schedulingGates have been cleared')
  }
  podRules(object.ctx, specOf(spec), spec.path, {
    kind: 'Pod',
    metadata: isObject(metadata.value) ? metadata.value : undefined,
    metadataPath: metadata.path,
    inTemplate: false,
    claimVolumes: [],
  })
}

/** Source: core validation ValidatePodTemplate. */
export function podTemplateObject(object: Field, podRules: PodRules): void {
  podTemplate(object.get('template'), podRules)
}
