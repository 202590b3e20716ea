import { diagnostic, hasErrors, type Diagnostic, type SourceLocation } from '../diagnostics/diagnostic.ts'
import type { DiagnosticCode } from '../diagnostics/codes.ts'
import { formatJsonPath, isObject, itemsOf, type Json, type JsonObject, type JsonPath } from '../json/json.ts'
import { isStartPlace } from '../field-path/item-place.ts'
import { inlineKindRow, workloadKindRow, type WorkloadKind } from '../kube/kinds.ts'
import { parseSelector, type LabelSelector } from '../kube/selector.ts'
import { KNOWN_MINORS, parseKubeVersion } from '../kube/version.ts'
import { schemaProblems } from '../schema/ajv-errors.ts'
import type { Origin, SetMode, SetValue } from './selection.ts'
import { quoteHint } from '../diagnostics/quote-hint.ts'
import { didYouMean, didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import { readSingleDocument, type DocumentWords } from '../template/template-document.ts'
import type { TemplateDocument } from '../template/parse-template.ts'
import type { RunMode } from '../template/template.ts'
import type { SourceText } from '../text/source.ts'
import { matchesGlob, matchesPath } from './glob.ts'
import { CONDITIONS, labelCondition } from './match-policy.ts'
import type { Addition, Policy, PolicyPath, Rule } from './policy.ts'
import { readSidecarSettings } from './sidecar-settings.ts'

/** Namespaces that a policy leaves alone unless it says otherwise. */
export const EXCLUDED_NAMESPACES = ['kube-system']

const NOT_ONE_MAP = {
  code: 'CONFIG_INVALID',
  message: 'a policy file must contain exactly one document, a map with apiVersion and kind',
} as const

const WORDS: DocumentWords = {
  notOne: NOT_ONE_MAP,
  notMap: NOT_ONE_MAP,
  helm: { code: 'CONFIG_INVALID', message: 'this is the syntax of Helm charts, which policy files do not have' },
}

/**
 * Reads a policy file: its shape by the JSON Schema, then what only code can check. Names of sidecars and parameters
 * are checked when the templates are known (`validate-policy.ts`). There is a policy only when nothing is wrong.
 * @param pathOf see `Policy.pathOf`
 */
export async function readPolicy(
  source: SourceText,
  pathOf: Policy['pathOf'],
): Promise<{ policy?: Policy; diagnostics: Diagnostic[] }> {
  const { document, diagnostics } = readSingleDocument(source, WORDS)
  if (document === undefined) return { diagnostics }
  const problems = await misshapen(document)
  if (problems.length > 0) return { diagnostics: problems }
  const reader = new PolicyReader(source, document)
  const policy = reader.policy(pathOf)
  return hasErrors(reader.diagnostics)
    ? { diagnostics: reader.diagnostics }
    : { policy, diagnostics: reader.diagnostics }
}

async function misshapen({ data, place }: TemplateDocument): Promise<Diagnostic[]> {
  const { validate } = await import('./policy-validator.ts')
  const problems = schemaProblems(validate, data)
  if (problems.length === 0) return []
  const { policyPlaces } = await import('./policy-schema.ts')
  // A misspelt field is why a required one is missing.
  const [unknown, others] = [problems.filter(({ known }) => known), problems.filter(({ known }) => !known)]
  return [...unknown, ...others].map(({ path, message, known, unquoted }) => {
    const hint =
      unquoted !== undefined
        ? quoteHint(place(path), unquoted)
        : known && unknownFieldHint(String(path.at(-1)), known, policyPlaces)
    return configProblem('CONFIG_INVALID', place(path), path, message, hint)
  })
}

/** The field that was meant: a similar one in the same map, else the same name where it belongs, else all that fit. */
function unknownFieldHint(
  name: string,
  known: readonly string[],
  placesOf: (name: string) => string[],
): string | undefined {
  const places = didYouMean(name, known) === undefined ? placesOf(name) : []
  return places.length === 0 ? didYouMeanHint(name, known) : `${name} belongs in ${places.join(' or ')}`
}

function configProblem(
  code: DiagnosticCode,
  at: SourceLocation,
  path: JsonPath,
  message: string,
  hint?: string,
): Diagnostic {
  return diagnostic(code, `${formatJsonPath(path)}: ${message}`, { at, hint })
}

/** Turns data that passed the schema into a policy. */
class PolicyReader {
  readonly diagnostics: Diagnostic[] = []
  readonly #source: SourceText
  readonly #document: TemplateDocument

  constructor(source: SourceText, document: TemplateDocument) {
    this.#source = source
    this.#document = document
  }

  policy(pathOf: Policy['pathOf']): Policy {
    const spec = map(this.#document.data['spec'])
    const exclude = map(spec['exclude'])
    const namespaces = exclude['namespaces'] === undefined ? EXCLUDED_NAMESPACES : texts(exclude['namespaces'])
    const paths = texts(exclude['paths'])
    const rules = spec['rules']
    return {
      source: this.#source,
      templates: texts(spec['templates']).flatMap((path, n) => this.#templatePath(path, ['spec', 'templates', n])),
      allowPlaceholders: spec['allowPlaceholders'] === true,
      kubeVersion: this.#version(spec['kubernetesVersion']),
      values: Object.entries(map(spec['parameters'])).flatMap(([name, values]) =>
        this.#values(name, values, ['spec', 'parameters', name]),
      ),
      parametersOf: Object.keys(map(spec['parameters'])).map((name) => ({
        name,
        at: this.#at(['spec', 'parameters', name]),
      })),
      modes: Object.entries(map(spec['modes'])).map(([name, mode]) => this.#mode(name, mode, ['spec', 'modes', name])),
      versions: Object.entries(map(spec['versions'])).map(([name, version]) => ({
        name,
        version: String(version),
        at: this.#at(['spec', 'versions', name]),
      })),
      rules: Array.isArray(rules) ? rules.map((rule, n) => this.#rule(map(rule), n)) : undefined,
      used: new Set(),
      retarget: this.#retarget(map(spec['services'])['retarget']),
      sidecarSettings: readSidecarSettings(spec, {
        problem: (path, message, hint) => this.#problem(path, message, hint),
        at: (path) => this.#at(path),
      }),
      kinds: itemsOf(spec['workloadKinds']).map((kind) => kindRow(map(kind))),
      excludedNamespaces: namespaces,
      excludesNamespace: (name) => namespaces.some((glob) => matchesGlob(glob, name)),
      excludesPath: (path) => paths.some((glob) => matchesPath(glob, path)),
      pathOf,
    }
  }

  #at(path: JsonPath): SourceLocation {
    return this.#document.place(path)
  }

  #problem(path: JsonPath, message: string, hint?: string, code: DiagnosticCode = 'CONFIG_INVALID'): void {
    this.diagnostics.push(configProblem(code, this.#at(path), path, message, hint))
  }

  #templatePath(path: string, at: JsonPath): PolicyPath[] {
    if (!/^(?:[/\\]|[A-Za-z]:)/.test(path) && !path.split(/[/\\]/).includes('..')) return [{ path, at: this.#at(at) }]
    const hint = 'put the templates next to the policy file, or name them with --templates'
    this.#problem(at, 'this path leads out of the folder of the policy file', hint, 'CONFIG_OUTSIDE')
    return []
  }

  #version(value: Json | undefined): Policy['kubeVersion'] {
    const version = typeof value === 'string' ? parseKubeVersion(value) : undefined
    if (value === undefined || version !== undefined) return version
    const known = KNOWN_MINORS.map((minor) => `1.${minor}`).join(', ')
    this.#problem(
      ['spec', 'kubernetesVersion'],
      `Kubernetes ${String(value)} is not supported`,
      `use one of: ${known}, latest`,
    )
    return undefined
  }

  #origin(path: JsonPath, text = formatJsonPath(path)): Origin {
    const at = this.#at(path)
    return { level: 'policy', text, at }
  }

  #retarget(value: Json | undefined): Policy['retarget'] {
    return typeof value === 'boolean' ? { value, origin: this.#origin(['spec', 'services', 'retarget']) } : undefined
  }

  #values(template: string, values: Json | undefined, path: JsonPath): SetValue[] {
    return Object.entries(map(values)).map(([name, value]): SetValue => {
      const from = this.#origin([...path, name])
      return {
        template,
        name,
        value,
        data: true,
        origin: `${this.#source.label}, ${from.text}`,
        from,
        at: from.at as SourceLocation,
      }
    })
  }

  #mode(template: string, mode: Json, path: JsonPath): SetMode {
    return { template, mode: mode as RunMode, from: this.#origin(path) }
  }

  #rule(rule: JsonObject, n: number): Rule {
    const path = ['spec', 'rules', n]
    const name = typeof rule['name'] === 'string' ? `rule "${rule['name']}"` : `rule ${n + 1}`
    const match = map(rule['match'])
    const labels =
      match['labels'] === undefined ? undefined : this.#labels(match['labels'], [...path, 'match', 'labels'])
    const conditions = Object.entries(match).map(([key, value]) =>
      key === 'labels' ? labelCondition(labels ?? []) : (CONDITIONS[key] as (typeof CONDITIONS)[string])(value),
    )
    const excludes = rule['exclude']
    return {
      origin: this.#origin(path, name),
      match,
      labels,
      matches: (workload, file) => conditions.every((condition) => condition(workload, file)),
      containers: Array.isArray(rule['containers'])
        ? texts(rule['containers']).map((other, i) => ({
            name: other,
            origin: this.#origin([...path, 'containers', i], name),
          }))
        : undefined,
      adds: itemsOf(rule['add']).map((one, i) => this.#addition(one, [...path, 'add', i], name)),
      excludes:
        typeof excludes === 'string'
          ? 'all'
          : texts(excludes).map((other, i) => ({ name: other, at: this.#at([...path, 'exclude', i]) })),
    }
  }

  #addition(one: Json, path: JsonPath, rule: string): Addition {
    const item = isObject(one) ? one : { name: one }
    const name = String(item['name'])
    const { mode, start } = item
    return {
      name,
      origin: this.#origin(isObject(one) ? [...path, 'name'] : path, rule),
      values: this.#values(name, item['parameters'], [...path, 'parameters']),
      mode: mode === undefined ? undefined : this.#mode(name, mode, [...path, 'mode']),
      start: isStartPlace(start)
        ? { template: name, place: start, from: this.#origin([...path, 'start'], rule) }
        : undefined,
    }
  }

  #labels(value: Json, path: JsonPath): LabelSelector {
    if (typeof value !== 'string') {
      return Object.entries(map(value)).map(([key, text]) => ({ key, operator: 'in', values: [String(text)] }))
    }
    const parsed = parseSelector(value)
    if (parsed.ok) return parsed.value
    this.#problem(
      path,
      `character ${parsed.error.offset + 1}: ${parsed.error.message}`,
      'write it as in kubectl: app=web,tier!=db',
    )
    return []
  }
}

function kindRow(kind: JsonObject): WorkloadKind {
  const path = String(kind['podTemplatePath'])
    .split('.')
    .flatMap((part) => (part.endsWith('[*]') ? [part.slice(0, -3), '*'] : [part]))
  return (kind['inline'] === true ? inlineKindRow : workloadKindRow)(
    String(kind['group'] ?? ''),
    String(kind['kind']),
    path,
  )
}

function map(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

function texts(value: Json | undefined): string[] {
  return itemsOf(value).map(String)
}
