import { isObject, type JsonPath, type Json } from '../json/json.ts'
import { indexOfItem, hasMergeKey } from './merge-keys.ts'

/**
 * The location of a field in a pod template, in a form that survives edits around it: map keys as strings, list items
 * by what identifies them (a container's name, a mount's path), as strategic merge does.
 */
export type FieldPath = readonly PathElement[]
export type PathElement = string | { readonly id: string }

const PLAIN_STEP = /^[A-Za-z][A-Za-z0-9]*$/

/** Texts of addresses, which are needed again and again while a plan is made; kept as long as the address. */
const WRITTEN = new WeakMap<FieldPath, string>()

/** Writes an address: `spec.containers[web].volumeMounts[/var/log]`, `metadata.annotations[a/b]`. */
export function formatFieldPath(address: FieldPath): string {
  const known = WRITTEN.get(address)
  if (known !== undefined) return known
  const out = address.reduce(withStep, '')
  WRITTEN.set(address, out)
  return out
}

function withStep(before: string, step: PathElement): string {
  if (typeof step === 'string' && PLAIN_STEP.test(step)) return before === '' ? step : `${before}.${step}`
  const name = typeof step === 'string' ? step : step.id
  return `${before}[${name.replaceAll('%', '%25').replaceAll(']', '%5D')}]`
}

/** What an address stands in, as `formatFieldPath` writes it, outermost first. */
export function formatParents(address: FieldPath): string[] {
  let written = ''
  return address.slice(0, -1).map((step) => (written = withStep(written, step)))
}

/** True when an address lies inside one of the others, which are given as they are written. */
export function isInsideOf(address: FieldPath, others: { has: (written: string) => boolean }): boolean {
  let written = ''
  for (let n = 0; n < address.length - 1; n++) {
    written = withStep(written, address[n] as PathElement)
    if (others.has(written)) return true
  }
  return false
}

/** True when an address is one of the others, or lies inside one. */
export function isWithin(address: FieldPath, others: { has: (written: string) => boolean }): boolean {
  return others.has(formatFieldPath(address)) || isInsideOf(address, others)
}

/** Reads what `formatFieldPath` wrote; undefined when it is something else. */
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

/** The path of an address in plain data; undefined when something on the way, or the last step, is not there. */
export function pathOf(data: Json, address: FieldPath): JsonPath | undefined {
  const path: (string | number)[] = []
  let value: Json | undefined = data
  let list = ''
  for (const step of address) {
    if (typeof step === 'string') {
      if (!isObject(value) || !Object.hasOwn(value, step)) return undefined
      path.push(step)
      value = value[step]
      list = step
    } else {
      if (!Array.isArray(value)) return undefined
      const index: number = indexOfItem(list, value, step.id)
      if (index < 0) return undefined
      path.push(index)
      value = value[index]
    }
  }
  return path
}
