import type { Json } from '../../../json/json.ts'
import { Field } from '../field.ts'

const CODE = 'CLUSTER_FIELD'
const TAINTS = 'scheduler.alpha.kubernetes.io/taints'
const AVOIDED = 'scheduler.alpha.kubernetes.io/preferAvoidPods'

/**
 * Annotations of a Node that hold JSON. Go reads keys of any case.
 * Source: core validation ValidateNodeSpecificAnnotations.
 *
 * @param taints the rules of taints
 */
export function nodeAnnotations(annotations: Field, taints: (list: Field) => void): void {
  const list = jsonOf(annotations, TAINTS)
  if (list?.value !== undefined) {
    if (Array.isArray(list.value)) taints(list)
    else list.invalid(CODE, 'must be a list of taints in JSON')
  }
  for (const entry of jsonOf(annotations, AVOIDED)?.get('preferavoidpods').items() ?? []) {
    const controller = entry.get('podsignature', 'podcontroller')
    if (!controller.present) entry.required('FIELD_REQUIRED', 'podSignature.podController is required')
    else if (!controller.get('controller').isTrue) controller.invalid(CODE, 'must point to a controller')
  }
}

/** The JSON in an annotation, with its keys in lower case; undefined without one, or if something was reported. */
function jsonOf(annotations: Field, key: string): Field | undefined {
  const { text } = annotations.get(key)
  if (text === undefined || text === '') return undefined
  const { ctx } = annotations
  const at = annotations.get(key).path
  const value = parsed(text)
  if (value === undefined) {
    annotations.get(key).invalid(CODE, 'must be JSON')
    return undefined
  }
  return new Field({ ...ctx, report: (finding) => ctx.report({ ...finding, at }) }, annotations, key, value)
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text, lowerKeys) as Json
  } catch {
    return undefined
  }
}

function lowerKeys(_key: string, value: Json): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key.toLowerCase(), entry]))
}
