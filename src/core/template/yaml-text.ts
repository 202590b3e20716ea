import type { Json } from '../json/json.ts'
import { blockLines, DEFAULT_STYLE, scalarText } from '../yaml/edit/serialize.ts'

/**
 * Data as YAML text in block style, the same for the same data, read the same by YAML 1.1 and 1.2. Ends with a line
 * break. Used for configuration that a sidecar's program reads from an environment variable, an argument or a file.
 */
export function yamlText(value: Json): string {
  if (typeof value !== 'object' || value === null) return `${scalarText(value)}\n`
  if (Object.keys(value).length === 0) return Array.isArray(value) ? '[]\n' : '{}\n'
  return `${blockLines(value, 0, DEFAULT_STYLE).join('\n')}\n`
}
