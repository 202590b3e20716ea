import { getOrMake } from '../common/maps.ts'
import { shellWord } from '../common/shell-word.ts'
import { diagnostic, hasErrors, type Diagnostic, type SourceLocation } from '../diagnostics/diagnostic.ts'
import type { Json, JsonObject } from '../json/json.ts'
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import { holds, type Lookup } from './condition.ts'
import { CONTEXT_NAMES, contextValue } from './context.ts'
import { expand } from './expand.ts'
import { contextDefault } from './parameters.ts'
import { templateProblem } from './parse-template.ts'
import { shapeSidecar } from './shape-sidecar.ts'
import type { GivenValue, ParameterSpec, Sidecar, Template, TemplateContext } from './template.ts'
import { checkedValue, checkValue, PARAMETER_TYPES, readValue, type ValueResult } from './value.ts'

/** The sidecar that a template resolves to, and the problems found. */
interface Resolved {
  sidecar?: Sidecar
  diagnostics: Diagnostic[]
}

/** Sidecars that were made of a template with the same values, by the context values that they depend on. */
interface Known {
  names: Set<string>
  sidecars: Map<string, Sidecar>
}

/** By the given values, kept as long as the template, which may be as long as the program. */
const KNOWN = new WeakMap<Template, Map<string, Known>>()
/** Given values that are kept for one template, so that workloads with values of their own do not add up. */
const MOST_VALUES = 100
/** Sidecars that are kept for one template and its values; beyond that, workloads are too different. */
const MOST_KNOWN = 1000

/**
 * Puts values and context into a template. Values that are invalid or missing are PARAM_* diagnostics, each with its
 * parameter's name; a template that does not produce a sidecar with them is TEMPLATE_INVALID. There is a sidecar only
 * if there are no problems. The same values and the same context, as far as the template uses it, give the very same
 * object, which must not be changed, so that what is derived from it is computed only once.
 */
export function resolveTemplate(template: Template, given: readonly GivenValue[], context: TemplateContext): Resolved {
  if (given.length === 0 && template.ready !== undefined) return { sidecar: template.ready, diagnostics: [] }
  const known = knownFor(template, given)
  const value = (name: string): Json | undefined => contextValue(name, context, template.name)
  const keyOf = (): string => JSON.stringify([...known.names].map((name) => value(name) ?? null))
  const found = known.sidecars.get(keyOf())
  if (found !== undefined) return { sidecar: found, diagnostics: [] }
  const before = known.names.size
  const made = resolve(template, given, (name) => {
    known.names.add(name)
    return value(name)
  })
  // Another value decides, too, from here on.
  if (known.names.size > before || known.sidecars.size >= MOST_KNOWN) known.sidecars.clear()
  if (made.sidecar !== undefined && made.diagnostics.length === 0) known.sidecars.set(keyOf(), made.sidecar)
  return made
}

/**
 * What a template becomes where no parameter is given, if that is the same in every workload; else undefined: some value
 * is required, or it looks at the workload or at how the sidecar runs.
 */
export function sameEverywhere(template: Template): Sidecar | undefined {
  let looked = false
  const { sidecar, diagnostics } = resolve(template, [], (name) => {
    if (name === 'sidecar.name') return template.name
    looked ||= CONTEXT_NAMES.includes(name)
    return undefined
  })
  return looked || diagnostics.length > 0 ? undefined : sidecar
}

function knownFor(template: Template, given: readonly GivenValue[]): Known {
  const byValues = getOrMake(KNOWN, template, () => new Map<string, Known>())
  const key =
    given.length === 0 ? '' : JSON.stringify(given.map(({ name, value, data }) => [name, value, data === true]))
  const before = byValues.get(key)
  if (before !== undefined) return before
  if (byValues.size >= MOST_VALUES) byValues.clear()
  const known: Known = { names: new Set(), sidecars: new Map() }
  byValues.set(key, known)
  return known
}

function resolve(template: Template, given: readonly GivenValue[], contextOf: Lookup): Resolved {
  const made = fill(template, given, contextOf)
  if (!made.diagnostics.some(({ code }) => code === 'TEMPLATE_INVALID')) return made
  const needed = neededDefaults(template, given, contextOf)
  return needed.length === 0 ? made : { diagnostics: needed.map((spec) => missing(template, spec)) }
}

/** Parameters that are given as null, and without whose default the template has errors. */
function neededDefaults(template: Template, given: readonly GivenValue[], contextOf: Lookup): ParameterSpec[] {
  const last = [...new Map(given.map((value) => [value.name, value])).values()]
  const specOf = ({ name }: GivenValue): ParameterSpec | undefined => template.parameters.get(name)
  const isNull = (value: GivenValue): boolean => {
    const spec = specOf(value)
    return spec !== undefined && isNone(spec, value)
  }
  const others = last.filter((value) => !isNull(value))
  const fails = (more: readonly GivenValue[]): boolean =>
    fill(template, [...others, ...more], contextOf).sidecar === undefined
  if (others.length === last.length || fails([])) return []
  return last.filter((value) => isNull(value) && fails([value])).flatMap((value) => specOf(value) ?? [])
}

