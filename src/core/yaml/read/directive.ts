import { URI } from './node-properties.ts'
import { isBreak, YamlError, type YamlToken } from './token.ts'
import type { SourceSlice } from './source-slice.ts'

/** `%YAML 1.1` or `%TAG !name! prefix`, with a comment or without. */
const DIRECTIVE = new RegExp(
  String.raw`^%(?:YAML[ \t]+[0-9]{1,9}\.[0-9]{1,9}|TAG[ \t]+!(?:[0-9A-Za-z_-]*!)?[ \t]+${URI}+(?=[ \t]|$))[ \t]*(?:#.*)?$`,
)

/**
 * The offset of the end of the line of a directive, whose `%` is at `start`. In the first column a `%` cannot begin
 * anything else, wherever it is.
 * @throws YamlError for what is not a directive
 */
export function scanDirective(w: SourceSlice, start: number): number {
  let end = start
  while (end < w.end && !isBreak(w.text.charCodeAt(end))) end++
  if (!DIRECTIVE.test(w.text.slice(start, end))) {
    throw new YamlError('unknown directive: only %YAML and %TAG are supported', start)
  }
  return end
}

/** What handles of tags stand for, as %TAG declared them, and `%YAML` once it was seen. */
export type Handles = Map<string, string>

/**
 * Takes a directive before a document.
 * @param handles those that were declared so far; it gets this one
 * @throws YamlError for another version than kubectl reads, and for what is given twice
 */
export function checkDirective({ value, start }: YamlToken, handles: Handles): void {
  const [, handle, prefix = ''] = /^%TAG[ \t]+(\S+)[ \t]+(\S+)/.exec(value) ?? []
  if (handle !== undefined) {
    if (handles.has(handle)) throw new YamlError(`duplicate tag handle ${handle}`, start)
    handles.set(handle, unescapeUri(prefix, start))
    return
  }
  if (!/^%YAML[ \t]+0*1\.0*1(?![0-9])/.test(value)) throw new YamlError('only %YAML 1.1 is supported by kubectl', start)
  if (handles.has('%YAML')) throw new YamlError('duplicate %YAML directive', start)
  handles.set('%YAML', '')
}

/**
 * A tag with its handle resolved and its escapes read: `!!type` for one of YAML's own, `!<uri>` for another that is
 * verbatim or has a declared handle, else as it is.
 * @throws YamlError where a handle is not declared, or an escape is not UTF-8
 */
export function resolveTag({ value, start }: YamlToken, handles: ReadonlyMap<string, string>): string {
  if (value === '!') return value
  const verbatim = /^!<(.*)>$/.exec(value)?.[1]
  if (verbatim !== undefined) return shortTag(unescapeUri(verbatim, start))
  const handle = /^!(?:[0-9A-Za-z_-]*!)?/.exec(value)?.[0] ?? ''
  const suffix = unescapeUri(value.slice(handle.length), start)
  const prefix = handles.get(handle)
  if (prefix !== undefined) return shortTag(prefix + suffix)
  if (handle.length > 2) throw new YamlError(`undeclared tag handle ${handle}`, start)
  return handle + suffix
}

const YAML_TAGS = 'tag:yaml.org,2002:'

function shortTag(uri: string): string {
  return uri.startsWith(YAML_TAGS) ? `!!${uri.slice(YAML_TAGS.length)}` : `!<${uri}>`
}

function unescapeUri(text: string, offset: number): string {
  try {
    return text.includes('%') ? decodeURIComponent(text) : text
  } catch {
    throw new YamlError('the escapes in this tag are not valid UTF-8', offset)
  }
}
