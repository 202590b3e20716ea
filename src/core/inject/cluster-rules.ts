import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { emptyObject, isObject, type Json, type JsonObject, type JsonPath } from '../json/json.ts'
import { pathInObject } from '../kube/pod-template.ts'
import { compareQuantities, parseQuantity, type Quantity } from '../kube/quantity.ts'
import { objectsOf } from '../kube/objects.ts'
import { valueAt, type KubeObject, type Workload } from '../kube/workload.ts'
import { nameOf } from '../desired/pod-paths.ts'
import type { SourceText } from '../text/source.ts'
import { workloadSubject } from '../validate/object-validator.ts'
import { podSecurityViolations } from '../validate/pod-security/pod-security.ts'
import type { KubeVersion } from '../kube/version.ts'
import { readRawDocument, splitDocuments } from '../yaml/read/split.ts'
import type { Proxy } from '../services/service.ts'
import { formatAmount, totalAmounts } from '../desired/resource-overhead.ts'
import { headOf } from './head-of.ts'
import { networkPolicyWarnings } from './network-policies.ts'
import type { FieldSource } from './result.ts'

const RULES = /\b(?:LimitRange|ResourceQuota|NetworkPolicy)\b|pod-security\.kubernetes\.io\/enforce/
const ENFORCE = 'pod-security.kubernetes.io/enforce'

/** The objects among the inputs of a run that restrict the pods of a namespace, by the namespace's name. */
export type ClusterRules = ReadonlyMap<string, readonly KubeObject[]>

/** Only documents that name such an object are read. What cannot be read there, or waits in a file, says nothing. */
export function readClusterRules(inputs: readonly SourceText[]): ClusterRules {
  const rules = new Map<string, KubeObject[]>()
  for (const source of inputs) {
    if (source.isStored || !RULES.test(source.text)) continue
    for (const raw of splitDocuments(source)) {
      if (!RULES.test(source.text.slice(raw.start, raw.end))) continue
      const objects = readRawDocument(raw).flatMap((doc) => ('error' in doc ? [] : objectsOf(doc)))
      for (const object of objects) {
        const { apiVersion, kind, name, namespace } = object.ref
        const isRule = apiVersion === 'v1' ? Object.hasOwn(CHECKS, kind) : isNetworkPolicy(object)
        if (!isRule) continue
        const key = kind === 'Namespace' ? name : namespace
        rules.set(key, [...(rules.get(key) ?? []), object])
      }
    }
  }
  return rules
}

function isNetworkPolicy({ ref: { apiVersion, kind } }: KubeObject): boolean {
  return kind === 'NetworkPolicy' && apiVersion === 'networking.k8s.io/v1'
}

/** A workload with its sidecars, and which of its fields are ours. */
interface Injected {
  before: Workload
  after: Workload
  fields: readonly FieldSource[]
  kubeVersion: KubeVersion
  /** The proxies to which Services are retargeted; none where they are not. */
  proxies: readonly Proxy[]
}

/** What the admission plugin of an object would say of pods with sidecars, as messages. */
const CHECKS: Readonly<Record<string, (rule: KubeObject, injected: Injected) => string[]>> = {
  Namespace: podSecurityProblems,
  LimitRange: limitProblems,
  ResourceQuota: quotaProblems,
}

/**
 * Warns where an object among the inputs would reject the pods of a workload because of the sidecars, or cut off the
 * traffic that Services send to its proxies.
 */
export function clusterWarnings(rules: ClusterRules, injected: Injected): Diagnostic[] {
  const { before, after, proxies } = injected
  if (before.data === after.data) return []
  const own = rules.get(before.ref.namespace) ?? []
  const rejected = own.flatMap((rule) =>
    (CHECKS[rule.ref.kind]?.(rule, injected) ?? []).map((problem) => {
      const { kind, name } = rule.ref
      return diagnostic('PODS_REJECTED', `${kind} ${name} would reject the pods with the sidecars: ${problem}`, {
        at: headOf(before),
        document: before.doc.index,
        resource: before.ref,
        related: [{ message: `${kind} ${name} is here`, at: headOf(rule) }],
      })
    }),
  )
  return [...rejected, ...networkPolicyWarnings(own.filter(isNetworkPolicy), before, after, proxies)]
}

function podSecurityProblems({ data }: KubeObject, { before, after, kubeVersion }: Injected): string[] {
  const level = valueAt(data, ['metadata', 'labels', ENFORCE])
  if (level !== 'baseline' && level !== 'restricted') return []
  const of = (workload: Workload): string[] =>
    podSecurityViolations(level, workloadSubject(workload, kubeVersion)).map(({ message }) => message)
  const known = of(before)
  const caused = of(after).filter((message) => !known.includes(message))
  return caused.length === 0 ? [] : [`violates PodSecurity "${level}": ${caused.join(', ')}`]
}

/** The sidecars' containers in a pod. */
function sidecarContainers({ after, fields }: Injected): JsonObject[] {
  const spec = pathInObject(after, ['spec'])
  return ['containers', 'initContainers'].flatMap((list) => {
    const containers = valueAt(after.data, [...spec, list])
    if (!Array.isArray(containers)) return []
    return containers.filter(
      (container): container is JsonObject =>
        isObject(container) && fields.some(({ field }) => field === `spec.${list}[${nameOf(container)}]`),
    )
  })
}

