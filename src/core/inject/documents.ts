import { append } from '../common/append.ts'
import type { ObjectValidator } from '../validate/object-validator.ts'
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import type { JsonPath } from '../json/json.ts'
import type { WorkloadKind } from '../kube/kinds.ts'
import type { Workload } from '../kube/workload.ts'
import type { InjectOptions } from './options.ts'
import { DocumentEditor } from '../patch/document-editor.ts'
import { applyEdits, type TextEdit } from '../text/edit.ts'
import { SourceText, type PrecedingText } from '../text/source.ts'
import { clusterWarnings, type ClusterRules } from './cluster-rules.ts'
import { failurePolicyWarnings } from './failure-policy.ts'
import type { ResultDetacher } from './detach-results.ts'
import { planExtraObjects, type PlannedObjects, type PlannedWorkload } from './extra-objects.ts'
import { isFinal } from './is-final.ts'
import { requestersOf } from './requested-by.ts'
import { decide, type WorkloadDecision } from '../selection/decide.ts'
import { readInput, type DocumentGroup, type ReadDocument } from './read-input.ts'
import { hasExtraObjects, selectOf, type Operation, type WorkloadResult } from './workload-result.ts'
import { isSameText } from './same-text.ts'
import { validateExtraObjects, validatePodSecurity, validateWorkload } from './validate-result.ts'
import { isAsPlanned, unprovable, unsafe, verifyResult } from './verify.ts'
import { processWorkload } from './workload.ts'

/** What is the same for all documents of a run. */
export interface RunContext {
  operation: Operation
  options: InjectOptions
  kinds: readonly WorkloadKind[]
  detacher: ResultDetacher
  checker: ObjectValidator
  /** Objects among the inputs that restrict pods. */
  clusterRules: ClusterRules
}

/** The result of processing documents. */
export interface DocumentsResult {
  /** One for each workload. */
  worked: readonly WorkloadResult[]
  edits: readonly TextEdit[]
  diagnostics: readonly Diagnostic[]
  objects: PlannedObjects
}

/**
 * Processes documents, from the choice of sidecars to the verified result.
 * @returns undefined where the documents of the input must be processed together, since extra objects or edits concern
 *   others
 */
export function injectDocuments(group: DocumentGroup, run: RunContext): DocumentsResult | undefined {
  const planned = plan(group, run.operation, run.options)
  const { worked, edits, objects } = planned
  if (!group.isWhole && (worked.some(hasExtraObjects) || !isInside(edits, group))) return undefined
  const diagnostics = worked.flatMap((w) => w.diagnostics)
  const result: DocumentsResult = { worked, edits, objects, diagnostics }
  if (!group.isSound || hasErrors(diagnostics)) return result
  const after = edits.length === 0 ? group.documents : prove(group, planned, run)
  // Where items of a list cannot be verified alone, the whole list is processed at once.
  if (group.around !== undefined && !isRead(after)) return undefined
  append(diagnostics, isRead(after) ? checkRules(group.documents, after, worked, run) : after)
  return result
}

/** The plans for all workloads of a group of documents. */
interface Planned extends Omit<DocumentsResult, 'diagnostics'> {
  /** The decision about each workload. */
  decisions: readonly WorkloadDecision[]
}

function plan({ source, documents, isWhole }: DocumentGroup, operation: Operation, options: InjectOptions): Planned {
  const planned: PlannedWorkload[] = []
  const decisions: WorkloadDecision[] = []
  const editors: DocumentEditor[] = []
  for (const { doc, workloads } of documents) {
    if (workloads.length === 0) continue
    const editor = new DocumentEditor(doc)
    editors.push(editor)
    for (const workload of workloads) {
      const decision = decide(workload, selectOf(operation), options)
      decisions.push(decision)
      planned.push({ workload, editor, worked: processWorkload(workload, decision, editor, operation, options) })
    }
  }
  const objects = planExtraObjects(source, isWhole ? planned : [], operation, options.force)
  const edits = DocumentEditor.editsOf(editors)
  return { worked: planned.map(({ worked }) => worked), decisions, edits, objects }
}

/** True where all edits are inside the text of the group. */
function isInside(edits: readonly TextEdit[], { range }: DocumentGroup): boolean {
  return edits.every(({ start, end }) => start >= range.start && end <= range.end)
}

/** The text of a group of documents after the edits. */
function textOf(
  { source: { text }, range: { start, end }, around }: DocumentGroup,
  edits: readonly TextEdit[],
): string {
  const own = applyEdits(
    text.slice(start, end),
    edits.map((edit) => ({ start: edit.start - start, end: edit.end - start, text: edit.text })),
  )
  return around === undefined ? own : around.head + own + around.tail
}

/**
 * A group's text after the edits, to be read again as its part of the input: JSON after a `---` is not the beginning of
 * a stream of JSON.
 */
function sourceOf({ source, documents, isWhole }: DocumentGroup, text: string): SourceText {
  if (isWhole) return source.become(text)
  const isBehindSeparator = documents.some(({ doc }) => doc.start > 0 && !doc.isStreamed)
  return new SourceText(source.label, text, 'utf-8', false, isBehindSeparator ? ELSEWHERE : undefined)
}

/** Stands for the text before a group of documents. Lines and documents are counted from the start of the group. */
const ELSEWHERE: PrecedingText = { lines: 0, documents: 0, bytes: 1 }

