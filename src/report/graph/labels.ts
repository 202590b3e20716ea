import type {
  ContainerRole,
  GraphContainer,
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
  return settings.map((one) => (one.mark === 'same' ? settingText(one) : `${MARKS[one.mark]} ${settingText(one)}`))
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
