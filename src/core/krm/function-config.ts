import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import { isStartPlace, START_PLACES, type ItemPlace } from '../field-path/item-place.ts'
import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { KNOWN_MINORS, parseKubeVersion, type KubeVersion } from '../kube/version.ts'
import { POLICY_API_VERSION, POLICY_KIND } from '../selection/policy-schema.ts'
import type { ParameterSetting } from '../selection/selection.ts'
import type { RunMode } from '../template/template.ts'

/** The kind of a functionConfig made for sidecarctl alone. */
export const INJECTION_KIND = 'SidecarInjection'

/** What a functionConfig asks for; each field means the same as the flag of `inject` of its name. */
export interface FunctionConfig {
  sidecars?: readonly string[]
  parameters: readonly ParameterSetting[]
  /** By sidecar; under an empty name for all others. */
  modes: ReadonlyMap<string, RunMode>
  /** By sidecar; under an empty name for all others. */
  starts: ReadonlyMap<string, ItemPlace>
  kubeVersion?: KubeVersion
  /** Path of a policy file, relative to the working folder. */
  policy?: string
  /** Paths of files and folders with templates, relative to the working folder. */
  templates: readonly string[]
  /** The functionConfig itself, if it is a policy. */
  inlinePolicy?: JsonObject
}

/** The fields of a `SidecarInjection`, which are the keys of a ConfigMap too. */
const FUNCTION_FIELDS = ['sidecars', 'set', 'mode', 'start', 'kubernetesVersion', 'policy', 'templates'] as const

const MODES: readonly string[] = ['auto', 'native', 'classic']

/**
 * Reads a functionConfig: a `SidecarInjection`, a policy, or a ConfigMap. There is always a configuration; see the diagnostics.
 * @param named how messages name a field, such as `spec.mode`
 */
export function readFunctionConfig(
  config: Json | undefined,
  named: (field: string) => string = (field) => `functionConfig ${field}`,
): { config: FunctionConfig; diagnostics: Diagnostic[] } {
  const reader = new ConfigReader(named)
  reader.read(config)
  return { config: reader.config, diagnostics: reader.diagnostics }
}

class ConfigReader {
  readonly diagnostics: Diagnostic[] = []
  readonly #named: (field: string) => string
  readonly #parameters: ParameterSetting[] = []
  readonly #modes = new Map<string, RunMode>()
  readonly #starts = new Map<string, ItemPlace>()
  readonly config: { -readonly [K in keyof FunctionConfig]: FunctionConfig[K] } = {
    parameters: this.#parameters,
    modes: this.#modes,
    starts: this.#starts,
    templates: [],
  }

  constructor(named: (field: string) => string) {
    this.#named = named
  }

  read(config: Json | undefined): void {
    if (config === undefined || config === null) return
    if (!isObject(config)) return this.#problem('', 'functionConfig must be an object')
    const { apiVersion, kind } = config
    if (kind === 'ConfigMap') return this.#configMap(config)
    if (kind === POLICY_KIND && apiVersion === POLICY_API_VERSION) {
      this.config.inlinePolicy = config
      return
    }
    if (kind === INJECTION_KIND && apiVersion === POLICY_API_VERSION) return this.#injection(config)
    const known = `${POLICY_API_VERSION} ${INJECTION_KIND}, ${POLICY_API_VERSION} ${POLICY_KIND} or a ConfigMap`
    this.#problem('', `functionConfig is ${shown(apiVersion)} ${shown(kind)}`, `use ${known}`)
  }

