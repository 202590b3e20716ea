import { fileArgument } from '../core/common/shell-word.ts'
import { diagnostic, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import type { DiagnosticCode } from '../core/diagnostics/codes.ts'
import type { FileResult, RunResult, WorkloadOutcome } from '../core/inject/result.ts'
import type { ServiceOutcome } from '../core/services/service-outcome.ts'
import type { ValidatedObject } from '../core/validate/validation-result.ts'
import { drifts, type Drift, type FixHints } from './drift.ts'
import { servicesOf } from './services.ts'
import { githubReporter } from './validation/github.ts'
import { junitReporter } from './validation/junit.ts'
import { limitReport, type ValidationReport } from './validation/report.ts'
import { sarifReporter } from './validation/sarif.ts'

/** The reporters of `check` in formats of other programs. */
export const DRIFT_REPORTERS = { sarif: sarifReporter, junit: junitReporter, github: githubReporter } as const

/** What is the matter with a sidecar that is not as `inject` would make it, as a code. */
const CODES: Record<Drift['kind'], DiagnosticCode> = {
  missing: 'SIDECAR_MISSING',
  outdated: 'SIDECAR_OUTDATED',
  edited: 'SIDECAR_EDITED',
  'left over': 'SIDECAR_LEFT_OVER',
  'no record': 'SIDECAR_UNRECORDED',
  'outdated record': 'RECORD_OUTDATED',
}

function explainHint({ source }: FileResult): string {
  return `to find out why: sidecarctl explain ${fileArgument(source.label)}`
}

function driftDiagnostic({ file, subject, kind, text, isEdited }: Drift, hints: FixHints): Diagnostic {
  const { offset, resource } = subject
  return diagnostic(CODES[kind], text, {
    at: { source: file.source, range: { start: offset, end: offset } },
    resource,
    hint: kind === 'no record' ? explainHint(file) : isEdited ? hints.discard : hints.update,
  })
}

type Subject = Pick<WorkloadOutcome | ServiceOutcome, 'resource' | 'offset' | 'document'> & { status: string }

/**
 * The differences between manifests and what `inject` would make of them as findings, each at its workload or Service.
 * @param diagnostics all findings of the run
 * @param hints how to update the files
 * @param max how many findings are shown; undefined for all
 */
export function driftReport(
  result: RunResult,
  diagnostics: readonly Diagnostic[],
  version: string,
  hints: FixHints,
  max?: number,
): ValidationReport {
  const found = drifts(result).map((drift) => ({ subject: drift.subject, diagnostic: driftDiagnostic(drift, hints) }))
  const shown = diagnostics.filter(({ severity }) => severity !== 'info')
  const objects = result.files.flatMap((file) =>
    [...file.workloads, ...servicesOf(file)].map((subject): ValidatedObject => {
      const own = shown.filter(({ resource }) => resource === subject.resource)
      const drifted = found.filter((one) => one.subject === subject).map((one) => one.diagnostic)
      return objectOf(file, subject, [...own, ...drifted])
    }),
  )
  const placed = new Set(objects.flatMap((object) => object.diagnostics))
  const report = {
    command: 'check' as const,
    result: { files: result.files.map(({ source }) => source), objects, diagnostics: [] },
    inputDiagnostics: shown.filter((one) => !placed.has(one)),
    version,
  }
  return limitReport(report, max)
}

function objectOf({ source }: FileResult, subject: Subject, diagnostics: readonly Diagnostic[]): ValidatedObject {
  const { resource, offset, document } = subject
  const isInvalid = diagnostics.some(({ severity }) => severity === 'error')
  const status = isInvalid ? 'invalid' : subject.status === 'skipped' ? 'skipped' : 'valid'
  return { source, document, resource, offset, status, diagnostics }
}
