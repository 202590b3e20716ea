import { githubReporter } from './github.ts'
import { jsonReporter } from './json.ts'
import { junitReporter } from './junit.ts'
import type { ValidationReporter } from './report.ts'
import { sarifReporter } from './sarif.ts'
import { textReporter } from './text.ts'

export { ValidationWriter, validationSummary } from './text.ts'
export { allDiagnostics, limitReport, type ValidationReport, type ValidationReporter } from './report.ts'

/** The output formats of `validate`, as named by `-o`. */
export const VALIDATION_FORMATS = ['text', 'json', 'sarif', 'junit', 'github'] as const
export type ValidationFormat = (typeof VALIDATION_FORMATS)[number]

/** The reporter of each output format. A new format is a file and a row. */
export const VALIDATION_REPORTERS: Readonly<Record<ValidationFormat, ValidationReporter>> = {
  text: textReporter,
  json: jsonReporter,
  sarif: sarifReporter,
  junit: junitReporter,
  github: githubReporter,
}
