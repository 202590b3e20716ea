import type { Diagnostic, SourceLocation } from '../../core/diagnostics/diagnostic.ts'
import type { FileGraphs } from '../../core/graph/workload-graphs.ts'
import type { FileResult, RunResult, WorkloadOutcome } from '../../core/inject/result.ts'
import { costRows, TOTAL_COST } from '../cost.ts'
import { resourceName } from '../diagnostics.ts'
import { plural } from '../plural.ts'
import { allRows, type Row } from '../sidecar-rows.ts'
import { codeText, linkTarget, markdownText, table } from './escape.ts'
import { sectionsOf, sectionText } from './sections.ts'

/** A report for the reviewers of a change. */
export interface MarkdownReport {
  /** The command, as it is typed: `sidecarctl check`. */
  command: string
  /** One line of totals, as text. */
  summary: string
  result: RunResult
  graphs: readonly FileGraphs[]
  diagnostics: readonly Diagnostic[]
  /** Where the files can be read on a web server: what precedes `path#L1`. Empty for links from beside the files. */
  baseUrl: string
}

/** GitHub takes comments of up to 65,536 characters. Source: the API's answer "body is too long". */
export const MOST_CHARACTERS = 65_000
/** Rows of a table, so that no table takes the place of all others. */
const MOST_ROWS = 100
/** Characters that the last line needs. */
const LAST_LINE = 200

/** The report as Markdown: a summary, tables of workloads, costs and findings, and a part for each workload. */
export function markdownReport(report: MarkdownReport): string {
  const link = linker(report.baseUrl)
  const heads = [
    `### ${markdownText(`${report.command}: ${report.summary}`)}\n`,
    workloadTable(report.result, link),
    findingTable(report.diagnostics, link),
    costTable(report.result),
  ].filter((text) => text !== '')
  let text = ''
  for (const head of heads) text = fitted(text, `${head}\n`)
  const sections = report.graphs.flatMap(sectionsOf)
  let shown = 0
  for (const section of sections) {
    const part = sectionText(section, MOST_CHARACTERS - LAST_LINE - text.length)
    if (part === undefined) break
    text += part
    shown++
  }
  const left = sections.length - shown
  if (left === 0) return text
  return `${text}${plural(left, 'more workload')} not shown, as a comment has at most 65,536 characters. Run <code>${markdownText(report.command)}</code> to see them.\n`
}

/** A text with another at its end, or with a word about what is left out where it would be too long. */
function fitted(text: string, more: string): string {
  if (text.length + more.length <= MOST_CHARACTERS - LAST_LINE) return text + more
  return `${text}A table is left out for its length.\n\n`
}

type Linker = (label: string, line: number) => string

function linker(baseUrl: string): Linker {
  return (label, line) => {
    const text = codeText(`${label}:${line}`)
    const path = label.replace(/^(?:\.\/)+/, '')
    // Standard input has no address, and a path out of the folder has none on a server; nor has one that is no text.
    if (/^(?:<|\.\.\/|\/)|\p{Surrogate}/u.test(path)) return text
    return `[${text}](${baseUrl}${linkTarget(path)}#L${line})`
  }
}

function lineOf(file: FileResult, { offset }: Pick<WorkloadOutcome, 'offset'>): number {
  return file.source.position(offset).line
}

/** The rows that fit into a table, and a last one that counts the others. */
function limited(rows: readonly (readonly string[])[], columns: number): (readonly string[])[] {
  if (rows.length <= MOST_ROWS) return [...rows]
  const rest = [`${rows.length - MOST_ROWS} more`, ...Array.from({ length: columns - 1 }, () => '')]
  return [...rows.slice(0, MOST_ROWS), rest]
}

const FINDING_HEAD = ['Finding', 'Place', 'Code', 'Object', 'Message'] as const

function workloadTable(result: RunResult, link: Linker): string {
  const rows = allRows(result).map(({ file, workload, sidecar, state, found, template, mode }: Row) => [
    codeText(resourceName(workload.resource)),
    link(file.source.label, lineOf(file, workload)),
    sidecar === '-' ? '' : codeText(sidecar),
    versionText(found, template),
    mode,
    MARKED.has(state) ? `**${state}**` : state,
  ])
  return table(['Workload', 'Place', 'Sidecar', 'Version', 'Mode', 'State'], limited(rows, 6))
}

/** States that ask for something to be done. */
const MARKED: ReadonlySet<string> = new Set(['missing', 'outdated', 'edited', 'left over', 'no record', 'failed'])

function versionText(found: string, template: string): string {
  if (found === '' || template === '' || found === template) return markdownText(found || template)
  return `${markdownText(found)} → ${markdownText(template)}`
}

function costTable(result: RunResult): string {
  const rows = costRows(result).map(({ resource, cells }) => {
    const name = resource === TOTAL_COST ? '**in total**' : codeText(resourceName(resource))
    return [name].concat(cells.map(markdownText))
  })
  if (rows.length === 0) return ''
  const head = [
    'What sidecars add',
    'Pods',
    'Requests of a pod',
    'Limits of a pod',
    'Total requests',
    'Total limits',
    'QoS class',
  ]
  return table(head, limited(rows, head.length))
}

function findingTable(diagnostics: readonly Diagnostic[], link: Linker): string {
  const shown = diagnostics.filter(({ severity }) => severity !== 'info')
  const rows = shown.map(({ severity, code, message, hint, at, resource }) => [
    severity === 'error' ? '**error**' : severity,
    at === undefined ? '' : linkTo(at, link),
    codeText(code),
    resource === undefined ? '' : codeText(resourceName(resource)),
    markdownText(message) + (hint === undefined ? '' : `<br>hint: ${markdownText(hint)}`),
  ])
  return table(FINDING_HEAD, limited(rows, FINDING_HEAD.length))
}

function linkTo({ source, range }: SourceLocation, link: Linker): string {
  if (source.text === '') return codeText(source.label)
  return link(source.label, source.position(range.start).line)
}
