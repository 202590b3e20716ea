import { resolve } from 'node:path'
import { hasErrors, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { Prefilter } from '../core/inject/prefilter.ts'
import { kindsWith } from '../core/inject/read-input.ts'
import type { KubeVersion } from '../core/kube/version.ts'
import type { InjectOptions } from '../core/inject/options.ts'
import type { Policy } from '../core/selection/policy.ts'
import { splitDocuments } from '../core/yaml/read/split.ts'
import { builtinTemplates } from '../io/builtin-templates.ts'
import type { Host } from '../io/host.ts'
import type { Chunking } from '../io/chunked-input.ts'
import type { Loaded, LoadedFile } from '../io/read-files.ts'
import type { OtherFile } from '../report/other-files.ts'
import { schemaLoader } from '../io/schema-loader.ts'
import { readInputsOf, readInputs, searchOf } from './read-inputs.ts'
import type { CommonOptions, RunOptions } from './options.ts'
import type { Progress } from './progress.ts'
import { changedOnly } from './since.ts'
import { loadPolicy, type LoadedPolicy } from './policy.ts'
import type { RunStore } from './run-store.ts'

/** All that a run of the engine starts from. */
export interface Prepared {
  loaded: Loaded
  settings: InjectOptions
  /** Trouble with templates, policy and inputs. */
  diagnostics: readonly Diagnostic[]
  /** Those of them that are about inputs, each of which stops no other. */
  ofInputs: readonly Diagnostic[]
  /** Files that hold no manifests. */
  others: readonly OtherFile[]
  /** False when the policy, or what changed, could not be told, so that a result would mean nothing. */
  usable: boolean
}

/**
 * Reads policy, templates and inputs.
 * @param store where a long input may be kept in parts, each a text of its own; without it every input is one text
 */
export async function prepare(options: RunOptions, host: Host, progress: Progress, store?: RunStore): Promise<Prepared> {
  const policy = await loadPolicy(host, options)
  const templates = await readInputsOf(host, options.templates, searchOf(options))
  const inputs = await readInputs(host, options, { onProgress: progress.hook, ...(store !== undefined && { parting: { ...partingOf(host, store), isHead: headTest(policy.policy) } }) })
  host.expectWork(inputs.size)
  const manifests = inputs.files.filter((file) => isManifest(file, policy, options, host))
  const since = await changedOnly(options.since, manifests, [...policy.files, ...templates.files], host)
  return {
    loaded: { ...inputs, files: since.files },
    settings: {
      ...settingsOf(options, policy, templates.files, host),
      context: since.others.map(({ source }) => source),
      onProgress: progress.hook,
      keepText: store?.keepText,
    },
    usable: !hasErrors([...policy.diagnostics, ...since.diagnostics]),
    others: inputs.others,
    ofInputs: inputs.diagnostics,
    diagnostics: [...policy.diagnostics, ...templates.diagnostics, ...since.diagnostics, ...inputs.diagnostics],
  }
}

/** What comes with a workload stands behind it, so that a part had better begin with a workload. */
function headTest(policy: Policy | undefined): (document: string) => boolean {
  let prefilter: Prefilter | undefined
  return (document) => !(prefilter ??= new Prefilter(kindsWith(policy?.kinds ?? []))).namesForeignKind(document)
}

/** How long inputs are taken apart. */
export function partingOf(host: Host, store: RunStore): Chunking {
  return { countDocuments: (source) => splitDocuments(source).length, store: store.open, sizes: host.sizes }
}

function pathOf({ file }: LoadedFile): string {
  return file.kind === 'stdin' ? '' : file.path
}

/** The policy file and its templates, found in a folder, are settings and no manifests; named outright they are read. */
export function isManifest(file: LoadedFile, policy: LoadedPolicy, options: Pick<RunOptions, 'paths'>, host: Host): boolean {
  const path = pathOf(file)
  if (!policy.files.some((setting) => pathOf(setting) === path)) return true
  return options.paths.some((typed) => resolve(host.cwd, typed) === path)
}

/** The target version: the flag's, else the policy's, else the default. */
export function kubeVersionOf(options: CommonOptions, policy: Policy | undefined): KubeVersion {
  return options.kubeVersionGiven ? options.kubeVersion : (policy?.kubeVersion ?? options.kubeVersion)
}

function settingsOf(options: RunOptions, { policy, templates }: LoadedPolicy, own: readonly LoadedFile[], host: Host): InjectOptions {
  const { sidecars, namespace, selector, retargetServices } = options
  return {
    ...(sidecars !== undefined && { sidecars }),
    ...(namespace !== undefined && { namespace }),
    ...(selector !== undefined && { selector }),
    ...(policy !== undefined && { policy }),
    ...(retargetServices !== undefined && { retargetServices }),
    ...(options.force && { force: 'yes' as const }),
    parameters: options.parameters,
    modes: options.modes,
    onConflict: options.onConflict,
    allowLowerPodSecurity: options.allowLowerPodSecurity,
    includeOwned: options.includeOwned,
    kubeVersion: kubeVersionOf(options, policy),
    validate: options.validate,
    templates: [...templates, ...own].map(({ source }) => source),
    builtins: builtinTemplates(host),
    loadSchema: schemaLoader(host),
  }
}
