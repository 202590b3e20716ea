import { isObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import { readCondition } from './condition.ts'
import { CONTEXT_NAMES } from './context.ts'
import { DIRECTIVE_PARTNERS, DIRECTIVES, ITEM, MAX_DEPTH } from './expand.ts'
import { cutPlaceholders, OPEN } from './placeholder.ts'
import type { Condition, ParameterSpec } from './template.ts'
import { checkValue } from './value.ts'

/** Reports a problem of a template file at a path from the document's root. */
export type ReferenceProblem = (path: JsonPath, problem: string, hint?: string) => void

type Parameters = ReadonlyMap<string, ParameterSpec>

/** The context of a node: only within `$each` there is an item. */
interface Scope {
  parameters: Parameters
  hasItem: boolean
}

/**
 * Checks, before any value is known, that every placeholder, condition and directive in a node can be carried
 * out: the names exist, and what a condition compares with can occur.
 */
export function checkNames(node: Json, path: JsonPath, parameters: Parameters, problem: ReferenceProblem): void {
  checkNode(node, path, { parameters, hasItem: false }, problem)
}

function checkNode(node: Json, path: JsonPath, scope: Scope, problem: ReferenceProblem): void {
  if (path.length > MAX_DEPTH) problem(path, `nested deeper than ${MAX_DEPTH} levels`)
  else if (typeof node === 'string') checkScalar(node, path, scope, problem)
  else if (Array.isArray(node)) node.forEach((item, i) => checkNode(item, [...path, i], scope, problem))
  else if (isObject(node)) checkMap(node, path, scope, problem)
}

/** Braces are other programs' syntax; around a parameter's name they can only be meant as a placeholder. */
const BARE_PLACEHOLDER = /(?<!\$)\{\{\s*params\.([A-Za-z][\w-]*)\s*\}\}/

function checkScalar(text: string, path: JsonPath, scope: Scope, problem: ReferenceProblem): void {
  const { parameters } = scope
  const bare = BARE_PLACEHOLDER.exec(text)
  if (bare !== null && parameters.has(bare[1] as string))
    problem(path, `a placeholder must begin with ${OPEN}`, `write $${bare[0]}`)
  if (!text.includes(OPEN)) return
  const cut = cutPlaceholders(text)
  if ('problem' in cut) {
    problem(path, cut.problem, 'write $${{ for the text ${{')
    return
  }
  for (const piece of cut.pieces) {
    if ('text' in piece || isKnown(piece.name, scope)) continue
    const known = [...[...parameters.keys()].map((name) => `params.${name}`), ...CONTEXT_NAMES]
    const hint = parameters.has(piece.name) ? `did you mean params.${piece.name}?` : didYouMeanHint(piece.name, known)
    problem(path, `unknown value ${piece.name}`, hint)
  }
}

function isKnown(name: string, { parameters, hasItem }: Scope): boolean {
  if (isItem(name)) return hasItem
  return name.startsWith('params.') ? parameters.has(name.slice('params.'.length)) : CONTEXT_NAMES.includes(name)
}

function isItem(name: string): boolean {
  return name === ITEM || name.startsWith(`${ITEM}.`)
}

function checkMap(node: JsonObject, path: JsonPath, scope: Scope, problem: ReferenceProblem): void {
  const keys = Object.keys(node)
  for (const key of keys) {
    const at = [...path, key]
    if (key === '$when') readCheckedCondition(node[key] as Json, at, scope, problem)
    else {
      checkKey(key, keys, at, problem)
      checkNode(node[key] as Json, at, key === '$each' ? { ...scope, hasItem: true } : scope, problem)
    }
  }
}

/**
 * The prefix of annotations and labels that sidecarctl reads in manifests: it would take what a template adds under it
 * for what the user wrote.
 */
const RESERVED = /^(?:(?:config|injected)\.)?sidecarctl\.dev\//

/** Whether a key is one of the labels or annotations of the pod or of an object, directives aside. */
function isOfMetadata(path: JsonPath): boolean {
  const steps = path.filter((step) => typeof step === 'number' || !step.startsWith('$'))
  const isText = path.includes('$json') || path.includes('$yaml')
  const [, part, , metadata] = steps
  const isPlace = (part === 'pod' && steps.length === 4) || (metadata === 'metadata' && steps.length === 6)
  return isPlace && !isText && (steps.at(-2) === 'labels' || steps.at(-2) === 'annotations')
}

function checkKey(key: string, keys: readonly string[], path: JsonPath, problem: ReferenceProblem): void {
  if (key.includes(OPEN)) problem(path, 'a key cannot contain a placeholder')
  if (RESERVED.test(key) && isOfMetadata(path))
    problem(path, `the prefix of ${key} is reserved for sidecarctl`, 'use a prefix of your own')
  if (!key.startsWith('$') || key.startsWith('$$') || key.includes(OPEN)) return
  const partner = Object.entries(DIRECTIVE_PARTNERS).find(([, other]) => other === key)
  if (partner !== undefined) {
    if (!keys.includes(partner[0])) problem(path, `${key} is only allowed beside ${partner[0]}`)
  } else if (!(DIRECTIVES as readonly string[]).includes(key)) {
    problem(path, `unknown directive ${key}`, `write $${key} for a field of that name`)
  } else if (keys.some((other) => other !== key && other !== '$when' && other !== DIRECTIVE_PARTNERS[key])) {
    problem(path, `${key} replaces its whole map, so the map cannot have other fields`)
  }
}

/** Checks a condition and returns it; reports what is wrong with it. */
export function checkCondition(
  node: Json,
  path: JsonPath,
  parameters: Parameters,
  problem: ReferenceProblem,
): Condition | undefined {
  return readCheckedCondition(node, path, { parameters, hasItem: false }, problem)
}

function readCheckedCondition(
  node: Json,
  path: JsonPath,
  scope: Scope,
  problem: ReferenceProblem,
): Condition | undefined {
  const { parameters } = scope
  const condition = readCondition(node)
  if (condition === undefined) {
    problem(path, 'a condition must be a map from names to a value, a list of values, {set: true} or {not: VALUE}')
    return undefined
  }
  for (const [name, test] of condition) {
    const spec = parameters.get(name)
    if (isItem(name) && scope.hasItem) continue
    if (spec === undefined && !CONTEXT_NAMES.includes(name)) {
      const hint = didYouMeanHint(name, [...parameters.keys(), ...CONTEXT_NAMES])
      problem([...path, name], `unknown parameter or value ${name}`, hint)
    } else if (spec !== undefined && !('set' in test)) {
      for (const value of 'in' in test ? test.in : test.notIn) {
        const checked = checkValue(spec, value)
        if ('problem' in checked) problem([...path, name], `this condition is never true: ${checked.problem}`)
      }
    }
  }
  return condition
}
