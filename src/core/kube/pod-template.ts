import { getOrMake } from '../common/maps.ts'
import { emptyObject, isObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import type { WorkloadKind } from './kinds.ts'
import { valueAt, type Workload } from './workload.ts'

/**
 * Plans, records and templates speak of a pod template: a map with `metadata` and `spec`. Where a kind has its pod
 * spec inline, one map holds the fields of the pod spec, and `annotations` and `labels` of the pods beside them. This
 * file has the pod template that such a map amounts to, and the way between places in the one and the other.
 */
const META: ReadonlySet<unknown> = new Set(['annotations', 'labels'])

/** What places in a pod template depend on. */
type Kind = Pick<WorkloadKind, 'inline'>

/** The pod template of a workload as planners see it; undefined where there is none. */
export function templateOf({
  data,
  templatePath,
  workloadKind,
}: Pick<Workload, 'data' | 'templatePath' | 'workloadKind'>): Json | undefined {
  return asTemplate(valueAt(data, templatePath), workloadKind)
}

/** The pod template at a path, in the form that planners use. */
export function asTemplate(value: Json | undefined, { inline }: Kind): Json | undefined {
  if (inline !== true || !isObject(value)) return value
  return getOrMake(TEMPLATES, value, () => madeOf(value))
}

/** Pod templates by what they are made of, which never changes; kept as long as that. */
const TEMPLATES = new WeakMap<JsonObject, JsonObject>()

function madeOf(inline: JsonObject): JsonObject {
  const [metadata, spec] = [emptyObject(), emptyObject()]
  for (const [key, value] of Object.entries(inline)) (META.has(key) ? metadata : spec)[key] = value
  return Object.assign(emptyObject(), { metadata, spec })
}

/**
 * The place in the text of a place in the pod template, both from the template: `spec.volumes` is `volumes` where the
 * pod spec is inline, and `metadata` and `spec` themselves are the whole map. It holds for paths and for addresses.
 */
export function toText<Step>(place: readonly Step[], { inline }: Kind): readonly Step[] {
  return inline === true ? place.slice(1) : place
}

/** The place in the pod template of a place in the text, as `toText` takes it. */
export function fromText<Step>(place: readonly Step[], { inline }: Kind): readonly (Step | string)[] {
  if (inline !== true || place.length === 0) return place
  return [META.has(place[0]) ? 'metadata' : 'spec', ...place]
}

/** The path from the object of a place in its pod template. */
export function pathInObject(
  { templatePath, workloadKind }: Pick<Workload, 'templatePath' | 'workloadKind'>,
  place: JsonPath,
): JsonPath {
  return [...templatePath, ...toText(place, workloadKind)]
}