/** `limits.cpu` of a container, or what a LimitRange fills in. */
function amount(container: JsonObject, list: string, resource: string, defaults: Json | undefined): Json | undefined {
  const own = valueAt(container, ['resources', list, resource])
  // A request that is not given equals the limit (`SetDefaults_Pod`).
  const limit = list === 'requests' ? valueAt(container, ['resources', 'limits', resource]) : undefined
  return own ?? limit ?? valueAt(defaults, [resource])
}

const BOUNDS = ['max', 'min'] as const

/** Source: plugin/pkg/admission/limitranger `PodValidateLimitFunc`. */
function limitProblems({ data }: KubeObject, injected: Injected): string[] {
  const limits = valueAt(data, ['spec', 'limits'])
  const items = Array.isArray(limits) ? limits.filter(isObject) : []
  const containers = items.filter(({ type }) => type === 'Container')
  const pods = items.filter(({ type }) => type === 'Pod')
  return BOUNDS.flatMap((bound) =>
    containers
      .flatMap((item) => boundProblems(item, bound, injected))
      .concat(pods.flatMap((item) => podBoundProblems(item, bound, containers, injected))),
  )
}

/** What the containers of a pod ask for together, where the sidecars bring it out of bounds. */
function podBoundProblems(
  item: JsonObject,
  bound: 'max' | 'min',
  containers: readonly JsonObject[],
  { before, after }: Injected,
): string[] {
  const list = bound === 'max' ? 'limits' : 'requests'
  const [was, is] = [before, after].map((workload) => {
    const spec = valueAt(workload.data, pathInObject(workload, ['spec']))
    // Resources of the whole pod count in its place.
    if (!isObject(spec) || spec['resources'] !== undefined) return undefined
    return totalAmounts(containers.reduce(withDefaults, spec), list)
  })
  if (was === undefined || is === undefined) return []
  return Object.entries(isObject(item[bound]) ? item[bound] : {}).flatMap(([resource, value]) => {
    const edge = parseQuantity(value)
    const isOut = (found: Quantity | undefined): boolean => {
      if (edge === undefined || found === undefined) return true
      const difference = compareQuantities(found, edge)
      return bound === 'max' ? difference > 0 : difference < 0
    }
    const now = is.get(resource)
    if (now === undefined || isOut(was.get(resource)) || !isOut(now)) return []
    return [`${list}.${resource} of the pod are ${formatAmount(resource, now)}, the ${bound}imum is ${String(value)}`]
  })
}

function mapOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}

/** A pod spec with what a LimitRange fills in where containers say nothing. Source: `SetDefaults_LimitRangeItem`. */
function withDefaults(spec: JsonObject, item: JsonObject): JsonObject {
  const limits = { ...mapOf(item['max']), ...mapOf(item['default']) }
  const requests = { ...mapOf(item['min']), ...limits, ...mapOf(item['defaultRequest']) }
  const filled = (list: string): Json[] =>
    (Array.isArray(spec[list]) ? spec[list] : []).map((container) => {
      const own = mapOf(valueAt(container, ['resources']))
      // A request that is not given equals the container's own limit.
      const asked = { ...requests, ...mapOf(own['limits']), ...mapOf(own['requests']) }
      const given = { ...limits, ...mapOf(own['limits']) }
      return Object.assign(emptyObject(), container, { resources: { limits: given, requests: asked } })
    })
  return { ...spec, containers: filled('containers'), initContainers: filled('initContainers') }
}

function boundProblems(item: JsonObject, bound: 'max' | 'min', injected: Injected): string[] {
  const list = bound === 'max' ? 'limits' : 'requests'
  const bounds = isObject(item[bound]) ? item[bound] : {}
  const defaults = item[bound === 'max' ? 'default' : 'defaultRequest']
  return Object.entries(bounds).flatMap(([resource, value]) => {
    const edge = parseQuantity(value)
    if (edge === undefined) return []
    return sidecarContainers(injected).flatMap((container) => {
      const found = amount(container, list, resource, defaults ?? item[bound])
      const quantity = parseQuantity(found)
      const difference = quantity === undefined ? 0 : compareQuantities(quantity, edge)
      if (bound === 'max' ? difference <= 0 : difference >= 0) return []
      return [
        `${list}.${resource} of container ${nameOf(container)} is ${String(found)}, the ${bound}imum is ${String(value)}`,
      ]
    })
  })
}

/** A quota for these makes them required of each container. Source: pkg/quota/v1/evaluator/core `podEvaluator.Constraints`. */
const QUOTA_FIELDS: Readonly<Record<string, JsonPath>> = {
  cpu: ['requests', 'cpu'],
  memory: ['requests', 'memory'],
  'requests.cpu': ['requests', 'cpu'],
  'requests.memory': ['requests', 'memory'],
  'limits.cpu': ['limits', 'cpu'],
  'limits.memory': ['limits', 'memory'],
}

function quotaProblems({ data }: KubeObject, injected: Injected): string[] {
  const hard = valueAt(data, ['spec', 'hard'])
  return Object.keys(isObject(hard) ? hard : {}).flatMap((name) => {
    const [list, resource] = (Object.hasOwn(QUOTA_FIELDS, name) ? QUOTA_FIELDS[name] : []) as string[]
    if (list === undefined || resource === undefined) return []
    const without = sidecarContainers(injected).filter((one) => amount(one, list, resource, undefined) === undefined)
    if (without.length === 0) return []
    return [
      `must specify ${list}.${resource} for: ${without.map(nameOf).join(', ')}, unless a LimitRange has a default`,
    ]
  })
}
