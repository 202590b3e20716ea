import type {
  GraphContainer,
  GraphMount,
  GraphPort,
  GraphRoute,
  GraphVolume,
  Mark,
  PodGraph,
} from '../../core/graph/pod-graph.ts'
import { escapeText } from '../escape.ts'
import { nextStepText, portText, roleText, settingText, sourceName, usersOf } from './labels.ts'

/** Sizes in pixels. */
export const LINE = 18
export const PAD = 12
const CARD = 360
const GAP = 34
const OUTSIDE = 170
const VOLUME = 190
const WIRE = 90

/** A text of a card, and where it is written: at its left or right edge. */
export interface CardLine {
  text: string
  mark: Mark
  style: 'name' | 'small' | 'code'
  end: boolean
  /** Offset of the middle of the line from the top of the picture. */
  y: number
}

/** A box with text. */
export interface Card {
  kind: GraphContainer['role'] | 'volume' | 'outside'
  mark: Mark
  x: number
  y: number
  width: number
  height: number
  lines: readonly CardLine[]
}

/** A line with an arrow. */
export interface Wire {
  kind: 'writes' | 'reads' | 'route' | 'start'
  mark: Mark
  from: readonly [x: number, y: number]
  to: readonly [x: number, y: number]
  /** Both ends are at the same side: how far the line bends out, to the left. */
  bend?: number | undefined
  label: string
}

/** A pod in three columns: what leads in, containers from top to bottom in the order of their start, and volumes. */
export interface PodLayout {
  width: number
  height: number
  pod: { x: number; y: number; width: number; height: number }
  /** Lines at the bottom of the pod. */
  settings: readonly CardLine[]
  cards: readonly Card[]
  wires: readonly Wire[]
}

/** Where the parts of a container's card are that wires lead to. */
interface PlacedContainer {
  card: Card
  ports: ReadonlyMap<number, number>
  mounts: readonly { mount: GraphMount; y: number }[]
}

/** Places the parts of a picture. */
export function layoutOf(graph: PodGraph): PodLayout {
  const hasOutside = graph.routes.length > 0
  const podX = hasOutside ? OUTSIDE + WIRE : 0
  const cardX = podX + PAD + (graph.routes.some(({ hops }) => hops.length > 1) ? 60 : PAD)
  const top = 2 * PAD + LINE
  const containers = new Map<string, PlacedContainer>()
  let y = top
  for (const container of graph.containers) {
    const placed = placeContainer(container, cardX, y)
    containers.set(container.name, placed)
    y += placed.card.height + GAP
  }
  const bottom = y - GAP
  const volumeX = cardX + CARD + WIRE
  const volumes = placeVolumes(graph, byMounts(graph, containers), volumeX, top, bottom)
  const outside = placeOutside(graph, top)
  const end = Math.max(bottom, lowest(volumes.values()), lowest(outside.values())) + PAD
  const settings = graph.settings.map((setting, n): CardLine => ({
    text: settingText(setting),
    mark: setting.mark,
    style: 'small',
    end: false,
    y: end + n * LINE + LINE / 2,
  }))
  const height = end + (settings.length === 0 ? 0 : settings.length * LINE + PAD)
  const podWidth = (volumes.size > 0 ? volumeX + VOLUME : cardX + CARD) + PAD - podX
  return {
    width: podX + podWidth,
    height,
    pod: { x: podX, y: 0, width: podWidth, height },
    settings,
    cards: [...[...containers.values()].map(({ card }) => card), ...volumes.values(), ...outside.values()],
    wires: [
      ...startWires(graph, containers),
      ...mountWires(containers, volumes),
      ...routeWires(graph.routes, outside, containers, podX),
    ],
  }
}

function lowest(cards: Iterable<Card>): number {
  return [...cards].reduce((most, { y, height }) => Math.max(most, y + height), 0)
}

function placeContainer(container: GraphContainer, x: number, y: number): PlacedContainer {
  const { name, image, mark, probes, ports, mounts } = container
  const edge: Mark = mark === 'changed' ? 'same' : mark
  const lines: CardLine[] = []
  let at = y + PAD + LINE / 2
  const add = (text: string, style: CardLine['style'], of: Mark, end = false): number => {
    lines.push({ text: escapeText(text), style, mark: of, end, y: at })
    at += LINE
    return at - LINE
  }
  lines.push({ text: roleText(container), style: 'small', mark: 'same', end: true, y: at })
  add(name, 'name', edge)
  add(image, 'code', edge)
  const placedPorts = new Map(ports.map((port: GraphPort) => [port.number, add(portText(port), 'code', port.mark)]))
  for (const { kind, action, mark: of } of probes) add(`${kind} probe ${action}`, 'small', of)
  const placedMounts = mounts.map((mount) => ({
    mount,
    y: add(`${mount.access} ${mount.path}`, 'code', mount.mark, true),
  }))
  const height = at - LINE / 2 + PAD - y
  return {
    card: { kind: container.role, mark, x, y, width: CARD, height, lines },
    ports: placedPorts,
    mounts: placedMounts,
  }
}

