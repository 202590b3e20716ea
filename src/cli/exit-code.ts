import type { DiagnosticCode } from '../core/codes.ts'
import { OBJECT_CODES } from '../core/codes/objects.ts'
import { POD_CODES } from '../core/codes/pod.ts'
import type { Diagnostic } from '../core/diagnostic.ts'

/** What the program returns to the shell. */
export const EXIT = {
  /** Done. */
  ok: 0,
  /** The manifests have errors, or there are differences where they were asked for. */
  findings: 1,
  /** Could not do as asked: usage, input or output. */
  trouble: 2,
  /** A bug of ours. */
  bug: 3,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Codes that say the run itself could not be done, whatever the manifests hold; by prefix. */
const TROUBLE = ['IO_', 'TEXT_', 'USAGE_', 'CONFIG_', 'SIDECAR_', 'PARAM_', 'TEMPLATE_']

/** True for codes with such a prefix that are about a manifest all the same. */
function isAboutManifests(code: DiagnosticCode): boolean {
  return code === 'TEMPLATE_TEXT' || Object.hasOwn(OBJECT_CODES, code) || Object.hasOwn(POD_CODES, code)
}

function isTrouble(code: DiagnosticCode): boolean {
  return !isAboutManifests(code) && TROUBLE.some((prefix) => code.startsWith(prefix))
}

/** The exit code that a run's errors ask for; 0 when there are none. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): ExitCode {
  const errors = diagnostics.filter((d) => d.severity === 'error')
  if (errors.length === 0) return EXIT.ok
  return errors.some((d) => isTrouble(d.code)) ? EXIT.trouble : EXIT.findings
}
