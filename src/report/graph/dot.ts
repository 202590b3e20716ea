import type { GraphContainer, Mark, PodGraph } from '../../core/graph/pod-graph.ts'
import { escapeText } from '../escape.ts'
import { containerLines, hopText, settingLines, signOf, sourceOf, startPairs, titleOf, volumeMounts } from './labels.ts'

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
        `    ${pod}v${n} [label=${quoted([signOf(mark) + name, source])}, shape=cylinder, fillcolor="#ede9fe", ${PEN[mark]}];`,
    ),
    ...startLines(graph, pod),
    ...mountLines(graph, pod),
    '  }',
    ...routeLines(graph, pod, ids),
  ]
}

function containerLabel(container: GraphContainer): string {
  const [name = '', ...rest] = containerLines(container)
  return quoted([signOf(container.mark) + name, ...rest])
}

function startLines(graph: PodGraph, pod: string): string[] {
  return startPairs(graph).map(([n, next]) => `    ${pod}c${n} -> ${pod}c${next} [style=dotted, label="then"];`)
}

function mountLines(graph: PodGraph, pod: string): string[] {
  return volumeMounts(graph).map(({ c, v, path, access, mark }) => {
    const ends = access === 'writes' ? `${pod}c${c} -> ${pod}v${v}` : `${pod}v${v} -> ${pod}c${c}`
    return `    ${ends} [label=${quoted([`${signOf(mark)}${path} (${access})`])}];`
  })
}

function routeLines({ routes }: PodGraph, pod: string, ids: ReadonlyMap<string, string>): string[] {
  return routes.flatMap((route, n) => {
    const source = `${pod}s${n}`
    let last = source
    const hops = route.hops.map((hop) => {
      const id = ids.get(hop.container)
      const line = `  ${last} -> ${id ?? `${pod}c0`} [label=${quoted([signOf(route.mark) + hopText(hop)])}];`
      last = id ?? last
      return line
    })
    return [`  ${source} [label=${quoted([sourceOf(route)])}, shape=oval, fillcolor="#ffffff"];`, ...hops]
  })
}
