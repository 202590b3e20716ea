import type { ObjectValidator } from '../validate/object-validator.ts'
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { emptyObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
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
import type { PendingEdit } from '../yaml/edit/pending-edits.ts'
import { PlanCache, type PlanCacheEntry } from './plan-cache.ts'
import type { ResultDetacher } from './detach-results.ts'
import { requestedBy, type Requester } from './requested-by.ts'
import { decide, type WorkloadDecision } from '../selection/decide.ts'
import { readInput, type ReadDocument } from './read-input.ts'
import { selectOf, type Operation, type WorkloadResult } from './workload-result.ts'
import { isSameText } from './same-text.ts'
import { exclusiveSpansOf } from './exclusive-span.ts'
import { validatePodSecurity, validateWorkload } from './validate-result.ts'
import { unsafe, verifyDocument } from './verify.ts'
import { processWorkload } from './workload.ts'

/** What holds for all documents of a run. */
export interface RunContext {
  task: Operation
  options: InjectOptions
  kinds: readonly WorkloadKind[]
  alikes: PlanCache
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
  const decisions = workloads.map((workload) => decide(workload, selectOf(task), options))
  const shelves = isSound ? shelvesFor(document, decisions, run) : []
  const isAlone = workloads.length === 1
  const plan = isAlone ? shelves[0]?.recall() : undefined
  // At the end of a text the last line break may be missing, which an editor sees to.
  if (plan !== undefined && doc.end < doc.source.text.length) {
    const [before] = workloads as [Workload]
    return { worked: [plan.worked], edits: plan.edits, diagnostics: checkRules(before, planned(before, plan.worked), plan.worked, run) }
  }
  const editor = new DocumentEditor(doc)
  const recalled = new Map<number, readonly PendingEdit[]>()
  const worked = workloads.map((workload, n) => {
    const known = isAlone ? plan : shelves[n]?.recall()
    if (known !== undefined) {
      recalled.set(n, known.edits)
      return known.worked
    }
    const { made, edits } = editor.noting(() => processWorkload(workload, decisions[n] as WorkloadDecision, editor, task, options))
    shelves[n]?.keep(made, edits)
    return made
  })
  if (worked.some(concernsOthers)) return undefined
  const diagnostics = worked.flatMap((w) => w.diagnostics)
  const edits = editor.edits()
  if (!isSound || hasErrors(diagnostics)) return { worked, edits, diagnostics }
  // What was recalled is edited as another was, for which that is checked.
  const isNew = (_: unknown, n: number): boolean => !recalled.has(n)
  const after = edits.length === 0 ? document : checked(document, worked, isNew, edits, run)
  if (!('doc' in after)) {
    shelves.forEach((shelf) => shelf?.clear())
    return { worked, edits, diagnostics: [...diagnostics, ...after] }
  }
  for (const others of recalled.values()) editor.put(others)
  const found = workloads.flatMap((before, n) => {
    const made = worked[n] as WorkloadResult
    return checkRules(before, recalled.has(n) ? planned(before, made) : after.workloads[n] as Workload, made, run)
  })
  return { worked, edits: recalled.size === 0 ? edits : editor.edits(), diagnostics: [...diagnostics, ...found] }
}

/**
 * Where the plans for the like of each workload are kept; undefined for one that must be planned by itself. The items of
 * a list are written in the style of that list, so they share plans with one another only.
 */
function shelvesFor(document: ReadDocument, decisions: readonly WorkloadDecision[], { alikes, task }: RunContext): (PlanCacheEntry | undefined)[] {
  const { workloads } = document
  const plans = workloads.length > 1 ? new PlanCache() : alikes
  return exclusiveSpansOf(document).map((stretch, n) => {
    const decision = decisions[n]
    if (stretch === undefined || decision === undefined || !isPlain(decision)) return undefined
    return plans.shelf(workloads[n] as Workload, stretch, task, decision.selection)
  })
}

/** True where nothing but the plan is still to be said of a workload. */
function isPlain(decision: WorkloadDecision): decision is Extract<WorkloadDecision, { skip?: never }> {
  return decision.skip === undefined && decision.selection?.reason === undefined && (decision.selection?.diagnostics.length ?? 0) === 0
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

/** A workload as it will be, by its plan. */
function planned(workload: Workload, { changes = [], record }: WorkloadResult): Workload {
  if (changes.length === 0) return workload
  const change = (template: Json): Json => applyPatch(template as JsonObject, changes, ownedBy(record))
  return { ...workload, data: replaced(workload.data, workload.templatePath, change) as JsonObject }
}

/** The data with another value at a path; what lies beside the path is shared. */
function replaced(data: Json, path: JsonPath, make: (value: Json) => Json): Json {
  const [step, ...rest] = path
  if (step === undefined) return make(data)
  const copy = Array.isArray(data) ? data.slice() : Object.assign(emptyObject(), data);
  (copy as JsonObject)[step] = replaced((copy as JsonObject)[step] as Json, rest, make)
  return copy
}

/**
 * Checks a changed document before anyone sees it: read again, nothing but our part differs, and our part is what was
 * planned; planning again finds nothing to do; and taking everything out again gives the text that was there without
 * sidecars.
 * @param isNew tells the workloads that were planned; the others are as they were
 * @returns the document as it is read again, or what is wrong
 */
function checked(
  document: ReadDocument,
  worked: readonly WorkloadResult[],
  isNew: (one: unknown, n: number) => boolean,
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
  if (!worked.every((w, n) => !isNew(w, n) || isAsPlanned(workloads[n] as Workload, w, read.workloads[n] as Workload))) {
    return [unsafe(workloads[0], 'the result would not be what was planned')]
  }
  if (run.task.command === 'uninject') return read
  const changed = { ...read, workloads: read.workloads.filter(isNew) }
  if (silentEdits(changed, { ...run.task, silent: true }, run.options).length > 0) {
    return [unsafe(workloads[0], 'a second run would change the result again')]
  }
  const isAdopted = worked.some((w) => w.isAdopted === true)
  const isAgain = worked.some((w) => w.record.sidecars.size > 0)
  const bare = isAgain ? textWithoutOurs({ ...document, workloads: workloads.filter(isNew) }, run) : original
  const undone = bare === undefined ? undefined : textWithoutOurs(changed, run)
  if (isAdopted && undone !== undefined) return read
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
