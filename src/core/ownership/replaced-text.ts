import { emptyObject, type Json } from '../json/json.ts'
import { valueOf } from '../yaml/edit/restored-text.ts'
import { resolvePlain } from '../yaml/read/resolve.ts'

const ANCHOR = String.raw`&[\w-]+(?:[ \t]+|$)`
const TAG = String.raw`!!(?:null|int|float|str)(?:[ \t]+|$)`
/** A scalar without quotes, an empty collection or an alias. */
const BARE = new RegExp(
  String.raw`^\s*(?:${ANCHOR})?(?:!!null|[^\s#&!|>@${'`'}"'{}[\],:%]*|\{[ \t]*\}|\[[ \t]*\]|\*[\w-]+)$`,
)
/** A scalar with a tag or quotes. */
const MARKED = new RegExp(
  String.raw`^\s*(?:(?:${ANCHOR})?(?:${TAG})?|${TAG}${ANCHOR})(?:[^\s#&!|>@${'`'}"'{}[\],:%*]*|"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*')$`,
)

/**
 * True for a text that a record can hold: it is written back into the file, so only a scalar of one line, an empty
 * collection or an alias is valid. With a tag or quotes it must be a value that runs replace.
 */
export function isReplacedText(text: string): boolean {
  if (BARE.test(text)) return true
  const value = MARKED.test(text) ? valueOf(text) : undefined
  return value === null || typeof value === 'number' || value === 'auto'
}

/**
 * The plain data of a replaced scalar or empty collection, from its text in `was`. A text that cannot be read counts as a
 * string, which no run replaces.
 */
export function scalarOf(text: string): Json {
  // Nearly all are bare, and the full reader of YAML need not be loaded for these.
  const value = BARE.test(text) ? bareValue(text) : valueOf(text)
  return value === undefined ? text : value
}

function bareValue(text: string): Json {
  const bare = text.trim().replace(/^&[\w-]+(?:[ \t]+|$)/, '')
  if (bare.startsWith('[')) return []
  if (bare.startsWith('{')) return emptyObject()
  const resolved = resolvePlain(bare === '!!null' ? '' : bare)
  return resolved.kind === 'null' ? null : resolved.value
}
