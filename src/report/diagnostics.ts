import { append } from '../core/common/append.ts'
import type { Diagnostic, SourceLocation, ResourceRef, Severity } from '../core/diagnostics/diagnostic.ts'
import { formatJsonPath } from '../core/json/json.ts'
import { escapeText, shownText } from './escape.ts'
import { excerpt } from './excerpt.ts'
import { FindingLimit, omittedText } from './limit-findings.ts'
import { createColors, type Colors } from './colors.ts'

/** What a reporter must know about its output stream. */
export interface ReportEnv {
  color: boolean
  /** Columns available. */
  width: number
  verbosity: 'quiet' | 'normal' | 'verbose'
  /** Maximum number of errors, and of other findings, to print. Default: no limit. */
  maxFindings?: number
}

const LABELS: Record<Severity, { text: string; style: keyof Colors }> = {
  error: { text: 'error', style: 'red' },
  warning: { text: 'warning', style: 'yellow' },
  info: { text: 'note', style: 'cyan' },
}

/** An object as people look for it: `Deployment shop/web`. */
export function resourceName(resource: ResourceRef): string {
  const { kind, namespace, name } = resource
  return shownText(`${kind} ${namespace === '' ? '' : `${namespace}/`}${name === '' ? '(no name)' : name}`)
}

/** `path:12:9`, or only the path for an input as a whole. */
export function place(at: SourceLocation): string {
  const label = escapeText(at.source.label)
  if (at.source.text === '') return label
  const { line, column } = at.source.position(at.range.start)
  return `${label}:${line}:${column}`
}

function excerptLines(at: SourceLocation, env: ReportEnv, style: Colors, caret: (text: string) => string): string[] {
  const part = excerpt(at, env.width - 12)
  if (part === undefined) return []
  const gutter = String(part.line)
  const bar = style.dim('|')
  return [
    `  ${style.dim(gutter)} ${bar} ${part.text}`,
    `  ${' '.repeat(gutter.length)} ${bar} ${' '.repeat(part.indent)}${caret('^'.repeat(part.length))}`,
  ]
}

function one(found: Diagnostic, env: ReportEnv, style: Colors): string[] {
  const label = LABELS[found.severity]
  const mark = (text: string): string => style[label.style](text)
  const head = [
    found.at === undefined ? '' : `${style.bold(place(found.at))} `,
    `${mark(label.text)} ${found.code}`,
    found.resource === undefined ? '' : ` ${resourceName(found.resource)}`,
    ': ',
    found.path === undefined || found.path.length === 0 ? '' : `${shownText(formatJsonPath(found.path))}: `,
    shownText(found.message),
  ]
  const lines = [head.join('')]
  if (found.at !== undefined) append(lines, excerptLines(found.at, env, style, mark))
  for (const other of found.related ?? []) {
    lines.push(`  ${place(other.at)}: ${shownText(other.message)}`)
    if (other.isBrief !== true) append(lines, excerptLines(other.at, env, style, style.cyan))
  }
  if (found.hint !== undefined) lines.push(`  ${style.bold('hint:')} ${shownText(found.hint)}`)
  return lines
}

const SHOWN: Record<ReportEnv['verbosity'], ReadonlySet<Severity>> = {
  quiet: new Set(['error']),
  normal: new Set(['error', 'warning', 'info']),
  verbose: new Set(['error', 'warning', 'info']),
}

/**
 * Diagnostics as text, as they come: position, code, object and message, then the line with a caret, then the hint. Those
 * beyond `maxFindings` are counted.
 */
export class DiagnosticsWriter {
  readonly #env: ReportEnv
  readonly #style: Colors
  readonly #limit: FindingLimit

  constructor(env: ReportEnv) {
    this.#env = env
    this.#style = createColors(env.color)
    this.#limit = new FindingLimit(env.maxFindings ?? Number.POSITIVE_INFINITY)
  }

  /** The text of the next ones. */
  text(diagnostics: readonly Diagnostic[]): string {
    return diagnostics
      .filter((found) => SHOWN[this.#env.verbosity].has(found.severity) && this.#limit.admits(found))
      .map((found) => `${one(found, this.#env, this.#style).join('\n')}\n`)
      .join('')
  }

  /** How many are omitted, as the last line; empty if there are none. */
  end(): string {
    const rest = omittedText(this.#limit.omitted)
    return rest === '' ? '' : `${this.#style.bold(rest)}\n`
  }
}

/** All diagnostics as text. */
export function diagnosticsText(diagnostics: readonly Diagnostic[], env: ReportEnv): string {
  const writer = new DiagnosticsWriter(env)
  return writer.text(diagnostics) + writer.end()
}
