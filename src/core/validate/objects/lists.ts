import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import type { Field } from './field.ts'

/** Reports a list or map of more than `max` entries; true if it has no more. */
export function atMost(field: Field, max: number, code: DiagnosticCode): boolean {
  const count = field.keys().length + field.items().length
  if (count <= max) return true
  field.report(code, `Too many: ${count}: must have at most ${max} items`)
  return false
}

/** Reports fields that have the same text, or key, as an earlier one; an undefined key is not compared. */
export function distinct(
  fields: readonly Field[],
  code: DiagnosticCode,
  keyOf: (field: Field) => string | undefined = ({ text }) => text,
): void {
  const seen = new Set<string>()
  for (const field of fields) {
    const key = keyOf(field)
    if (key === undefined) continue
    if (seen.has(key)) field.duplicate(code, key)
    seen.add(key)
  }
}

/** The texts of a list; items of another type are left out. */
export function textsOf(list: Field): string[] {
  return list.items().flatMap(({ text }) => (text === undefined ? [] : [text]))
}

/** The text of a field that is a Go string: absent is empty. Undefined for another type. */
export function stringOf(field: Field): string | undefined {
  return field.present ? field.text : ''
}
