import { isObject, type Json, type JsonObject } from '../../../json.ts'
import type { PodRules } from '../../pod-context.ts'
import type { ValidationContext } from '../../rule.ts'
import type { Field } from '../field.ts'
import { annotations } from '../metadata/annotations.ts'
import { labels } from '../metadata/labels.ts'
import { podAnnotations } from './pod-annotations.ts'

interface TemplateOptions {
  claimVolumes?: readonly string[]
  /** Further labels the API server adds to the template before it validates (a Job's). */
  generatedLabels?: ReadonlyMap<string, string>
  /** Report the spec's faults as warnings: the API server takes them, but no pod will come of it. */
  specWarnings?: boolean
}

/**
 * A pod template: its labels and annotations (which the API server prints without `metadata`), no ephemeral
 * containers, and the rules of its pod.
 * Source: core validation ValidatePodTemplateSpec.
 */
export function podTemplate(template: Field, podRules: PodRules, options: TemplateOptions = {}): void {
  const metadata = template.get('metadata')
  const spec = template.get('spec')
  labels(metadata.get('labels'), template.get('labels'))
  annotations(metadata.get('annotations'), template.get('annotations'))
  podAnnotations(metadata.get('annotations'), template.get('annotations'), spec)
  if (spec.get('ephemeralContainers').items().length > 0) {
    spec.get('ephemeralContainers').forbidden('TEMPLATE_FIELD', 'ephemeral containers not allowed in pod template')
  }
  const { ctx } = template
  podRules(options.specWarnings === true ? asWarnings(ctx) : ctx, specOf(spec), spec.path, {
    kind: ctx.kind,
    metadata: isObject(metadata.value) ? metadata.value : undefined,
    metadataPath: metadata.path,
    inTemplate: true,
    claimVolumes: options.claimVolumes ?? [],
  })
}

/** The spec as a map; a missing one is empty, so that its required fields are reported. */
export function specOf(spec: Field): JsonObject {
  const { value } = spec
  return isObject(value) ? value : (Object.create(null) as Record<string, Json>)
}

function asWarnings(ctx: ValidationContext): ValidationContext {
  return { ...ctx, report: (finding) => ctx.report({ ...finding, severity: 'warning' }) }
}

/**
 * Templates of pods that shall run forever: restartPolicy Always, which is the default, and no deadline.
 * Source: apps validation ValidateDeployment, ValidateStatefulSet, ValidateDaemonSet and so on.
 */
export function runsForever(template: Field): void {
  const spec = template.get('spec')
  const policy = spec.get('restartPolicy')
  if (policy.text !== undefined && policy.text !== '' && policy.text !== 'Always') {
    const hint = `Pods of a ${template.ctx.kind} are always restarted; use a Job for pods that end.`
    policy.unsupported('TEMPLATE_RESTART_POLICY', ['Always'], { hint })
  }
  if (spec.get('activeDeadlineSeconds').present) {
    const detail = `activeDeadlineSeconds in ${template.ctx.kind} is not supported`
    spec.get('activeDeadlineSeconds').forbidden('TEMPLATE_FIELD', detail)
  }
}
