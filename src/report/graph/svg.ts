import type { Mark, PodGraph } from '../../core/graph/pod-graph.ts'
import { escapeText } from '../escape.ts'
import { startOf, textWidth } from '../terminal-width.ts'
import { MARKS, podsText, signOf, summaryOf, titleOf } from './labels.ts'
import { layoutOf, LINE, PAD, type Card, type CardLine, type PodLayout, type Wire } from './svg-layout.ts'

/** Space around a picture, and between two. */
const MARGIN = 24

/** Colours for light and dark; a program without media queries shows the light ones. */
const LIGHT = `
.sg-all{font-family:system-ui,sans-serif;font-size:13px;fill:#111827}
.sg-page{fill:#ffffff}
.sg-pod{fill:#f9fafb;stroke:#6b7280;stroke-width:1.5}
.sg-card{stroke-width:1.5}
.sg-app{fill:#dbeafe;stroke:#1d4ed8}.sg-init{fill:#e5e7eb;stroke:#4b5563}
.sg-native,.sg-classic{fill:#fef3c7;stroke:#b45309}
.sg-volume{fill:#ede9fe;stroke:#6d28d9}.sg-outside{fill:#ffffff;stroke:#4b5563}
.sg-name{font-weight:600}.sg-title{font-weight:600;font-size:16px}
.sg-small{font-size:12px}.sg-quiet{fill:#4b5563}
.sg-code{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12px}
.sg-wire{fill:none;stroke:#4b5563;stroke-width:1.5}.sg-reads{stroke-dasharray:5 4}.sg-start{stroke-dasharray:2 4}
.sg-head{fill:#4b5563}
.sg-w-added{stroke:#15803d;stroke-width:2.5}.sg-w-removed{stroke:#b91c1c;stroke-width:2.5}.sg-w-changed{stroke:#a16207;stroke-width:2.5}
.sg-t-added{fill:#166534}.sg-t-removed{fill:#991b1b;text-decoration:line-through}.sg-t-changed{fill:#854d0e}
.sg-badge-added{fill:#15803d}.sg-badge-removed{fill:#b91c1c}.sg-badge-changed{fill:#a16207}.sg-sign{fill:#ffffff;font-weight:700}`
const DARK = `
.sg-all{fill:#f3f4f6}.sg-page{fill:#0d1117}.sg-pod{fill:#161b22;stroke:#8b949e}
.sg-app{fill:#172554;stroke:#60a5fa}.sg-init{fill:#30363d;stroke:#9ca3af}
.sg-native,.sg-classic{fill:#3b2305;stroke:#f59e0b}
.sg-volume{fill:#2e1065;stroke:#a78bfa}.sg-outside{fill:#0d1117;stroke:#9ca3af}
.sg-quiet{fill:#b6bec8}.sg-wire{stroke:#b6bec8}.sg-head{fill:#b6bec8}
.sg-w-added{stroke:#4ade80}.sg-w-removed{stroke:#f87171}.sg-w-changed{stroke:#facc15}
.sg-t-added{fill:#86efac}.sg-t-removed{fill:#fca5a5}.sg-t-changed{fill:#fde047}`
const STYLES = {
  auto: `${LIGHT}\n@media (prefers-color-scheme:dark){${DARK}\n}`,
  light: LIGHT,
  dark: LIGHT + DARK,
} as const

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text between tags and in attributes, without what XML forbids. */
function xml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => ENTITIES[c] as string).replace(/[\uFFFE\uFFFF]/g, '\uFFFD')
}

/**
 * Pods as one picture, one below the other, with a title and a description for those who cannot see it.
 * @param theme light, dark, or as the program that shows it says
 */
