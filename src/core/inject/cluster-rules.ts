import { atObject } from '../kube/object-place.ts'
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { emptyObject, isObject } from '../json/json.ts'
import { pathInObject } from '../kube/pod-template.ts'
import { objectsOf } from '../kube/objects.ts'
import { valueAt, type KubeObject, type Workload } from '../kube/workload.ts'
import type { SourceText } from '../text/source.ts'
import { workloadSubject } from '../validate/object-validator.ts'
import { gateOn } from '../validate/pod/gates.ts'
import { podSecurityViolations } from '../validate/pod-security/pod-security.ts'
import type { KubeVersion } from '../kube/version.ts'
import { readRawDocument, splitDocuments } from '../yaml/read/split.ts'
import type { Proxy } from '../services/service.ts'
import { limitRangeProblems, type SpecPair } from './limit-ranges.ts'
import { networkPolicyWarnings } from './network-policies.ts'
import { resourceQuotaProblems } from './resource-quotas.ts'
import type { FieldSource } from './result.ts'

const RULES = /\b(?:LimitRange|ResourceQuota|NetworkPolicy)\b|pod-security\.kubernetes\.io\/enforce/
const ENFORCE = 'pod-security.kubernetes.io/enforce'

/** The objects among the inputs of a run that restrict the pods of a namespace, by the name of the namespace. */
export type ClusterRules = ReadonlyMap<string, readonly KubeObject[]>

/**
 * Reads such objects, from documents whose text names their kinds. Ignores what cannot be read, and inputs whose text
 * is not in memory.
 */
export function readClusterRules(inputs: readonly SourceText[]): ClusterRules {
  const rules = new Map<string, KubeObject[]>()
  for (const source of inputs) {
    if (source.isStored || !RULES.test(source.text)) continue
    for (const raw of splitDocuments(source)) {
      if (!RULES.test(source.text.slice(raw.start, raw.end))) continue
      const objects = readRawDocument(raw).flatMap((doc) => ('error' in doc ? [] : objectsOf(doc)))
      for (const object of objects) {
        const { apiVersion, kind, name, namespace } = object.ref
        const isRule = apiVersion === 'v1' ? KINDS.has(kind) : isNetworkPolicy(object)
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

/** A workload with its sidecars, and the fields that they own. */
interface Injected {
  before: Workload
  after: Workload
  fields: readonly FieldSource[]
  kubeVersion: KubeVersion
  /** The proxies to which Services are retargeted; empty where they are not. */
  proxies: readonly Proxy[]
}

/** The kinds of the core group that restrict pods. */
const KINDS: ReadonlySet<string> = new Set(['Namespace', 'LimitRange', 'ResourceQuota'])

/**
 * Warns where an object among the inputs would reject the pods of a workload because of the sidecars, or cut off the
 * traffic that Services send to its proxies.
 */
export function clusterWarnings(rules: ClusterRules, injected: Injected): Diagnostic[] {
  const { before, after, proxies } = injected
  if (before.data === after.data) return []
  const own = rules.get(before.ref.namespace)
  if (own === undefined) return []
  const problems = problemsOf(own, injected)
  const rejected = own.flatMap((rule) =>
    (problems.get(rule) ?? []).map((problem) => {
      const { kind, name } = rule.ref
      return diagnostic('PODS_REJECTED', `${kind} ${name} would reject the pods with the sidecars: ${problem}`, {
        ...atObject(before),
        related: [{ message: `${kind} ${name} is here`, at: atObject(rule).at }],
      })
    }),
  )
  return [...rejected, ...networkPolicyWarnings(own.filter(isNetworkPolicy), before, after, proxies)]
}

/** The messages of the objects' admission plugins about pods with sidecars. */
function problemsOf(own: readonly KubeObject[], injected: Injected): ReadonlyMap<KubeObject, readonly string[]> {
  const of = (kind: string): KubeObject[] => own.filter(({ ref }) => ref.kind === kind)
  const [ranges, quotas] = [of('LimitRange'), of('ResourceQuota')]
  const found = new Map<KubeObject, string[]>(
    of('Namespace').map((namespace) => [namespace, podSecurityProblems(namespace, injected)]),
  )
  if (ranges.length + quotas.length === 0) return found
  const pair = specPair(injected)
  const limits = ranges.map(({ data }) => valueAt(data, ['spec', 'limits']))
  const specs = quotas.map(({ data }) => data['spec'])
  const refused = ranges.length === 0 ? [] : limitRangeProblems(limits, pair)
  const overQuota = quotas.length === 0 ? [] : resourceQuotaProblems(specs, limits, pair)
  ranges.forEach((range, at) => found.set(range, refused[at] ?? []))
  quotas.forEach((quota, at) => found.set(quota, overQuota[at] ?? []))
  return found
}

function specPair({ before, after, fields, kubeVersion }: Injected): SpecPair {
  const [was, is] = [before, after].map((workload) => valueAt(workload.data, pathInObject(workload, ['spec'])))
  const ours = new Set(fields.map(({ field }) => field))
  return {
    before: isObject(was) ? was : emptyObject(),
    after: isObject(is) ? is : emptyObject(),
    isSidecar: ({ list, name }) => ours.has(`spec.${list}[${name}]`),
    hasPodLevel: gateOn('PodLevelResources', kubeVersion.minor),
  }
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
