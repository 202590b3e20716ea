import { URI } from './node-properties.ts'
import { isBreak, YamlError, type YamlToken } from './token.ts'
import type { SourceSlice } from './source-slice.ts'

/** `%YAML 1.1` or `%TAG !name! prefix`, with a comment or without. */
const DIRECTIVE = new RegExp(
  String.raw`^%(?:YAML[ \t]+[0-9]{1,9}\.[0-9]{1,9}|TAG[ \t]+!(?:[0-9A-Za-z_-]*!)?[ \t]+${URI}+(?=[ \t]|$))[ \t]*(?:#.*)?$`,
)

/**
 * The 0-based offset of the end of a directive's line; its `%` is at `start`. In the first column, `%` always begins a
 * directive.
 * @throws YamlError for an invalid or unknown directive
 */
export function scanDirective(w: SourceSlice, start: number): number {
  let end = start
  while (end < w.end && !isBreak(w.text.charCodeAt(end))) end++
  if (!DIRECTIVE.test(w.text.slice(start, end))) {
    throw new YamlError('unknown directive: only %YAML and %TAG are supported', start)
  }
  return end
}

/** The prefixes of tag handles that %TAG declared, by handle; with the key `%YAML` once that was seen. */
export type Handles = Map<string, string>

/**
 * Processes a directive before a document.
 * @param handles those declared so far; this one is added
 * @throws YamlError for another YAML version than 1.1, and for a duplicate
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
 * A tag with its handle resolved and its escapes decoded: `!!type` for YAML's own tags, `!<uri>` for another one that
 * is verbatim or has a declared handle, otherwise as it is.
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
