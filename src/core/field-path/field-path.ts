import { getOrMake } from '../common/maps.ts'
import { isObject, type JsonObject, type JsonPath, type Json } from '../json/json.ts'
import { indexOfItem, hasMergeKey } from './merge-keys.ts'

/**
 * The location of a field in a pod template, in a form that survives edits around it: map keys as strings, list items
 * by their merge key (a container's name, a mount's path), as in a strategic merge patch.
 */
export type FieldPath = readonly PathElement[]
/** A key of a map, or the merge key of a list item. */
export type PathElement = string | { readonly id: string }

const PLAIN_STEP = /^[A-Za-z][A-Za-z0-9]*$/

/** Formatted field paths, which a plan needs many times; kept as long as the path. */
const WRITTEN = new WeakMap<FieldPath, string>()

/**
 * Formats a field path: `spec.containers[web].volumeMounts[/var/log]`, `metadata.annotations[a/b]`. In brackets, `%25`
 * and `%5D` stand for `%` and `]`.
 */
export function formatFieldPath(address: FieldPath): string {
  return getOrMake(WRITTEN, address, () => formatSteps(address, address.length))
}

/** The first steps of a field path, formatted; nothing is remembered of it, as for a path that is used once. */
export function formatSteps(address: FieldPath, count: number): string {
  let written = ''
  for (let n = 0; n < count; n++) written = withStep(written, address[n] as PathElement)
  return written
}

function withStep(before: string, step: PathElement): string {
  if (typeof step === 'string' && PLAIN_STEP.test(step)) return before === '' ? step : `${before}.${step}`
  const name = typeof step === 'string' ? step : step.id
  return `${before}[${name.replaceAll('%', '%25').replaceAll(']', '%5D')}]`
}

/** The parents of a field path, formatted, outermost first. */
export function formatParents(address: FieldPath): string[] {
  let written = ''
  return address.slice(0, -1).map((step) => (written = withStep(written, step)))
}

/** True when a field path lies inside one of the others, which are formatted. */
export function isInsideOf(address: FieldPath, others: { has: (written: string) => boolean }): boolean {
  let written = ''
  for (let n = 0; n < address.length - 1; n++) {
    written = withStep(written, address[n] as PathElement)
    if (others.has(written)) return true
  }
  return false
}

/** True when a field path is one of the others, which are formatted, or lies inside one. */
export function isWithin(address: FieldPath, others: { has: (written: string) => boolean }): boolean {
  return others.has(formatFieldPath(address)) || isInsideOf(address, others)
}

/** Parses what `formatFieldPath` wrote; undefined for any other text. */
export function parseFieldPath(source: string): FieldPath | undefined {
  const steps: PathElement[] = []
  const part = /\.?([A-Za-z][A-Za-z0-9]*)|\[([^\]]*)\]/y
  while (part.lastIndex < source.length) {
    const match = part.exec(source)
    if (match === null) return undefined
    const [, key, bracket] = match
    if (key !== undefined) {
      steps.push(key)
      continue
    }
    const name = (bracket as string).replaceAll('%5D', ']').replaceAll('%25', '%')
    const before = steps.at(-1)
    steps.push(typeof before === 'string' && hasMergeKey(before) ? { id: name } : name)
  }
  return steps.length > 0 ? steps : undefined
}

/** The value at a field path in plain data; undefined when an element of it is absent. */
export function fieldAt(data: Json | undefined, address: FieldPath): Json | undefined {
  return follow(data, address)
}

/** Resolves a field path in plain data to keys and 0-based indexes; undefined when an element of it is absent. */
export function pathOf(data: Json, address: FieldPath): JsonPath | undefined {
  const path: (string | number)[] = []
  return follow(data, address, path) === undefined ? undefined : path
}

/** @param path gets the keys and indexes on the way */
function follow(data: Json | undefined, address: FieldPath, path?: (string | number)[]): Json | undefined {
  let value = data
  let list = ''
  // Planning asks this all the time, so without an iterator.
  for (let n = 0; n < address.length; n++) {
    const step = address[n] as PathElement
    const key = keyIn(value, step, list)
    if (key === undefined) return undefined
    path?.push(key)
    value = (value as JsonObject)[key as string]
    if (typeof step === 'string') list = step
  }
  return value
}

/**
 * The key or 0-based index of a step in a map or list; undefined where it is absent.
 * @param list the last key on the way, which is the name of the list that a step with an id is in
 */
export function keyIn(container: Json | undefined, step: PathElement, list: string): string | number | undefined {
  if (typeof step === 'string') return isObject(container) && Object.hasOwn(container, step) ? step : undefined
  const index = Array.isArray(container) ? indexOfItem(list, container, step.id) : -1
  return index < 0 ? undefined : index
}
