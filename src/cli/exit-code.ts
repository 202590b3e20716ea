import { objectCodes } from '../core/diagnostics/codes/objects.ts'
import { podCodes } from '../core/diagnostics/codes/pod.ts'
import { errorsOf, type Diagnostic } from '../core/diagnostics/diagnostic.ts'

/** What the program returns to the shell. */
export const EXIT = {
  /** Success. */
  ok: 0,
  /** The manifests have errors, or check or diff found differences. */
  findings: 1,
  /** Bad usage, unreadable input or I/O error. */
  failure: 2,
  /** An internal error: a bug in sidecarctl. */
  bug: 3,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Prefixes of codes that mean that the run itself failed, whatever the manifests contain. */
const FAILURES = ['IO_', 'TEXT_', 'USAGE_', 'CONFIG_', 'SIDECAR_', 'PARAM_', 'TEMPLATE_']

/** The exit code for a run's errors; 0 if there are none. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): ExitCode {
  const errors = errorsOf(diagnostics)
  if (errors.length === 0) return EXIT.ok
  // These are about manifests, although some have such a prefix.
  const aboutManifests = { TEMPLATE_TEXT: true, ...objectCodes(), ...podCodes() }
  const isFailure = ({ code }: Diagnostic): boolean =>
    !Object.hasOwn(aboutManifests, code) && FAILURES.some((prefix) => code.startsWith(prefix))
  return errors.some(isFailure) ? EXIT.failure : EXIT.findings
}