/** Volumes in the order of the middle of their mounts, so that few wires cross. */
function byMounts({ volumes }: PodGraph, placed: ReadonlyMap<string, PlacedContainer>): GraphVolume[] {
  const sums = new Map<string, { y: number; count: number }>()
  for (const { mounts } of placed.values()) {
    for (const { mount, y } of mounts) {
      const sum = sums.get(mount.volume) ?? { y: 0, count: 0 }
      sums.set(mount.volume, { y: sum.y + y, count: sum.count + 1 })
    }
  }
  const middle = ({ name }: GraphVolume): number => {
    const { y, count } = sums.get(name) ?? { y: 0, count: 1 }
    return y / count
  }
  return volumes.toSorted((a, b) => middle(a) - middle(b))
}

/** Volumes one below the other, in the middle of the height of the containers. */
function placeVolumes(
  graph: PodGraph,
  volumes: readonly GraphVolume[],
  x: number,
  top: number,
  bottom: number,
): Map<string, Card> {
  const height = 2 * LINE + 2 * PAD
  const all = volumes.length * (height + PAD) - PAD
  let y = Math.max(top, (top + bottom - all) / 2)
  const cards = new Map<string, Card>()
  for (const volume of volumes) {
    cards.set(volume.name, volumeCard(volume, graph, x, y, height))
    y += height + PAD
  }
  return cards
}

function volumeCard(volume: GraphVolume, graph: PodGraph, x: number, y: number, height: number): Card {
  const { name, source, mark } = volume
  const { writes, reads } = usersOf(volume, graph)
  const isUsed = writes.length + reads.length > 0
  const first = y + PAD + LINE / 2
  const edge: Mark = mark === 'changed' ? 'same' : mark
  return {
    kind: 'volume',
    mark,
    x,
    y,
    width: VOLUME,
    height,
    lines: [
      { text: escapeText(name), style: 'name', mark: edge, end: false, y: first },
      {
        text: escapeText(source) + (isUsed ? '' : ', not mounted'),
        style: 'small',
        mark: 'same',
        end: false,
        y: first + LINE,
      },
    ],
  }
}

/** A card for each Service, with a line for each of its ports; by the route that starts there. */
function placeOutside({ routes }: PodGraph, top: number): Map<string, Card> {
  const cards = new Map<string, Card>()
  let y = top
  for (const name of new Set(routes.map(({ service }) => sourceName(service)))) {
    const own = routes.filter(({ service }) => sourceName(service) === name)
    const lines: CardLine[] = []
    const add = (text: string, style: CardLine['style'], mark: Mark, end: boolean): void => {
      lines.push({ text: escapeText(text), style, mark, end, y: y + PAD + LINE / 2 + lines.length * LINE })
    }
    add(name, 'name', 'same', false)
    for (const { port, mark, hops } of own.filter((route) => route.port !== '')) {
      add(`port ${port}`, 'code', mark, true)
      const lost = hops.find(({ container }) => container === '')
      if (lost !== undefined) add(`no container has ${lost.port}`, 'small', mark, true)
    }
    const height = 2 * PAD + LINE * lines.length
    cards.set(name, { kind: 'outside', mark: 'same', x: 0, y, width: OUTSIDE, height, lines })
    y += height + PAD
  }
  return cards
}

function startWires({ containers }: PodGraph, placed: ReadonlyMap<string, PlacedContainer>): Wire[] {
  return containers.flatMap((container, n): Wire[] => {
    const next = containers[n + 1]
    const [from, to] = [placed.get(container.name)?.card, next && placed.get(next.name)?.card]
    if (next === undefined || next.step === container.step || from === undefined || to === undefined) return []
    const x = from.x + 40
    return [
      { kind: 'start', mark: 'same', from: [x, from.y + from.height], to: [x, to.y], label: nextStepText(container) },
    ]
  })
}

function mountWires(placed: ReadonlyMap<string, PlacedContainer>, volumes: ReadonlyMap<string, Card>): Wire[] {
  return [...placed.values()].flatMap(({ card, mounts }) =>
    mounts.flatMap(({ mount: { volume, access, mark }, y }): Wire[] => {
      const to = volumes.get(volume)
      if (to === undefined) return []
      const ends = [
        [card.x + card.width, y],
        [to.x, to.y + to.height / 2],
      ] as const
      return [
        access === 'writes'
          ? { kind: 'writes', mark, from: ends[0], to: ends[1], label: '' }
          : { kind: 'reads', mark, from: ends[1], to: ends[0], label: '' },
      ]
    }),
  )
}

function routeWires(
  routes: readonly GraphRoute[],
  outside: ReadonlyMap<string, Card>,
  placed: ReadonlyMap<string, PlacedContainer>,
  podX: number,
): Wire[] {
  return routes.flatMap((route): Wire[] => {
    const card = outside.get(sourceName(route.service)) as Card
    const own = card.lines.find(({ text }) => text === `port ${route.port}`) ?? (card.lines[0] as CardLine)
    let from: readonly [number, number] = [card.x + card.width, own.y]
    return route.hops.map((hop, n): Wire => {
      const to = portPlace(placed.get(hop.container), hop.port) ?? ([podX, own.y] as const)
      const wire: Wire = { kind: 'route', mark: route.mark, from, to, label: '', bend: n > 0 ? 50 : undefined }
      from = to
      return wire
    })
  })
}

/** The left edge of a container at a port's line, or at its name where it does not declare the port. */
function portPlace(placed: PlacedContainer | undefined, port: number | string): readonly [number, number] | undefined {
  if (placed === undefined) return undefined
  const { card, ports } = placed
  return [card.x, (typeof port === 'number' ? ports.get(port) : undefined) ?? card.y + PAD + LINE / 2]
}
