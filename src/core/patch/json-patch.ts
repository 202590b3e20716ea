import { mergeKeyOf } from '../field-path/merge-keys.ts'
import { isEqual } from '../json/equality.ts'
import { diffLists } from '../json/list-diff.ts'
import { isObject, type Json, type JsonObject, type JsonPath } from '../json/json.ts'

/** One operation of a JSON Patch (RFC 6902); `path` is a JSON Pointer. */
export type JsonPatchOp = { op: 'test' | 'add' | 'replace'; path: string; value: Json } | { op: 'remove'; path: string }

/** A JSON Pointer (RFC 6901): `~` and `/` in a key are `~0` and `~1`. */
export function jsonPointer(path: JsonPath): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/**
 * The operations that turn one object into another, each guarded by a `test`: of the old value of what is replaced or
 * removed, of the names of list items, and of null for what is added (evanphx/json-patch, which kubectl and kustomize
 * use, takes a missing field for null).
 */
export function diffObjects(before: JsonObject, after: JsonObject): JsonPatchOp[] {
  return diffMaps(before, after, [])
}

function test(path: JsonPath, value: Json): JsonPatchOp {
  return { op: 'test', path: jsonPointer(path), value }
}

function diffMaps(before: JsonObject, after: JsonObject, path: JsonPath): JsonPatchOp[] {
  const removed = Object.keys(before).filter((key) => !Object.hasOwn(after, key))
  return [
    ...removed.flatMap((key): JsonPatchOp[] => [
      test([...path, key], before[key] as Json),
      { op: 'remove', path: jsonPointer([...path, key]) },
    ]),
    ...Object.entries(after).flatMap(([key, value]) =>
      diffValues(Object.hasOwn(before, key) ? before[key] : undefined, value, [...path, key], key),
    ),
  ]
}

function diffValues(before: Json | undefined, after: Json, path: JsonPath, key: string): JsonPatchOp[] {
  if (isEqual(before, after)) return []
  if (isObject(before) && isObject(after)) return diffMaps(before, after, path)
  if (Array.isArray(before) && Array.isArray(after)) return diffItems(before, after, path, key)
  const isAdded = before === undefined || before === null
  return [test(path, before ?? null), { op: isAdded ? 'add' : 'replace', path: jsonPointer(path), value: after }]
}

/** Removals from the end, so that the indexes of the others hold; then changes; then additions from the start. */
function diffItems(before: readonly Json[], after: readonly Json[], path: JsonPath, key: string): JsonPatchOp[] {
  const { kept } = diffLists(before, after, (item) => mergeKeyOf(key, item))
  const removed = before.map((_, n) => n).filter((n) => !kept.has(n))
  const places = new Set(kept.values())
  return [
    ...removed
      .toReversed()
      .flatMap((n): JsonPatchOp[] => [
        test([...path, n], before[n] as Json),
        { op: 'remove', path: jsonPointer([...path, n]) },
      ]),
    ...[...kept].flatMap(([from, to], n) =>
      [nameTest(before[from] as Json, [...path, n])].concat(
        diffValues(before[from], after[to] as Json, [...path, n], ''),
      ),
    ),
    ...after.flatMap((value, n): JsonPatchOp[] =>
      places.has(n) ? [] : [{ op: 'add', path: jsonPointer([...path, n]), value }],
    ),
  ]
}

/** Tests that an item is the expected one: by its name, or as a whole. */
function nameTest(item: Json, path: JsonPath): JsonPatchOp {
  const name = isObject(item) ? item['name'] : undefined
  return typeof name === 'string' ? test([...path, 'name'], name) : test(path, item)
}
