import { objectChecker } from '../check/object.ts'
import { diagnostic, hasErrors, type Diagnostic } from '../diagnostic.ts'
import type { InjectOptions } from '../options.ts'
import { DocumentEditor } from '../plan/edits.ts'
import { checkPolicy } from '../policy/check.ts'
import type { FileResult, RunResult, WorkloadOutcome } from '../result.ts'
import { openCatalog, type Catalog } from '../select/catalog.ts'
import { createSelector, DEFAULT_SIDECAR, unusedSettings } from '../select/select.ts'
import { concerned, FactKeeper, type WorkedFile, type WorkloadFacts } from '../services/facts.ts'
import type { RetargetedFile } from '../services/index.ts'
import type { Template } from '../template/types.ts'
import { applyEdits, type TextEdit } from '../text/edit.ts'
import type { SourceText } from '../text/source.ts'
import { Alikes } from './alike.ts'
import { WorkloadsApart } from './apart.ts'
import { planCompanions, type Planned, type PlannedObjects } from './companions.ts'
import { decide } from './decide.ts'
import { checkRules, workOnDocument, type Run } from './document.ts'
import { EditedFile } from './edited-file.ts'
import { bringerOf, reportOthers, type Bringer } from './other-inputs.ts'
import { kindsWith, readEach, readInput, type ReadInput } from './read.ts'
import { withoutRepeats } from './repeats.ts'
import { overrideNote } from './sidecars.ts'
import { checkCompanions } from './validate.ts'
import { unsafe, verifyResult } from './verify.ts'
import type { Task, Worked } from './types.ts'
import { workOn } from './workload.ts'

/** Puts into every workload of the inputs the sidecars that flags, annotations and policy choose for it. */
export async function inject(inputs: readonly SourceText[], options: InjectOptions): Promise<RunResult> {
  const { catalog, diagnostics } = await openCatalog(options)
  if (options.policy !== undefined) diagnostics.push(...checkPolicy(options.policy, catalog))
  const { selector, diagnostics: problems } = createSelector(inputs, catalog, options)
  diagnostics.push(...problems)
  if (hasErrors(diagnostics)) return { files: inputs.map(untouched), diagnostics }
  const result = await runAll(inputs, { command: 'inject', select: selector.select, find: catalog.get, isOwn: catalog.isOwn }, options)
  diagnostics.push(...notes(catalog, selector.used, options), ...defaultNote(result))
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
  return await runAll(inputs, { command: 'uninject', names, find: catalog.get, isOwn: catalog.isOwn }, options)
}

function untouched(source: SourceText): FileResult {
  return { source, output: source.text, workloads: [] }
}

async function runAll(inputs: readonly SourceText[], task: Task, options: InjectOptions): Promise<RunResult> {
  const kinds = kindsWith(options.policy?.kinds ?? [])
  const run: Run = { task, options, kinds, alikes: new Alikes(), apart: new WorkloadsApart(), checker: objectChecker(options) }
  const facts = new FactKeeper(inputs)
  const worked: Done[] = []
  for (const [n, source] of inputs.entries()) {
    options.onProgress?.('working on', n + 1, inputs.length, source.label)
    const one = runApart(source, run, facts) ?? runTogether(readInput(source, kinds), run, facts)
    if (one === undefined) return { files: [], diagnostics: [], needsWhole: true }
    worked.push(one)
  }
  const sound = task.command === 'inject' ? withoutClashes(worked) : worked
  const services = await workOnServices(sound, run)
  return {
    files: sound.map(({ file }, n) => services[n]?.file ?? file),
    diagnostics: withoutRepeats(sound.flatMap(({ diagnostics }, n) => diagnostics.concat(services[n]?.diagnostics ?? []).sort(byOffset))),
  }
}

/** An input with its workloads whose sidecars have further objects. */
interface Done extends WorkedFile {
  bringers: readonly Bringer[]
}

/** Reports further objects that two inputs bring, or that one brings and another has; such an input is left as it was. */
function withoutClashes(all: readonly Done[]): readonly WorkedFile[] {
  if (all.every(({ bringers }) => bringers.length === 0)) return all
  const reports = all.map(({ file, bringers, diagnostics }) => ({ source: file.source, bringers, diagnostics: [...diagnostics] }))
  reportOthers(reports)
  return all.map(({ file, workloads }, n) => {
    const { diagnostics } = reports[n] as (typeof reports)[number]
    if (!hasErrors(diagnostics)) return { file, workloads, diagnostics }
    return { file: new EditedFile(file.source, file.workloads, [], undefined), workloads, diagnostics }
  })
}

/** What came of the Services; nothing, and nothing is loaded, where none of them matters. */
async function workOnServices(worked: readonly WorkedFile[], run: Run): Promise<readonly RetargetedFile[]> {
  if (concerned(worked).size === 0) return []
  const { retargetServices } = await import('../services/index.ts')
  return retargetServices(worked, run)
}

function byOffset(a: Diagnostic, b: Diagnostic): number {
  return (a.at?.range.start ?? 0) - (b.at?.range.start ?? 0) || a.code.localeCompare(b.code)
}

