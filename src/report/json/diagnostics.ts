import type { Diagnostic, ResourceRef, Severity } from '../../core/diagnostics/diagnostic.ts'
import { formatJsonPath } from '../../core/json/json.ts'

/** A finding as data; unknown values are null. */
export interface DiagnosticJson {
  code: string
  severity: Severity
  message: string
  /** As given on the command line; `<stdin>` for standard input. */
  file: string | null
  /** 0-based index of the document in the file. */
  document: number | null
  /** 1-based; columns count characters. The end is behind the last character. */
  line: number | null
  column: number | null
  endLine: number | null
  endColumn: number | null
  /** The field, as the API server prints it. */
  path: string | null
  hint: string | null
  resource: ResourceRef | null
}

export function diagnosticJson({
  code,
  severity,
  message,
  at,
  document,
  path,
  hint,
  resource,
}: Diagnostic): DiagnosticJson {
  const isPlaced = at !== undefined && at.source.text !== ''
  const start = isPlaced ? at.source.position(at.range.start) : undefined
  const end = isPlaced ? at.source.position(Math.max(at.range.end, at.range.start)) : undefined
  return {
    code,
    severity,
    message,
    file: at?.source.label ?? null,
    document: document ?? null,
    line: start?.line ?? null,
    column: start?.column ?? null,
    endLine: end?.line ?? null,
    endColumn: end?.column ?? null,
    path: path === undefined || path.length === 0 ? null : formatJsonPath(path),
    hint: hint ?? null,
    resource: resource ?? null,
  }
}

/** How many findings there are of each severity. */
export function severityCounts(diagnostics: readonly Diagnostic[]): {
  errors: number
  warnings: number
  notes: number
} {
  const count = (wanted: Severity): number => diagnostics.filter(({ severity }) => severity === wanted).length
  return { errors: count('error'), warnings: count('warning'), notes: count('info') }
}
