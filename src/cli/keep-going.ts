import { diagnostic, errorsOf, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import type { FileResult, RunResult } from '../core/inject/result.ts'
import { escapeText } from '../report/escape.ts'
import { plural } from '../report/plural.ts'
import type { ReportEnv } from '../report/diagnostics.ts'

/** The part of a result that can be written although other files have errors. */
export interface KeptResult {
  result: RunResult
  /** Files whose Services wait for workloads of files with errors. */
  diagnostics: readonly Diagnostic[]
  /** Labels of the files that are not written, in order. */
  skipped: readonly string[]
}

/**
 * Leaves the files with errors out of a result.
 * @param ofInputs errors of inputs that could not be read, which do not affect others
 * @returns undefined if an error belongs to no file, so that nothing may be written
 */
export function withoutFailed(
  result: RunResult,
  before: readonly Diagnostic[],
  ofInputs: readonly Diagnostic[],
): KeptResult | undefined {
  const unread = errorsOf(ofInputs)
  if (errorsOf(before).some((error) => !unread.includes(error))) return undefined
  const labels = new Set(result.files.map(({ source }) => source.label))
  const failed = new Set<string>()
  for (const { at } of errorsOf(result.diagnostics)) {
    if (at === undefined || !labels.has(at.source.label)) return undefined
    failed.add(at.source.label)
  }
  const isWaiting = (file: FileResult): boolean => !failed.has(file.source.label) && leadsElsewhere(file)
  const leading = failed.size === 0 ? [] : result.files.filter(isWaiting)
  const waiting = [...new Set(leading.map(({ source }) => source.label))]
  const skipped = [...labels].filter((label) => failed.has(label) || waiting.includes(label))
  return {
    result: { ...result, files: result.files.filter(({ source }) => !skipped.includes(source.label)) },
    diagnostics: waiting.map((label) => waitingDiagnostic(result.files, label)),
    skipped: [...unread.flatMap(({ at }) => (at === undefined ? [] : [at.source.label])), ...skipped],
  }
}

/** Whether a result changes Services: they can select workloads in any other file. */
function leadsElsewhere({ services = [] }: FileResult): boolean {
  return services.some(({ status }) => status === 'updated')
}

function waitingDiagnostic(files: readonly FileResult[], label: string): Diagnostic {
  const { source, services = [] } = files.find(
    (file) => file.source.label === label && leadsElsewhere(file),
  ) as FileResult
  const service = services.find(({ status }) => status === 'updated')
  const start = service?.offset ?? 0
  return diagnostic(
    'FILE_SKIPPED',
    'a Service in this file would change, and workloads of files with errors may belong to it',
    {
      at: { source, range: { start, end: start + 1 } },
      resource: service?.resource,
      hint: 'fix the other files first',
    },
  )
}

/** The line that names the files that were skipped. */
export function skippedText(skipped: readonly string[], { verbosity }: ReportEnv): string {
  return verbosity === 'quiet' || skipped.length === 0
    ? ''
    : `${plural(skipped.length, 'file')} with errors skipped: ${skipped.map(escapeText).join(', ')}\n`
}
