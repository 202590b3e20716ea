import type { SourceLocation } from './diagnostic.ts'

/** A number or boolean as YAML and JSON write it, without tag, anchor or alias. */
const PLAIN = /^[\w.+:-]+$/

/**
 * How to make a text of a number or boolean: the characters as written, since `1.10` and `0755` are other values once read.
 * @param at where the value is written; undefined if it is in no file
 */
export function quoteHint(at: SourceLocation | undefined, value: number | boolean): string {
  const written = at?.source.text.slice(at.range.start, at.range.end) ?? ''
  return `put it in quotes: "${PLAIN.test(written) ? written : String(value)}"`
}
