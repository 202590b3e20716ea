import type { Json, JsonPath } from '../../json/json.ts'
import { entries, nodeAt } from './construct.ts'
import { deref, type YamlNode } from './node.ts'
import { resolveScalar } from './resolve.ts'

/** Data as `Json`, but with integers beyond 2^53 as exact `bigint`. */
export type ExactJson = Exclude<Json, object> | bigint | ExactJson[] | { [key: string]: ExactJson }

/**
 * The data of a node with exact integers.
 * @param node one that was read without error
 * @param data its data
 */
export function exactData(node: YamlNode, data: Json): ExactJson {
  const target = deref(node)
  if (target.type === 'scalar')
    return typeof data === 'number' ? exactNumber(resolveScalar(target), data) : (data as ExactJson)
  if (target.type === 'seq') return target.items.map((item, n) => exactData(item, (data as Json[])[n] as Json))
  const all = entries(target as Extract<YamlNode, { type: 'map' }>)
  return Object.fromEntries(
    Object.entries(data as { [key: string]: Json }).map(([key, value]) => {
      const pair = all.get(key)?.pair
      return [key, pair === undefined ? (value as ExactJson) : exactData(pair.value, value)]
    }),
  )
}

/**
 * The number at a path, exact where it is an integer beyond 2^53.
 * @param value the number in the data
 */
export function exactNumberAt(root: YamlNode, path: JsonPath, value: number): number | bigint {
  const node = nodeAt(root, path)
  const target = node && deref(node)
  return target?.type === 'scalar' ? exactNumber(resolveScalar(target), value) : value
}

function exactNumber(resolved: ReturnType<typeof resolveScalar>, value: number): number | bigint {
  if (resolved.kind === 'int') return resolved.exact ?? value
  return resolved.kind === 'float' ? resolved.value : value
}

/** JSON as `JSON.stringify` writes it with an indentation, but with exact integers. */
export function exactJsonText(value: ExactJson, indent: string, pad = ''): string {
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = pad + indent
  const parts = Array.isArray(value)
    ? value.map((item) => exactJsonText(item, indent, inner))
    : Object.entries(value).map(([key, child]) => `${JSON.stringify(key)}: ${exactJsonText(child, indent, inner)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return parts.length === 0 ? open + close : `${open}\n${parts.map((part) => inner + part).join(',\n')}\n${pad}${close}`
}
