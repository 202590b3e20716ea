import { atObject } from '../kube/object-place.ts'
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject, type JsonObject } from '../json/json.ts'
import { templateOf } from '../kube/pod-template.ts'
import { matchesSelector, requirementsOf, type Requirement } from '../kube/selector.ts'
import { textMap, valueAt, type KubeObject, type Workload } from '../kube/workload.ts'
import { portsOf } from '../services/ports.ts'
import type { PodPort, Proxy } from '../services/service.ts'

/**
 * Warns where NetworkPolicies among the inputs allow traffic to the app's port, but not to the port of its proxy: a
 * Service that is retargeted to the proxy would reach nothing. Policies add up, so one that allows the port is enough.
 * Source: networking.k8s.io/v1 `NetworkPolicySpec`.
 * @param after the workload with its sidecars
 */
export function networkPolicyWarnings(
  policies: readonly KubeObject[],
  before: Workload,
  after: Workload,
  proxies: readonly Proxy[],
): Diagnostic[] {
  const template = templateOf(after)
  if (!isObject(template)) return []
  const labels = textMap(template, ['metadata', 'labels'])
  const selecting = policies.filter((policy) => limitsIngress(policy.data) && selects(policy.data, labels))
  const ports = portsOf(template)
  return proxies.flatMap(({ sidecar, port, listens }) => {
    if (listens === undefined) return []
    const letsIn = selecting.find(({ data }) => allows(data, port, listens.protocol, ports))
    if (letsIn === undefined || selecting.some(({ data }) => allows(data, listens.number, listens.protocol, ports)))
      return []
    const { name } = letsIn.ref
    const message = `NetworkPolicy ${name} allows traffic to port ${port}, but not to port ${listens.number} of ${sidecar}, to which Services are retargeted`
    return [
      diagnostic('NETWORK_POLICY_BLOCKS', message, {
        ...atObject(before),
        related: [{ message: `NetworkPolicy ${name} is here`, at: atObject(letsIn).at }],
        hint: `allow port ${listens.number} in the NetworkPolicy, too`,
      }),
    ]
  })
}

/** True where a policy limits ingress: its policyTypes contain it or are missing. */
function limitsIngress(policy: JsonObject): boolean {
  const types = valueAt(policy, ['spec', 'policyTypes'])
  return !Array.isArray(types) || types.length === 0 || types.includes('Ingress')
}

function selects(policy: JsonObject, labels: Readonly<Record<string, string>>): boolean {
  const expressions = valueAt(policy, ['spec', 'podSelector', 'matchExpressions'])
  const equal = Object.entries(textMap(policy, ['spec', 'podSelector', 'matchLabels'])).map(
    ([key, value]): Requirement => ({ key, operator: 'in', values: [value] }),
  )
  const others = Array.isArray(expressions) ? requirementsOf(expressions) : []
  return matchesSelector([...equal, ...others], labels)
}

/** True where some rule of a policy allows traffic to a port, from any source. */
function allows(policy: JsonObject, port: number, protocol: string, named: readonly PodPort[]): boolean {
  const rules = valueAt(policy, ['spec', 'ingress'])
  return (
    Array.isArray(rules) &&
    rules.some((rule) => {
      const entries = valueAt(rule, ['ports'])
      if (!Array.isArray(entries) || entries.length === 0) return isObject(rule)
      return entries.some((entry) => isObject(entry) && holds(entry, port, protocol, named))
    })
  )
}

function holds(entry: JsonObject, port: number, protocol: string, named: readonly PodPort[]): boolean {
  if ((entry['protocol'] ?? 'TCP') !== protocol) return false
  const { port: wanted, endPort } = entry
  if (wanted === undefined || wanted === null) return true
  if (typeof wanted === 'number') return wanted <= port && port <= (typeof endPort === 'number' ? endPort : wanted)
  return named.some((one) => one.name === wanted && one.number === port && one.protocol === protocol)
}
