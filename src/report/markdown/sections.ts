import type { FileGraphs } from '../../core/graph/workload-graphs.ts'
import type { PodGraph } from '../../core/graph/pod-graph.ts'
import type { FileResult, WorkloadOutcome } from '../../core/inject/result.ts'
import { resourceName } from '../diagnostics.ts'
import { hunksOf } from '../diff.ts'
import { escapeLines } from '../escape.ts'
import { graphMermaid } from '../graph/mermaid.ts'
import { diffEdited, diffTexts, type Line } from '../line-diff.ts'
import { plural } from '../plural.ts'
import { fenced, markdownText } from './escape.ts'

/** What is told of one workload, as far as it is wanted. */
export interface Section {
  title: string
  /** Empty for a file of another kind, such as a Compose file. */
  picture: string
  diff: string
}

/** The sections of a file: one for each workload, in which its picture and its part of the diff are. */
export function sectionsOf({ file, graphs }: FileGraphs): Section[] {
  if (graphs.length === 0) {
    const [diff = ''] = diffsOf(file, [])
    return diff === '' ? [] : [{ title: markdownText(file.source.label), picture: '', diff }]
  }
  const starts = graphs.map(({ outcome }) => lineOf(file, outcome))
  const diffs = diffsOf(file, starts)
  return graphs.flatMap(({ graph, outcome }, n): Section[] => {
    const diff = diffs[n] ?? ''
    if (outcome === undefined || (diff === '' && outcome.sidecars.length === 0)) return []
    return [{ title: titleOf(outcome, graph), picture: graphMermaid(graph), diff }]
  })
}

function lineOf(file: FileResult, outcome: WorkloadOutcome | undefined): number {
  return file.source.position(outcome?.offset ?? 0).line
}

function titleOf({ resource, sidecars }: WorkloadOutcome, { template }: PodGraph): string {
  const of = template === '' ? '' : ` (${template})`
  const names = sidecars.map(({ name }) => name).join(', ')
  return markdownText(`${resourceName(resource)}${of}${names === '' ? '' : `: ${names}`}`)
}

/**
 * The changes of a file, cut at the 1-based lines at which its workloads begin: what precedes the first workload belongs
 * to it, as what follows the last one does.
 */
function diffsOf({ source: { text }, output, edits }: FileResult, starts: readonly number[]): string[] {
  const parts: { lines: Line[]; oldLine: number; newLine: number }[] = [{ lines: [], oldLine: 1, newLine: 1 }]
  let [oldLine, newLine] = [1, 1]
  for (const line of edits === undefined ? diffTexts(text, output) : diffEdited(text, edits)) {
    if (line.sign !== '+' && parts.length < starts.length && oldLine >= (starts[parts.length] as number))
      parts.push({ lines: [], oldLine, newLine })
    ;(parts.at(-1) as (typeof parts)[number]).lines.push(line)
    if (line.sign !== '+') oldLine++
    if (line.sign !== '-') newLine++
  }
  return parts.map((part) => escapeLines([...hunksOf(part.lines, part.oldLine, part.newLine)].join('')))
}

/** Characters of a picture; GitHub draws up to 50,000. Source: mermaid, config `maxTextSize`. */
const MOST_PICTURE = 20_000

/** A section as a collapsed part, at most so many characters long; undefined where not even its picture fits. */
export function sectionText({ title, picture, diff }: Section, room: number): string | undefined {
  const wrap = (body: string): string => `<details><summary>${title}</summary>\n\n${body}\n</details>\n\n`
  const isDrawn = picture !== '' && picture.length <= MOST_PICTURE
  const missing = picture === '' ? '' : 'The picture is left out for its size.\n'
  const shown = isDrawn ? fenced('mermaid', picture) : missing
  const whole = wrap(diff === '' ? shown : `${shown}\n${fenced('diff', diff)}`)
  if (whole.length <= room) return whole
  const lines = diff.split('\n')
  let [length, kept] = [wrap(shown).length + 200, 0]
  while (kept < lines.length && length + (lines[kept] as string).length < room) {
    length += (lines[kept] as string).length + 1
    kept++
  }
  if (length > room) return undefined
  const rest = `\n${plural(lines.length - kept, 'more line')} of the diff left out for their length.\n`
  return wrap(`${shown}\n${kept === 0 ? '' : fenced('diff', lines.slice(0, kept).join('\n'))}${rest}`)
}
