import type { PodPlace } from '../../place.ts'
import { hasValueFrom } from '../container/env.ts'
import { at, type PodRule } from '../scope.ts'
import { itemsOf, itemsOfAll, numberOf, type Part, textOf } from '../values.ts'

/**
 * Warns of a variable that is set twice: it hides the first one, and apply may drop one.
 * Source: `warningsForPodSpecAndMeta`.
 */
export const repeatedEnv: PodRule = (pod) => {
  for (const container of pod.allContainers) {
    const variables = itemsOf(container, 'env')
    if (variables.length < 2) continue
    const seen = new Map<string, Part>()
    for (const variable of variables) {
      const name = textOf(variable.data, 'name')
      if (!name) continue
      const first = seen.get(name)
      if (first !== undefined && !buildsOn(name, variable)) {
        pod.report({
          code: 'ENV_DUPLICATE',
          path: at(variable.path, 'name'),
          message: `variable "${name}" hides a previous definition, which may be dropped when using apply`,
          related: [{ path: at(first.path, 'name'), message: 'first defined here' }],
        })
      }
      if (first === undefined) seen.set(name, variable)
    }
  }
}

/** X=$(X)123 builds on the earlier value on purpose; X=$(X) alone does not. */
function buildsOn(name: string, variable: Part): boolean {
  const value = textOf(variable.data, 'value') ?? ''
  const reference = `$(${name})`
  return !hasValueFrom(variable) && value !== reference && value.includes(reference)
}

/** Most declarations of a port that are compared, so that hostile input cannot make this quadratic. */
const MAX_COMPARED = 100

interface Port {
  readonly path: PodPlace
  readonly hostIp: string
  readonly hostPort: number
}

/** Warns of ports that are declared twice. Source: `warningsForPodSpecAndMeta`. */
export const repeatedPorts: PodRule = (pod) => {
  const known = new Map<string, Port[]>()
  for (const port of itemsOfAll(pod.allContainers, 'ports')) {
    const number = numberOf(port.data, 'containerPort')
    if (number === undefined) continue
    const hostPort = numberOf(port.data, 'hostPort') ?? 0
    const one: Port = { path: port.path, hostIp: textOf(port.data, 'hostIP') ?? '', hostPort }
    if (one.hostIp !== '' && hostPort === 0) {
      const message = 'hostIP has no effect without hostPort'
      pod.report({ code: 'PORT_HOST_IP_ALONE', path: at(port.path, 'hostIP'), on: 'key', message })
    }
    const key = `${number}/${textOf(port.data, 'protocol') || 'TCP'}`
    const others = known.get(key) ?? []
    const other = others.find((candidate) => overlap(one, candidate) !== undefined)
    if (other !== undefined) {
      pod.report({
        code: 'PORT_DUPLICATE',
        path: port.path,
        message: `${overlap(one, other)} of ${key}`,
        related: [{ path: other.path, message: 'the other definition' }],
      })
    }
    if (others.length < MAX_COMPARED) others.push(one)
    known.set(key, others)
  }
}

function overlap(a: Port, b: Port): string | undefined {
  if (a.hostIp === b.hostIp && a.hostPort === b.hostPort) return 'duplicate port definition'
  if (a.hostPort === 0 || b.hostPort === 0) return 'overlapping port definition'
  const ambiguous = a.hostPort === b.hostPort && (a.hostIp === '') !== (b.hostIp === '')
  return ambiguous ? 'dangerously ambiguous port definition' : undefined
}
