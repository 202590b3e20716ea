import { gateOn } from '../../pod/gates.ts'
import type { Field } from '../field.ts'
import { healthCheckNodePort } from './node-ports.ts'

const CODE = 'SERVICE_TRAFFIC'
/** Seconds in a day. Source: core MaxClientIPServiceAffinitySeconds. */
const MAX_AFFINITY = 86_400

/**
 * Session affinity and traffic policies.
 * Source: core validation validateServiceExternalTrafficPolicy, validateServiceInternalTrafficFieldsValue,
 * validateServiceTrafficDistribution, validateClientIPAffinityConfig.
 *
 * @param taken the node ports that the Service's ports take
 */
export function serviceTraffic(spec: Field, type: string, taken: ReadonlySet<number>): void {
  spec.get('sessionAffinity').oneOf(CODE, ['ClientIP', 'None'])
  const timeout = spec.get('sessionAffinityConfig', 'clientIP', 'timeoutSeconds')
  if (spec.get('sessionAffinity').text === 'ClientIP') affinityTimeout(timeout)
  externalPolicy(spec, type, taken)
  spec.get('internalTrafficPolicy').oneOfStrict(CODE, ['Cluster', 'Local'])
  const newer = gateOn('PreferSameTrafficDistribution', spec.ctx.kubeVersion.minor)
    ? ['PreferSameZone', 'PreferSameNode']
    : []
  spec.get('trafficDistribution').oneOfStrict(CODE, ['PreferClose', ...newer])
}

function affinityTimeout(field: Field): void {
  const { number } = field
  if (number === undefined || (number > 0 && number <= MAX_AFFINITY)) return
  field.invalid(CODE, `must be greater than 0 and less than or equal to ${MAX_AFFINITY}`)
}

function externalPolicy(spec: Field, type: string, taken: ReadonlySet<number>): void {
  const policy = spec.get('externalTrafficPolicy')
  const external =
    type === 'LoadBalancer' || type === 'NodePort' || (type === 'ClusterIP' && !spec.get('externalIPs').empty)
  if (external) policy.oneOf(CODE, ['Cluster', 'Local'])
  else if (!policy.empty) {
    const hint = 'remove it, or set type: NodePort or LoadBalancer'
    policy.invalid(CODE, 'may only be set for externally-accessible services', { hint })
  }
  const health = spec.get('healthCheckNodePort')
  if (health.number === undefined || health.number === 0) return
  if (type !== 'LoadBalancer' || policy.text !== 'Local') {
    health.invalid(CODE, "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")
    return
  }
  healthCheckNodePort(health, taken)
}
