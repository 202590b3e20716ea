import type { DiagnosticCode } from '../core/codes.ts'
import { objectCodes } from '../core/codes/objects.ts'
import { podCodes } from '../core/codes/pod.ts'
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

/** Tells codes that are about a manifest, some of them with such a prefix all the same. */
function aboutManifests(): (code: DiagnosticCode) => boolean {
  const codes = { ...objectCodes(), ...podCodes() }
  return (code) => code === 'TEMPLATE_TEXT' || Object.hasOwn(codes, code)
}

/** The exit code that a run's errors ask for; 0 when there are none. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): ExitCode {
  const errors = diagnostics.filter((d) => d.severity === 'error')
  if (errors.length === 0) return EXIT.ok
  const isAboutManifests = aboutManifests()
  const isTrouble = (code: DiagnosticCode): boolean => !isAboutManifests(code) && TROUBLE.some((prefix) => code.startsWith(prefix))
  return errors.some((d) => isTrouble(d.code)) ? EXIT.trouble : EXIT.findings
}
