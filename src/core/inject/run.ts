import { append } from '../common/append.ts'
import { objectValidator } from '../validate/object-validator.ts'
import { diagnostic, hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import type { InjectOptions } from './options.ts'
import { DocumentEditor } from '../patch/document-editor.ts'
import { validatePolicy } from '../selection/validate-policy.ts'
import type { FileResult, RunResult, WorkloadOutcome } from './result.ts'
import { openCatalog, type Catalog } from '../selection/catalog.ts'
import { createSelector, DEFAULT_SIDECAR, unusedSettings } from '../selection/selector.ts'
import type { WorkloadState, WorkloadSummary } from '../services/workload-summary.ts'
import { concerned, type ProcessedFile, WorkloadSummaries } from './workload-summaries.ts'
import type { RetargetedFile } from './retarget-services.ts'
import type { Template } from '../template/template.ts'
import { applyEdits, type TextEdit } from '../text/edit.ts'
import type { SourceText } from '../text/source.ts'
import { PlanCache } from './plan-cache.ts'
import { ResultDetacher } from './detach-results.ts'
import { planExtraObjects, type PlannedWorkload, type PlannedObjects } from './extra-objects.ts'
import { decide } from '../selection/decide.ts'
import { checkRules, injectDocument, type RunContext } from './document.ts'
import { EditedFile } from './edited-file.ts'
import { extraObjectOwner, reportExtraObjectConflicts, type ExtraObjectOwner } from './extra-object-conflicts.ts'
import { kindsWith, readEach, readInput, type ReadInput } from './read-input.ts'
import { dedupeDiagnostics } from '../diagnostics/dedupe.ts'
import { isSameText } from './same-text.ts'
import { overrideNote } from './resolve-sidecar.ts'
import { validateExtraObjects } from './validate-result.ts'
import { unsafe, verifyResult } from './verify.ts'
import { selectOf, type Operation, type WorkloadResult } from './workload-result.ts'
import { processWorkload } from './workload.ts'

/** Puts into every workload of the inputs the sidecars that flags, annotations and policy choose for it. */
export async function inject(inputs: readonly SourceText[], options: InjectOptions): Promise<RunResult> {
  const { catalog, diagnostics } = await openCatalog(options)
  if (options.policy !== undefined) append(diagnostics, validatePolicy(options.policy, catalog))
  const { selector, diagnostics: problems } = createSelector(inputs, catalog, options)
  append(diagnostics, problems)
  if (hasErrors(diagnostics)) return { files: inputs.map(untouched), diagnostics }
  const result = await runAll(inputs, { command: 'inject', select: selector.select, find: catalog.get, isOwn: catalog.isOwn }, options)
  append(diagnostics, notes(catalog, selector.used, options))
  append(diagnostics, defaultNote(result))
  return { ...result, diagnostics: [...diagnostics, ...result.diagnostics] }
}

/** What is to be said of the templates that a run used, and did not use. */
function notes(catalog: Catalog, used: ReadonlySet<string>, options: InjectOptions): Diagnostic[] {
  const own = [...new Set([...(options.sidecars ?? []), ...used])].filter(catalog.isOwn)
  return [
    ...own.flatMap((name) => overrideNote(catalog.get(name) as Template, options)),
    ...unusedSettings(options, catalog, used),
  ]
}

/** Says which sidecar was taken where nobody chose any. */
function defaultNote(result: RunResult): Diagnostic[] {
  const workloads = result.files.flatMap((file) => file.workloads)
  if (!workloads.some(({ selection }) => selection?.origin.level === 'default')) return []
  return [diagnostic('SIDECAR_DEFAULT', `no sidecar was chosen, so "${DEFAULT_SIDECAR}" is used`, {
    hint: 'choose with --sidecar NAME[,NAME]; `sidecarctl templates list` names them',
  })]
}

/** Takes the named sidecars, or all, out of every workload of the inputs that is selected. */
export async function uninject(inputs: readonly SourceText[], options: InjectOptions): Promise<RunResult> {
  const names = options.sidecars === undefined ? undefined : new Set(options.sidecars)
  // Templates tell what their sidecars can have added. Those with errors tell nothing here, and are nobody's concern.
  const { catalog } = await openCatalog(options)
  const result = await runAll(inputs, { command: 'uninject', names, find: catalog.get, isOwn: catalog.isOwn }, options)
  const absent = result.needsWhole === true || hasErrors(result.diagnostics) ? [] : absentSidecars(result, names ?? new Set())
  return absent.length === 0 ? result : { ...result, files: result.files.map(unchanged), diagnostics: [...absent, ...result.diagnostics] }
}

/** Names that are to be taken out and that no workload of the run has. */
function absentSidecars({ files }: RunResult, names: ReadonlySet<string>): Diagnostic[] {
  const workloads = files.flatMap((file) => file.workloads)
  const present = new Set(workloads.flatMap(({ sidecars, others = [] }) => [...sidecars, ...others].map(({ name }) => name)))
  const hint = present.size === 0 ? 'no sidecar is injected here' : `injected here: ${[...present].sort().join(', ')}`
  return [...names].filter((name) => !present.has(name)).map((name) =>
    diagnostic('SIDECAR_NOT_INJECTED', `sidecar "${name}" is not injected in any of these workloads`, { hint }))
}

function unchanged(file: FileResult): FileResult {
  return { ...file, output: file.source.text }
}

function untouched(source: SourceText): FileResult {
  return { source, output: source.text, workloads: [] }
}

async function runAll(inputs: readonly SourceText[], task: Operation, options: InjectOptions): Promise<RunResult> {
  const kinds = kindsWith(options.policy?.kinds ?? [])
  const run: RunContext = { task, options, kinds, alikes: new PlanCache(), apart: new ResultDetacher(), checker: objectValidator(options) }
  const facts = new WorkloadSummaries(inputs)
  const worked: InputResult[] = []
  for (const [n, source] of inputs.entries()) {
    options.onProgress?.('working on', n + 1, inputs.length, source.label)
    const one = injectByDocument(source, run, facts) ?? injectWholeInput(readInput(source, kinds), run, facts)
    if (one === undefined) return { files: [], diagnostics: [], needsWhole: true }
    worked.push(one)
  }
  const sound = task.command === 'inject' ? withoutClashes(worked) : worked
  const services = await workOnServices(sound, run)
  return {
    files: sound.map(({ file }, n) => services[n]?.file ?? file),
    diagnostics: dedupeDiagnostics(sound.flatMap(({ diagnostics }, n) => diagnostics.concat(services[n]?.diagnostics ?? []).sort(byOffset))),
  }
}

/** An input with its workloads whose sidecars have further objects. */
interface InputResult extends ProcessedFile {
  bringers: readonly ExtraObjectOwner[]
}

/** Reports further objects that two inputs bring, or that one brings and another has; such an input is left as it was. */
function withoutClashes(all: readonly InputResult[]): readonly ProcessedFile[] {
  if (all.every(({ bringers }) => bringers.length === 0)) return all
  const reports = all.map(({ file, bringers, diagnostics }) => ({ source: file.source, bringers, diagnostics: [...diagnostics] }))
  reportExtraObjectConflicts(reports)
  return all.map(({ file, workloads }, n) => {
    const { diagnostics } = reports[n] as (typeof reports)[number]
    if (!hasErrors(diagnostics)) return { file, workloads, diagnostics }
    return { file: new EditedFile(file.source, file.workloads, [], undefined), workloads, diagnostics }
  })
}

/** What came of the Services; nothing, and nothing is loaded, where none of them matters. */
async function workOnServices(worked: readonly ProcessedFile[], run: RunContext): Promise<readonly RetargetedFile[]> {
  if (concerned(worked).size === 0) return []
  const { retargetServices } = await import('./retarget-services.ts')
  return retargetServices(worked, run)
}

function byOffset(a: Diagnostic, b: Diagnostic): number {
  return (a.at?.range.start ?? 0) - (b.at?.range.start ?? 0) || a.code.localeCompare(b.code)
}

/** One input, each of its documents by itself; undefined when sidecars bring further objects along. */
function injectByDocument(source: SourceText, run: RunContext, facts: WorkloadSummaries): InputResult | undefined {
  const isQuiet = isExcluded(source, run.options)
  const diagnostics: Diagnostic[] = []
  const edits: TextEdit[] = []
  const workloads: WorkloadOutcome[] = []
  const known: WorkloadSummary[] = []
  for (const { document, diagnostics: problems } of readEach(source, run.kinds)) {
    if (!isQuiet) append(diagnostics, problems)
    if (document === undefined) continue
    const one = injectDocument(document, run, !hasErrors(problems))
    if (one === undefined) return undefined
    append(edits, one.edits)
    append(diagnostics, one.diagnostics)
    append(workloads, one.worked.map(({ outcome }) => outcome))
    append(known, facts.keep(document.workloads, one.worked))
  }
  const changes = hasErrors(diagnostics) ? [] : edits
  return inputResult(new EditedFile(source, workloads, changes, run.options.keepText), diagnostics, known, [], run)
}

/** What is kept of an input, in a form in which it can be kept. */
function inputResult(file: EditedFile, diagnostics: readonly Diagnostic[], workloads: readonly WorkloadSummary[], bringers: readonly ExtraObjectOwner[], { apart }: RunContext): InputResult {
  if (!file.source.isStored) return { file, diagnostics, workloads, bringers }
  const outcomes = new Map<WorkloadState, WorkloadOutcome>(file.workloads.map((outcome) => [outcome, apart.outcome(outcome)]))
  return {
    file: file.with([...outcomes.values()]),
    diagnostics: diagnostics.map((one) => apart.diagnostic(one)),
    workloads: workloads.map((one) => apart.facts(one, outcomes.get(one.outcome) as WorkloadOutcome)),
    bringers: bringers.map((one) => apart.bringer(one)),
  }
}

/**
 * One input as a whole, from planning to the checked result.
 * @returns undefined for a part of a long input when objects that belong to its workloads stand in another part
 */
function injectWholeInput(input: ReadInput, run: RunContext, facts: WorkloadSummaries): InputResult | undefined {
  const { source } = input
  const { task, options, kinds } = run
  const diagnostics = isExcluded(source, options) ? [] : [...input.diagnostics]
  const { edits, worked, objects } = planAll(input, task, options)
  if (source.isStored && !objects.isComplete) return undefined
  append(diagnostics, worked.flatMap((w) => w.diagnostics))
  const workloads = worked.map((w) => w.outcome)
  const changes = !hasErrors(diagnostics) && edits.length > 0
  const output = changes ? applyEdits(source.text, edits) : source.text
  const after = changes ? readInput(source.become(output), kinds) : input
  if (changes) append(diagnostics, checkResult(input, after, task, options, { worked, objects }))
  if (!hasErrors(diagnostics)) append(diagnostics, checkObjects(input, after, worked, run))
  const before = input.documents.flatMap((d) => d.workloads)
  const bringers = before.flatMap((workload, n): ExtraObjectOwner[] => {
    const extraObjects = worked[n]?.extraObjects
    return extraObjects === undefined ? [] : [extraObjectOwner(workload, extraObjects)]
  })
  return inputResult(new EditedFile(source, workloads, changes ? edits : [], options.keepText), diagnostics, facts.keep(before, worked), bringers, run)
}

/** What cannot be read in a file that the policy excludes is nobody's business here. */
function isExcluded({ label }: SourceText, { policy }: InjectOptions): boolean {
  const path = policy?.pathOf(label)
  return path !== undefined && policy?.excludesPath(path) === true
}

/** The plans for all workloads of an input. */
interface PlannedAll {
  edits: TextEdit[]
  worked: WorkloadResult[]
  objects: PlannedObjects
}

function planAll(input: ReadInput, task: Operation, options: InjectOptions): PlannedAll {
  const planned = input.documents.flatMap(({ doc, workloads }) => {
    const editor = new DocumentEditor(doc)
    return workloads.map((workload): PlannedWorkload => ({ workload, editor, worked: processWorkload(workload, decide(workload, selectOf(task), options), editor, task, options) }))
  })
  const objects = planExtraObjects(input.source, planned, task, options.force)
  const edits = [...new Set(planned.map(({ editor }) => editor))].flatMap((editor) => editor.edits())
  return { edits, worked: planned.map(({ worked }) => worked), objects }
}

/**
 * Checks a result before anyone sees it: nothing but our part differs, planning again finds nothing to do, and taking
 * everything out again gives the text that was there without sidecars.
 */
function checkResult(
  input: ReadInput,
  after: ReadInput,
  task: Operation,
  options: InjectOptions,
  { worked, objects }: Pick<PlannedAll, 'worked' | 'objects'>,
): Diagnostic[] {
  const first = input.documents[0]?.workloads[0]
  const problems = verifyResult(input.documents, after, objects)
  if (problems.length > 0 || task.command === 'uninject') return problems
  if (planAll(after, { ...task, silent: true }, options).edits.length > 0) return [unsafe(first, 'a second run would change the result again')]
  const isAgain = worked.some((w) => w.record.sidecars.size > 0)
  const bare = isAgain ? textWithoutOurs(input, task, options) : input.source.text
  const undone = bare === undefined ? undefined : textWithoutOurs(after, task, options)
  if (undone !== undefined && worked.some((w) => w.isAdopted === true)) return []
  if (bare === undone || (isAgain && isSameText(bare ?? '', undone ?? ''))) return []
  return [unsafe(first, 'taking the sidecars out again would not give the original text')]
}

/** The text of an input with all sidecars taken out; undefined where they cannot be. */
function textWithoutOurs(input: ReadInput, task: Operation, options: InjectOptions): string | undefined {
  const { edits, worked } = planAll(input, { ...task, command: 'uninject', names: undefined, silent: true }, options)
  return worked.some(({ diagnostics }) => hasErrors(diagnostics)) ? undefined : applyEdits(input.source.text, edits)
}

/** Holds the workloads that were not skipped against the rules of Kubernetes. */
function checkObjects(input: ReadInput, after: ReadInput, worked: readonly WorkloadResult[], run: RunContext): Diagnostic[] {
  const before = input.documents.flatMap((d) => d.workloads)
  const results = after.documents.flatMap((d) => d.workloads)
  return before.flatMap((workload, n) => {
    const result = results[n]
    if (result === undefined || worked[n]?.outcome.status === 'skipped') return []
    const one = worked[n] as WorkloadResult
    return checkRules(workload, result, one, run).concat(validateExtraObjects(run.checker, workload, one.extraObjects?.wanted ?? []))
  })
}
