import { isObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import { readCondition } from './condition.ts'
import { CONTEXT_NAMES } from './context.ts'
import { DIRECTIVES, MAX_DEPTH } from './expand.ts'
import { cutPlaceholders, OPEN } from './placeholder.ts'
import type { Condition, ParameterSpec } from './template.ts'
import { checkValue } from './value.ts'

/** Reports a problem of a template file at a path from the document's root. */
export type ReferenceProblem = (path: JsonPath, problem: string, hint?: string) => void

type Parameters = ReadonlyMap<string, ParameterSpec>

/**
 * Checks, before any value is known, that every placeholder, condition and directive in a node can be carried
 * out: the names exist, and what a condition compares with can occur.
 */
export function checkNames(node: Json, path: JsonPath, parameters: Parameters, problem: ReferenceProblem): void {
  if (path.length > MAX_DEPTH) problem(path, `nested deeper than ${MAX_DEPTH} levels`)
  else if (typeof node === 'string') checkScalar(node, path, parameters, problem)
  else if (Array.isArray(node)) node.forEach((item, i) => checkNames(item, [...path, i], parameters, problem))
  else if (isObject(node)) checkMap(node, path, parameters, problem)
}

/** Braces are other programs' text; round a parameter's name they can only be meant as a placeholder. */
const BARE_PLACEHOLDER = /(?<!\$)\{\{\s*params\.([A-Za-z][\w-]*)\s*\}\}/

function checkScalar(text: string, path: JsonPath, parameters: Parameters, problem: ReferenceProblem): void {
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
    if ('text' in piece || isKnown(piece.name, parameters)) continue
    const known = [...[...parameters.keys()].map((name) => `params.${name}`), ...CONTEXT_NAMES]
    const hint = parameters.has(piece.name) ? `did you mean params.${piece.name}?` : didYouMeanHint(piece.name, known)
    problem(path, `unknown value ${piece.name}`, hint)
  }
}

function isKnown(name: string, parameters: Parameters): boolean {
  return name.startsWith('params.') ? parameters.has(name.slice('params.'.length)) : CONTEXT_NAMES.includes(name)
}

function checkMap(node: JsonObject, path: JsonPath, parameters: Parameters, problem: ReferenceProblem): void {
  const keys = Object.keys(node)
  for (const key of keys) {
    const at = [...path, key]
    if (key === '$when') checkCondition(node[key] as Json, at, parameters, problem)
    else {
      checkKey(key, keys, at, problem)
      checkNames(node[key] as Json, at, parameters, problem)
    }
  }
}

function checkKey(key: string, keys: readonly string[], path: JsonPath, problem: ReferenceProblem): void {
  if (key.includes(OPEN)) problem(path, 'a key cannot contain a placeholder')
  if (!key.startsWith('$') || key.startsWith('$$') || key.includes(OPEN)) return
  if (!(DIRECTIVES as readonly string[]).includes(key)) {
    problem(path, `unknown directive ${key}`, `write $${key} for a field of that name`)
  } else if (keys.some((other) => other !== key && other !== '$when')) {
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
  const condition = readCondition(node)
  if (condition === undefined) {
    problem(path, 'a condition must be a map from names to a value, a list of values, {set: true} or {not: VALUE}')
    return undefined
  }
  for (const [name, test] of condition) {
    const spec = parameters.get(name)
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
