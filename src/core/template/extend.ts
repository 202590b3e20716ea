import { isObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import { DIRECTIVES, MAX_DEPTH } from './expand.ts'
import type { TemplateDocument } from './parse-template.ts'

/** Where a part of a merged document comes from. */
interface Origin {
  document: TemplateDocument
  path: JsonPath
}

type Collection = JsonObject | Json[]

/** For every map and list that has parts of both documents: the origin of each of its entries. */
type Origins = Map<Collection, Map<string | number, Origin>>

interface Side {
  value: Json
  origin: Origin
}

/** The fields that identify items of a list; the first that all items of both lists have is used. */
const ITEM_IDS = ['name', 'mountPath', 'volume', 'containerPort'] as const

/** Maps that are one value: half of one and half of the other would mean neither. */
const WHOLE: ReadonlySet<string> = new Set(['$when', 'requiredWhen', 'default', 'example'])

/**
 * A template that builds on another: its `spec` put over the base's. Maps are merged field by field, and a field that
 * is null takes the base's away. Lists whose items all have names (or mount paths, or ports) are merged by these, in
 * the base's order with new items last; other lists, scalars, conditions and maps with different directives are
 * taken from the extending template as they are. A container called like the base is called like the new template.
 */
export function extendDocument(own: TemplateDocument, base: TemplateDocument): TemplateDocument {
  const origins: Origins = new Map()
  const under = withOwnName(base.data, nameOf(own))
  const data = mergeMaps(
    { value: own.data, origin: { document: own, path: [] } },
    { value: { spec: under['spec'] ?? null }, origin: { document: base, path: [] } },
    origins,
  )
  const spec = data['spec']
  if (isObject(spec)) delete spec['extends']
  return { data, place: (path) => placeIn(data, path, own, origins) }
}

function nameOf({ data }: TemplateDocument): Json {
  return isObject(data['metadata']) ? (data['metadata']['name'] ?? null) : null
}

/** The base with its container called like the extending template, where it is called like the base. */
function withOwnName(base: JsonObject, name: Json): JsonObject {
  const { metadata, spec } = base
  const container = isObject(spec) ? spec['container'] : undefined
  if (!isObject(metadata) || !isObject(spec) || !isObject(container) || typeof name !== 'string') return base
  if (container['name'] !== metadata['name']) return base
  return { ...base, spec: { ...spec, container: { ...container, name } } }
}

function mergeMaps(own: Side, base: Side, origins: Origins): JsonObject {
  const out: JsonObject = Object.create(null)
  const from = new Map<string, Origin>()
  const [above, below] = [own.value as JsonObject, base.value as JsonObject]
  for (const key of new Set([...Object.keys(below), ...Object.keys(above)])) {
    const mine = entry(own, key)
    const theirs = entry(base, key)
    if (mine?.value === null || (mine ?? theirs) === undefined) continue
    const chosen = (mine ?? theirs) as Side
    from.set(key, chosen.origin)
    out[key] =
      mine === undefined || theirs === undefined || WHOLE.has(key) ? chosen.value : merge(mine, theirs, origins)
  }
  origins.set(out, from)
  return out
}

function entry({ value, origin }: Side, key: string): Side | undefined {
  if (!isObject(value) || !Object.hasOwn(value, key)) return undefined
  return { value: value[key] as Json, origin: { document: origin.document, path: [...origin.path, key] } }
}

function merge(own: Side, base: Side, origins: Origins): Json {
  // No valid template is deeper; `parseTemplate` rejects it.
  if (own.origin.path.length > MAX_DEPTH) return own.value
  if (isObject(own.value) && isObject(base.value)) {
    return directiveOf(own.value) === directiveOf(base.value) ? mergeMaps(own, base, origins) : own.value
  }
  if (!Array.isArray(own.value) || !Array.isArray(base.value)) return own.value
  const id = ITEM_IDS.find((field) =>
    [...(own.value as Json[]), ...(base.value as Json[])].every((item) => idOf(item, field) !== undefined),
  )
  return id === undefined ? own.value : mergeLists(own, base, id, origins)
}

function directiveOf(map: JsonObject): string | undefined {
  return DIRECTIVES.find((key) => key !== '$when' && Object.hasOwn(map, key))
}

function idOf(item: Json, field: string): Json | undefined {
  const id = isObject(item) && Object.hasOwn(item, field) ? item[field] : undefined
  return typeof id === 'object' ? undefined : id
}

function mergeLists(own: Side, base: Side, field: string, origins: Origins): Json[] {
  const out: Json[] = []
  const from = new Map<string | number, Origin>()
  const add = (value: Json, origin: Origin): void => {
    from.set(out.push(value) - 1, origin)
  }
  const waiting = new Set(items(own))
  for (const theirs of items(base)) {
    const id = idOf(theirs.value, field)
    const mine = [...waiting].filter((side) => idOf(side.value, field) === id)
    if (mine.length === 0 && !items(own).some((side) => idOf(side.value, field) === id))
      add(theirs.value, theirs.origin)
    // An item overrides the one of its name: where the base has two with different conditions, it is not clear which.
    for (const side of mine) {
      waiting.delete(side)
      add(mine.length === 1 ? merge(side, theirs, origins) : side.value, side.origin)
    }
  }
  for (const side of waiting) add(side.value, side.origin)
  origins.set(out, from)
  return out
}

function items({ value, origin }: Side): Side[] {
  return (value as Json[]).map((item, i) => ({
    value: item,
    origin: { document: origin.document, path: [...origin.path, i] },
  }))
}

/** Follows a path through the merged part of a document, and from there on in the document that it comes from. */
function placeIn(
  data: JsonObject,
  path: JsonPath,
  own: TemplateDocument,
  origins: Origins,
): ReturnType<TemplateDocument['place']> {
  let value: Json | undefined = data
  let origin: Origin = { document: own, path: [] }
  for (const [i, step] of path.entries()) {
    const entries = typeof value === 'object' && value !== null ? origins.get(value) : undefined
    if (entries === undefined) return origin.document.place([...origin.path, ...path.slice(i)])
    const next = entries.get(step)
    if (next === undefined) break
    origin = next
    value = (value as JsonObject)[step]
  }
  return origin.document.place(origin.path)
}
