import type { ListedImage } from '../core/selection/list-images.ts'
import { escapeText } from './escape.ts'

/** Images as a table: image, sidecar and its version, and the newest release when it was last looked up. */
export function imagesTable(images: readonly ListedImage[]): string {
  const rows = images.map(({ image, sidecar, version, checked }) => [
    image,
    sidecar,
    version,
    checked === undefined ? '' : `${checked.version} on ${checked.date}`,
  ])
  return columns([['IMAGE', 'SIDECAR', 'VERSION', 'NEWEST'], ...rows])
}

/** Images as JSON, with what they are without the policy's registry and pins. */
export function imagesJson(images: readonly ListedImage[]): string {
  return `${JSON.stringify({ images }, undefined, 2)}\n`
}

/** Each image once, a line for each. */
export function imageNames(images: readonly ListedImage[]): string {
  return [...new Set(images.map(({ image }) => `${escapeText(image)}\n`))].join('')
}

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
