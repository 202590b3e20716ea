import type { ObjectChecker } from '../check/object.ts'
import { hasErrors, type Diagnostic } from '../diagnostic.ts'
import { emptyObject, type FieldPath, type Json, type JsonObject } from '../json.ts'
import type { WorkloadKind } from '../kube/kinds.ts'
import { templateOf } from '../kube/template.ts'
import type { Workload } from '../kube/workload.ts'
import type { InjectOptions } from '../options.ts'
import { isEqual } from '../plan/address.ts'
import { applyChanges } from '../plan/change.ts'
import { DocumentEditor } from '../plan/edits.ts'
import { ownedBy } from '../plan/record.ts'
import { applyEdits, type TextEdit } from '../text/edit.ts'
import { SourceText } from '../text/source.ts'
import type { RankedEdit } from '../yaml/edit-list.ts'
import { Alikes, type Shelf } from './alike.ts'
import type { WorkloadsApart } from './apart.ts'
import { whoAsked, type Asker } from './blame.ts'
import { decide, type Decision } from './decide.ts'
import { readInput, type ReadDocument } from './read.ts'
import type { Task, Worked } from './types.ts'
import { stretchesOf } from './stretch.ts'
import { checkPodSecurity, checkWorkload } from './validate.ts'
import { unsafe, verifyDocument } from './verify.ts'
import { workOn } from './workload.ts'

/** What holds for all documents of a run. */
export interface Run {
  task: Task
  options: InjectOptions
  kinds: readonly WorkloadKind[]
  alikes: Alikes
  apart: WorkloadsApart
  checker: ObjectChecker
}

/** What became of a document. */
export interface DocumentResult {
  /** One for each workload. */
  worked: readonly Worked[]
  edits: readonly TextEdit[]
  diagnostics: readonly Diagnostic[]
}

/**
 * Works on one document, from the choice of sidecars to the checked result.
 * @param isSound false for a document with errors, for which no result need be checked
 * @returns undefined when further objects are about, which concern all documents of an input
 */
export function workOnDocument(document: ReadDocument, run: Run, isSound: boolean): DocumentResult | undefined {
  const { task, options } = run
  const { doc, workloads } = document
  const decisions = workloads.map((workload) => decide(workload, task, options))
  const shelves = isSound ? shelvesFor(document, decisions, run) : []
  const isAlone = workloads.length === 1
  const plan = isAlone ? shelves[0]?.recall() : undefined
  // At the end of a text the last line break may be missing, which an editor sees to.
  if (plan !== undefined && doc.end < doc.source.text.length) {
    const [before] = workloads as [Workload]
    return { worked: [plan.worked], edits: plan.edits, diagnostics: checkRules(before, planned(before, plan.worked), plan.worked, run) }
  }
  const editor = new DocumentEditor(doc)
  const recalled = new Map<number, readonly RankedEdit[]>()
  const worked = workloads.map((workload, n) => {
    const known = isAlone ? plan : shelves[n]?.recall()
    if (known !== undefined) {
      recalled.set(n, known.edits)
      return known.worked
    }
    const { made, edits } = editor.noting(() => workOn(workload, decisions[n] as Decision, editor, task, options))
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
    const made = worked[n] as Worked
    return checkRules(before, recalled.has(n) ? planned(before, made) : after.workloads[n] as Workload, made, run)
  })
  return { worked, edits: recalled.size === 0 ? edits : editor.edits(), diagnostics: [...diagnostics, ...found] }
}

/**
 * Where the plans for the like of each workload are kept; undefined for one that must be planned by itself. The items of
 * a list are written in the style of that list, so they share plans with one another only.
 */
function shelvesFor(document: ReadDocument, decisions: readonly Decision[], { alikes, task }: Run): (Shelf | undefined)[] {
  const { workloads } = document
  const plans = workloads.length > 1 ? new Alikes() : alikes
  return stretchesOf(document).map((stretch, n) => {
    const decision = decisions[n]
    if (stretch === undefined || decision === undefined || !isPlain(decision)) return undefined
    return plans.shelf(workloads[n] as Workload, stretch, task, decision.selection)
  })
}

/** True where nothing but the plan is still to be said of a workload. */
function isPlain(decision: Decision): decision is Extract<Decision, { skip?: never }> {
  return decision.skip === undefined && decision.selection?.reason === undefined && (decision.selection?.diagnostics.length ?? 0) === 0
}

function concernsOthers({ companions }: Worked): boolean {
  return companions !== undefined && (companions.wanted.length > 0 || companions.recorded.size > 0)
}

/** Holds a workload that was not skipped against the rules of Kubernetes. */
export function checkRules(before: Workload, after: Workload, { outcome }: Worked, { task, options, checker }: Run): Diagnostic[] {
  if (outcome.status === 'skipped') return []
  const lowered = options.allowLowerPodSecurity === true ? [] : checkPodSecurity(before, after, options.kubeVersion, task.command)
  if (task.command !== 'inject') return lowered
  const askerOf = (path: FieldPath): Asker | undefined => whoAsked(after, path, outcome.fields ?? [], task.find)
  return [...checkWorkload(checker, before, after, !options.validate, askerOf), ...lowered]
}

/** A workload as it will be, by its plan. */
function planned(workload: Workload, { changes = [], record }: Worked): Workload {
  if (changes.length === 0) return workload
  const change = (template: Json): Json => applyChanges(template as JsonObject, changes, ownedBy(record))
  return { ...workload, data: replaced(workload.data, workload.templatePath, change) as JsonObject }
}

/** The data with another value at a path; what lies beside the path is shared. */
function replaced(data: Json, path: FieldPath, make: (value: Json) => Json): Json {
  const [step, ...rest] = path
  if (step === undefined) return make(data)
  const copy = Array.isArray(data) ? data.slice() : Object.assign(emptyObject(), data);
  (copy as JsonObject)[step] = replaced((copy as JsonObject)[step] as Json, rest, make)
  return copy
}

/**
 * Checks a changed document before anyone sees it: read again, nothing but our part differs, and our part is what was
 * planned; planning again finds nothing to do; and where nothing of ours was there before, taking it out again gives
 * the original text.
 * @param isNew tells the workloads that were planned; the others are as they were
 * @returns the document as it is read again, or what is wrong
 */
function checked(
  document: ReadDocument,
  worked: readonly Worked[],
  isNew: (one: unknown, n: number) => boolean,
  edits: readonly TextEdit[],
  run: Run,
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
  if (worked.some((w) => w.record.sidecars.size > 0)) return read
  const undo = silentEdits(changed, { ...run.task, command: 'uninject', names: undefined, silent: true }, run.options)
  if (applyEdits(after.source.text, undo) === original) return read
  return [unsafe(workloads[0], 'taking the sidecars out again would not give the original text')]
}

/** Whether a pod template reads back as its plan has it. What is put back as text is compared by other means. */
function isAsPlanned(before: Workload, { changes = [], record }: Worked, after: Workload): boolean {
  if (changes.some(({ type }) => type === 'restore' || type === 'write-out')) return true
  const template = templateOf(before) as JsonObject
  return isEqual(applyChanges(template, changes, ownedBy(record)), templateOf(after))
}

function silentEdits({ doc, workloads }: ReadDocument, task: Task, options: InjectOptions): TextEdit[] {
  const editor = new DocumentEditor(doc)
  for (const workload of workloads) workOn(workload, decide(workload, task, options), editor, task, options)
  return editor.edits()
}
