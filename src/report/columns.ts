import { escapeText } from './escape.ts'

/** Rows of cells in columns, three spaces apart. */
export function columns(rows: readonly (readonly string[])[]): string {
  const cells = rows.map((row) => row.map(escapeText))
  const widths = (cells[0] ?? []).map((_, i) => cells.reduce((most, row) => Math.max(most, (row[i] ?? '').length), 0))
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, i) => cell.padEnd(widths[i] ?? 0))
          .join('   ')
          .trimEnd()}\n`,
    )
    .join('')
}
