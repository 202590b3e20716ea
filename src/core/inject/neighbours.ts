import { append } from '../common/append.ts'
import { fileArgument } from '../common/shell-word.ts'
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import type { WorkloadKind } from '../kube/kinds.ts'
import { groupParts } from '../text/parts.ts'
import type { SourceText } from '../text/source.ts'
import { ignoredText, separatorProblems, shapeProblem, unreadable } from '../validate/read-diagnostics.ts'
import { readRawDocument, splitDocuments, type Unreadable, type YamlDocument } from '../yaml/read/split.ts'
import { EditedFile } from './edited-file.ts'
import { Prefilter } from './prefilter.ts'
import type { FileResult, WorkloadOutcome } from './result.ts'

interface Processed {
  file: FileResult
  diagnostics: readonly Diagnostic[]
}

const TOUCHED: ReadonlySet<WorkloadOutcome['status']> = new Set(['injected', 'updated', 'up to date', 'removed'])

/**
 * In inputs with a workload that has sidecars, reports other documents that kubectl could not read: it would apply what
 * precedes them and stop. Such an input is left unchanged. Inputs without such a workload are not read for this.
 * @param isExcluded true for inputs that the policy excludes
 */
export function withReadableNeighbours<T extends Processed>(
  all: readonly T[],
  kindsOf: (source: SourceText) => readonly WorkloadKind[],
  isExcluded: (source: SourceText) => boolean,
): readonly T[] {
  const problems = new Map<SourceText, readonly Diagnostic[]>()
  const results = new Map<FileResult, T>(all.map((one) => [one.file, one]))
  for (const parts of groupParts(all.map(({ file }) => file))) {
    if (
      !parts.some(isTouched) ||
      isExcluded(parts[0].source) ||
      parts.some((file) => hasErrors(results.get(file)?.diagnostics ?? []))
    )
      continue
    for (const { source } of parts) {
      const found = neighbourProblems(source, kindsOf(source))
      if (found.length > 0) problems.set(source, found)
    }
  }
  if (problems.size === 0) return all
  return all.map((one): T => {
    const found = problems.get(one.file.source)
    if (found === undefined) return one
    const { source, workloads } = one.file
    return {
      ...one,
      file: new EditedFile(source, workloads, [], undefined),
      diagnostics: [...one.diagnostics, ...found],
    }
  })
}

/**
 * Longer inputs without workloads are not read for notes, which would take longer than the run. In UTF-16 code units.
 */
const MAX_NOTED = 262_144

/**
 * At most one note for each input without workloads that kubectl could not read: `inject` leaves it unchanged, and
 * `validate` reports everything that is wrong in it.
 */
export function unreadableNotes<T extends Processed>(
  all: readonly T[],
  kindsOf: (source: SourceText) => readonly WorkloadKind[],
  isExcluded: (source: SourceText) => boolean,
): readonly T[] {
  return all.map((one): T => {
    const { source, workloads } = one.file
    if (workloads.length > 0 || source.isStored || source.isContinued || source.text.length > MAX_NOTED) return one
    if (hasErrors(one.diagnostics) || isExcluded(source)) return one
    const problem = neighbourProblems(source, kindsOf(source)).find(({ severity }) => severity === 'error')
    if (problem === undefined) return one
    const note: Diagnostic = {
      ...problem,
      severity: 'info',
      hint: `to list all errors of the file: sidecarctl validate ${fileArgument(source.label)}`,
    }
    return { ...one, diagnostics: [...one.diagnostics, note] }
  })
}

function isTouched({ workloads, services = [] }: FileResult): boolean {
  return workloads.some(({ status }) => TOUCHED.has(status)) || services.some(({ status }) => status === 'updated')
}

/** The problems that kubectl would have with documents without workloads. */
export function neighbourProblems(source: SourceText, kinds: readonly WorkloadKind[]): Diagnostic[] {
  const prefilter = Prefilter.of(kinds)
  const found: Diagnostic[] = []
  let shift = 0
  for (const raw of splitDocuments(source)) {
    const text = source.text.slice(raw.start, raw.end)
    const isForeign = prefilter.isForeign(text)
    if (!isForeign && !prefilter.namesForeignKind(text)) continue
    const docs = readRawDocument({ ...raw, index: raw.index + shift })
    shift += docs.length - 1
    append(found, isForeign ? separatorProblems(raw) : [])
    for (const doc of docs) append(found, documentProblems(doc, isForeign))
  }
  return found
}

/**
 * @param isForeign false for a document that was already read for workloads, where only a failure to read it is not
 *   reported yet
 */
function documentProblems(doc: YamlDocument | Unreadable, isForeign: boolean): Diagnostic[] {
  // kubectl reads documents that are nested deeper than `LIMITS.nesting`.
  if ('error' in doc) return doc.error.trouble === 'depth' ? [] : [unreadable(doc)]
  if (!isForeign || doc.root === undefined || doc.data === null) return []
  const ignored = doc.ignored === undefined ? [] : [ignoredText(doc, doc.ignored)]
  const problem = shapeProblem(doc)
  return problem === undefined ? ignored : [problem, ...ignored]
}
