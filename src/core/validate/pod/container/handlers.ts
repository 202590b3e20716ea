import { httpHeaderName, portName, portNumber } from '../../../kube/names.ts'
import { gateOn } from '../gates.ts'
import { at, forbidden, invalid, named, type PartRule, type PodScope, required } from '../scope.ts'
import { oneOf } from '../text-rules.ts'
import { isSet, itemsOf, listOf, numberOf, type Part, partOf, textOf, valueOf } from '../values.ts'

/**
 * The handlers of probes and lifecycle hooks, in the order in which the API server looks for them.
 * Source: `validateHandler`.
 */
const HANDLERS = new Map<string, PartRule>([
  ['exec', checkExec],
  ['httpGet', checkHttpGet],
  ['tcpSocket', checkPort],
  ['grpc', checkPort],
  ['sleep', checkSleep],
])

export const PROBE_HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'grpc']
export const LIFECYCLE_HANDLERS = ['exec', 'httpGet', 'tcpSocket', 'sleep']

/**
 * Exactly one handler, and a valid one.
 * @param kinds the handlers that the owner may have
 * @param what the owner, in the words of messages
 */
export function checkHandler(owner: Part, kinds: readonly string[], what: string, pod: PodScope): void {
  const given = kinds.filter((kind) => isSet(owner.data, kind))
  const first = given[0]
  if (first === undefined) {
    required(pod, owner.path, `${what} must specify a handler type`, `add one of ${kinds.join(', ')}`)
    return
  }
  const handler = partOf(owner, first)
  if (handler !== undefined) HANDLERS.get(first)?.(handler, pod)
  for (const kind of given.slice(1)) {
    const message = `${what} may not specify more than 1 handler type, but has ${given.join(' and ')}`
    forbidden(pod, 'HANDLER_CONFLICT', at(owner.path, kind), message, `keep one of ${given.join(', ')}`)
  }
}

/** Source: `validateExecAction`. */
function checkExec(exec: Part, pod: PodScope): void {
  const command = valueOf(exec.data, 'command')
  if (command !== undefined && !Array.isArray(command)) return
  if (listOf(exec.data, 'command').length === 0) required(pod, at(exec.path, 'command'), 'exec needs a command')
}

/** Source: `validateHTTPGetAction`, with the defaults of `SetDefaults_HTTPGetAction`. */
function checkHttpGet(get: Part, pod: PodScope): void {
  checkPort(get, pod)
  oneOf(get, 'scheme', 'HANDLER_INVALID', ['HTTP', 'HTTPS'], pod)
  const headers = named(pod, at(get.path, 'httpHeaders'))
  for (const header of itemsOf(get, 'httpHeaders')) {
    const name = textOf(header.data, 'name')
    if (name !== undefined) invalid(headers, 'HANDLER_INVALID', at(header.path, 'name'), name, httpHeaderName(name))
  }
}

/** A port by number or name. Source: `ValidatePortNumOrName`. */
function checkPort(owner: Part, pod: PodScope): void {
  const port = valueOf(owner.data, 'port') ?? 0
  const path = at(owner.path, 'port')
  if (port === 0) {
    const message = 'Invalid value: 0: the port is required and must be between 1 and 65535, inclusive'
    pod.report({ code: 'PROBE_PORT_INVALID', path, message })
  } else if (typeof port === 'number') invalid(pod, 'PROBE_PORT_INVALID', path, port, portNumber(port))
  else if (typeof port === 'string') {
    const hint = /^[0-9]+$/.test(port) ? 'write the number without quotes' : undefined
    invalid(pod, 'PROBE_PORT_INVALID', path, port, portName(port), hint)
  }
}

/** A pause within the pod's grace period (KEP-3960). Source: `validateSleepAction`. */
function checkSleep(sleep: Part, pod: PodScope): void {
  const seconds = numberOf(sleep.data, 'seconds') ?? 0
  const grace = numberOf(pod.spec.data, 'terminationGracePeriodSeconds') ?? 30
  const least = gateOn('PodLifecycleSleepActionAllowZero', pod.minor) ? 0 : 1
  if (seconds >= least && seconds <= grace) return
  const fault = `must be at least ${least} and no more than terminationGracePeriodSeconds (${grace})`
  invalid(named(pod, sleep.path), 'HANDLER_INVALID', at(sleep.path, 'seconds'), seconds, [fault])
}
