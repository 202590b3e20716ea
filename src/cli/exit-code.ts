import { objectCodes } from '../core/diagnostics/codes/objects.ts'
import { podCodes } from '../core/diagnostics/codes/pod.ts'
import type { Diagnostic } from '../core/diagnostics/diagnostic.ts'

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

/** The exit code that a run's errors ask for; 0 when there are none. */
export function exitCodeOf(diagnostics: readonly Diagnostic[]): ExitCode {
  const errors = diagnostics.filter((d) => d.severity === 'error')
  if (errors.length === 0) return EXIT.ok
  // These are about a manifest, some of them with such a prefix all the same.
  const aboutManifests = { TEMPLATE_TEXT: true, ...objectCodes(), ...podCodes() }
  const isTrouble = ({ code }: Diagnostic): boolean => !Object.hasOwn(aboutManifests, code) && TROUBLE.some((prefix) => code.startsWith(prefix))
  return errors.some(isTrouble) ? EXIT.trouble : EXIT.findings
}
