import { isObject, type Json, type JsonObject } from '../json/json.ts'
import type { SourceText } from '../text/source.ts'
import { readRawDocument, splitDocuments } from '../yaml/read/split.ts'

/** What a YAML or JSON file is for that holds no manifests of its own. */
export type FilePurpose =
  | 'kustomization'
  | 'kustomize-patch'
  | 'kustomize-settings'
  | 'helm-chart'
  | 'compose'
  | 'ci'
  | 'sidecarctl'
  | 'settings'
  | 'unknown'

/** The name of a kustomization that a search for YAML files does not find. */
export const BARE_KUSTOMIZATION = 'Kustomization'

/** The names under which kustomize looks for its file (api/konfig `RecognizedKustomizationFileNames`). */
export const KUSTOMIZATION_NAMES: readonly string[] = ['kustomization.yaml', 'kustomization.yml', BARE_KUSTOMIZATION]

/** What a kustomization says of other files; paths as written, from its folder. */
export interface KustomizationFiles {
  /** Whether it is part of other kustomizations only, and cannot be built by itself. */
  isComponent: boolean
  /** Files and folders with manifests. */
  readonly resources: readonly string[]
  readonly patches: readonly string[]
  /** Settings of kustomize, values of charts, and files that go into ConfigMaps and Secrets. */
  readonly settings: readonly string[]
}

/**
 * The files that a kustomization names; undefined where the text is none, such as a Kustomization of Flux. `kind` and
 * `apiVersion` may be absent (api/types `Kustomization.FixKustomizationPostUnmarshalling`).
 */
export function kustomizationFiles(source: SourceText): KustomizationFiles | undefined {
  const data = onlyObject(source)
  if (data === undefined) return undefined
  const { kind = 'Kustomization', apiVersion = 'kustomize.config.k8s.io/v1' } = data
  if (kind !== 'Kustomization' && kind !== 'Component') return undefined
  if (typeof apiVersion !== 'string' || !apiVersion.startsWith('kustomize.config.k8s.io/')) return undefined
  const paths = (...fields: string[]): string[] => fields.flatMap((field) => texts(data[field]))
  const within = (field: string, key: string): string[] => maps(data[field]).flatMap((item) => texts(item[key]))
  const ofCharts = within('helmCharts', 'valuesFile').concat(
    within('helmCharts', 'additionalValuesFiles'),
    within('helmChartInflationGenerator', 'values'),
  )
  const generated = ['configMapGenerator', 'secretGenerator'].flatMap((field) =>
    ['files', 'envs', 'env'].flatMap((key) => within(field, key)),
  )
  return {
    isComponent: kind === 'Component',
    resources: paths('resources', 'bases'),
    patches: [
      ...within('patches', 'path'),
      ...paths('patchesStrategicMerge'),
      ...within('patchesJson6902', 'path'),
    ].filter(isPath),
    settings: [
      ...paths('configurations', 'crds', 'transformers', 'generators', 'validators'),
      ...within('replacements', 'path'),
      ...ofCharts,
      ...texts(isObject(data['openapi']) ? data['openapi']['path'] : undefined),
      ...generated.map((file) => file.slice(file.indexOf('=') + 1)),
    ].filter(isPath),
  }
}

/** Patches, transformers and generators may stand in the file itself. */
function isPath(text: string): boolean {
  return text !== '' && !text.includes('\n')
}

function texts(value: Json | undefined): string[] {
  return (Array.isArray(value) ? value : [value]).filter((item) => typeof item === 'string')
}

function maps(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter((item) => isObject(item)) : []
}

function onlyObject(source: SourceText): JsonObject | undefined {
  const [doc, ...more] = splitDocuments(source)
    .flatMap(readRawDocument)
    .filter((one) => !('root' in one) || (one.data ?? null) !== null)
  return doc !== undefined && more.length === 0 && 'root' in doc && isObject(doc.data) ? doc.data : undefined
}

/** Files of a Helm chart that hold no manifests, by their path in the chart. What is in `crds/` are plain manifests. */
const CHART_FILES =
  /^(?:Chart\.ya?ml|Chart\.lock|requirements\.(?:ya?ml|lock)|[^/]*values[^/]*\.(?:ya?ml|json)|(?:templates|ci)\/.*|tests\/.*_test\.ya?ml)$/