/** One input, each of its documents by itself; undefined when sidecars bring further objects along. */
function runApart(source: SourceText, run: Run, facts: FactKeeper): Done | undefined {
  const isQuiet = isExcluded(source, run.options)
  const diagnostics: Diagnostic[] = []
  const edits: TextEdit[] = []
  const workloads: WorkloadOutcome[] = []
  const known: WorkloadFacts[] = []
  for (const { document, diagnostics: problems } of readEach(source, run.kinds)) {
    if (!isQuiet) diagnostics.push(...problems)
    if (document === undefined) continue
    const one = workOnDocument(document, run, !hasErrors(problems))
    if (one === undefined) return undefined
    edits.push(...one.edits)
    diagnostics.push(...one.diagnostics)
    workloads.push(...one.worked.map(({ outcome }) => outcome))
    known.push(...facts.keep(document.workloads, one.worked))
  }
  const changes = hasErrors(diagnostics) ? [] : edits
  return done(new EditedFile(source, workloads, changes, run.options.keepText), diagnostics, known, [], run)
}

/** What is kept of an input, in a form in which it can be kept. */
function done(file: EditedFile, diagnostics: readonly Diagnostic[], workloads: readonly WorkloadFacts[], bringers: readonly Bringer[], { apart }: Run): Done {
  if (!file.source.isStored) return { file, diagnostics, workloads, bringers }
  const outcomes = new Map(file.workloads.map((outcome) => [outcome, apart.outcome(outcome)]))
  return {
    file: file.with([...outcomes.values()]),
    diagnostics: diagnostics.map((one) => apart.diagnostic(one)),
    workloads: workloads.map((one) => apart.facts(one, outcomes.get(one.outcome) ?? apart.outcome(one.outcome))),
    bringers: bringers.map((one) => apart.bringer(one)),
  }
}

/**
 * One input as a whole, from planning to the checked result.
 * @returns undefined for a part of a long input when objects that belong to its workloads stand in another part
 */
function runTogether(input: ReadInput, run: Run, facts: FactKeeper): Done | undefined {
  const { source } = input
  const { task, options, kinds } = run
  const diagnostics = isExcluded(source, options) ? [] : [...input.diagnostics]
  const { edits, worked, objects } = planAll(input, task, options)
  if (source.isStored && !objects.isComplete) return undefined
  diagnostics.push(...worked.flatMap((w) => w.diagnostics))
  const workloads = worked.map((w) => w.outcome)
  const changes = !hasErrors(diagnostics) && edits.length > 0
  const output = changes ? applyEdits(source.text, edits) : source.text
  const after = changes ? readInput(source.become(output), kinds) : input
  if (changes) diagnostics.push(...checkResult(input, after, task, options, { worked, objects }))
  if (!hasErrors(diagnostics)) diagnostics.push(...checkObjects(input, after, worked, run))
  const before = input.documents.flatMap((d) => d.workloads)
  const bringers = before.flatMap((workload, n): Bringer[] => {
    const companions = worked[n]?.companions
    return companions === undefined ? [] : [bringerOf(workload, companions)]
  })
  return done(new EditedFile(source, workloads, changes ? edits : [], options.keepText), diagnostics, facts.keep(before, worked), bringers, run)
}

/** What cannot be read in a file that the policy excludes is nobody's business here. */
function isExcluded({ label }: SourceText, { policy }: InjectOptions): boolean {
  const path = policy?.pathOf(label)
  return path !== undefined && policy?.excludesPath(path) === true
}

/** The plans for all workloads of an input. */
interface PlannedAll {
  edits: TextEdit[]
  worked: Worked[]
  objects: PlannedObjects
}

function planAll(input: ReadInput, task: Task, options: InjectOptions): PlannedAll {
  const planned = input.documents.flatMap(({ doc, workloads }) => {
    const editor = new DocumentEditor(doc)
    return workloads.map((workload): Planned => ({ workload, editor, worked: workOn(workload, decide(workload, task, options), editor, task, options) }))
  })
  const objects = planCompanions(input.source, planned, task, options.force)
  const edits = [...new Set(planned.map(({ editor }) => editor))].flatMap((editor) => editor.edits())
  return { edits, worked: planned.map(({ worked }) => worked), objects }
}

/**
 * Checks a result before anyone sees it: nothing but our part differs, planning again finds nothing to do, and
 * where nothing of ours was there before, taking it out again gives the original text.
 */
function checkResult(
  input: ReadInput,
  after: ReadInput,
  task: Task,
  options: InjectOptions,
  { worked, objects }: Pick<PlannedAll, 'worked' | 'objects'>,
): Diagnostic[] {
  const first = input.documents[0]?.workloads[0]
  const problems = verifyResult(input.documents, after, objects)
  if (problems.length > 0 || task.command === 'uninject') return problems
  if (planAll(after, { ...task, silent: true }, options).edits.length > 0) return [unsafe(first, 'a second run would change the result again')]
  if (worked.some((w) => w.record.sidecars.size > 0)) return []
  const undone = planAll(after, { ...task, command: 'uninject', names: undefined, silent: true }, options)
  if (applyEdits(after.source.text, undone.edits) === input.source.text) return []
  return [unsafe(first, 'taking the sidecars out again would not give the original text')]
}

/** Holds the workloads that were not skipped against the rules of Kubernetes. */
function checkObjects(input: ReadInput, after: ReadInput, worked: readonly Worked[], run: Run): Diagnostic[] {
  const before = input.documents.flatMap((d) => d.workloads)
  const results = after.documents.flatMap((d) => d.workloads)
  return before.flatMap((workload, n) => {
    const result = results[n]
    if (result === undefined || worked[n]?.outcome.status === 'skipped') return []
    const one = worked[n] as Worked
    return checkRules(workload, result, one, run).concat(checkCompanions(run.checker, workload, one.companions?.wanted ?? []))
  })
}