/** Puts values and context into a template. */
function fill(template: Template, given: readonly GivenValue[], contextOf: Lookup): Resolved {
  const diagnostics: Diagnostic[] = []
  const values = settle(template, given, contextOf, diagnostics)
  if (hasErrors(diagnostics)) return { diagnostics }
  const lookup: Lookup = (name) => {
    const parameter = name.startsWith('params.') ? name.slice('params.'.length) : name
    return values.get(parameter) ?? contextOf(name)
  }
  const report = (path: readonly (string | number)[], problem: string): void => {
    diagnostics.push(templateProblem(template.place, path, problem))
  }
  const spec: JsonObject = Object.create(null)
  for (const key of Object.keys(template.spec)) {
    if (key === 'parameters') continue
    const value = expand(template.spec[key] as Json, ['spec', key], lookup, report)
    if (value !== undefined) spec[key] = value
  }
  const sidecar = shapeSidecar(template, spec, report)
  if (hasErrors(diagnostics)) return { diagnostics }
  const parameters: Record<string, Json> = Object.create(null)
  for (const [name, value] of values) parameters[name] = value
  return { sidecar: { ...sidecar, parameters }, diagnostics }
}

/** The value of every parameter that has one: given, else the default. */
function settle(
  template: Template,
  given: readonly GivenValue[],
  contextOf: Lookup,
  diagnostics: Diagnostic[],
): Map<string, Json> {
  const last = new Map<string, GivenValue>()
  for (const value of given) {
    if (template.parameters.has(value.name)) last.set(value.name, value)
    else diagnostics.push(unknown(template, value))
  }
  const values = new Map<string, Json>()
  const failed = new Set<string>()
  for (const spec of template.parameters.values()) {
    const value = last.get(spec.name)
    if (value !== undefined && isNone(spec, value)) continue
    const result = value === undefined ? defaultValue(spec, contextOf) : givenValue(spec, value)
    if (result === undefined) continue
    if ('value' in result) values.set(spec.name, result.value)
    else {
      failed.add(spec.name)
      diagnostics.push(invalid(template, spec, result.problem, value))
    }
  }
  const lookup: Lookup = (name) => values.get(name) ?? contextOf(name)
  for (const spec of template.parameters.values()) {
    if (values.has(spec.name) || failed.has(spec.name)) continue
    const needed = spec.required || (spec.requiredWhen !== undefined && holds(spec.requiredWhen, lookup))
    if (needed) diagnostics.push(missing(template, spec))
  }
  return values
}

/**
 * Whether null is given, which removes the default: as data, or as the word `null` for a type that has no such value.
 */
function isNone(spec: ParameterSpec, { value, data }: GivenValue): boolean {
  if (value === null) return true
  return value === 'null' && data !== true && PARAMETER_TYPES[spec.type].accept(value) === undefined
}

function givenValue(spec: ParameterSpec, { value, data }: GivenValue): ValueResult {
  return typeof value === 'string' && data !== true ? readValue(spec, value) : checkValue(spec, value)
}

function defaultValue(spec: ParameterSpec, contextOf: Lookup): ValueResult | undefined {
  if (spec.default === undefined) return undefined
  const name = contextDefault(spec.default)
  if (name === undefined) return { value: checkedValue(spec, spec.default) }
  const value = contextOf(name)
  return value === undefined ? undefined : checkValue(spec, value)
}

function unknown(template: Template, given: GivenValue): Diagnostic {
  const known = [...template.parameters.keys()]
  const hint = didYouMeanHint(given.name, known) ?? `the template ${template.name} has no parameters`
  return diagnostic('PARAM_UNKNOWN', `the template ${template.name} has no parameter "${given.name}"${from(given)}`, {
    hint,
    ...place(given),
  })
}

function invalid(template: Template, spec: ParameterSpec, problem: string, given?: GivenValue): Diagnostic {
  return diagnostic('PARAM_INVALID', `${template.name}.${spec.name}: ${problem}${from(given)}`, {
    ...(spec.description === '' ? {} : { hint: `${spec.name}: ${spec.description}` }),
    ...place(given),
    related: [{ message: 'the parameter is declared here', at: declaration(template, spec) }],
  })
}

function missing(template: Template, spec: ParameterSpec): Diagnostic {
  const about = spec.description === '' ? '' : ` (${spec.description.replace(/\.$/, '')})`
  const example = typeof spec.example === 'object' ? JSON.stringify(spec.example) : String(spec.example ?? 'VALUE')
  return diagnostic('PARAM_REQUIRED', `the template ${template.name} requires a value for ${spec.name}${about}`, {
    hint: `${contextDefault(spec.default) === 'app.port' ? "declare the app's port in its container, or set it" : 'set it'} with --set ${shellWord(`${template.name}.${spec.name}=${example}`)}`,
    related: [{ message: 'the parameter is declared here', at: declaration(template, spec) }],
  })
}

function from(given: GivenValue | undefined): string {
  return given?.origin === undefined ? '' : ` (set by ${given.origin})`
}

function place(given: GivenValue | undefined): { at?: SourceLocation } {
  return given?.at === undefined ? {} : { at: given.at }
}

function declaration(template: Template, spec: ParameterSpec): SourceLocation {
  return template.place(['spec', 'parameters', spec.name])
}