/** True for a file that belongs to a chart. @param path from the folder with Chart.yaml, with `/` */
export function isChartFile(path: string): boolean {
  const withoutSubcharts = path.replace(/^(?:charts\/[^/]+\/)+/, '')
  return CHART_FILES.test(withoutSubcharts)
}

/** Names that tell a file's purpose, by the end of its path. */
const BY_NAME: readonly (readonly [FilePurpose, RegExp])[] = [
  ['compose', /(?:^|\/)(?:docker-)?compose(?:[.-][^/]*)?\.ya?ml$/],
  ['ci', /(?:^|\/)\.(?:github|gitlab|gitea|forgejo|circleci|azure-pipelines|buildkite|woodpecker)\/.*$/],
  [
    'ci',
    /(?:^|\/)(?:[^/]*\.gitlab-ci|azure-pipelines[^/]*|\.travis|\.drone|bitbucket-pipelines|\.woodpecker|cloudbuild|appveyor|action)\.ya?ml$/,
  ],
  [
    'settings',
    /(?:^|\/)(?:package|package-lock|composer|renovate|lerna|nx|turbo|deno|vercel|[tj]sconfig[^/]*|[^/]*\.schema|[^/]*\.code-workspace)\.json$/,
  ],
  [
    'settings',
    /(?:^|\/)(?:pnpm-lock|pnpm-workspace|\.[^/]+|mkdocs|Taskfile|helmfile[^/]*|lefthook|codecov|buf[^/]*|dependabot|openapi|swagger|galaxy)\.(?:ya?ml|json)$/,
  ],
  ['settings', /(?:^|\/)\.(?:vscode|idea|devcontainer|husky)\/.*$/],
  ['settings', /(?:^|\/)(?:[^/]*[-._])?values(?:[-._][^/]*)?\.ya?ml$/],
]

/** The file of a plugin for Helm 4 (HIP-26), which has an apiVersion. */
const HELM_PLUGIN = { name: /(?:^|\/)plugin\.ya?ml$/, fields: [/^type:[ \t]*["']?\w+\/v\d/m, /^runtime:/m] }

const OURS = /^apiVersion:[ \t]*["']?sidecarctl\.dev\//m
/** As reports are printed: other JSON may hold such a line, too. */
const OURS_IN_JSON = /^\s*\{\s*"apiVersion"\s*:\s*"sidecarctl\.dev\//
/** Several documents of YAML, or several values of JSON. */
const SEVERAL = /\n---|\}\s*\n\{/
const TOP_LEVEL = [/^["']?apiVersion["']?[ \t]*:/m, /^["']?kind["']?[ \t]*:/m]

/**
 * What a file is for by its name and text; undefined for manifests and for what is not known. A text with apiVersion and
 * kind is a manifest whatever its name.
 * @param path with `/`
 */
export function purposeByName(path: string, text: string): FilePurpose | undefined {
  if ((OURS.test(text) || OURS_IN_JSON.test(text)) && !SEVERAL.test(text.trim())) return 'sidecarctl'
  // Most are manifests, which the text says sooner than the name.
  if (isManifest(text)) return undefined
  if (HELM_PLUGIN.name.test(path) && HELM_PLUGIN.fields.every((field) => field.test(text))) return 'settings'
  return BY_NAME.find(([, name]) => name.test(path))?.[0]
}

function isManifest(text: string): boolean {
  return (
    TOP_LEVEL.every((key) => key.test(text)) ||
    (/^\s*[{[]/.test(text) && /"apiVersion"\s*:/.test(text) && /"kind"\s*:/.test(text))
  )
}

/**
 * True for a text that certainly holds no object: neither apiVersion nor kind is a key in it, however it is written.
 * @see Prefilter for what else a key could look like
 */
export function holdsNoObject(text: string): boolean {
  return (
    !text.includes('apiVersion') &&
    !/\bkind["']?\s*:/.test(text) &&
    !/\\[xuU]|!!binary|\*[\w-]+\s*:/.test(text) &&
    text.trim() !== ''
  )
}
