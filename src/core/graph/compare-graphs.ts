import type { GraphContainer, Mark, Marked, PodGraph } from './pod-graph.ts'

/** The picture after a change, in which what was added, removed or changed is marked; what is gone is in it, too. */
export function compareGraphs(before: PodGraph, after: PodGraph): PodGraph {
  return {
    ...after,
    containers: merged(before.containers, after.containers, ({ name }) => name, comparedContainer),
    volumes: merged(before.volumes, after.volumes, ({ name }) => name),
    routes: merged(before.routes, after.routes, ({ service, port }) => `${service ?? ''} ${port}`),
    settings: merged(before.settings, after.settings, ({ kind, key }) => `${kind} ${key}`),
  }
}

function comparedContainer(before: GraphContainer, after: GraphContainer): GraphContainer {
  const parts = {
    ports: merged(before.ports, after.ports, ({ number, protocol }) => `${number}/${protocol}`),
    probes: merged(before.probes, after.probes, ({ kind }) => kind),
    mounts: merged(before.mounts, after.mounts, ({ path }) => path),
  }
  const isSame =
    before.image === after.image &&
    before.role === after.role &&
    Object.values(parts).every((list: readonly Marked[]) => list.every(({ mark }) => mark === 'same'))
  return { ...after, ...parts, mark: isSame ? 'same' : 'changed' }
}

/** Everything below a container that comes or goes has its mark. */
function whole<T extends Marked>(item: T, mark: Mark): T {
  const parts = Object.entries(item).map(([key, value]: [string, unknown]) => [
    key,
    PARTS.has(key) && Array.isArray(value) ? value.map((part: Marked) => Object.assign({}, part, { mark })) : value,
  ])
  return { ...(Object.fromEntries(parts) as T), mark }
}

const PARTS: ReadonlySet<string> = new Set(['ports', 'probes', 'mounts'])

/** Both lists in one, in the order of the second; what is only in the first comes behind what was before it there. */
function merged<T extends Marked>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
  compare: (before: T, after: T) => T = compareData,
): T[] {
  const old = new Map(before.map((item) => [keyOf(item), item]))
  const kept = new Set(after.map(keyOf))
  const out = after.map((item) => {
    const was = old.get(keyOf(item))
    return was === undefined ? whole(item, 'added') : compare(was, item)
  })
  for (const [n, item] of before.entries()) {
    if (kept.has(keyOf(item))) continue
    const previous = before[n - 1]
    const at = previous === undefined ? -1 : out.findIndex((one) => keyOf(one) === keyOf(previous))
    out.splice(at + 1, 0, whole(item, 'removed'))
  }
  return out
}

function compareData<T extends Marked>(before: T, after: T): T {
  return JSON.stringify(before) === JSON.stringify(after) ? after : { ...after, mark: 'changed' }
}
