import { type KubeSchema, type ServedKind, own } from '../schema/kube-schema.ts'
import { didYouMean } from '../diagnostics/did-you-mean.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { DEPRECATIONS, type Deprecation, deprecationOf } from './deprecations.ts'

/** How a Kubernetes version handles an object's apiVersion and kind. */
export type KindVerdict =
  /** It serves the kind, by default or if enabled; findings say that it is deprecated or off by default. */
  | { state: 'served'; kind: ServedKind; findings: Finding[] }
  /** A list, of which kubectl applies the items; `item` is the default for items without apiVersion and kind. */
  | { state: 'list'; item?: { apiVersion: string; kind: string } }
  /** The group is Kubernetes' own, but it has no such kind or version; findings say why. */
  | { state: 'refused'; findings: Finding[] }
  /** A group of another project: presumably a custom resource. */
  | { state: 'foreign' }

/** API versions that the cluster serves although they are off by default, as `group/version`. */
export type ServedVersions = ReadonlySet<string>

const NONE: ServedVersions = new Set()

/** Kinds that are served without the verb `create`. Source: core registry componentstatus REST. */
const READ_ONLY: ReadonlySet<string> = new Set(['v1 ComponentStatus'])

/**
 * Looks up an object's apiVersion and kind among those that a Kubernetes version serves. The findings are on
 * `apiVersion` or `kind`.
 * @param on API versions that are off by default and that the cluster serves
 */
export function findKind(schema: KubeSchema, given: string, kind: string, on: ServedVersions = NONE): KindVerdict {
  const apiVersion = withoutEmptyGroup(given)
  if (apiVersion === 'v1' && kind === 'List') return { state: 'list' }
  const served = schema.kind(apiVersion, kind)
  if (served !== undefined) {
    if (served.definition.endsWith('List')) return { state: 'list', item: { apiVersion, kind: kind.slice(0, -4) } }
    return { state: 'served', kind: served, findings: findingsOnServed(schema, apiVersion, kind, on) }
  }
  const group = groupOf(apiVersion)
  // CustomResourceDefinitions need a group with a dot (apiextensions' ValidateCustomResourceDefinition).
  if (group.includes('.') && !ownGroups(schema).has(group)) return { state: 'foreign' }
  return { state: 'refused', findings: [refusal(schema, apiVersion, kind)] }
}

/**
 * How kubectl takes a document with items: it must know the kind of the list, or that of its items, whatever is in it.
 * Every version that is served has a `List`. Source: client-go restmapper NewDiscoveryRESTMapper.
 */
export function findListKind(
  schema: KubeSchema,
  apiVersion: string,
  kind: string,
  on: ServedVersions = NONE,
): KindVerdict {
  const verdict = findKind(schema, apiVersion, kind, on)
  return verdict.state === 'refused' && kind === 'List' && isServed(schema, apiVersion, on)
    ? { state: 'list' }
    : verdict
}

function isServed(schema: KubeSchema, apiVersion: string, on: ServedVersions): boolean {
  if (isOffByDefault(apiVersion) && !on.has(apiVersion)) return false
  return allKinds(schema).some(([version, kind]) => version === apiVersion && schema.kind(version, kind) !== undefined)
}

/** `/v1` -> `v1`: both are the core group. Source: apimachinery runtime/schema ParseGroupVersion. */
function withoutEmptyGroup(apiVersion: string): string {
  return apiVersion.lastIndexOf('/') === 0 ? apiVersion.slice(1) : apiVersion
}

/** `apps/v1` -> `apps`, `v1` -> the empty core group. */
function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

function allKinds(schema: KubeSchema): [apiVersion: string, kind: string][] {
  return Object.keys(schema.history().kinds).map((key) => key.split(' ') as [string, string])
}

function ownGroups(schema: KubeSchema): Set<string> {
  const now = allKinds(schema).map(([apiVersion]) => apiVersion)
  const before = DEPRECATIONS.map(({ apiVersion }) => apiVersion)
  return new Set([...now, ...before].map(groupOf))
}

function findingsOnServed(schema: KubeSchema, apiVersion: string, kind: string, on: ServedVersions): Finding[] {
  const { minor } = schema.version
  const found: Finding[] = []
  const entry = deprecationOf(apiVersion, kind)
  if (entry !== undefined && entry.deprecated <= minor) found.push(deprecated(schema, entry, apiVersion, kind))
  if (READ_ONLY.has(`${apiVersion} ${kind}`)) {
    found.push({
      code: 'KIND_READ_ONLY',
      path: ['kind'],
      message: `the API server creates no ${kind}: it only reports them`,
      hint: 'remove the object',
    })
  }
  if (isOffByDefault(apiVersion) && !on.has(apiVersion)) {
    const use = servedElsewhere(schema, kind, true)
    found.push({
      code: 'API_NOT_DEFAULT',
      path: ['apiVersion'],
      message: `${apiVersion} is off by default: only clusters that enable it serve ${kind} in it`,
      hint: `${use === undefined ? '' : `use ${use}, or `}add --served ${apiVersion} if the cluster serves it`,
    })
  }
  return found
}

/**
 * True for alpha APIs, and for betas introduced in 1.24 or later (KEP-3136): they are off unless the cluster enables
 * them. Of the betas in the supported versions, only those of flowcontrol are on.
 */
