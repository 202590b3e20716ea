import type { Field } from './field.ts'

/**
 * The content of a field of bytes, one character for each; empty without a value. Go reads them from base64, in which it
 * skips ends of lines, and from a list of numbers. Undefined for anything else, which the schema reports.
 */
export function bytesOf(field: Field): string | undefined {
  const { text, value } = field
  if (Array.isArray(value)) return value.map((item) => String.fromCharCode(Number(item))).join('')
  if (text === undefined) return field.present ? undefined : ''
  try {
    return atob(text.replace(/[\r\n]/g, ''))
  } catch {
    return undefined
  }
}

/** How many bytes a field has, without decoding them. */
export function countBytes(field: Field): number {
  if (Array.isArray(field.value)) return field.value.length
  const digits = (field.text ?? '').replace(/[^A-Za-z0-9+/]/g, '').length
  return Math.floor((digits * 3) / 4)
}
