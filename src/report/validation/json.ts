import { addTo } from '../../core/common/maps.ts'
import type { ValidatedObject } from '../../core/validate/validation-result.ts'
import { hasErrors, type Diagnostic, type Severity } from '../../core/diagnostics/diagnostic.ts'
import { formatJsonPath } from '../../core/json/json.ts'
import { reportText } from '../json/header.ts'
import { totalsOf, type Totals, type ValidationReport, type ValidationReporter } from './report.ts'

/** A finding; unknown values are null. */
interface JsonDiagnostic {
  code: string
  severity: Severity
  message: string
  /** 1-based, as is the column, which counts characters. */
  line: number | null
  column: number | null
  /** The field, as the API server prints it. */
  path: string | null
  hint: string | null
}

/** One object, or a document or input without one; unknown values are null or empty. */
interface JsonResult {
  /** As given on the command line; `<stdin>` for standard input. */
  file: string | null
  /** 0-based index in the file; comment-only and empty documents count. */
  document: number | null
  kind: string
  namespace: string
  name: string
  /** False when an error is among the diagnostics. A skipped object is valid, with a diagnostic KIND_NOT_CHECKED. */
  valid: boolean
  diagnostics: JsonDiagnostic[]
}

interface JsonReport {
  results: JsonResult[]
  summary: Totals
  /** How many findings were omitted because of --max-findings, if any. */
  omitted: string | undefined
}

/** The findings for other programs. Fields may be added; none is ever renamed or changes its meaning. */
export const jsonReporter: ValidationReporter = (report) => {
  const json: JsonReport = {
    results: [...inputResults(report), ...report.result.objects.map(objectResult)],
    summary: totalsOf(report),
    omitted: report.omitted,
  }
  return reportText('ValidateReport', json)
}

function objectResult({ source, document, resource, status, diagnostics }: ValidatedObject): JsonResult {
  const { kind = '', namespace = '', name = '' } = resource ?? {}
  const valid = status !== 'invalid'
  return { file: source.label, document, kind, namespace, name, valid, diagnostics: diagnostics.map(jsonDiagnostic) }
}

/** One result for each input that has diagnostics of its own. */
function inputResults({ inputDiagnostics, result }: ValidationReport): JsonResult[] {
  const byFile = new Map<string | null, Diagnostic[]>()
  for (const found of [...inputDiagnostics, ...result.diagnostics]) {
    const file = found.at?.source.label ?? null
    addTo(byFile, file, found)
  }
  return [...byFile].map(([file, found]) => ({
    file,
    document: null,
    kind: '',
    namespace: '',
    name: '',
    valid: !hasErrors(found),
    diagnostics: found.map(jsonDiagnostic),
  }))
}

function jsonDiagnostic({ code, severity, message, at, path, hint }: Diagnostic): JsonDiagnostic {
  const place = at === undefined || at.source.text === '' ? undefined : at.source.position(at.range.start)
  return {
    code,
    severity,
    message,
    line: place?.line ?? null,
    column: place?.column ?? null,
    path: path === undefined || path.length === 0 ? null : formatJsonPath(path),
    hint: hint ?? null,
  }
}
