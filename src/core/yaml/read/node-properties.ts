import { isBlankOrEnd, YamlError } from './token.ts'
import { codeAt, type SourceSlice } from './source-slice.ts'

/** A character of a URI. */
export const URI = String.raw`(?:[0-9A-Za-z_\-;/?:@&=+$,.!~*'()[\]]|%[0-9A-Fa-f]{2})`

/** A local tag, a tag with a handle, a verbatim tag, or a lone `!`. */
const TAG = new RegExp(`^!(?:<${URI}+>|(?:[0-9A-Za-z_-]*!(?=\\S))?${URI}*)`)

/** The length up to which tags are recognized, in characters. */
const MAX_TAG = 1024

/**
 * The offset after the name of an anchor or alias, whose `&` or `*` is at `start`.
 * @throws YamlError for an invalid name
 */
export function scanName(w: SourceSlice, start: number, what: 'anchor' | 'alias'): number {
  let i = start + 1
  while (i < w.end && /[0-9A-Za-z_-]/.test(w.text.charAt(i))) i++
  const c = codeAt(w, i)
  if (i === start + 1 || !(isBlankOrEnd(c) || '?:,]}%@`'.indexOf(String.fromCharCode(c)) >= 0)) {
    throw new YamlError(`the name of an ${what} must consist of letters, digits, '-' and '_'`, start)
  }
  return i
}

/**
 * The offset after a tag, whose `!` is at `start`.
 * @throws YamlError for an invalid tag
 */
export function scanTag(w: SourceSlice, start: number): number {
  const tag = TAG.exec(w.text.slice(start, Math.min(w.end, start + MAX_TAG)))?.[0]
  if (tag === undefined || tag === '!!') throw new YamlError('invalid tag: expected !name, !!type or !<uri>', start)
  const end = start + tag.length
  if (!isBlankOrEnd(codeAt(w, end))) throw new YamlError('a tag must be followed by white space', end)
  return end
}
