import { append } from '../common/append.ts'
import { clone, emptyObject, isObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import { holds, readCondition, type Lookup } from './condition.ts'
import { cutPlaceholders, OPEN } from './placeholder.ts'
import { LIMITS } from '../common/limits.ts'
import { yamlText } from './yaml-text.ts'

/** Reports one problem of the template at a path. */
export type Report = (path: JsonPath, problem: string) => void

/** The directives: keys of a template's maps that say what to do with the map. */
export const DIRECTIVES = ['$when', '$value', '$spread', '$join', '$json', '$yaml'] as const
/** Keys beside a directive, which say how it is carried out. */
export const DIRECTIVE_PARTNERS: Readonly<Record<string, string>> = { $spread: '$each', $join: '$separator' }
/** The name of the item at hand in `$each`; `item.NAME` is a field of it. */
export const ITEM = 'item'

/** Deeper than any Kubernetes object, and safe to walk by recursion. */
export const MAX_DEPTH = LIMITS.templateNesting.value

/** The result for a node: a value, nothing, or several items for the list that contains it. */
type Expanded = { value: Json } | { items: Json[] } | undefined

interface ExpandContext {
  lookup: Lookup
  report: Report
  /** Items that `$each` has made so far; nested ones multiply. */
  made: { items: number }
}

/**
 * Puts values into a node of a template and carries out its directives. Values enter as data: no value can add
 * a field, and a key is never looked at for placeholders. Returns undefined when nothing is left of the node,
 * which removes the field or list item that holds it: its `$when` does not hold, or it is a placeholder of a
 * parameter that has no value.
 */
export function expand(node: Json, path: JsonPath, lookup: Lookup, report: Report): Json | undefined {
  const result = walk(node, path, { lookup, report, made: { items: 0 } })
  if (result !== undefined && 'items' in result) {
    report(path, '$spread is only allowed in a list item')
    return undefined
  }
  return result?.value
}

function walk(node: Json, path: JsonPath, w: ExpandContext): Expanded {
  if (path.length > MAX_DEPTH) {
    w.report(path, `nested deeper than ${MAX_DEPTH} levels`)
    return undefined
  }
  if (typeof node === 'string') return scalar(node, path, w)
  if (Array.isArray(node)) return { value: list(node, path, w) }
  return isObject(node) ? map(node, path, w) : { value: node }
}

function scalar(text: string, path: JsonPath, w: ExpandContext): Expanded {
  if (!text.includes(OPEN)) return { value: text }
  const cut = cutPlaceholders(text)
  if ('problem' in cut) {
    w.report(path, cut.problem)
    return undefined
  }
  const [first, ...more] = cut.pieces
  if (first !== undefined && more.length === 0 && 'name' in first) {
    const value = w.lookup(first.name)
    // A copy, so that two places in the result never share one object.
    return value === undefined ? undefined : { value: clone(value) }
  }
  let out = ''
  for (const piece of cut.pieces) out += 'text' in piece ? piece.text : within(piece.name, path, w)
  return { value: out }
}

/** The text of a value inside a longer scalar. */
function within(name: string, path: JsonPath, w: ExpandContext): string {
  const value = w.lookup(name)
  if (value === undefined) w.report(path, `${name} has no value here; put the field under a $when that tests for it`)
  else if (typeof value === 'object') w.report(path, `${name} is a list or a map and cannot be part of a string`)
  else return String(value)
  return ''
}

function list(items: Json[], path: JsonPath, w: ExpandContext): Json[] {
  const out: Json[] = []
  for (const [i, item] of items.entries()) {
    const result = walk(item, [...path, i], w)
    if (result === undefined) continue
    if ('items' in result) append(out, result.items)
    else out.push(result.value)
  }
  return out
}

function map(node: JsonObject, path: JsonPath, w: ExpandContext): Expanded {
  if (Object.hasOwn(node, '$when')) {
    const condition = readCondition(node['$when'])
    if (condition === undefined) {
      w.report([...path, '$when'], '$when must be a map from names to values')
      return undefined
    }
    if (!holds(condition, w.lookup)) return undefined
  }
  const directive = DIRECTIVES.find((key) => key !== '$when' && Object.hasOwn(node, key))
  if (directive !== undefined) return replaced(directive, node, path, w)
  const out = emptyObject()
  for (const key of Object.keys(node)) {
    if (key === '$when') continue
    const value = walk(node[key] as Json, [...path, key], w)
    if (value === undefined) continue
    if ('items' in value) w.report([...path, key], '$spread is only allowed in a list item')
    else out[key.startsWith('$$') ? key.slice(1) : key] = value.value
  }
  return { value: out }
}

/** A map that is replaced by something else: `$value`, `$spread`, `$join`, `$json` or `$yaml`. */
function replaced(directive: string, node: JsonObject, path: JsonPath, w: ExpandContext): Expanded {
  const inner = walk(node[directive] as Json, [...path, directive], w)
  if (inner === undefined || 'items' in inner || directive === '$value') return inner
  if (directive === '$spread') return spread(inner.value, node['$each'], path, w)
  if (directive === '$join') return joined(inner.value, node['$separator'], path, w)
  const text = directive === '$json' ? JSON.stringify(inner.value) : yamlText(inner.value)
  if (text.length <= LIMITS.encodedText.value) return { value: text }
  w.report([...path, directive], `produces a string of more than ${LIMITS.encodedText.value} characters`)
  return undefined
}

/** The items of a list, or what `$each` makes of every one. */
function spread(value: Json, each: Json | undefined, path: JsonPath, w: ExpandContext): Expanded {
  if (!Array.isArray(value)) {
    w.report([...path, '$spread'], '$spread must hold a list')
    return undefined
  }
  if (each === undefined) return { items: value }
  const items: Json[] = []
  for (const item of value) {
    if (++w.made.items > LIMITS.eachItems.value) {
      w.report([...path, '$each'], `produces more than ${LIMITS.eachItems.value} items`)
      return undefined
    }
    const made = walk(each, [...path, '$each'], { ...w, lookup: (name) => valueOfItem(name, item, w.lookup) })
    if (made === undefined) continue
    if ('items' in made) append(items, made.items)
    else items.push(made.value)
  }
  return { items }
}

function valueOfItem(name: string, item: Json, outer: Lookup): Json | undefined {
  if (name === ITEM) return item ?? undefined
  if (!name.startsWith(`${ITEM}.`)) return outer(name)
  const field = name.slice(ITEM.length + 1)
  return isObject(item) && Object.hasOwn(item, field) ? (item[field] ?? undefined) : undefined
}

/** The words of a list as one text; nothing where there are none. */
function joined(value: Json, separator: Json | undefined, path: JsonPath, w: ExpandContext): Expanded {
  if (!Array.isArray(value) || value.some((item) => typeof item === 'object')) {
    w.report([...path, '$join'], '$join must hold a list of strings, numbers and booleans')
    return undefined
  }
  if (separator !== undefined && typeof separator !== 'string') {
    w.report([...path, '$separator'], '$separator must be a string')
    return undefined
  }
  return value.length === 0 ? undefined : { value: value.join(separator ?? ',') }
}
