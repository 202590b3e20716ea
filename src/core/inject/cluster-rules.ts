import { diagnostic, type Diagnostic, type SourceLocation } from '../diagnostics/diagnostic.ts'
import { isObject, type Json, type JsonObject, type JsonPath } from '../json/json.ts'
import { pathInObject } from '../kube/pod-template.ts'
import { compareQuantities, parseQuantity } from '../kube/quantity.ts'
import { objectsOf } from '../kube/objects.ts'
import { valueAt, type KubeObject, type Workload } from '../kube/workload.ts'
import { nameOf } from '../desired/pod-paths.ts'
import type { SourceText } from '../text/source.ts'
import { workloadSubject } from '../validate/object-validator.ts'
import { podSecurityViolations } from '../validate/pod-security/pod-security.ts'
import type { KubeVersion } from '../kube/version.ts'
import { readRawDocument, splitDocuments } from '../yaml/read/split.ts'
import type { FieldSource } from './result.ts'

const RULES = /\b(?:LimitRange|ResourceQuota)\b|pod-security\.kubernetes\.io\/enforce/
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
        if (apiVersion !== 'v1' || !Object.hasOwn(CHECKS, kind)) continue
        const key = kind === 'Namespace' ? name : namespace
        rules.set(key, [...(rules.get(key) ?? []), object])
      }
    }
  }
  return rules
}

/** A workload with its sidecars, and which of its fields are ours. */
interface Injected {
  before: Workload
  after: Workload
  fields: readonly FieldSource[]
  kubeVersion: KubeVersion
}

/** What the admission plugin of an object would say of pods with sidecars, as messages. */
const CHECKS: Readonly<Record<string, (rule: KubeObject, injected: Injected) => string[]>> = {
  Namespace: podSecurityProblems,
  LimitRange: limitProblems,
  ResourceQuota: quotaProblems,
}

/** Warns where an object among the inputs would reject the pods of a workload because of the sidecars. */
export function clusterWarnings(rules: ClusterRules, injected: Injected): Diagnostic[] {
  const { before, after } = injected
  if (before.data === after.data) return []
  return (rules.get(before.ref.namespace) ?? []).flatMap((rule) =>
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
}

function headOf({ doc, node }: KubeObject): SourceLocation {
  return { source: doc.source, range: { start: node.propertiesStart, end: node.propertiesStart + 1 } }
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

/** Source: plugin/pkg/admission/limitranger `PodValidateLimitFunc`, limits of type Container. */
function limitProblems({ data }: KubeObject, injected: Injected): string[] {
  const limits = valueAt(data, ['spec', 'limits'])
  const items = Array.isArray(limits) ? limits.filter(isObject).filter(({ type }) => type === 'Container') : []
  return (['max', 'min'] as const).flatMap((bound) => items.flatMap((item) => boundProblems(item, bound, injected)))
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
