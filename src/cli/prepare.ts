import { resolve } from 'node:path'
import { hasErrors, type Diagnostic } from '../core/diagnostic.ts'
import type { KubeVersion } from '../core/kube/version.ts'
import type { InjectOptions } from '../core/options.ts'
import type { Policy } from '../core/policy/types.ts'
import type { SourceText } from '../core/text/source.ts'
import { splitDocuments } from '../core/yaml/documents.ts'
import { builtinTemplates } from '../io/builtin.ts'
import type { Host } from '../io/host.ts'
import { sizeOf, type Loaded, type LoadedFile } from '../io/read.ts'
import { schemaLoader } from '../io/schemas.ts'
import { gather, gatherInputs } from './gather.ts'
import type { CommonOptions, RunOptions } from './options.ts'
import type { Progress } from './progress.ts'
import { changedOnly } from './since.ts'
import { loadPolicy, type LoadedPolicy } from './policy.ts'

/** All that a run of the engine starts from. */
export interface Prepared {
  loaded: Loaded
  settings: InjectOptions
  /** Trouble with templates, policy and inputs. */
  diagnostics: readonly Diagnostic[]
  /** False when the policy, or what changed, could not be told, so that a result would mean nothing. */
  usable: boolean
}

/**
 * Reads policy, templates and inputs.
 * @param inParts whether a long input may come in parts, each a text of its own
 */
export async function prepare(options: RunOptions, host: Host, progress: Progress, inParts = false): Promise<Prepared> {
  const policy = await loadPolicy(host, options.config)
  const templates = await gather(host, options.templates, true)
  const inputs = await gatherInputs(host, options, { onProgress: progress.hook, ...(inParts && { countDocuments }) })
  host.expectWork(sizeOf(inputs))
  const manifests = inputs.files.filter((file) => isManifest(file, policy, options, host))
  const since = await changedOnly(options.since, manifests, [...policy.files, ...templates.files], host)
  return {
    loaded: { ...inputs, files: since.files },
    settings: {
      ...settingsOf(options, policy, templates.files, host),
      context: since.others.map(({ source }) => source),
      onProgress: progress.hook,
    },
    usable: !hasErrors([...policy.diagnostics, ...since.diagnostics]),
    diagnostics: [...policy.diagnostics, ...templates.diagnostics, ...since.diagnostics, ...inputs.diagnostics],
  }
}

function countDocuments(source: SourceText): number {
  return splitDocuments(source).length
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
    parameters: options.parameters,
    modes: options.modes,
    onConflict: options.onConflict,
    allowLowerPodSecurity: options.allowLowerPodSecurity,
    kubeVersion: kubeVersionOf(options, policy),
    validate: options.validate,
    templates: [...templates, ...own].map(({ source }) => source),
    builtins: builtinTemplates(host),
    loadSchema: schemaLoader(host),
  }
}