function isOffByDefault(apiVersion: string): boolean {
  return /v\d+(?:alpha|beta)\d+$/.test(apiVersion) && !apiVersion.startsWith('flowcontrol.apiserver.k8s.io/')
}

function deprecated(schema: KubeSchema, entry: Deprecation, apiVersion: string, kind: string): Finding {
  const { deprecated: since, removed } = entry
  const use = replacement(schema, entry, kind)
  const until = removed === undefined ? '' : `, and removed in 1.${removed}`
  const finding: Finding = {
    code: 'API_DEPRECATED',
    path: ['apiVersion'],
    message: `${kind} in ${apiVersion} is deprecated since Kubernetes 1.${since}${until}`,
  }
  return use === undefined ? finding : { ...finding, hint: `use ${use}` }
}

/** The replacement of a deprecated kind; undefined if the version does not serve it yet. */
function replacement(schema: KubeSchema, { use }: Deprecation, kind: string): string | undefined {
  const [apiVersion = '', other = kind] = use?.split(' ') ?? []
  return schema.kind(apiVersion, other) === undefined ? undefined : use
}

/** Why a kind of Kubernetes' own groups is not served. */
function refusal(schema: KubeSchema, apiVersion: string, kind: string): Finding {
  const { minor } = schema.version
  const entry = deprecationOf(apiVersion, kind)
  if (entry?.removed !== undefined && entry.removed <= minor) return removed(apiVersion, kind, entry.removed, entry.use)
  const span = own(schema.history().kinds, `${apiVersion} ${kind}`)
  const elsewhere = servedElsewhere(schema, kind)
  if (span !== undefined && span[0] > minor) return tooNew(apiVersion, kind, span[0], elsewhere)
  if (span !== undefined) return removed(apiVersion, kind, span[1] + 1, elsewhere)
  return unknownKind(schema, apiVersion, kind, elsewhere)
}

function removed(apiVersion: string, kind: string, since: number, use: string | undefined): Finding {
  return {
    code: 'API_REMOVED',
    path: ['apiVersion'],
    message: `no ${kind} in ${apiVersion} since Kubernetes 1.${since}`,
    hint: use === undefined ? 'remove the object: it has no replacement' : `use ${use}`,
  }
}

function tooNew(apiVersion: string, kind: string, since: number, use: string | undefined): Finding {
  return {
    code: 'API_TOO_NEW',
    path: ['apiVersion'],
    message: `no ${kind} in ${apiVersion} before Kubernetes 1.${since}`,
    hint: use === undefined ? `choose --kubernetes-version 1.${since} or newer` : `use ${use}`,
  }
}

function unknownKind(schema: KubeSchema, apiVersion: string, kind: string, elsewhere: string | undefined): Finding {
  const finding: Finding = { code: 'KIND_UNKNOWN', path: ['apiVersion'], message: `no ${kind} in ${apiVersion}` }
  if (elsewhere !== undefined) return { ...finding, hint: `use ${elsewhere}` }
  const here = allKinds(schema).filter(([version, other]) => version === apiVersion && schema.kind(version, other))
  const meant = didYouMean(
    kind,
    here.map(([, other]) => other),
  )
  if (meant !== undefined) return { ...finding, path: ['kind'], hint: `did you mean ${meant}?` }
  const other = didYouMean(
    kind,
    allKinds(schema).map(([, name]) => name),
  )
  const place = other === undefined ? undefined : servedElsewhere(schema, other)
  return place === undefined ? finding : { ...finding, hint: `did you mean ${other} in ${place}?` }
}

/**
 * The apiVersion that serves a kind of this name. If several do: the most stable one, then one whose group has no
 * domain.
 * @param byDefault whether only API versions that are on by default count
 */
function servedElsewhere(schema: KubeSchema, kind: string, byDefault = false): string | undefined {
  return allKinds(schema)
    .filter(
      ([apiVersion, name]) =>
        name === kind && schema.kind(apiVersion, name) && !(byDefault && isOffByDefault(apiVersion)),
    )
    .map(([apiVersion]) => apiVersion)
    .sort((a, b) => rank(a) - rank(b) || (a < b ? 1 : -1))[0]
}

/** Stable versions before betas before alphas, and among those the groups without a domain first. */
function rank(apiVersion: string): number {
  const stages = [/\bv\d+$/, /beta\d+$/, /alpha\d+$/]
  return stages.findIndex((stage) => stage.test(apiVersion)) * 2 + Number(apiVersion.includes('.'))
}

/** A kind that a version serves, by default or if enabled. */
export interface KindRow {
  readonly apiVersion: string
  readonly kind: string
  /** False for alpha and beta versions that are off unless the cluster enables them. */
  readonly byDefault: boolean
}

/** All kinds that a version serves, sorted by API version and kind, without kinds of lists. */
export function servedKinds(schema: KubeSchema): KindRow[] {
  return allKinds(schema)
    .filter(([apiVersion, kind]) => schema.kind(apiVersion, kind)?.definition.endsWith('List') === false)
    .map(([apiVersion, kind]) => ({ apiVersion, kind, byDefault: !isOffByDefault(apiVersion) }))
    .sort((a, b) => compareTexts(a.apiVersion, b.apiVersion) || compareTexts(a.kind, b.kind))
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
