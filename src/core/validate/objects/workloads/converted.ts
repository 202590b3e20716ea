import type { Field } from '../field.ts'

const CODE = 'METADATA_ANNOTATION'
const MAX_INT64 = 2n ** 63n - 1n

/**
 * The annotation of a Deployment that becomes the revision to roll back to; empty is none.
 * Source: apps/v1 Convert_v1_Deployment_To_apps_Deployment; apps validation ValidateRollback.
 */
export function rollbackRevision(object: Field): void {
  const annotation = object.get('metadata', 'annotations', 'deprecated.deployment.rollback.to')
  if (annotation.empty || annotation.text === undefined) return
  const revision = int64(annotation.text)
  if (revision === undefined) annotation.invalid(CODE, 'must be an integer of 64 bits')
  else if (revision < 0n) annotation.invalid(CODE, 'must be greater than or equal to 0')
}

/**
 * The annotation of a DaemonSet that becomes the generation of its template, which is set again on create. Even an empty
 * one must be a number. Source: apps/v1 Convert_v1_DaemonSet_To_apps_DaemonSet.
 */
export function templateGeneration(object: Field): void {
  const key = 'deprecated.daemonset.template.generation'
  const all = object.get('metadata', 'annotations')
  if (!all.keys().includes(key)) return
  const annotation = all.get(key)
  const text = annotation.present ? annotation.text : ''
  if (text === undefined || int64(text) !== undefined) return
  annotation.invalid(CODE, 'must be an integer of 64 bits', { shown: text })
}

/** Source: Go strconv.ParseInt. */
function int64(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]{1,100}$/.test(text)) return undefined
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return value > MAX_INT64 || value < -MAX_INT64 - 1n ? undefined : value
}
