import { isObject, type Json } from '../json/json.ts'

/** A pod template, or a pod spec, that was found by its shape; the path as a policy's `podTemplatePath` has it. */
export interface FoundPodSpec {
  path: string
  inline: boolean
}

/** How deep in an object is looked. */
const MAX_DEPTH = 12

/** Maps with a list of containers in an object of a kind that is not known, in the order of the text. */
export function findPodSpecs(data: Json): FoundPodSpec[] {
  const found = new Map<string, FoundPodSpec>()
  search(data, [], found)
  return [...found.values()]
}

function search(value: Json, path: readonly string[], found: Map<string, FoundPodSpec>): void {
  if (path.length > MAX_DEPTH) return
  if (Array.isArray(value)) {
    const last = path.at(-1)
    if (last !== undefined) for (const item of value) search(item, [...path.slice(0, -1), `${last}[*]`], found)
    return
  }
  if (!isObject(value)) return
  if (holdsContainers(value['containers'])) {
    const inline = path.at(-1) !== 'spec' || path.length === 1
    const at = (inline ? path : path.slice(0, -1)).join('.')
    if (at !== '') found.set(at, { path: at, inline })
    return
  }
  for (const [key, child] of Object.entries(value)) search(child, [...path, key], found)
}

function holdsContainers(value: Json | undefined): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => isObject(item) && typeof item['name'] === 'string' && typeof item['image'] === 'string')
  )
}