function isRead(result: readonly ReadDocument[] | readonly Diagnostic[]): result is readonly ReadDocument[] {
  return result.every((one) => 'doc' in one)
}

/**
 * Proves a result before it is shown:
 * 1. Read again, it is what was planned, and only fields that sidecars own differ.
 * 2. A second run would change nothing. It is planned in full only where `isFinal` cannot conclude that.
 * 3. Removing all sidecars gives the original text without sidecars.
 *
 * @returns the documents as they were read again, or what is wrong
 */
function prove(
  group: DocumentGroup,
  { worked, decisions, edits, objects }: Planned,
  run: RunContext,
): readonly ReadDocument[] | Diagnostic[] {
  const { operation, options } = run
  const before = workloadsOf(group.documents)
  const text = textOf(group, edits)
  const source = sourceOf(group, text)
  const read = readInput(source, run.kinds)
  const recorded = before.find((_, n) => (worked[n] as WorkloadResult).record.sidecars.size > 0)
  const wrong = (message: string): Diagnostic[] => [
    recorded === undefined ? unsafe(before[0], message) : unprovable(recorded, message),
  ]
  const results = workloadsOf(read.documents)
  const pairs = before.map((workload, n) => ({
    before: workload,
    after: before.length === results.length ? results[n] : undefined,
    worked: worked[n] as WorkloadResult,
    decision: decisions[n] as WorkloadDecision,
  }))
  const asPlanned = pairs.filter(isAsPlanned)
  const problems = verifyResult(group, read, objects, asPlanned)
  const [problem] = problems
  if (problem !== undefined) return recorded === undefined ? problems : wrong(problem.message)
  if (asPlanned.length < pairs.length && before.length === results.length)
    return wrong('the result would differ from the plan')
  if (operation.command === 'uninject') return read.documents
  const after: DocumentGroup = {
    source,
    range: { start: 0, end: source.text.length },
    documents: read.documents,
    isWhole: true,
    isSound: true,
  }
  if (
    !pairs.every((pair) => isFinal(pair, operation, options)) &&
    plan(after, { ...operation, silent: true }, options).edits.length > 0
  ) {
    return wrong('a second run would change the result again')
  }
  const isAgain = recorded !== undefined
  const bare = isAgain ? textWithoutOurs(group, run) : textOf(group, [])
  // Everything in a first record was planned in this run, and is there as planned.
  const isRecorded =
    !isAgain &&
    before.length === results.length &&
    worked.every(({ planned, outcome }) => planned !== undefined || outcome.status === 'skipped')
  const undone = bare === undefined ? undefined : textWithoutOurs(after, run, isRecorded)
  if (undone !== undefined && worked.some((w) => w.isAdopted === true)) return read.documents
  if (bare === undone || (isAgain && isSameText(bare ?? '', undone ?? ''))) return read.documents
  return wrong('removing the sidecars would not restore the original text')
}

/** The text of documents without any sidecars; undefined where these cannot be removed. */
function textWithoutOurs(
  group: DocumentGroup,
  { operation, options }: RunContext,
  isRecorded = false,
): string | undefined {
  const { find, isOwn } = operation
  const removal: Operation = { find, isOwn, command: 'uninject', names: undefined, silent: true, isRecorded }
  const { edits, worked } = plan(group, removal, options)
  return worked.some(({ diagnostics }) => hasErrors(diagnostics)) ? undefined : textOf(group, edits)
}

/** Checks the workloads that were not skipped against the rules of Kubernetes. */
function checkRules(
  before: readonly ReadDocument[],
  after: readonly ReadDocument[],
  worked: readonly WorkloadResult[],
  run: RunContext,
): Diagnostic[] {
  const results = workloadsOf(after)
  const found: Diagnostic[] = []
  for (const [n, workload] of workloadsOf(before).entries()) {
    const [result, one] = [results[n], worked[n] as WorkloadResult]
    if (result === undefined || one.outcome.status === 'skipped') continue
    append(found, workloadFindings(workload, result, one, run))
    append(found, validateExtraObjects(run.checker, workload, one.extraObjects?.wanted ?? []))
  }
  return found
}

function workloadsOf(documents: readonly ReadDocument[]): Workload[] {
  const found: Workload[] = []
  for (const { workloads } of documents) append(found, workloads)
  return found
}

function workloadFindings(
  before: Workload,
  after: Workload,
  { outcome, proxies = [] }: WorkloadResult,
  { operation, options, checker, clusterRules }: RunContext,
): Diagnostic[] {
  const lowered =
    options.allowLowerPodSecurity === true
      ? []
      : validatePodSecurity(before, after, options.kubeVersion, operation.command)
  if (operation.command !== 'inject') return lowered
  const requesters = (path: JsonPath) => requestersOf(after, path, outcome.fields ?? [], operation.find)
  const fields = outcome.fields ?? []
  const isRetargeted = options.retargetServices ?? options.policy?.retarget?.value ?? false
  return [
    ...validateWorkload(checker, before, after, !options.validate, requesters),
    ...lowered,
    ...clusterWarnings(clusterRules, {
      before,
      after,
      fields,
      kubeVersion: options.kubeVersion,
      proxies: isRetargeted ? proxies : [],
    }),
    ...failurePolicyWarnings(before, after),
  ]
}
