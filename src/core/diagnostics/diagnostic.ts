import { codeInfo, type DiagnosticCode } from './codes.ts'
import type { JsonPath } from '../json/json.ts'
import { SourceText, type TextRange } from '../text/source.ts'

export type Severity = 'error' | 'warning' | 'info'

/** Where a diagnostic points: a range of an input. Line and column are computed when it is shown. */
export interface SourceLocation {
  source: SourceText
  range: TextRange
}

/** The object of a diagnostic, shown as `Deployment shop/web`. */
export interface ResourceRef {
  apiVersion: string
  kind: string
  namespace: string
  /** `metadata.name`, or `generateName` followed by `*`, or empty. */
  name: string
}

/** One problem, as data. Colours and line numbers are added by the reporters (`report/`). */
export interface Diagnostic {
  code: DiagnosticCode
  severity: Severity
  /** One plain sentence: no colour, no file position, no line break. */
  message: string
  /** What to do, imperative; absent if there is nothing useful to say. */
  hint?: string | undefined
  at?: SourceLocation | undefined
  /** 0-based index of the document in its input. */
  document?: number
  resource?: ResourceRef | undefined
  /** The field, from the object's root. */
  path?: JsonPath | undefined
  /** Other places with a message each; `isBrief` if the text there says nothing. */
  related?: { message: string; at: SourceLocation; isBrief?: true }[] | undefined
}

/** A file as a whole, of which nothing but the name is known. */
export function fileLocation(label: string): SourceLocation {
  return { source: new SourceText(label, ''), range: { start: 0, end: 0 } }
}

/** Makes a diagnostic with its code's default severity. */
export function diagnostic(
  code: DiagnosticCode,
  message: string,
  rest: Omit<Diagnostic, 'code' | 'message' | 'severity'> & { severity?: Severity | undefined } = {},
): Diagnostic {
  return { ...rest, severity: rest.severity ?? codeInfo(code).severity, code, message }
}

/** Those that are errors. */
export function errorsOf(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === 'error')
}

/** True when any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error')
}
