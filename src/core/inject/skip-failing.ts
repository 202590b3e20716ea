import { append } from '../common/append.ts'
import { errorsOf, type Diagnostic, type ResourceRef } from '../diagnostics/diagnostic.ts'
import type { Workload } from '../kube/workload.ts'
import type { SourceText } from '../text/source.ts'
import type { InjectOptions } from './options.ts'
import type { RunResult } from './result.ts'

/** The result of a run that leaves workloads with errors as they are. */
export interface SkippedResult {
  result: RunResult
  /** The errors of the workloads that were left as they are. */
  failures: readonly Diagnostic[]
}

/**
 * Injects, and where workloads have errors, injects again without these, until there are no such errors. Errors that
 * belong to no workload, such as those of unreadable texts and of the policy, stay in the result.
 */
export async function injectSkippingFailing(
  inject: (inputs: readonly SourceText[], options: InjectOptions) => RunResult | Promise<RunResult>,
  inputs: readonly SourceText[],
  options: InjectOptions,
): Promise<SkippedResult> {
  const failing = new Set<string>()
  const failures: Diagnostic[] = []
  const isFailing = ({ doc, ref }: Workload): boolean => failing.has(keyOf(doc.source, doc.index, ref))
  for (;;) {
    const result = await inject(inputs, { ...options, isFailing })
    const before = failing.size
    const errors = errorsOf(result.diagnostics)
    for (const key of failedKeys(result, errors)) failing.add(key)
    // Every round excludes more workloads, so the loop ends.
    if (result.needsWhole === true || failing.size === before) {
      const left = new Set(errors.map(textOf))
      return { result, failures: failures.filter((one) => !left.has(textOf(one))) }
    }
    append(
      failures,
      errors.filter(({ resource }) => resource !== undefined),
    )
  }
}

function textOf({ code, message, at, resource }: Diagnostic): string {
  return JSON.stringify([code, message, at?.source.label, at?.source.before.bytes, at?.range, resource])
}

function keyOf(source: SourceText, document: number, { apiVersion, kind, namespace, name }: ResourceRef): string {
  return JSON.stringify([source.label, source.before.bytes, document, apiVersion, kind, namespace, name])
}

/** The workloads that could not be planned, and those that errors are about. */
function failedKeys(result: RunResult, errors: readonly Diagnostic[]): string[] {
  const planned = result.files.flatMap(({ source, workloads }) =>
    workloads
      .filter(({ status }) => status === 'failed')
      .map(({ document, resource }) => keyOf(source, document, resource)),
  )
  const about = errors.flatMap(({ at, document, resource }) =>
    at === undefined || document === undefined || resource === undefined ? [] : [keyOf(at.source, document, resource)],
  )
  const known = new Set(
    result.files.flatMap(({ source, workloads }) =>
      workloads.map(({ document, resource }) => keyOf(source, document, resource)),
    ),
  )
  return [...planned, ...about.filter((key) => known.has(key))]
}