  #injection(config: JsonObject): void {
    for (const key of Object.keys(config)) {
      if (['apiVersion', 'kind', 'metadata', 'spec'].includes(key)) continue
      const hint = (FUNCTION_FIELDS as readonly string[]).includes(key) ? `${key} belongs in spec` : undefined
      this.#problem(key, 'unknown field', hint)
    }
    const { spec } = config
    if (spec === undefined || spec === null) return
    if (!isObject(spec)) return this.#problem('spec', 'must be a map')
    for (const [key, value] of Object.entries(spec)) this.#field(`spec.${key}`, key, value)
  }

  /** Values are texts, as in every ConfigMap: lists are separated by commas, and `logging.output` is a parameter. */
  #configMap(config: JsonObject): void {
    const { data } = config
    if (data === undefined || data === null) return
    if (!isObject(data)) return this.#problem('data', 'must be a map')
    for (const [key, value] of Object.entries(data)) {
      const field = `data[${key}]`
      if (typeof value !== 'string') this.#problem(field, 'must be a string')
      else if (key.includes('.')) this.#parameter(field, key, value)
      else if (key === 'set') this.#problem(field, 'unknown key', 'name each parameter: logging.output: forward')
      else if (key === 'mode' || key === 'start') this.#bySidecarTexts(field, key, value)
      else this.#field(field, key, key === 'sidecars' || key === 'templates' ? listOf(value) : value)
    }
  }

  #field(field: string, key: string, value: Json): void {
    switch (key) {
      case 'sidecars':
        return this.#texts(field, value, (names) => (this.config.sidecars = [...new Set(names)]))
      case 'templates':
        return this.#texts(field, value, (paths) => (this.config.templates = paths))
      case 'set':
        if (!isObject(value)) return this.#problem(field, 'must be a map', 'for example {logging.output: forward}')
        for (const [name, one] of Object.entries(value)) this.#parameter(`${field}[${name}]`, name, one)
        return
      case 'mode':
      case 'start':
        if (!isObject(value)) return this.#bySidecar(field, key, '', value)
        for (const [name, one] of Object.entries(value)) this.#bySidecar(`${field}.${name}`, key, name, one)
        return
      case 'kubernetesVersion':
        return this.#version(field, value)
      case 'policy':
        if (typeof value !== 'string' || value === '') return this.#problem(field, 'must be the path of a policy file')
        this.config.policy = value
        return
      default:
        this.#problem(field, 'unknown field', didYouMeanHint(key, FUNCTION_FIELDS))
    }
  }

  #texts(field: string, value: Json, use: (texts: string[]) => void): void {
    const list = typeof value === 'string' ? listOf(value) : value
    if (Array.isArray(list) && list.every((one) => typeof one === 'string' && one !== '')) use(list as string[])
    else this.#problem(field, 'must be a list of strings')
  }

  /** @param name `TEMPLATE.PARAM`: the template ends at the first dot */
  #parameter(field: string, name: string, value: Json): void {
    const dot = name.indexOf('.')
    if (dot <= 0 || dot === name.length - 1)
      return this.#problem(field, 'the name of a parameter is TEMPLATE.PARAM', 'for example logging.output')
    if (value === null) return this.#problem(field, 'has no value')
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    const origin = this.#named(field)
    this.#parameters.push({ template: name.slice(0, dot), name: name.slice(dot + 1), value: text, origin })
  }

  /** `native`, or `logging=classic,metrics=native` in a ConfigMap. */
  #bySidecarTexts(field: string, key: 'mode' | 'start', value: string): void {
    for (const one of listOf(value)) {
      const at = one.indexOf('=')
      this.#bySidecar(field, key, one.slice(0, Math.max(at, 0)), one.slice(at + 1))
    }
  }

  #bySidecar(field: string, key: 'mode' | 'start', sidecar: string, value: Json): void {
    if (key === 'mode') this.#mode(field, sidecar, value)
    else if (isStartPlace(value)) this.#starts.set(sidecar, value)
    else this.#problem(field, `${shown(value)} is not a place among init containers`, `use ${START_PLACES}`)
  }

  #mode(field: string, sidecar: string, value: Json): void {
    if (typeof value === 'string' && MODES.includes(value)) this.#modes.set(sidecar, value as RunMode)
    else this.#problem(field, `unknown mode ${shown(value)}`, `use one of: ${MODES.join(', ')}`)
  }

  #version(field: string, value: Json): void {
    const version = typeof value === 'string' ? parseKubeVersion(value) : undefined
    if (version !== undefined) {
      this.config.kubeVersion = version
      return
    }
    const hint =
      typeof value === 'number'
        ? `write it in quotes: "${value}"`
        : `use one of: ${KNOWN_MINORS.map((minor) => `1.${minor}`).join(', ')}, latest`
    this.#problem(field, `${shown(value)} is not a supported version of Kubernetes`, hint)
  }

  #problem(field: string, message: string, hint?: string): void {
    const text = field === '' ? message : `${this.#named(field)}: ${message}`
    this.diagnostics.push(diagnostic('FUNCTION_CONFIG', text, { hint }))
  }
}

function listOf(text: string): string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

function shown(value: Json | undefined): string {
  return typeof value === 'string' ? `"${value}"` : JSON.stringify(value ?? null)
}
