import type { Diagnostic } from '../../core/diagnostics/diagnostic.ts'
import { DiagnosticsWriter, type ReportEnv } from '../diagnostics.ts'
import { escapeText } from '../escape.ts'
import { createColors } from '../colors.ts'
import { lineAt } from '../origin.ts'
import { plural } from '../plural.ts'
import { allDiagnostics, objectName, totalsOf, type ValidationReport, type ValidationReporter } from './report.ts'

const NOT_CHECKED: ReadonlySet<string> = new Set(['KIND_NOT_CHECKED', 'RULE_NOT_CHECKED'])

/** Findings as text, as they come. */
export class ValidationWriter {
  readonly #env: ReportEnv
  readonly #writer: DiagnosticsWriter

  constructor(env: ReportEnv) {
    this.#env = env
    this.#writer = new DiagnosticsWriter(env)
  }

  /** The text of the next findings. What was not validated is listed only in verbose mode; the totals count it. */
  text(found: readonly Diagnostic[]): string {
    const isShown = ({ code, severity }: Diagnostic): boolean =>
      severity !== 'info' || !NOT_CHECKED.has(code) || this.#env.verbosity === 'verbose'
    return this.#writer.text(found.filter(isShown))
  }

  /** How many were omitted. */
  end(): string {
    return this.#writer.end()
  }
}

/** All findings as text. */
export const textReporter: ValidationReporter = (report, env) => {
  const writer = new ValidationWriter(env)
  return writer.text(allDiagnostics(report)) + writer.end()
}

/** The short report next to any output format: in verbose mode a line per object, then totals. */
export function validationSummary(report: ValidationReport, env: ReportEnv): string {
  if (env.verbosity === 'quiet') return ''
  const style = createColors(env.color)
  const lines = env.verbosity === 'verbose' ? objectLines(report, env) : []
  return `${[...lines, style.bold(totalsText(report)), ...skippedText(report), ...rulesText(report)].join('\n')}\n`
}

function objectLines({ result }: ValidationReport, env: ReportEnv): string[] {
  const style = createColors(env.color)
  const colors = { valid: style.green, invalid: style.red, skipped: style.yellow } as const
  return result.objects.map((object) => {
    const name = escapeText(objectName(object) ?? 'document')
    return `${lineAt(object.source, object.offset)} ${name}: ${colors[object.status](object.status)}`
  })
}

function totalsText(report: ValidationReport): string {
  const { files, objects, valid, invalid, skipped, errors, warnings } = totalsOf(report)
  const parts = [
    ...(valid > 0 || objects === 0 ? [`${valid} valid`] : []),
    ...(invalid > 0 ? [`${invalid} invalid`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ]
  const found = [
    ...(errors > 0 ? [plural(errors, 'error')] : []),
    ...(warnings > 0 ? [plural(warnings, 'warning')] : []),
  ]
  const tail = found.length > 0 ? `: ${found.join(', ')}` : ''
  return `${parts.join(', ')} (${plural(objects, 'object')} in ${plural(files, 'file')})${tail}`
}

/** The kinds that were not validated, so that nobody believes them valid. */
function skippedText({ result }: ValidationReport): string[] {
  const kinds = new Map<string, number>()
  for (const { resource, status } of result.objects) {
    if (status !== 'skipped' || resource === undefined) continue
    const kind = escapeText(`${resource.kind} (${resource.apiVersion})`)
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  if (kinds.size === 0) return []
  const list = [...kinds].map(([kind, count]) => (count === 1 ? kind : `${count} ${kind}`)).join(', ')
  return [`skipped because they have no schema: ${list}; provide their definitions with --crd`]
}

/** The rules of custom resources that could not be checked, so that nobody takes them for met. */
function rulesText(report: ValidationReport): string[] {
  const { rulesNotChecked } = totalsOf(report)
  if (rulesNotChecked === 0) return []
  const kinds = new Set<string>()
  for (const { code, resource } of allDiagnostics(report)) {
    if (code === 'RULE_NOT_CHECKED' && resource !== undefined)
      kinds.add(escapeText(`${resource.kind} (${resource.apiVersion})`))
  }
  const of = kinds.size === 0 ? '' : ` of ${[...kinds].join(', ')}`
  return [`not checked: ${plural(rulesNotChecked, 'rule')}${of}; -v says which`]
}
