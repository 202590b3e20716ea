import { append } from '../common/append.ts'
import { diagnostic, hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import type { WorkloadKind } from '../kube/kinds.ts'
import type { Workload } from '../kube/workload.ts'
import type { InjectOptions } from './options.ts'
import type { FileResult, RunResult, WorkloadOutcome } from './result.ts'
import { DEFAULT_ORIGIN, DEFAULT_SIDECAR, unusedSettings, type Selector } from '../selection/selector.ts'
import type { WorkloadState, WorkloadSummary } from '../services/workload-summary.ts'
import { concerned, type ProcessedFile, WorkloadSummaries } from './workload-summaries.ts'
import type { RetargetedFile } from './retarget-services.ts'
import type { Template } from '../template/template.ts'
import type { TextEdit } from '../text/edit.ts'
import type { SourceText } from '../text/source.ts'
import { injectDocuments, type RunContext } from './documents.ts'
import { EditedFile } from './edited-file.ts'
import { extraObjectOwner, reportExtraObjectConflicts, type ExtraObjectOwner } from './extra-object-conflicts.ts'
import { readEach, readInput, type DocumentGroup } from './read-input.ts'
import { dedupeDiagnostics, uniqueDiagnostics } from '../diagnostics/dedupe.ts'
import { contextsOf, openScopes, openSelector, type Scope } from './scopes.ts'
import { unreadableNotes, withReadableNeighbours } from './neighbours.ts'
import { overrideNote } from './resolve-sidecar.ts'
import { bringsObjects, type Operation, type WorkloadResult } from './workload-result.ts'

/** Puts into every workload of the inputs the sidecars that flags, annotations and policy choose for it. */
export async function inject(inputs: readonly SourceText[], options: InjectOptions): Promise<RunResult> {
  const { scopes, diagnostics } = await openScopes(inputs, options)
  const selectors = new Map<Scope, Selector>()
  for (const scope of scopes) {
    const { selector, diagnostics: problems } = openSelector(scope, inputs)
    append(diagnostics, problems)
    selectors.set(scope, selector)
  }
  if (hasErrors(diagnostics)) return { files: inputs.map(untouched), diagnostics: uniqueDiagnostics(diagnostics) }
  const taskOf = (scope: Scope): Operation => ({
    command: 'inject',
    select: (selectors.get(scope) as Selector).select,
    find: scope.catalog.get,
    isOwn: scope.catalog.isOwn,
  })
  const result = await runAll(inputs, contextsOf(scopes, taskOf), options)
  const refused = nothingChosen(result)
  if (refused.length > 0)
    return { files: result.files.map(unchanged), diagnostics: [...refused, ...result.diagnostics] }
  append(diagnostics, notes(scopes, selectors))
  append(diagnostics, defaultNote(result))
  return { ...result, diagnostics: [...uniqueDiagnostics(diagnostics), ...result.diagnostics] }
}

/** What is to be said of the templates that a run used, and did not use. */
function notes(scopes: readonly Scope[], selectors: ReadonlyMap<Scope, Selector>): Diagnostic[] {
  const used = new Set<string>()
  for (const selector of selectors.values()) for (const name of selector.used) used.add(name)
  return scopes.flatMap((scope) => {
    const { options, catalog } = scope
    const own = [...new Set([...(options.sidecars ?? []), ...(selectors.get(scope)?.used ?? [])])].filter(catalog.isOwn)
    const overriding = own.flatMap((name) => overrideNote(catalog.get(name) as Template, options))
    return overriding.concat(unusedSettings(options, catalog, used))
  })
}

/** The error of a run in which workloads of a folder get no sidecars from anyone, where that is not to mean the default. */
function nothingChosen({ files }: RunResult): Diagnostic[] {
  const refused = files.flatMap(({ source, workloads }) =>
    workloads
      .filter(({ selection }) => selection?.isRefused === true)
      .map(({ resource, document, offset }) => ({ source, resource, document, offset })),
  )
  const [first] = refused
  if (first === undefined) return []
  const { source, resource, document, offset } = first
  const others = refused.length - 1
  return [
    diagnostic(
      'SIDECAR_NOT_CHOSEN',
      `no sidecar is selected for this workload${others === 0 ? '' : ` and ${others} more`}: a folder needs -s or a policy file`,
      {
        at: { source, range: { start: offset, end: offset + 1 } },
        document,
        resource,
        hint: 'select sidecars with -s NAME[,NAME] (`sidecarctl templates list` lists them), or say in a policy file which workloads get which: sidecarctl init',
      },
    ),
  ]
}

/** Says which sidecar was taken where nobody chose any. */
function defaultNote(result: RunResult): Diagnostic[] {
  const workloads = result.files.flatMap((file) => file.workloads)
  if (!workloads.some(({ selection }) => selection?.origin === DEFAULT_ORIGIN)) return []
  return [
    diagnostic('SIDECAR_DEFAULT', `no sidecar was selected, so "${DEFAULT_SIDECAR}" is used`, {
      hint: 'select sidecars with --sidecar NAME[,NAME]; `sidecarctl templates list` lists them',
    }),
  ]
}

/** Takes the named sidecars, or all, out of every workload of the inputs that is selected. */
export async function uninject(inputs: readonly SourceText[], options: InjectOptions): Promise<RunResult> {
  const names = options.sidecars === undefined ? undefined : new Set(options.sidecars)
  // Templates tell what their sidecars can have added. Those with errors tell nothing here, and are nobody's concern.
  const { scopes } = await openScopes(inputs, options)
  const taskOf = ({ catalog }: Scope): Operation => ({
    command: 'uninject',
    names,
    find: catalog.get,
    isOwn: catalog.isOwn,
  })
  const result = await runAll(inputs, contextsOf(scopes, taskOf), options)
  const absent =
    result.needsWhole === true || hasErrors(result.diagnostics) ? [] : absentSidecars(result, names ?? new Set())
  return absent.length === 0
    ? result
    : { ...result, files: result.files.map(unchanged), diagnostics: [...absent, ...result.diagnostics] }
}

/** Sidecars to remove that no workload of the run has, and to whose port no Service was retargeted. */
function absentSidecars({ files }: RunResult, names: ReadonlySet<string>): Diagnostic[] {
  const workloads = files.flatMap((file) => file.workloads)
  const injected = workloads.flatMap(({ sidecars, others = [] }) => [...sidecars, ...others].map(({ name }) => name))
  const retargeted = files.flatMap(({ services = [] }) =>
    services.flatMap(({ ports }) => ports.flatMap((port) => port.sidecars)),
  )
  const present = new Set([...injected, ...retargeted])
  const hint = present.size === 0 ? 'no sidecar is injected here' : `injected here: ${[...present].sort().join(', ')}`
  return [...names]
    .filter((name) => !present.has(name))
    .map((name) =>
      diagnostic('SIDECAR_NOT_INJECTED', `sidecar "${name}" is not injected in any of these workloads`, { hint }),
    )
}

function unchanged(file: FileResult): FileResult {
  return { ...file, output: file.source.text }
}

function untouched(source: SourceText): FileResult {
  return { source, output: source.text, workloads: [] }
}

async function runAll(
  inputs: readonly SourceText[],
  runOf: (source: SourceText) => RunContext,
  { onProgress }: InjectOptions,
): Promise<RunResult> {
  const facts = new WorkloadSummaries(inputs)
  const worked: InputResult[] = []
  for (const [n, source] of inputs.entries()) {
    onProgress?.('processing', n + 1, inputs.length, source.label)
    const one = injectInput(source, runOf(source), facts)
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
  const isInjected = inputs.some((source) => runOf(source).task.command === 'inject')
  const sure = withReadableNeighbours(done, kindsOf, isOut)
  const readable = isInjected ? unreadableNotes(sure, kindsOf, isOut) : sure
  return {
    files: readable.map(({ file }) => file),
    diagnostics: dedupeDiagnostics(readable.flatMap(({ diagnostics }) => diagnostics.toSorted(byOffset))),
  }
}

/** An input with its workloads whose sidecars have further objects. */
interface InputResult extends ProcessedFile {
  bringers: readonly ExtraObjectOwner[]
  /** False where objects that belong to its workloads may stand in another part of a long input. */
  isComplete: boolean
}

/** Reports further objects that two inputs bring, or that one brings and another has; such an input is left as it was. */
function withoutClashes(
  all: readonly InputResult[],
  runOf: (source: SourceText) => RunContext,
): readonly ProcessedFile[] {
  const isInjected = all.some(({ file }) => runOf(file.source).task.command === 'inject')
  if (!isInjected || all.every(({ bringers }) => bringers.length === 0)) return all
  const reports = all.map(({ file, bringers, diagnostics }) => ({
    source: file.source,
    bringers,
    diagnostics: [...diagnostics],
  }))
  reportExtraObjectConflicts(reports)
  return all.map(({ file, workloads }, n) => {
    const { diagnostics } = reports[n] as (typeof reports)[number]
    if (!hasErrors(diagnostics)) return { file, workloads, diagnostics }
    return { file: new EditedFile(file.source, file.workloads, [], undefined), workloads, diagnostics }
  })
}

/** What came of the Services; nothing, and nothing is loaded, where none of them matters. */
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

/** One input: each of its documents by itself, or all together where sidecars bring further objects. */
function injectInput(source: SourceText, run: RunContext, facts: WorkloadSummaries): InputResult {
  return (
    injectGroups(source, eachDocument(source, run.kinds), run, facts) ??
    (injectGroups(source, [allDocuments(source, run.kinds)], run, facts) as InputResult)
  )
}

/** @returns undefined when the documents must be worked on together */
function injectGroups(
  source: SourceText,
  groups: Iterable<GroupToWorkOn>,
  run: RunContext,
  facts: WorkloadSummaries,
): InputResult | undefined {
  const isQuiet = isExcluded(source, run.options)
  const diagnostics: Diagnostic[] = []
  const edits: TextEdit[] = []
  const workloads: WorkloadOutcome[] = []
  const known: WorkloadSummary[] = []
  const bringers: ExtraObjectOwner[] = []
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
    append(known, facts.keep(before, one.worked))
    append(
      bringers,
      before.flatMap((workload, n) => bringerOf(workload, one.worked[n] as WorkloadResult)),
    )
  }
  const changes = hasErrors(diagnostics) ? [] : edits
  return {
    ...kept(new EditedFile(source, workloads, changes, run.options.keepText), diagnostics, known, bringers, run),
    isComplete,
  }
}

function bringerOf(workload: Workload, worked: WorkloadResult): ExtraObjectOwner[] {
  return worked.extraObjects === undefined || !bringsObjects(worked)
    ? []
    : [extraObjectOwner(workload, worked.extraObjects)]
}

/** Documents with what is wrong with them. */
type GroupToWorkOn = DocumentGroup & { problems: readonly Diagnostic[] }

/** How many items of a list are worked on together: what is kept of plans does not grow with a list, and few are not worth it. */
const ITEMS_AT_A_TIME = 25

/** Document by document, and long lists some items at a time, so that an input of any length needs the memory of one. */
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

/** What is kept of an input, in a form in which it can be kept. */
function kept(
  file: EditedFile,
  diagnostics: readonly Diagnostic[],
  workloads: readonly WorkloadSummary[],
  bringers: readonly ExtraObjectOwner[],
  { apart }: RunContext,
): Omit<InputResult, 'isComplete'> {
  if (!file.source.isStored) return { file, diagnostics, workloads, bringers }
  const outcomes = new Map<WorkloadState, WorkloadOutcome>(
    file.workloads.map((outcome) => [outcome, apart.outcome(outcome)]),
  )
  return {
    file: file.with([...outcomes.values()]),
    diagnostics: diagnostics.map((one) => apart.diagnostic(one)),
    workloads: workloads.map((one) => apart.facts(one, outcomes.get(one.outcome) as WorkloadOutcome)),
    bringers: bringers.map((one) => apart.bringer(one)),
  }
}

/** What cannot be read in a file that the policy excludes is nobody's business here. */
function isExcluded({ label }: SourceText, { policy }: InjectOptions): boolean {
  const path = policy?.pathOf(label)
  return path !== undefined && policy?.excludesPath(path) === true
}
