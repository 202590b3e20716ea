import type { GraphContainer, Mark, PodGraph } from '../../core/graph/pod-graph.ts'
import { escapeText } from '../escape.ts'
import { hopText, MARKS, portText, roleText, settingLines, sourceOf, titleOf } from './labels.ts'

/**
 * A text as a quoted string of DOT: without its escapes, such as `\N`, which graphviz would fill in.
 * Source: graphviz.org/doc/info/lang.html and .../attr_types/escString.
 */
function quoted(lines: readonly string[]): string {
  const shown = lines.filter((line) => line !== '').map((line) => escapeText(line).replace(/["\\]/g, '\\$&'))
  return `"${shown.join('\\n')}"`
}

const FILL: Readonly<Record<GraphContainer['role'], string>> = {
  app: '#dbeafe',
  init: '#e5e7eb',
  native: '#fef3c7',
  classic: '#fef3c7',
}

const PEN: Readonly<Record<Mark, string>> = {
  same: 'color="#4b5563"',
  added: 'color="#15803d", penwidth=2.5',
  removed: 'color="#b91c1c", penwidth=2.5, style="filled,dashed"',
  changed: 'color="#a16207", penwidth=2.5',
}

function sign(mark: Mark): string {
  return mark === 'same' ? '' : `${MARKS[mark]} `
}

/** Pods as a graph for `dot` of graphviz, one cluster for each. */
export function graphsDot(graphs: readonly PodGraph[]): string {
  return [
    'digraph pods {',
    '  compound=true; rankdir=TB; fontname="sans-serif";',
    '  node [shape=box, style="filled", fontname="sans-serif", fontsize=11];',
    '  edge [fontname="sans-serif", fontsize=10];',
    ...graphs.flatMap((graph, n) => podLines(graph, `p${n}`)),
    '}',
    '',
  ].join('\n')
}

function podLines(graph: PodGraph, pod: string): string[] {
  const ids = new Map(graph.containers.map(({ name }, n) => [name, `${pod}c${n}`]))
  return [
    `  subgraph cluster_${pod} {`,
    `    label=${quoted([titleOf(graph), ...settingLines(graph)])}; style=rounded; color="#4b5563";`,
    ...graph.containers.map(
      (one, n) => `    ${pod}c${n} [label=${containerLabel(one)}, fillcolor="${FILL[one.role]}", ${PEN[one.mark]}];`,
    ),
    ...graph.volumes.map(
      ({ name, source, mark }, n) =>
        `    ${pod}v${n} [label=${quoted([sign(mark) + name, source])}, shape=cylinder, fillcolor="#ede9fe", ${PEN[mark]}];`,
    ),
    ...startLines(graph, pod),
    ...mountLines(graph, pod),
    '  }',
    ...routeLines(graph, pod, ids),
  ]
}

function containerLabel(container: GraphContainer): string {
  const { name, image, mark, step, ports, probes } = container
  const listed = ports.map(portText).join(', ')
  return quoted([
    sign(mark) + name,
    `${roleText(container)}, start ${step}`,
    image,
    listed === '' ? '' : `ports ${listed}`,
    ...probes.map(({ kind, action }) => `${kind}: ${action}`),
  ])
}

function startLines({ containers }: PodGraph, pod: string): string[] {
  const all = [...containers.entries()]
  return all.flatMap(([n, { step }]) =>
    all
      .filter(([, other]) => other.step === step + 1)
      .map(([next]) => `    ${pod}c${n} -> ${pod}c${next} [style=dotted, label="then"];`),
  )
}

function mountLines({ containers, volumes }: PodGraph, pod: string): string[] {
  return containers.flatMap(({ mounts }, c) =>
    mounts.flatMap(({ volume, path, access, mark }) => {
      const v = volumes.findIndex(({ name }) => name === volume)
      if (v < 0) return []
      const ends = access === 'writes' ? `${pod}c${c} -> ${pod}v${v}` : `${pod}v${v} -> ${pod}c${c}`
      return [`    ${ends} [label=${quoted([`${sign(mark)}${path} (${access})`])}];`]
    }),
  )
}

function routeLines({ routes }: PodGraph, pod: string, ids: ReadonlyMap<string, string>): string[] {
  const lines = routes.flatMap((route, n) => {
    const source = `${pod}s${n}`
    let last = source
    const hops = route.hops.flatMap((hop) => {
      const id = ids.get(hop.container)
      const line = `  ${last} -> ${id ?? `${pod}c0`} [label=${quoted([sign(route.mark) + hopText(hop)])}];`
      last = id ?? last
      return [line]
    })
    return [`  ${source} [label=${quoted([sourceOf(route)])}, shape=oval, fillcolor="#ffffff"];`, ...hops]
  })
  return lines
}
