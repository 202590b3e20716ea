import { isObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import { readCondition } from './condition.ts'
import { CONTEXT_NAMES } from './context.ts'
import { checkCondition, type ReferenceProblem } from './check-references.ts'
import { cutPlaceholders, OPEN } from './placeholder.ts'
import type { PatternReader, ValuePattern } from './pattern.ts'
import type { ParameterSpec, ParameterType, ValueSpec } from './template.ts'
import { checkValue, PARAMETER_TYPES } from './value.ts'

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,62}$/
const PATTERN_HINT = 'use RE2 syntax, without look-around and back-references'
const LIMITS = ['minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems'] as const

/**
 * Reads `spec.parameters`; what is wrong is reported, and a parameter that is wrong is left out.
 * @param patterns compiles patterns
 * @param checked true for parameters that were found good before: defaults and examples are taken as they are
 */
export function readParameters(
  node: Json | undefined,
  path: JsonPath,
  problem: ReferenceProblem,
  patterns: PatternReader,
  checked = false,
): Map<string, ParameterSpec> {
  const parameters = new Map<string, ParameterSpec>()
  if (node === undefined || node === null) return parameters
  if (!isObject(node)) {
    problem(path, 'parameters must be a map from names to declarations')
    return parameters
  }
  for (const name of Object.keys(node)) {
    const at = [...path, name]
    const declared = node[name]
    if (!NAME.test(name)) {
      problem(at, 'a parameter name must begin with a letter and consist of at most 63 letters, digits, - and _')
    } else if (!isObject(declared)) problem(at, 'a parameter must be a map with at least a type')
    else {
      const spec = readParameter(name, declared, at, problem, patterns, checked)
      if (spec !== undefined) parameters.set(name, spec)
    }
  }
  readConditions(node, path, parameters, problem, checked)
  return parameters
}

function readParameter(
  name: string,
  node: JsonObject,
  path: JsonPath,
  problem: ReferenceProblem,
  patterns: PatternReader,
  checked: boolean,
): ParameterSpec | undefined {
  const value = readSpec(node, path, problem, patterns)
  if (value === undefined) return undefined
  const spec: ParameterSpec = {
    ...value,
    name,
    description: typeof node['description'] === 'string' ? node['description'] : '',
    default: node['default'] ?? undefined,
    example: node['example'] ?? undefined,
    required: node['required'] === true,
    requiredWhen: undefined,
  }
  if (!checked) for (const key of ['default', 'example'] as const) checkStated(spec, spec[key], [...path, key], problem)
  return spec
}

/** Conditions may name any parameter, so they are read when all are known. */
function readConditions(
  node: JsonObject,
  path: JsonPath,
  parameters: Map<string, ParameterSpec>,
  problem: ReferenceProblem,
  checked: boolean,
): void {
  for (const spec of parameters.values()) {
    const declared = node[spec.name]
    const condition = isObject(declared) ? declared['requiredWhen'] : undefined
    if (condition === undefined) continue
    spec.requiredWhen = checked
      ? readCondition(condition)
      : checkCondition(condition, [...path, spec.name, 'requiredWhen'], parameters, problem)
  }
}

function readSpec(
  node: JsonObject,
  path: JsonPath,
  problem: ReferenceProblem,
  patterns: PatternReader,
): ValueSpec | undefined {
  const type = node['type']
  if (typeof type !== 'string' || !Object.hasOwn(PARAMETER_TYPES, type)) {
    const known = Object.keys(PARAMETER_TYPES)
    const hint = typeof type === 'string' ? didYouMeanHint(type, known) : `known types: ${known.join(', ')}`
    problem([...path, 'type'], 'a parameter requires a known type', hint)
    return undefined
  }
  const spec: ValueSpec = { type: type as ParameterType }
  if (Array.isArray(node['enum'])) {
    for (const [i, value] of node['enum'].entries()) {
      const fits = checkValue(spec, value)
      if ('problem' in fits) problem([...path, 'enum', i], fits.problem, stringHint(spec, value))
    }
    spec.enum = node['enum']
  }
  for (const key of LIMITS) {
    const limit = node[key]
    if (typeof limit === 'number') spec[key] = limit
  }
  const pattern = node['pattern']
  if (pattern !== undefined) {
    const read = readPattern(pattern, [...path, 'pattern'], problem, patterns)
    if (read !== undefined) spec.pattern = read
  }
  for (const key of ['items', 'additionalProperties'] as const) {
    const inner = node[key]
    if (!isObject(inner)) continue
    const read = path.length < 20 ? readSpec(inner, [...path, key], problem, patterns) : undefined
    if (read !== undefined) spec[key] = read
  }
  return spec
}

/** For a number or boolean where a string is required: words such as yes and on are booleans of YAML. */
function stringHint({ type }: ValueSpec, value: Json): string | undefined {
  const isUnquoted = typeof value === 'number' || typeof value === 'boolean'
  return type === 'string' && isUnquoted ? 'put it in quotes to make it a string' : undefined
}

function readPattern(
  pattern: Json,
  path: JsonPath,
  problem: ReferenceProblem,
  patterns: PatternReader,
): ValuePattern | undefined {
  if (typeof pattern !== 'string') {
    problem(path, 'a pattern must be a regular expression')
    return undefined
  }
  const compiled = patterns(pattern)
  if ('test' in compiled) return compiled
  problem(path, `this regular expression is invalid: ${compiled.problem}`, PATTERN_HINT)
  return undefined
}

/** A default or an example must be a valid value of the parameter, or a placeholder of the context. */
function checkStated(spec: ParameterSpec, value: Json | undefined, path: JsonPath, problem: ReferenceProblem): void {
  if (value === undefined) return
  const context = contextDefault(value)
  if (context !== undefined) {
    if (!CONTEXT_NAMES.includes(context)) {
      problem(path, `a default cannot be ${context}`, didYouMeanHint(context, CONTEXT_NAMES))
    }
    return
  }
  const checked = checkValue(spec, value)
  if ('problem' in checked) problem(path, checked.problem, stringHint(spec, value))
}

/** The name in a default that is one placeholder: `app.port` for `${{ app.port }}`. */
export function contextDefault(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || !value.includes(OPEN)) return undefined
  const cut = cutPlaceholders(value)
  const piece = 'pieces' in cut && cut.pieces.length === 1 ? cut.pieces[0] : undefined
  return piece !== undefined && 'name' in piece ? piece.name : undefined
}
