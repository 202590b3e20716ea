import type {
  ContainerRole,
  GraphContainer,
  GraphMount,
  GraphRoute,
  GraphSetting,
  GraphVolume,
  Mark,
  PodGraph,
} from '../../core/graph/pod-graph.ts'
import { resourceName } from '../diagnostics.ts'
import { escapeText } from '../escape.ts'
import { plural } from '../plural.ts'

/** Words of all pictures; every text of a manifest is made safe to print. */

/** The sign of a part that is marked, as in a diff. */
export const MARKS: Readonly<Record<Mark, string>> = { same: ' ', added: '+', removed: '-', changed: '~' }

/** `+ ` before the name of a part that is marked; empty for one that stays the same. */
export function signOf(mark: Mark): string {
  return mark === 'same' ? '' : `${MARKS[mark]} `
}

const ROLES: Readonly<Record<ContainerRole, string>> = {
  init: 'init container',
  native: 'native sidecar',
  classic: 'classic sidecar',
  app: 'app',
}

/** `native sidecar`, with the sidecar that it belongs to where its name does not tell. */
export function roleText({ role, sidecar, name }: GraphContainer): string {
  return sidecar === undefined || sidecar === name ? ROLES[role] : `${ROLES[role]} of ${escapeText(sidecar)}`
}

/** `Deployment shop/web`, with the pod template where the object has several. */
export function titleOf({ resource, template }: PodGraph): string {
  return template === '' ? resourceName(resource) : `${resourceName(resource)} (${escapeText(template)})`
}

/** `2 pods`, `1 pod on each node`; empty where it says nothing. */
export function podsText({ pods }: PodGraph): string {
  if (pods === undefined) return ''
  return pods === 'node' ? '1 pod on each node' : plural(pods, 'pod')
}

/** `8080 http`, `53/UDP dns`. */
export function portText({ number, name, protocol }: GraphContainer['ports'][number]): string {
  const shown = protocol === 'TCP' ? String(number) : `${number}/${escapeText(protocol)}`
  return name === '' ? shown : `${shown} ${escapeText(name)}`
}

/** Where requests come from: `Service web, port 80`. */
export function sourceOf({ service, port }: GraphRoute): string {
  return service === undefined ? 'clients' : `Service ${escapeText(service)}, port ${port}`
}

/** `:8080 web`; a port that no container declares stands alone. */
export function hopText({ container, port }: GraphRoute['hops'][number]): string {
  const shown = typeof port === 'number' ? `:${port}` : `:${escapeText(port)}`
  return container === '' ? `${shown} (not declared)` : `${shown} ${escapeText(container)}`
}

/** Who uses a volume: the names of containers that may write, and of those that only read. */
export function usersOf(
  { name }: GraphVolume,
  { containers }: PodGraph,
): { writes: readonly string[]; reads: readonly string[] } {
  const users = (access: 'writes' | 'reads'): string[] =>
    containers
      .filter(({ mounts }) => mounts.some((mount) => mount.volume === name && mount.access === access))
      .map((container) => escapeText(container.name))
  const writes = users('writes')
  return { writes, reads: users('reads').filter((one) => !writes.includes(one)) }
}

/** `label sidecar.istio.io/inject: true, of mesh-istio`. */
export function settingText({ kind, key, value, sidecar }: GraphSetting): string {
  return escapeText(`${kind} ${key}: ${value}, of ${sidecar}`)
}

/** A line for each setting, with its sign. */
export function settingLines({ settings }: PodGraph): string[] {
  return settings.map((one) => signOf(one.mark) + settingText(one))
}

/** The lines of a container's box, its name first; empty ones say nothing. */
export function containerLines(container: GraphContainer): string[] {
  const { name, image, step, ports, probes } = container
  const listed = ports.map(portText).join(', ')
  return [
    name,
    `${roleText(container)}, start ${step}`,
    image,
    listed === '' ? '' : `ports ${listed}`,
    ...probes.map(({ kind, action }) => `${kind}: ${action}`),
  ]
}

/** Pairs of containers, by their index, of which the second starts in the step after that of the first. */
export function startPairs({ containers }: PodGraph): [first: number, next: number][] {
  return containers.flatMap(({ step }, first) =>
    containers.flatMap((other, next): [number, number][] => (other.step === step + 1 ? [[first, next]] : [])),
  )
}

/** The mounts of volumes that the pod has, with the index of the container and of the volume. */
export function volumeMounts({ containers, volumes }: PodGraph): (GraphMount & { c: number; v: number })[] {
  return containers.flatMap(({ mounts }, c) =>
    mounts.flatMap((mount) => {
      const v = volumes.findIndex(({ name }) => name === mount.volume)
      return v < 0 ? [] : [Object.assign({ c, v }, mount)]
    }),
  )
}

/** Where requests come from, as a card of its own; not yet safe to print. */
export function sourceName(service: string | undefined): string {
  return service === undefined ? 'clients' : `Service ${service}`
}

/** What has to happen before the next container starts. Source: KEP-753. */
export function nextStepText({ role, probes }: GraphContainer): string {
  if (role === 'init') return 'when it has ended'
  return probes.some(({ kind, mark }) => kind === 'startup' && mark !== 'removed')
    ? 'when its startup probe has passed'
    : 'when it has started'
}

/** The picture in a sentence, for those who cannot see it. */
export function summaryOf(graph: PodGraph): string {
  const all = graph.containers.filter(({ mark }) => mark !== 'removed')
  const named = (role: ContainerRole, one: string): string => {
    const names = all.filter((container) => container.role === role).map(({ name }) => escapeText(name))
    return names.length === 0 ? '' : `${names.length === 1 ? one : `${one}s`} ${names.join(', ')}`
  }
  const parts = [
    named('init', 'init container'),
    named('native', 'native sidecar'),
    named('app', 'app container'),
    named('classic', 'classic sidecar'),
  ]
  const volumes = graph.volumes.map((volume) => {
    const { writes, reads } = usersOf(volume, graph)
    const use = [...writes.map((name) => `${name} writes`), ...reads.map((name) => `${name} reads`)]
    return `volume ${escapeText(volume.name)}${use.length === 0 ? '' : ` (${use.join(', ')})`}`
  })
  const routes = graph.routes.map((route) => `${sourceOf(route)} leads to ${route.hops.map(hopText).join(', then ')}`)
  const settings = graph.settings.map(settingText)
  const text = [...parts, ...volumes, ...settings].filter((part) => part !== '').join('; ')
  return [`${titleOf(graph)}: ${text}`, ...routes].join('. ')
}
