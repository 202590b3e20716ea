import { resolve } from 'node:path'
import { hasErrors, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { Prefilter } from '../core/inject/prefilter.ts'
import { kindsWith } from '../core/inject/read-input.ts'
import type { RunResult } from '../core/inject/result.ts'
import type { InjectOptions } from '../core/inject/options.ts'
import { groupParts, joinParts } from '../core/text/parts.ts'
import { splitDocuments } from '../core/yaml/read/split.ts'
import type { Host } from '../io/host.ts'
import type { Chunking } from '../io/chunked-input.ts'
import type { Loaded, LoadedFile } from '../io/read-files.ts'
import type { OtherFile } from '../report/other-files.ts'
import type { SharedSettings, SinceOptions, SinceResult } from './changed-since.ts'
import type { CommonOptions } from './commands/shared-options.ts'
import { loadValues } from './values.ts'
import type { SidecarOptions } from './commands/sidecar-options.ts'
import type { Engine } from './engine.ts'
import { engineSettings, policiesOf, type UnchosenIn } from './engine-settings.ts'
import { loadPolicies, type LoadedPolicies } from './policy.ts'
import { discoverRunInputs, readInputsOf, readInputs, searchOf, type RunInputs } from './read-inputs.ts'
import type { RunContext, RunStore } from './run-context.ts'
import type { ChangeOptions } from './staged.ts'

/** The manifests of a run and the settings for the engine. */
export interface LoadedManifests {
  loaded: Loaded
  settings: InjectOptions
  /** Problems with templates, policy and inputs. */
  diagnostics: readonly Diagnostic[]
  /** Those of them that are about one input each. */
  ofInputs: readonly Diagnostic[]
  /** Files that are not manifests. */
  others: readonly OtherFile[]
  policies: LoadedPolicies
  /** False when a policy or the changed files could not be read, so that a result would be wrong. */
  usable: boolean
}

/** How a command reads manifests. */
export interface LoadHow {
  /** Whether a long input may be read in parts, each a text of its own; otherwise every input is one text. */
  inParts: boolean
  /** What workloads get for which nobody selects sidecars, in files that were named and in those of folders. */
  unchosen: UnchosenIn
  /** Whether Compose files that were named are inputs. Default: yes. */
  compose?: boolean
  /** Whether inputs of lists without items are an error as empty ones are. Default: no. */
  emptyLists?: boolean
}

/** Reads policies, templates and manifests. */
export async function loadManifests(
  { host, progress, store }: RunContext,
  options: SidecarOptions & Partial<ChangeOptions>,
  { inParts, unchosen, compose = true, emptyLists = false }: LoadHow,
): Promise<LoadedManifests> {
  const found = discoverRunInputs(host, options)
  const policies = await loadPolicies(host, options, found.files)
  const templates = await readInputsOf(host, options.templates, searchOf(options))
  const values = await loadValues(host, options.values, searchOf(options))
  const parting = inParts ? { ...partingOf(host, store), isHead: headTest(policies) } : undefined
  const how = { onProgress: progress.hook, ...(parting !== undefined && { parting }) }
  const inputs = await readInputs(host, options, how, { compose, emptyLists }, found)
  host.tuneHeap(inputs.size)
  const manifests = inputs.files.filter((file) => isManifest(file, policies, options, host))
  const named = { files: [...templates.files, ...values.files], paths: [...options.templates, ...options.values] }
  const since = await onlyChanged(options, { ...inputs, files: manifests }, { policies, named }, host)
  return {
    loaded: { ...inputs, files: since.files },
    settings: {
      ...engineSettings(host, options, templates.files, policiesOf(since.files, policies, unchosen)),
      parameters: [...values.settings, ...options.parameters],
      context: since.unchanged.map(({ source }) => source),
      onProgress: progress.hook,
      keepText: inParts ? store.keepText : undefined,
    },
    usable: !hasErrors([...policies.diagnostics, ...values.diagnostics, ...since.diagnostics]),
    others: since.others,
    ofInputs: since.ofInputs,
    policies,
    diagnostics: [...[policies, templates, values, since].flatMap(({ diagnostics }) => diagnostics), ...since.ofInputs],
  }
}

/** Runs the engine on manifests; if it needs whole inputs, joins the parts of long ones and runs it again. */
export async function runEngine(
  loaded: Loaded,
  operation: Engine['inject'],
  options: InjectOptions,
): Promise<{ result: RunResult; loaded: Loaded }> {
  const result = await operation(
    loaded.files.map(({ source }) => source),
    options,
  )
  if (result.needsWhole !== true) return { result, loaded }
  const files = groupParts(loaded.files).map((parts): LoadedFile => {
    const [{ file, identity }] = parts
    return { source: joinParts(parts), file, identity }
  })
  return {
    result: await operation(
      files.map(({ source }) => source),
      options,
    ),
    loaded: { ...loaded, files },
  }
}

/** Objects that belong to a workload usually follow it, so a part should begin with a workload. */
function headTest({ used }: LoadedPolicies): (document: string) => boolean {
  let prefilter: Prefilter | undefined
  const kinds = used.flatMap(({ policy }) => policy?.kinds ?? [])
  return (document) => !(prefilter ??= new Prefilter(kindsWith(kinds))).namesForeignKind(document)
}

/** How long inputs are split into parts. */
export function partingOf(host: Host, store: RunStore): Chunking {
  return { countDocuments: (source) => splitDocuments(source).length, store: store.open, sizes: host.sizes }
}

function pathOf({ file }: LoadedFile): string {
  return file.kind === 'stdin' ? '' : file.path
}

/** False for policy files and their templates found in a folder; they are read as manifests only when named as PATH. */
export function isManifest(
  file: LoadedFile,
  policies: LoadedPolicies,
  options: Pick<CommonOptions, 'paths'>,
  host: Host,
): boolean {
  const path = pathOf(file)
  if (!policies.paths.has(path)) return true
  return options.paths.some((typed) => resolve(host.cwd, typed) === path)
}

/** The inputs that changed since a git revision, where `--since` or `--staged` asks for these; otherwise all. */
export async function onlyChanged(
  options: SinceOptions,
  inputs: RunInputs,
  settings: SharedSettings,
  host: Host,
): Promise<SinceResult> {
  const { files, others, diagnostics } = inputs
  if (options.since === undefined && options.changed === undefined)
    return { files, unchanged: [], others, diagnostics: [], ofInputs: diagnostics }
  const { changedSince } = await import('./changed-since.ts')
  return changedSince(options, inputs, settings, host)
}
