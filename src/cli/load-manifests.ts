import { resolve, sep } from 'node:path'
import { diagnostic, hasErrors, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { Prefilter } from '../core/inject/prefilter.ts'
import { kindsWith } from '../core/inject/read-input.ts'
import type { RunResult } from '../core/inject/result.ts'
import type { InjectOptions } from '../core/inject/options.ts'
import { asksOfNamespace } from '../core/selection/namespaces.ts'
import { groupParts, joinParts } from '../core/text/parts.ts'
import { splitDocuments } from '../core/yaml/read/split.ts'
import type { ChangedFiles } from '../io/git.ts'
import type { Host } from '../io/host.ts'
import type { Chunking } from '../io/chunked-input.ts'
import type { Loaded, LoadedFile } from '../io/read-files.ts'
import type { OtherFile } from '../report/other-files.ts'
import type { CommonOptions } from './commands/shared-options.ts'
import { loadValues } from './values.ts'
import type { SidecarOptions } from './commands/sidecar-options.ts'
import type { Engine } from './engine.ts'
import { engineSettings, policiesOf, type UnchosenIn } from './engine-settings.ts'
import { loadPolicies, type LoadedPolicies, type LoadedPolicy } from './policy.ts'
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
  const named = [...templates.files, ...values.files]
  const since = await changedSince(options, { ...inputs, files: manifests }, { policies, named }, host)
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

/** The inputs of a run, split by `--since` or `--staged`. */
interface SinceResult {
  files: readonly LoadedFile[]
  /** The inputs that did not change; sidecars that their Namespace objects request still count. */
  unchanged: readonly LoadedFile[]
  /** Files that changed and are not manifests. */
  others: readonly OtherFile[]
  diagnostics: readonly Diagnostic[]
  /** Problems with one input each. */
  ofInputs: readonly Diagnostic[]
}

/**
 * Keeps the inputs that changed since a git revision; standard input always counts as changed. If a file changed that
 * affects others, those are kept too: of a policy or its templates, the files that it applies to; of a file of `-t` or `--values`
 * or a Namespace object that requests sidecars, all.
 */
export async function changedSince(
  { since, changed: known }: Partial<Pick<SidecarOptions, 'since'> & ChangeOptions>,
  { files, others, diagnostics: ofInputs }: RunInputs,
  settings: { policies: LoadedPolicies; named: readonly LoadedFile[] },
  host: Host,
): Promise<SinceResult> {
  if (since === undefined && known === undefined) return { files, unchanged: [], others, diagnostics: [], ofInputs }
  const revision = since ?? 'HEAD'
  const { findChanged } = await import('../io/git.ts')
  const changed = known ?? findChanged(host, revision)
  if ('code' in changed) return { files: [], unchanged: [], others: [], diagnostics: [changed], ofInputs }
  const isChanged = ({ file }: LoadedFile): boolean => file.kind === 'stdin' || isAmong(changed, file.path, host)
  const isChangedName = (label: string): boolean => isAmong(changed, resolve(host.cwd, label), host)
  const causeOfAll =
    settings.named.find(isChanged) ?? files.find((file) => isChanged(file) && asksOfNamespace(file.source))
  const causes = new Map<LoadedPolicy, LoadedFile | undefined>()
  const causeOf = ({ source }: LoadedFile): LoadedFile | undefined => {
    for (const policy of settings.policies.chainOf(source.label)) {
      if (!causes.has(policy)) causes.set(policy, policy.files.find(isChanged))
      const cause = causes.get(policy)
      if (cause !== undefined) return cause
    }
    return undefined
  }
  const kept = causeOfAll === undefined ? files.filter((file) => isChanged(file) || causeOf(file)) : files
  const found = causeOfAll === undefined ? [...causes.values()].filter((cause) => cause !== undefined) : [causeOfAll]
  const diagnostics = found.map(({ source }) => {
    const which = kept.length === files.length ? 'all files' : 'all files that it applies to'
    const message = `${source.label} changed since ${revision} and affects other files, so ${which} are checked`
    return diagnostic('IO_SINCE_ALL', message)
  })
  const isKept = new Set(kept)
  const isAll = kept.length === files.length && causeOfAll !== undefined
  return {
    files: kept,
    unchanged: files.filter((file) => !isKept.has(file)),
    others: isAll ? others : others.filter(({ label }) => isChangedName(label)),
    diagnostics,
    // A file that cannot be read and did not change is no reason to fail, as one that cannot be parsed is not.
    ofInputs: isAll
      ? ofInputs
      : ofInputs.filter(
          ({ at }) => at === undefined || !isFile(host, at.source.label) || isChangedName(at.source.label),
        ),
  }
}

function isFile({ fs, cwd }: Host, label: string): boolean {
  try {
    return fs.lstatSync(resolve(cwd, label)).isDirectory() === false
  } catch {
    return false
  }
}

/**
 * Whether git lists a file as changed. Git names files by their real folders and a link by its own name; a change to the
 * target of a link counts too. Files outside the repository count as changed, since git does not know them.
 */
function isAmong({ top, paths, folders }: ChangedFiles, path: string, { fs }: Host): boolean {
  let real = path
  try {
    real = fs.realpathSync(path)
  } catch {
    // The file is gone, which was reported when it was read.
  }
  const isIn = (folder: string): boolean => real.startsWith(folder.endsWith(sep) ? folder : folder + sep)
  return paths.has(path) || paths.has(real) || !isIn(top) || folders.some(isIn)
}
