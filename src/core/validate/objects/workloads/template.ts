import { isObject, type Json, type JsonObject } from '../../../json/json.ts'
import type { PodRules } from '../../pod-context.ts'
import type { Field } from '../field.ts'
import { annotations } from '../metadata/annotations.ts'
import { labels } from '../metadata/labels.ts'

/**
 * A pod template: its labels and annotations, which messages of the API server name without `metadata`, and the rules
 * of its pod.
 * Source: core validation ValidatePodTemplateSpec.
 *
 * @param extraVolumes names of the claim templates of a StatefulSet, which are volumes of the pod, too
 */
export function podTemplate(template: Field, podRules: PodRules, extraVolumes: readonly string[] = []): void {
  const metadata = template.get('metadata')
  const spec = template.get('spec')
  labels(metadata.get('labels'), template.get('labels'))
  annotations(metadata.get('annotations'), template.get('annotations'))
  const { ctx } = template
  podRules(specOf(spec), spec.path, {
    kubeVersion: ctx.kubeVersion,
    kind: ctx.kind,
    metadata: isObject(metadata.value) ? metadata.value : undefined,
    metadataPath: metadata.path,
    extraVolumes,
  })
}

/** The spec as a map; a missing one is empty, so that its required fields are reported. */
export function specOf(spec: Field): JsonObject {
  const { value } = spec
  return isObject(value) ? value : (Object.create(null) as Record<string, Json>)
}

/**
 * Templates of pods that run forever: restartPolicy Always, which is the default, and no deadline.
 * Source: apps validation ValidateDeployment, ValidateStatefulSet, ValidateDaemonSet and so on.
 *
 * @param podChecked whether the rules of pods report an unknown policy as an error, so that it is not reported here
 * again
 */
export function runsForever(template: Field, podChecked = true): void {
  const spec = template.get('spec')
  const policy = spec.get('restartPolicy')
  const left = podChecked ? policy.text === 'Never' || policy.text === 'OnFailure' : policy.text !== 'Always'
  if (left && policy.text !== undefined && policy.text !== '') {
    const hint = `pods of a ${template.ctx.kind} are always restarted; use a Job for pods that finish`
    policy.unsupported('TEMPLATE_RESTART_POLICY', ['Always'], { hint })
  }
  if (spec.get('activeDeadlineSeconds').present) {
    const detail = `activeDeadlineSeconds in ${template.ctx.kind} is not supported`
    spec.get('activeDeadlineSeconds').forbidden('TEMPLATE_FIELD', detail)
  }
}
