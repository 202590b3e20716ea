import type { ValidatedObject, ValidationResult } from '../../core/validate/validation-result.ts'
import type { Diagnostic } from '../../core/diagnostics/diagnostic.ts'
import type { ReportEnv } from '../diagnostics.ts'
import { FindingLimit, omittedText } from '../limit-findings.ts'

/** A validation, for reporters. */
export interface ValidationReport {
  /** The command that validated or compared. Default: validate. */
  readonly command?: 'validate' | 'check'
  readonly result: ValidationResult
  /** Diagnostics from finding and reading inputs: files that are missing or not text. */
  readonly inputDiagnostics: readonly Diagnostic[]
  /** Version of the program. */
  readonly version: string
  /** The totals of all findings, if some were omitted. */
  readonly totals?: Totals
  /** The text about omitted findings. Default: none were omitted. */
  readonly omitted?: string
}

/** Formats a report as one output format. */
export type ValidationReporter = (report: ValidationReport, env: ReportEnv) => string

/** All diagnostics, in the order of the inputs. */
export function allDiagnostics({ result, inputDiagnostics }: ValidationReport): Diagnostic[] {
  return [...inputDiagnostics, ...result.diagnostics, ...result.objects.flatMap(({ diagnostics }) => diagnostics)]
}

/** A report with at most `max` errors and as many other findings, whose totals count all; undefined for no limit. */
export function limitReport(report: ValidationReport, max: number | undefined): ValidationReport {
  if (max === undefined) return report
  const limit = new FindingLimit(max)
  const kept = new Set(allDiagnostics(report).filter((found) => limit.admits(found)))
  const text = omittedText(limit.omitted)
  if (text === '') return report
  const keep = (found: readonly Diagnostic[]): Diagnostic[] => found.filter((one) => kept.has(one))
  const { result, inputDiagnostics } = report
  const objects = result.objects.map((object) => Object.assign({}, object, { diagnostics: keep(object.diagnostics) }))
  return {
    ...report,
    result: { ...result, diagnostics: keep(result.diagnostics), objects },
    inputDiagnostics: keep(inputDiagnostics),
    totals: totalsOf(report),
    omitted: text,
  }
}

/** Totals of a validation. */
export interface Totals {
  files: number
  objects: number
  valid: number
  invalid: number
  skipped: number
  errors: number
  warnings: number
  /** Rules of custom resources, in CEL or of values, that could not be checked, counted per object. */
  rulesNotChecked: number
}

export function totalsOf(report: ValidationReport): Totals {
  if (report.totals !== undefined) return report.totals
  const { objects, files } = report.result
  const found = allDiagnostics(report)
  const count = (status: ValidatedObject['status']): number =>
    objects.filter((object) => object.status === status).length
  return {
    files: files.filter(({ isContinued }) => !isContinued).length,
    objects: objects.length,
    valid: count('valid'),
    invalid: count('invalid'),
    skipped: count('skipped'),
    errors: found.filter(({ severity }) => severity === 'error').length,
    warnings: found.filter(({ severity }) => severity === 'warning').length,
    rulesNotChecked: found.filter(({ code }) => code === 'RULE_NOT_CHECKED').length,
  }
}

/** `Deployment shop/web`, without missing parts; undefined for a document without an object. */
export function objectName({ resource }: Pick<ValidatedObject, 'resource'>): string | undefined {
  if (resource === undefined) return undefined
  const { kind, namespace, name } = resource
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name === '' ? '(no name)' : name}`
}
