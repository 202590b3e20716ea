import type { GraphContainer, Mark, PodGraph } from '../../core/graph/pod-graph.ts'
import { escapeText } from '../escape.ts'
import {
  containerLines,
  hopText,
  settingLines,
  signOf,
  sourceName,
  startPairs,
  summaryOf,
  titleOf,
  volumeMounts,
} from './labels.ts'

/**
 * Text as Mermaid shows it inside quotes: whatever could end the quotes, or be HTML or Markdown, as the entity codes that
 * Mermaid itself has. Source: mermaid, packages/mermaid/src/utils.ts `encodeEntities`; docs, "Entity codes to escape
 * characters".
 */
function quoted(text: string): string {
  return escapeText(text).replace(/[^\w\s.,:/()+~=*@-]/gu, (c) => `#${c.codePointAt(0)};`)
}

/** Lines of a label, each safe. */
function label(mark: Mark, lines: readonly string[]): string {
  const [first = '', ...rest] = lines.filter((line) => line !== '')
  // A label that begins like a list of Markdown would be read as one.
  return `"${[quoted(signOf(mark)).replace(/^([+-])/, (c) => `#${c.codePointAt(0)};`) + quoted(first), ...rest.map(quoted)].join('<br>')}"`
}

const CLASSES: readonly string[] = [
  'classDef app fill:#dbeafe,stroke:#1d4ed8,color:#172554',
  'classDef sidecar fill:#fef3c7,stroke:#b45309,color:#451a03',
  'classDef init fill:#e5e7eb,stroke:#4b5563,color:#111827',
  'classDef volume fill:#ede9fe,stroke:#6d28d9,color:#2e1065',
  'classDef outside fill:#ffffff,stroke:#4b5563,color:#111827',
  'classDef added stroke:#15803d,stroke-width:4px',
  'classDef removed stroke:#b91c1c,stroke-width:4px,stroke-dasharray:6 4',
  'classDef changed stroke:#a16207,stroke-width:4px',
]

const KIND: Readonly<Record<GraphContainer['role'], string>> = {
  app: 'app',
  init: 'init',
  native: 'sidecar',
  classic: 'sidecar',
}

/** A pod as a flowchart of Mermaid, which GitHub and others draw. */
export function graphMermaid(graph: PodGraph): string {
  const ids = new Map(graph.containers.map(({ name }, n) => [name, `c${n}`]))
  const lines = [
    'flowchart TB',
    `  accTitle: ${plain(titleOf(graph))}`,
    `  accDescr: ${plain(summaryOf(graph))}`,
    ...outsideLines(graph),
    `  subgraph pod [${label('same', [titleOf(graph), ...settingLines(graph)])}]`,
    ...graph.containers.map(
      (container, n) => `    c${n}[${label(container.mark, containerLines(container))}]:::${KIND[container.role]}`,
    ),
    ...graph.volumes.map(({ name, source, mark }, n) => `    v${n}[(${label(mark, [name, source])})]:::volume`),
    ...startLines(graph).map((line) => `    ${line}`),
    ...mountLines(graph).map((line) => `    ${line}`),
    '  end',
    ...routeLines(graph, ids).map((line) => `  ${line}`),
    ...[...CLASSES, ...markLines(graph)].map((line) => `  ${line}`),
  ]
  return `${lines.join('\n')}\n`
}

/** Text of a line that Mermaid reads to its end. */
function plain(text: string): string {
  return text.replace(/[^\w\s.,:/()-]/gu, ' ')
}

/** A node has one class where it is made; those of marks are added to it. */
function markLines({ containers, volumes }: PodGraph): string[] {
  return (['added', 'removed', 'changed'] as const).flatMap((wanted) => {
    const ids = (parts: readonly { mark: Mark }[], letter: string): string[] =>
      parts.flatMap(({ mark }, n) => (mark === wanted ? [`${letter}${n}`] : []))
    const marked = [...ids(containers, 'c'), ...ids(volumes, 'v')]
    return marked.length === 0 ? [] : [`class ${marked.join(',')} ${wanted}`]
  })
}

/** Services and unknown clients; each once, whatever its ports. */
function outsideLines({ routes }: PodGraph): string[] {
  return sources(routes).map((service, n) => `  s${n}([${label('same', [sourceName(service)])}]):::outside`)
}

function sources(routes: PodGraph['routes']): (string | undefined)[] {
  return [...new Set(routes.map(({ service }) => service))]
}

function routeLines({ routes }: PodGraph, ids: ReadonlyMap<string, string>): string[] {
  const from = sources(routes)
  const lines = routes.flatMap(({ service, port, hops, mark }) => {
    let last = `s${from.indexOf(service)}`
    const sign = signOf(mark)
    return hops.flatMap((hop, n) => {
      const id = ids.get(hop.container)
      if (id === undefined) return [`${last} -->|${label('same', [`${sign}${port} to ${hopText(hop)}`])}| pod`]
      const text = n === 0 && port !== '' ? `${sign}${port} to :${hop.port}` : `${sign}:${hop.port}`
      const line = `${last} -->|${label('same', [text])}| ${id}`
      last = id
      return [line]
    })
  })
  return [...new Set(lines)]
}

/** Arrows from step to step of the start. */
function startLines(graph: PodGraph): string[] {
  return startPairs(graph).map(([n, next]) => `c${n} -.->|"then"| c${next}`)
}

function mountLines(graph: PodGraph): string[] {
  return volumeMounts(graph).map(({ c, v, path, access, mark }) => {
    const text = `|${label(mark, [path])}|`
    return access === 'writes' ? `c${c} ==>${text} v${v}` : `v${v} -->${text} c${c}`
  })
}
