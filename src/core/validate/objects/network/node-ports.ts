import type { Field } from '../field.ts'

const CODE = 'SERVICE_PORT'
/** The default of --service-node-port-range. */
const RANGE = [30000, 32767] as const

/**
 * The node ports of a Service.
 * Source: core validation validateService; registry/core/service/storage txnAllocNodePorts.
 *
 * @returns the node ports that its ports take
 */
export function nodePorts(spec: Field, type: string): ReadonlySet<number> {
  const ports = spec.get('ports').items()
  const taken = new Set<number>()
  if (!ports.some((port) => port.get('nodePort').present)) return taken
  const seen = new Set<string>()
  const assigned = new Set(type === 'NodePort' || type === 'LoadBalancer' ? assign(spec, ports, type) : [])
  for (const port of ports) {
    const field = port.get('nodePort')
    const { number } = field
    if (number === undefined || number === 0) continue
    if (type === 'ClusterIP') {
      const hint = 'set type: NodePort or LoadBalancer, or remove nodePort'
      field.forbidden(CODE, "may not be used when `type` is 'ClusterIP'", hint)
      continue
    }
    const key = `${port.get('protocol').text || 'TCP'}/${number}`
    if (seen.has(key) || (assigned.has(port) && taken.has(number))) field.duplicate(CODE)
    else if (assigned.has(port)) inRange(field, number)
    seen.add(key)
    if (assigned.has(port)) taken.add(number)
  }
  return taken
}

/**
 * The ports for which the API server takes a node port of its own: ports of one number share the first node port that
 * one of them asks for. Source: registry/core/service/storage initNodePorts.
 */
function assign(spec: Field, ports: readonly Field[], type: string): Field[] {
  const always = type === 'NodePort' || spec.get('allocateLoadBalancerNodePorts').value !== false
  const byNumber = new Map<number, number>()
  return ports.flatMap((port) => {
    const own = port.get('nodePort').number ?? 0
    if (own === 0 && !always) return []
    const number = port.get('port').number ?? 0
    const shared = byNumber.get(number)
    if (shared !== undefined) return own === 0 || own === shared ? [] : [port]
    const first = ports.find(
      (other) => other.get('port').number === number && (other.get('nodePort').number ?? 0) !== 0,
    )
    byNumber.set(number, first?.get('nodePort').number ?? 0)
    return first === undefined ? [] : [first]
  })
}

/**
 * The node port for health checks, which is taken last.
 * Source: registry/core/service/storage allocHealthCheckNodePort.
 */
export function healthCheckNodePort(field: Field, taken: ReadonlySet<number>): void {
  const { number } = field
  if (number === undefined || number === 0) return
  if (taken.has(number)) field.duplicate(CODE)
  else inRange(field, number)
}

function inRange(field: Field, number: number): void {
  if (number >= RANGE[0] && number <= RANGE[1]) return
  const detail = `provided port is not in the valid range; the range of valid ports is ${RANGE.join('-')}`
  field.invalid(CODE, detail, { hint: `remove ${String(field.step)} to have one chosen` })
}