export function graphsSvg(graphs: readonly PodGraph[], theme: keyof typeof STYLES = 'auto'): string {
  const layouts = graphs.map(layoutOf)
  const width =
    Math.max(
      300,
      layouts.reduce((most, one) => Math.max(most, one.width), 0),
    ) +
    2 * MARGIN
  const parts: string[] = []
  let y = MARGIN
  for (const [n, graph] of graphs.entries()) {
    const layout = layouts[n] as PodLayout
    parts.push(
      `<g transform="translate(${MARGIN} ${y})">`,
      heading(graph),
      `<g transform="translate(0 ${2 * LINE})">`,
      podSvg(layout),
      '</g>',
      '</g>',
    )
    y += 2 * LINE + layout.height + MARGIN
  }
  const height = Math.max(y, 2 * MARGIN + LINE)
  const [only] = graphs
  const title = graphs.length === 1 && only !== undefined ? titleOf(only) : `Pods of ${graphs.length} workloads`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="sg-title sg-desc">`,
    `<title id="sg-title">${xml(title)}</title>`,
    `<desc id="sg-desc">${xml(graphs.map(summaryOf).join('\n'))}</desc>`,
    `<style>${STYLES[theme]}</style>`,
    '<defs><marker id="sg-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="sg-head" d="M0 0L8 4L0 8z"/></marker></defs>',
    `<rect class="sg-page" width="${width}" height="${height}"/>`,
    '<g class="sg-all">',
    ...parts,
    '</g>',
    '</svg>',
    '',
  ].join('\n')
}

function heading(graph: PodGraph): string {
  const more = [podsText(graph), escapeText(graph.place)].filter((text) => text !== '').join(', ')
  return `<text y="${LINE}"><tspan class="sg-title">${xml(cut(titleOf(graph), 60))}</tspan><tspan class="sg-small sg-quiet" dx="10">${xml(cut(more, 60))}</tspan></text>`
}

function podSvg({ pod, cards, wires, settings }: PodLayout): string {
  return [
    `<rect class="sg-pod" x="${pod.x}" y="${pod.y}" width="${pod.width}" height="${pod.height}" rx="10"/>`,
    `<text class="sg-small sg-quiet" x="${pod.x + PAD}" y="${pod.y + PAD + LINE / 2}">pod: its containers share localhost</text>`,
    ...wires.map(wireSvg),
    ...cards.map(cardSvg),
    ...settings.map((line) => lineSvg(line, { kind: 'outside', mark: 'same', ...pod, lines: [] })),
  ].join('\n')
}

function wireSvg({ kind, mark, from: [x1, y1], to: [x2, y2], bend, label }: Wire): string {
  const out = bend ?? Math.max(30, Math.abs(x2 - x1) / 2)
  const [c1, c2] =
    bend === undefined ? [x1 + (x2 < x1 ? -out : out), x2 + (x2 < x1 ? out : -out)] : [x1 - out, x2 - out]
  const path = kind === 'start' ? `M${x1} ${y1}L${x2} ${y2}` : `M${x1} ${y1}C${c1} ${y1} ${c2} ${y2} ${x2} ${y2}`
  const style = mark === 'same' ? '' : ` sg-w-${mark}`
  const line = `<path class="sg-wire sg-${kind}${style}" d="${path}" marker-end="url(#sg-arrow)"/>`
  if (label === '') return line
  return `${line}<text class="sg-small sg-quiet" x="${x1 + 8}" y="${(y1 + y2) / 2 + 4}">${xml(label)}</text>`
}

function cardSvg(card: Card): string {
  const { kind, mark, x, y, width, height, lines } = card
  const style = mark === 'same' ? '' : ` sg-w-${mark}`
  const radius = kind === 'volume' ? 18 : kind === 'outside' ? 16 : 6
  return [
    `<rect class="sg-card sg-${kind}${style}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"/>`,
    ...lines.map((line) => lineSvg(line, card)),
    ...(mark === 'same' ? [] : [badge(mark, x, y)]),
  ].join('\n')
}

/** The sign of a card that is marked, in its corner, so that colours are not all that tells. */
function badge(mark: Mark, x: number, y: number): string {
  return `<circle class="sg-badge-${mark}" cx="${x}" cy="${y}" r="9"/><text class="sg-sign" x="${x}" y="${y + 4.5}" text-anchor="middle">${MARKS[mark] === '-' ? '\u2212' : MARKS[mark]}</text>`
}

/** Pixels of a character, about. */
const CHARACTER = { name: 7.4, small: 6.4, code: 7.3 } as const

function lineSvg({ text, mark, style, end, y }: CardLine, card: Card): string {
  const sign = mark === card.mark ? '' : signOf(mark)
  const isNamed = style === 'name' && card.kind !== 'volume' && card.kind !== 'outside'
  const room = Math.floor((card.width - 2 * PAD - (isNamed ? 130 : 0)) / CHARACTER[style])
  const colour = mark === 'same' ? '' : ` sg-t-${mark}`
  const place = end ? `x="${card.x + card.width - PAD}" text-anchor="end"` : `x="${card.x + PAD}"`
  return `<text class="sg-${style}${colour}" ${place} y="${y + 4.5}">${xml(cut(sign + text, room))}</text>`
}

/** A text of at most so many columns, with `…` for what is left out. */
function cut(text: string, columns: number): string {
  return textWidth(text) <= columns ? text : `${startOf(text, columns - 1)}…`
}
