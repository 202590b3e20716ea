import type { ListedImage } from '../core/selection/list-images.ts'
import { columns } from './columns.ts'
import { escapeText } from './escape.ts'
import { reportText } from './json/header.ts'

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
  return reportText('ImageList', { images })
}

/** Each image once, a line for each. */
export function imageNames(images: readonly ListedImage[]): string {
  return [...new Set(images.map(({ image }) => `${escapeText(image)}\n`))].join('')
}
