import { countFiles, workloadsOf, type RunResult } from '../core/inject/result.ts'
import { resourceName } from './diagnostics.ts'
import { escapeText } from './escape.ts'
import { createColors, type Colors } from './colors.ts'
import { statusJson, type PolicyFinder } from './json/reports.ts'
import { plural } from './plural.ts'
import { allRows, type Row, type State } from './sidecar-rows.ts'
import { textWidth } from './terminal-width.ts'

export const STATUS_FORMATS = ['table', 'wide', 'json', 'markdown'] as const
export type StatusFormat = Exclude<(typeof STATUS_FORMATS)[number], 'markdown'>

const COLOURS: Record<State, keyof Colors> = {
  'up to date': 'green',
  missing: 'yellow',
  outdated: 'yellow',
  edited: 'red',
  'left over': 'yellow',
  'no record': 'yellow',
  foreign: 'cyan',
  skipped: 'dim',
  failed: 'red',
  none: 'dim',
}

function place({ file, workload }: Row): string {
  return `${file.source.label}:${file.source.position(workload.offset).line}`
}

type Column = readonly [title: string, cell: (row: Row) => string]

const COLUMNS: readonly Column[] = [
  ['WORKLOAD', (row) => resourceName(row.workload.resource)],
  ['SIDECAR', (row) => row.sidecar],
  ['VERSION', (row) => row.found],
  ['TEMPLATE', (row) => row.template],
  ['STATUS', (row) => row.state],
]

const WIDE: readonly Column[] = [
  ['FILE', place],
  ...COLUMNS,
  ['MODE', (row) => row.mode],
  ['BECAUSE', (row) => row.why],
]

function table(rows: readonly Row[], columns: readonly Column[], color: boolean): string {
  if (rows.length === 0) return ''
  const style = createColors(color)
  const cells = rows.map((row) => columns.map(([, cell]) => escapeText(cell(row))))
  const widths = columns.map(([title], n) =>
    cells.reduce((most, line) => Math.max(most, textWidth(line[n] ?? '')), title.length),
  )
  const pad = (text: string, n: number): string => text + ' '.repeat((widths[n] ?? 0) - textWidth(text))
  const head = columns
    .map(([title], n) => pad(title, n))
    .join('   ')
    .trimEnd()
  const lines = cells.map((line, at) =>
    line
      .map((text, n) => {
        const padded = n === line.length - 1 ? text : pad(text, n)
        return columns[n]?.[0] === 'STATUS' ? style[COLOURS[(rows[at] as Row).state]](padded) : padded
      })
      .join('   ')
      .trimEnd(),
  )
  return `${style.bold(head)}\n${lines.join('\n')}\n`
}

/** One line of totals: how many sidecars are in each state. */
export function statusSummary(result: RunResult): string {
  const counts = new Map<State, number>()
  for (const { state } of allRows(result)) if (state !== 'none') counts.set(state, (counts.get(state) ?? 0) + 1)
  const workloads = workloadsOf(result).length
  const where = `${plural(workloads, 'workload')} in ${plural(countFiles(result), 'file')}`
  const text = [...counts].map(([state, count]) => `${count} ${state}`).join(', ')
  return text === '' ? `no sidecars in ${where}` : `${text} (${where})`
}

/** The table of workloads × sidecars in one of its formats. */
export function statusText(
  result: RunResult,
  format: StatusFormat,
  color: boolean,
  policyOf: PolicyFinder = () => undefined,
): string {
  if (format === 'json') return statusJson(result, policyOf)
  return table(allRows(result), format === 'wide' ? WIDE : COLUMNS, color)
}
