import { URI } from './node-properties.ts'
import { isBreak, YamlError, type YamlToken } from './token.ts'
import type { SourceSlice } from './source-slice.ts'

/** `%YAML 1.1` or `%TAG !name! prefix`, with a comment or without. */
const DIRECTIVE = new RegExp(String.raw`^%(?:YAML[ \t]+[0-9]{1,9}\.[0-9]{1,9}|TAG[ \t]+!(?:[0-9A-Za-z_-]*!)?[ \t]+${URI}+(?=[ \t]|$))[ \t]*(?:#.*)?$`)

/**
 * The offset of the end of the line of a directive, whose `%` is at `start`. In the first column a `%` cannot begin
 * anything else, wherever it stands.
 * @throws YamlError for what is no directive
 */
export function scanDirective(w: SourceSlice, start: number): number {
  let end = start
  while (end < w.end && !isBreak(w.text.charCodeAt(end))) end++
  if (!DIRECTIVE.test(w.text.slice(start, end))) {
    throw new YamlError('this is neither a %YAML nor a %TAG directive, and nothing else can begin with % here', start)
  }
  return end
}

/**
 * Takes a directive in front of a document.
 * @param handles those that %TAG declared, and `%YAML` once it was seen; it gets this one
 * @throws YamlError for another version than kubectl reads, and for what is given twice
 */
export function checkDirective({ value, start }: YamlToken, handles: Set<string>): void {
  const handle = /^%TAG[ \t]+(\S+)/.exec(value)?.[1]
  if (handle !== undefined) {
    if (handles.has(handle)) throw new YamlError(`the tag handle ${handle} is declared twice`, start)
    handles.add(handle)
    return
  }
  if (!/^%YAML[ \t]+0*1\.0*1(?![0-9])/.test(value)) throw new YamlError('kubectl reads %YAML 1.1 only', start)
  if (handles.has('%YAML')) throw new YamlError('%YAML is given twice', start)
  handles.add('%YAML')
}
