import type { GraphContainer, GraphRoute, GraphVolume, Mark, PodGraph } from '../../core/graph/pod-graph.ts'
import { createColors, type Colors } from '../colors.ts'
import { escapeText } from '../escape.ts'
import { startOf, textWidth } from '../terminal-width.ts'
import {
  hopText,
  MARKS,
  nextStepText,
  podsText,
  portText,
  roleText,
  settingText,
  sourceOf,
  titleOf,
  usersOf,
} from './labels.ts'

/** Columns of a picture, as wide as a plain terminal. */
const WIDTH = 80
/** Columns inside the box of the pod, and inside that of a container. */
const INSIDE = WIDTH - 4
const BOX = INSIDE - 7

/** A line inside the box of the pod. */
interface Row {
  mark: Mark
  text: string
}

const EMPTY: Row = { mark: 'same', text: '' }
const COLOURS: Readonly<Record<Mark, keyof Colors | undefined>> = {
  same: undefined,
  added: 'green',
  removed: 'red',
  changed: 'yellow',
}

/** A pod as a picture of text, 80 columns wide. */
export function graphText(graph: PodGraph, color: boolean): string {
  const style = createColors(color)
  const pods = podsText(graph)
  const title = titleOf(graph) + (pods === '' ? '' : `, ${pods}`)
  const place = escapeText(graph.place)
  const head =
    textWidth(title) + textWidth(place) + 2 > WIDTH
      ? [style.bold(title), style.dim(place)]
      : [style.bold(pad(title, WIDTH - textWidth(place))) + style.dim(place)]
  const routes = graph.routes.map((route) => coloured(` ${MARKS[route.mark]} ${routeText(route)}`, route.mark, style))
  const rows = [EMPTY, ...containerRows(graph), ...volumeRows(graph), ...settingRows(graph)]
  const shared = graph.containers.filter(({ role }) => role !== 'init').length > 1
  return [
    ...head,
    ...(routes.length === 0 ? [] : ['', ...routes]),
    '',
    border('┌', 'pod', shared ? 'its containers share localhost' : '', '┐', WIDTH),
    ...rows.map(({ mark, text }) => `│${coloured(`${MARKS[mark]} ${pad(text, INSIDE)}`, mark, style)}│`),
    `└${'─'.repeat(WIDTH - 2)}┘`,
    '',
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

function coloured(text: string, mark: Mark, style: Colors): string {
  const name = COLOURS[mark]
  return name === undefined ? text : style[name](text)
}

/** A text cut or filled up to a number of columns. */
function pad(text: string, columns: number): string {
  const width = textWidth(text)
  if (width <= columns) return text + ' '.repeat(columns - width)
  const start = startOf(text, columns - 1)
  return `${start}${' '.repeat(Math.max(0, columns - 1 - textWidth(start)))}…`
}

/** A line with corners, and words on its left and its right. */
function border(first: string, left: string, right: string, last: string, columns: number): string {
  const end = right === '' ? '' : ` ${right} ─`
  const room = columns - 6 - textWidth(end)
  const name = textWidth(left) > room ? pad(left, room) : left
  return `${first}─ ${name} ${'─'.repeat(Math.max(0, columns - 5 - textWidth(name) - textWidth(end)))}${end}${last}`
}

function routeText(route: GraphRoute): string {
  return [sourceOf(route), ...route.hops.map(hopText)].join(' ──▶ ')
}

/** The containers one below the other, with what has to happen between two steps of the start. */
function containerRows({ containers }: PodGraph): Row[] {
  return containers.flatMap((container, n) => {
    const next = containers[n + 1]
    const isLast = next === undefined || next.step === container.step
    const arrow = `        ${'▼'} ${nextStepText(container)}`
    return [...boxRows(container), isLast ? EMPTY : { mark: 'same' as const, text: arrow }]
  })
}

function boxRows(container: GraphContainer): Row[] {
  const { mark, step, name, image } = container
  const edge: Mark = mark === 'changed' ? 'same' : mark
  const lines: Row[] = [
    { mark: edge, text: escapeText(image) },
    ...labelled('ports', container.ports, portText),
    ...labelled('probes', container.probes, ({ kind, action }) => `${kind.padEnd(9)}  ${escapeText(action)}`),
    ...labelled('mounts', container.mounts, mountText(container)),
  ].filter(({ text }) => text !== '')
  return [
    {
      mark: edge,
      text: `${String(step).padStart(3)}  ${border('┌', escapeText(name), roleText(container), '┐', BOX)}`,
    },
    ...lines.map((line): Row => ({ mark: line.mark, text: `     │ ${pad(line.text, BOX - 4)} │` })),
    { mark: edge, text: `     └${'─'.repeat(BOX - 2)}┘` },
  ]
}

/** A row for each item, with a label in front of the first. */
function labelled<T extends { mark: Mark }>(label: string, items: readonly T[], textOf: (item: T) => string): Row[] {
  return items.map((item, n) => ({ mark: item.mark, text: `${(n === 0 ? label : '').padEnd(8)}${textOf(item)}` }))
}

function mountText({ mounts }: GraphContainer): (mount: GraphContainer['mounts'][number]) => string {
  const widest = mounts.reduce((most, { path }) => Math.max(most, textWidth(escapeText(path))), 0)
  return ({ path, access, volume }) =>
    `${pad(escapeText(path), Math.min(widest, 30))}  ${access === 'writes' ? 'writes' : 'reads '} ${escapeText(volume)}`
}

function volumeRows(graph: PodGraph): Row[] {
  const { volumes } = graph
  if (volumes.length === 0) return []
  const widest = (of: (volume: GraphVolume) => string): number =>
    Math.min(
      volumes.reduce((most, volume) => Math.max(most, textWidth(escapeText(of(volume)))), 0),
      30,
    )
  const [names, sources] = [widest(({ name }) => name), widest(({ source }) => source)]
  const rows = volumes.map((volume, n): Row => {
    const { writes, reads } = usersOf(volume, graph)
    const use = [writes.map((name) => `${name} writes`), reads.map((name) => `${name} reads`)].flat().join(', ')
    const text = `${pad(escapeText(volume.name), names)}  ${pad(escapeText(volume.source), sources)}  ${use === '' ? 'not mounted' : use}`
    return { mark: volume.mark, text: `${(n === 0 ? 'volumes' : '').padEnd(9)}${text}` }
  })
  return [...rows, EMPTY]
}

function settingRows({ settings }: PodGraph): Row[] {
  const rows = settings.map((setting, n): Row => ({
    mark: setting.mark,
    text: `${(n === 0 ? 'set' : '').padEnd(9)}${settingText(setting)}`,
  }))
  return rows.length === 0 ? [] : [...rows, EMPTY]
}
