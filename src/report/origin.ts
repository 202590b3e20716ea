import type { SourceLocation } from '../core/diagnostics/diagnostic.ts'
import type { Origin } from '../core/selection/selection.ts'
import type { SourceText } from '../core/text/source.ts'
import { escapeText } from './escape.ts'

/** `k8s/web.yaml:7` for an offset in a text, safe to print. */
export function lineAt(source: SourceText, offset: number): string {
  return `${escapeText(source.label)}:${source.position(offset).line}`
}

/** The same for the start of a location. */
export function lineOf({ source, range }: SourceLocation): string {
  return lineAt(source, range.start)
}

/** Where something was decided: `rule "logs" (sidecarctl.yaml:7)`. */
export function originText({ text, at }: Origin): string {
  return at === undefined ? escapeText(text) : `${escapeText(text)} (${lineOf(at)})`
}
