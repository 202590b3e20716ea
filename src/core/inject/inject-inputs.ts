import { dedupeDiagnostics } from '../diagnostics/dedupe.ts'
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import type { SourceText } from '../text/source.ts'
import type { RunContext } from './documents.ts'
import { EditedFile } from './edited-file.ts'
import { reportExtraObjectConflicts } from './extra-object-conflicts.ts'
import { injectInput, isExcluded, type InputResult } from './inject-input.ts'
import { unreadableNotes, withReadableNeighbours } from './neighbours.ts'
import type { InjectOptions } from './options.ts'
import type { RunResult } from './result.ts'
import type { RetargetedFile } from './retarget-services.ts'
import { concerned, WorkloadSummaries, type ProcessedFile } from './workload-summaries.ts'

/** Processes all inputs: first each by itself, then what concerns several of them: extra objects and Services. */
export async function injectInputs(
  inputs: readonly SourceText[],
  runOf: (source: SourceText) => RunContext,
  { onProgress }: InjectOptions,
): Promise<RunResult> {
  const summaries = new WorkloadSummaries(inputs)
  const worked: InputResult[] = []
  for (const [n, source] of inputs.entries()) {
    onProgress?.('processing', n + 1, inputs.length, source.label)
    const one = injectInput(source, runOf(source), summaries)
    if (source.isStored && !one.isComplete) return { files: [], diagnostics: [], needsWhole: true }
    worked.push(one)
  }
  const sound = withoutClashes(worked, runOf)
  const services = await workOnServices(sound, runOf)
  const done = sound.map(({ file, diagnostics }, n) => ({
    file: services[n]?.file ?? file,
    diagnostics: diagnostics.concat(services[n]?.diagnostics ?? []),
  }))
  const kindsOf = (source: SourceText) => runOf(source).kinds
  const isOut = (source: SourceText): boolean => isExcluded(source, runOf(source).options)
  const isInjected = inputs.some((source) => runOf(source).operation.command === 'inject')
  const sure = withReadableNeighbours(done, kindsOf, isOut)
  const readable = isInjected ? unreadableNotes(sure, kindsOf, isOut) : sure
  return {
    files: readable.map(({ file }) => file),
    diagnostics: dedupeDiagnostics(readable.flatMap(({ diagnostics }) => diagnostics.toSorted(byOffset))),
  }
}

/** Reports extra objects that two inputs add, or that one adds and another has; such an input is left unchanged. */
function withoutClashes(
  all: readonly InputResult[],
  runOf: (source: SourceText) => RunContext,
): readonly ProcessedFile[] {
  const isInjected = all.some(({ file }) => runOf(file.source).operation.command === 'inject')
  if (!isInjected || all.every(({ owners }) => owners.length === 0)) return all
  const reports = all.map(({ file, owners, diagnostics }) => ({
    source: file.source,
    owners,
    diagnostics: [...diagnostics],
  }))
  reportExtraObjectConflicts(reports)
  return all.map(({ file, workloads }, n) => {
    const { diagnostics } = reports[n] as (typeof reports)[number]
    if (!hasErrors(diagnostics)) return { file, workloads, diagnostics }
    return { file: new EditedFile(file.source, file.workloads, [], undefined), workloads, diagnostics }
  })
}

/** Retargets Services; returns nothing, and loads no code, where no Service can be concerned. */
async function workOnServices(
  worked: readonly ProcessedFile[],
  runOf: (source: SourceText) => RunContext,
): Promise<readonly RetargetedFile[]> {
  if (concerned(worked).size === 0) return []
  const { retargetServices } = await import('./retarget-services.ts')
  return retargetServices(worked, runOf)
}

function byOffset(a: Diagnostic, b: Diagnostic): number {
  return (a.at?.range.start ?? 0) - (b.at?.range.start ?? 0) || a.code.localeCompare(b.code)
}
