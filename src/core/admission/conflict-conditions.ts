import { mapsOf, textOf, type JsonObject } from '../json/json.ts'
import { celLiteral, celString } from './cel-literal.ts'
import { POD } from './names.ts'
import type { SidecarParts } from './sidecar-parts.ts'
import { isOwnContainer, type Names } from './conditions.ts'

/**
 * CEL expressions that must all be true for a sidecar's names and ports to be free, as `inject` requires; otherwise the
 * Pod is not changed.
 */
export function conflictConditions(parts: SidecarParts, names: Names): string[] {
  const { containers, volumes } = parts
  const all = `(object.spec.containers + ${POD.inits})`
  const own = containers.map(({ address }) => (address[2] as { id: string }).id)
  const ports = containers.flatMap(({ value }) => mapsOf((value as JsonObject)['ports']))
  return [
    ...(own.length === 0 ? [] : [`!${all}.exists(c, c.name in ${celLiteral(own)})`]),
    ...(ports.length === 0
      ? []
      : [`!${all}.exists(c, c.?ports.orValue([]).exists(p,\n  ${ports.map(isTaken).join(' ||\n  ')}))`]),
    ...probeConditions(ports),
    ...volumes.map(({ value }) => volumeCondition(parts, names, value as JsonObject, all)),
  ]
}

function isTaken(port: JsonObject): string {
  const protocol = `p.?protocol.orValue('TCP') == ${celString(textOf(port['protocol'] ?? 'TCP'))}`
  const same = (key: string): string =>
    typeof port[key] === 'number' ? ` || p.?${key}.orValue(0) == ${String(port[key])}` : ''
  const name = typeof port['name'] === 'string' ? ` || p.?name.orValue('') == ${celString(port['name'])}` : ''
  return `(${protocol} && (p.containerPort == ${textOf(port['containerPort'])}${same('hostPort')}))${name}`
}

/** No probe of a container that is not a sidecar's may connect to one of the ports, as the sidecar would answer it. */
function probeConditions(ports: readonly JsonObject[]): string[] {
  const numbers = ports.flatMap(({ containerPort, protocol = 'TCP' }) =>
    protocol === 'TCP' && typeof containerPort === 'number' ? [String(containerPort)] : [],
  )
  if (numbers.length === 0) return []
  return (['containers', 'initContainers'] as const).map((list) =>
    [
      `!${list === 'containers' ? 'object.spec.containers' : POD.inits}.exists(c, !${isOwnContainer(list)} &&`,
      '  [c.?livenessProbe, c.?readinessProbe, c.?startupProbe].exists(probe,',
      '    [probe.?httpGet, probe.?tcpSocket, probe.?grpc].exists(handler,',
      `      handler.?port.orValue(0) in [${numbers.join(', ')}] && handler.?host.orValue('') == '')))`,
    ].join('\n'),
  )
}

/** An existing volume of this name must be equal; if there is none, no container may refer to one. */
function volumeCondition({ folders }: SidecarParts, names: Names, volume: JsonObject, all: string): string {
  const name = celString(textOf(volume['name']))
  const isUsed = `${all}.exists(c, c.?volumeMounts.orValue([]).exists(m, m.name == ${name}) || c.?volumeDevices.orValue([]).exists(d, d.name == ${name}))`
  const folder = folders.findIndex((one) => one.volume === volume['name'])
  const isNeeded = folder >= 0 ? `size(${names.folder(folder)}) > 0 || ` : ''
  return `(${isNeeded}(${POD.volumes}.exists(v, v.name == ${name}) ?\n  ${POD.volumes}.all(v, v.name != ${name} || v == ${celLiteral(volume).replaceAll('\n', '\n  ')}) :\n  !${isUsed}))`
}
