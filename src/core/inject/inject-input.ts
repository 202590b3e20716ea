import { append } from '../common/append.ts'
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import type { WorkloadKind } from '../kube/kinds.ts'
import type { Workload } from '../kube/workload.ts'
import type { WorkloadState, WorkloadSummary } from '../services/workload-summary.ts'
import type { TextEdit } from '../text/edit.ts'
import type { SourceText } from '../text/source.ts'
import { injectDocuments, type RunContext } from './documents.ts'
import { EditedFile } from './edited-file.ts'
import { extraObjectOwner, type ExtraObjectOwner } from './extra-object-conflicts.ts'
import type { InjectOptions } from './options.ts'
import { readEach, readInput, type DocumentGroup } from './read-input.ts'
import type { WorkloadOutcome } from './result.ts'
import type { ProcessedFile, WorkloadSummaries } from './workload-summaries.ts'
import { hasExtraObjects, type WorkloadResult } from './workload-result.ts'

/** The result of an input, with its workloads whose sidecars have extra objects. */
export interface InputResult extends ProcessedFile {
  owners: readonly ExtraObjectOwner[]
  /** False where objects that belong to its workloads may be in another part of a long input. */
  isComplete: boolean
}

/** Processes one input: each document by itself, or all together where sidecars have extra objects. */
export function injectInput(source: SourceText, run: RunContext, summaries: WorkloadSummaries): InputResult {
  return (
    injectGroups(source, eachDocument(source, run.kinds), run, summaries) ??
    (injectGroups(source, [allDocuments(source, run.kinds)], run, summaries) as InputResult)
  )
}

/** @returns undefined when the documents must be processed together */
function injectGroups(
  source: SourceText,
  groups: Iterable<GroupToWorkOn>,
  run: RunContext,
  summaries: WorkloadSummaries,
): InputResult | undefined {
  const isQuiet = isExcluded(source, run.options)
  const diagnostics: Diagnostic[] = []
  const edits: TextEdit[] = []
  const workloads: WorkloadOutcome[] = []
  const known: WorkloadSummary[] = []
  const owners: ExtraObjectOwner[] = []
  let isComplete = true
  for (const { problems, ...group } of groups) {
    if (!isQuiet) append(diagnostics, problems)
    if (group.documents.length === 0) continue
    const one = injectDocuments(group, run)
    if (one === undefined) return undefined
    isComplete &&= one.objects.isComplete
    append(edits, one.edits)
    append(diagnostics, one.diagnostics)
    append(
      workloads,
      one.worked.map(({ outcome }) => outcome),
    )
    const before = group.documents.flatMap((document) => document.workloads)
    append(known, summaries.keep(before, one.worked))
    append(
      owners,
      before.flatMap((workload, n) => ownersOf(workload, one.worked[n] as WorkloadResult)),
    )
  }
  const changes = hasErrors(diagnostics) ? [] : edits
  return {
    ...kept(new EditedFile(source, workloads, changes, run.options.keepText), diagnostics, known, owners, run),
    isComplete,
  }
}

function ownersOf(workload: Workload, worked: WorkloadResult): ExtraObjectOwner[] {
  return worked.extraObjects === undefined || !hasExtraObjects(worked)
    ? []
    : [extraObjectOwner(workload, worked.extraObjects)]
}

/** A group of documents with the problems found while reading them. */
type GroupToWorkOn = DocumentGroup & { problems: readonly Diagnostic[] }

/** How many items of a list are processed together: few enough to bound the memory for plans, and enough to be fast. */
const ITEMS_AT_A_TIME = 25

/** Reads document by document, and long lists some items at a time, so that memory is needed for only one of them. */
function* eachDocument(source: SourceText, kinds: readonly WorkloadKind[]): Generator<GroupToWorkOn> {
  for (const { document, diagnostics: problems, part } of readEach(source, kinds, ITEMS_AT_A_TIME)) {
    const range = document && { start: document.doc.start, end: document.doc.end }
    yield {
      source,
      range: range ?? { start: 0, end: 0 },
      ...part,
      documents: document === undefined ? [] : [document],
      isWhole: false,
      isSound: !hasErrors(problems),
      problems,
    }
  }
}

function allDocuments(source: SourceText, kinds: readonly WorkloadKind[]): GroupToWorkOn {
  const { documents, diagnostics: problems } = readInput(source, kinds)
  return {
    source,
    range: { start: 0, end: source.text.length },
    documents,
    isWhole: true,
    isSound: !hasErrors(problems),
    problems,
  }
}

/**
 * The result of an input. Where its text is not in memory, strings are copied, since a slice would keep the whole text
 * alive.
 */
function kept(
  file: EditedFile,
  diagnostics: readonly Diagnostic[],
  workloads: readonly WorkloadSummary[],
  owners: readonly ExtraObjectOwner[],
  { detacher }: RunContext,
): Omit<InputResult, 'isComplete'> {
  if (!file.source.isStored) return { file, diagnostics, workloads, owners }
  const outcomes = new Map<WorkloadState, WorkloadOutcome>(
    file.workloads.map((outcome) => [outcome, detacher.outcome(outcome)]),
  )
  return {
    file: file.with([...outcomes.values()]),
    diagnostics: diagnostics.map((one) => detacher.diagnostic(one)),
    workloads: workloads.map((one) => detacher.summary(one, outcomes.get(one.outcome) as WorkloadOutcome)),
    owners: owners.map((one) => detacher.owner(one)),
  }
}

/** True where the policy excludes a file; reading problems in it are not reported then. */
export function isExcluded({ label }: SourceText, { policy }: InjectOptions): boolean {
  const path = policy?.pathOf(label)
  return path !== undefined && policy?.excludesPath(path) === true
}
