import { isObject, itemsOf, type Json, type JsonObject } from '../json/json.ts'
import { given } from '../desired/resource-overhead.ts'
import { matchesSelector, requirementsOf } from '../kube/selector.ts'
import { valueAt } from '../kube/workload.ts'
import { admittedPod, type SpecPair } from './limit-ranges.ts'

/**
 * A quota for one of these makes it required in each container, unless the pod as a whole has resources. Source:
 * pkg/quota/v1/evaluator/core `podEvaluator.Constraints`.
 */
const REQUIRED: Readonly<Record<string, readonly ['requests' | 'limits', string]>> = {
  cpu: ['requests', 'cpu'],
  memory: ['requests', 'memory'],
  'requests.cpu': ['requests', 'cpu'],
  'requests.memory': ['requests', 'memory'],
  'limits.cpu': ['limits', 'cpu'],
  'limits.memory': ['limits', 'memory'],
}

type AdmittedPod = ReturnType<typeof admittedPod>

/** A pod spec, and what is admitted of it. */
interface Pod {
  spec: JsonObject
  admitted: AdmittedPod
}

/**
 * The messages of the admission plugin ResourceQuota about pods with sidecars that it would not give without them, for
 * each ResourceQuota of the namespace.
 * @param quotas `spec` of each ResourceQuota
 * @param ranges `spec.limits` of each LimitRange, of which defaults are filled in first
 */
export function resourceQuotaProblems(
  quotas: readonly (Json | undefined)[],
  ranges: readonly (Json | undefined)[],
  pair: SpecPair,
): string[][] {
  const required = quotas.map(requiredBy)
  if (required.every((names) => names.length === 0)) return quotas.map(() => [])
  const [before, after] = [pair.before, pair.after].map((spec) => ({
    spec,
    admitted: admittedPod(spec, ranges, pair.hasPodLevel),
  })) as [Pod, Pod]
  const { containers, own } = after.admitted
  if (own.requests.size + own.limits.size > 0) return quotas.map(() => [])
  return quotas.map((quota, at) => {
    if (!isCounted(quota, after)) return []
    // A pod that counts because of the sidecars is rejected because of them, whichever container lacks something.
    const judged = isCounted(quota, before) ? containers.filter(pair.isSidecar) : containers
    return (required[at] as string[]).flatMap((name) => {
      const [list, resource] = REQUIRED[name] as ['requests' | 'limits', string]
      const without = judged.filter((one) => !one[list].has(resource)).map((one) => one.name)
      if (without.length === 0) return []
      return [`must specify ${list}.${resource} for: ${without.join(', ')}, unless a LimitRange has a default`]
    })
  })
}

function requiredBy(quota: Json | undefined): string[] {
  const hard = valueAt(quota, ['hard'])
  return isObject(hard) ? Object.keys(hard).filter((name) => Object.hasOwn(REQUIRED, name)) : []
}

/** Whether a quota counts such pods: they are in all of its scopes. Source: pkg/quota/v1/generic `Matches`. */
function isCounted(quota: Json | undefined, pod: Pod): boolean {
  const scopes = listAt(quota, ['scopes']).map((scopeName) => ({ scopeName, operator: 'Exists' }))
  return [...scopes, ...listAt(quota, ['scopeSelector', 'matchExpressions'])].every(
    (one) => isObject(one) && isInScope(one, pod),
  )
}

function listAt(data: Json | undefined, path: readonly string[]): readonly Json[] {
  return itemsOf(valueAt(data, path))
}

/** Source: `podMatchesScopeFunc`. */
function isInScope(requirement: JsonObject, { spec, admitted }: Pod): boolean {
  switch (requirement['scopeName']) {
    case 'Terminating':
      return isTerminating(spec)
    case 'NotTerminating':
      return !isTerminating(spec)
    case 'BestEffort':
      return isBestEffort(admitted)
    case 'NotBestEffort':
      return !isBestEffort(admitted)
    case 'PriorityClass':
      return isOfPriorityClass(requirement, spec)
    case 'CrossNamespacePodAffinity':
      return namesNamespaces(spec)
    default:
      return false
  }
}

function isTerminating({ activeDeadlineSeconds: seconds }: JsonObject): boolean {
  return typeof seconds === 'number' && seconds >= 0
}

/** Source: pkg/apis/core/v1/helper/qos `ComputePodQOS`. */
function isBestEffort({ containers, own }: AdmittedPod): boolean {
  return [own, ...containers].every(({ requests, limits }) =>
    ['cpu', 'memory'].every((name) => given(requests, name) === undefined && given(limits, name) === undefined),
  )
}

/** Source: `podMatchesSelector`: the class is looked at as a label, which a pod without one does not have. */
function isOfPriorityClass(requirement: JsonObject, { priorityClassName: name }: JsonObject): boolean {
  const labels = typeof name === 'string' && name !== '' ? { PriorityClass: name } : {}
  return matchesSelector(requirementsOf([{ ...requirement, key: 'PriorityClass' }]), labels)
}

const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'
const REQUIRED_TERMS = 'requiredDuringSchedulingIgnoredDuringExecution'

/** Source: `usesCrossNamespacePodAffinity`. */
function namesNamespaces(spec: JsonObject): boolean {
  return ['podAffinity', 'podAntiAffinity'].some((kind) => {
    const terms = listAt(spec, ['affinity', kind, REQUIRED_TERMS])
    const weighted = listAt(spec, ['affinity', kind, PREFERRED]).map((one) => valueAt(one, ['podAffinityTerm']))
    return [...terms, ...weighted].some(
      (term) => listAt(term, ['namespaces']).length > 0 || isObject(valueAt(term, ['namespaceSelector'])),
    )
  })
}
