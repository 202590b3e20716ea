import type { CheckedObject, ValidationResult } from '../../core/check/types.ts'
import type { Diagnostic } from '../../core/diagnostic.ts'
import type { ReportEnv } from '../diagnostics.ts'

/** A validation as reporters show it. */
export interface ValidationReport {
  readonly result: ValidationResult
  /** Trouble with finding and reading inputs: files that are missing, or no text. */
  readonly trouble: readonly Diagnostic[]
  /** Version of the program. */
  readonly version: string
}

/** Turns a report into the text of one output format. */
export type ValidationReporter = (report: ValidationReport, env: ReportEnv) => string

/** Everything that was found, in the order of the inputs. */
export function allDiagnostics({ result, trouble }: ValidationReport): Diagnostic[] {
  return [...trouble, ...result.diagnostics, ...result.objects.flatMap(({ diagnostics }) => diagnostics)]
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
  const { objects, files } = report.result
  const found = allDiagnostics(report)
  const count = (status: CheckedObject['status']): number => objects.filter((object) => object.status === status).length
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

/** `Deployment shop/web`, with what is missing left out; undefined for a document without an object. */
export function objectName({ resource }: Pick<CheckedObject, 'resource'>): string | undefined {
  if (resource === undefined) return undefined
  const { kind, namespace, name } = resource
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name === '' ? '(no name)' : name}`
}
