import type { SourceLocation } from '../core/diagnostics/diagnostic.ts'
import type { Origin } from '../core/selection/selection.ts'
import { escapeText } from './escape.ts'

/** `k8s/web.yaml:7`, safe to print. */
export function lineOf({ source, range }: SourceLocation): string {
  return `${escapeText(source.label)}:${source.position(range.start).line}`
}

/** Where something was decided: `rule "logs" (sidecarctl.yaml:7)`. */
export function originText({ text, at }: Origin): string {
  return at === undefined ? escapeText(text) : `${escapeText(text)} (${lineOf(at)})`
}
