import type { ObjectValidator } from '../validate/object-validator.ts'
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import type { JsonPath, JsonObject } from '../json/json.ts'
import type { WorkloadKind } from '../kube/kinds.ts'
import { templateOf } from '../kube/pod-template.ts'
import type { Workload } from '../kube/workload.ts'
import type { InjectOptions } from './options.ts'
import { isEqual } from '../json/equality.ts'
import { applyPatch } from '../field-path/patch-op.ts'
import { DocumentEditor } from '../patch/document-editor.ts'
import { ownedBy } from '../ownership/record.ts'
import { applyEdits, type TextEdit } from '../text/edit.ts'
import { SourceText } from '../text/source.ts'
import type { ResultDetacher } from './detach-results.ts'
import { requestedBy, type Requester } from './requested-by.ts'
import { decide } from '../selection/decide.ts'
import { readInput, type ReadDocument } from './read-input.ts'
import { selectOf, type Operation, type WorkloadResult } from './workload-result.ts'
import { isSameText } from './same-text.ts'
import { validatePodSecurity, validateWorkload } from './validate-result.ts'
import { unsafe, verifyDocument } from './verify.ts'
import { processWorkload } from './workload.ts'

/** What holds for all documents of a run. */
export interface RunContext {
  task: Operation
  options: InjectOptions
  kinds: readonly WorkloadKind[]
  apart: ResultDetacher
  checker: ObjectValidator
}

/** What became of a document. */
export interface DocumentResult {
  /** One for each workload. */
  worked: readonly WorkloadResult[]
  edits: readonly TextEdit[]
  diagnostics: readonly Diagnostic[]
}

/**
 * Works on one document, from the choice of sidecars to the checked result.
 * @param isSound false for a document with errors, for which no result need be checked
 * @returns undefined when further objects are about, which concern all documents of an input
 */
export function injectDocument(document: ReadDocument, run: RunContext, isSound: boolean): DocumentResult | undefined {
  const { task, options } = run
  const { doc, workloads } = document
  const editor = new DocumentEditor(doc)
  const worked = workloads.map((workload) => processWorkload(workload, decide(workload, selectOf(task), options), editor, task, options))
  if (worked.some(concernsOthers)) return undefined
  const diagnostics = worked.flatMap((w) => w.diagnostics)
  const edits = editor.edits()
  if (!isSound || hasErrors(diagnostics)) return { worked, edits, diagnostics }
  const after = edits.length === 0 ? document : checked(document, worked, edits, run)
  if (!('doc' in after)) return { worked, edits, diagnostics: [...diagnostics, ...after] }
  const found = workloads.flatMap((before, n) => checkRules(before, after.workloads[n] as Workload, worked[n] as WorkloadResult, run))
  return { worked, edits, diagnostics: [...diagnostics, ...found] }
}

function concernsOthers({ extraObjects }: WorkloadResult): boolean {
  return extraObjects !== undefined && (extraObjects.wanted.length > 0 || extraObjects.recorded.size > 0)
}

/** Holds a workload that was not skipped against the rules of Kubernetes. */
export function checkRules(before: Workload, after: Workload, { outcome }: WorkloadResult, { task, options, checker }: RunContext): Diagnostic[] {
  if (outcome.status === 'skipped') return []
  const lowered = options.allowLowerPodSecurity === true ? [] : validatePodSecurity(before, after, options.kubeVersion, task.command)
  if (task.command !== 'inject') return lowered
  const askerOf = (path: JsonPath): Requester | undefined => requestedBy(after, path, outcome.fields ?? [], task.find)
  return [...validateWorkload(checker, before, after, !options.validate, askerOf), ...lowered]
}

/**
 * Checks a changed document before anyone sees it: read again, nothing but our part differs, and our part is what was
 * planned; planning again finds nothing to do; and taking everything out again gives the text that was there without
 * sidecars.
 * @returns the document as it is read again, or what is wrong
 */
function checked(
  document: ReadDocument,
  worked: readonly WorkloadResult[],
  edits: readonly TextEdit[],
  run: RunContext,
): ReadDocument | Diagnostic[] {
  const { doc, workloads } = document
  const { source: { label, text }, start, end } = doc
  const original = text.slice(start, end)
  const local = edits.map((edit) => ({ start: edit.start - start, end: edit.end - start, text: edit.text }))
  const after = readInput(new SourceText(label, applyEdits(original, local)), run.kinds)
  const problems = verifyDocument(document, after)
  const [read] = after.documents
  if (problems.length > 0 || read === undefined) return problems
  if (!worked.every((w, n) => isAsPlanned(workloads[n] as Workload, w, read.workloads[n] as Workload))) {
    return [unsafe(workloads[0], 'the result would not be what was planned')]
  }
  if (run.task.command === 'uninject') return read
  if (silentEdits(read, { ...run.task, silent: true }, run.options).length > 0) {
    return [unsafe(workloads[0], 'a second run would change the result again')]
  }
  const isAgain = worked.some((w) => w.record.sidecars.size > 0)
  const bare = isAgain ? textWithoutOurs(document, run) : original
  const undone = bare === undefined ? undefined : textWithoutOurs(read, run)
  if (bare === undone || (isAgain && isSameText(bare ?? '', undone ?? ''))) return read
  return [unsafe(workloads[0], 'taking the sidecars out again would not give the original text')]
}

/** The text of a document with all sidecars taken out of the given workloads; undefined where they cannot be. */
function textWithoutOurs({ doc, workloads }: ReadDocument, { task, options }: RunContext): string | undefined {
  const editor = new DocumentEditor(doc)
  const undo: Operation = { ...task, command: 'uninject', names: undefined, silent: true }
  const worked = workloads.map((workload) => processWorkload(workload, decide(workload, selectOf(undo), options), editor, undo, options))
  if (worked.some(({ diagnostics }) => hasErrors(diagnostics))) return undefined
  const { source: { text }, start, end } = doc
  const local = editor.edits().map((edit) => ({ start: edit.start - start, end: edit.end - start, text: edit.text }))
  return applyEdits(text.slice(start, end), local)
}

/** Whether a pod template reads back as its plan has it. What is put back as text is compared by other means. */
function isAsPlanned(before: Workload, { changes = [], record }: WorkloadResult, after: Workload): boolean {
  if (changes.some(({ type }) => type === 'restore' || type === 'write-out')) return true
  const template = templateOf(before) as JsonObject
  return isEqual(applyPatch(template, changes, ownedBy(record)), templateOf(after))
}

function silentEdits({ doc, workloads }: ReadDocument, task: Operation, options: InjectOptions): TextEdit[] {
  const editor = new DocumentEditor(doc)
  for (const workload of workloads) processWorkload(workload, decide(workload, selectOf(task), options), editor, task, options)
  return editor.edits()
}
