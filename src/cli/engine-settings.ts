import type { InjectOptions, InputSettings } from '../core/inject/options.ts'
import type { WorkloadKind } from '../core/kube/kinds.ts'
import type { KubeVersion } from '../core/kube/version.ts'
import type { Policy } from '../core/selection/policy.ts'
import { builtinTemplates } from '../io/builtin-templates.ts'
import type { Host } from '../io/host.ts'
import type { LoadedFile } from '../io/read-files.ts'
import { schemaLoader } from '../io/schema-loader.ts'
import type { CommonOptions } from './commands/shared-options.ts'
import type { SidecarOptions } from './commands/sidecar-options.ts'
import { NO_POLICY, type LoadedPolicies, type LoadedPolicy } from './policy.ts'

type WhenUnchosen = NonNullable<InjectOptions['whenUnchosen']>

/** What workloads get for which nobody selects sidecars, in files that were named and in those of folders. */
export interface UnchosenIn {
  named: WhenUnchosen
  inFolder: WhenUnchosen
}

/** For `inject` and `diff`: a folder is not filled with the default sidecar unasked. */
export const REFUSE_IN_FOLDERS: UnchosenIn = { named: 'default', inFolder: 'refuse' }
/** For `explain`: as `inject`, but a folder is no error. */
export const DEFAULT_IF_NAMED: UnchosenIn = { named: 'default', inFolder: 'injected' }
/** For `check` and `status`, which compare what is injected. */
export const ONLY_INJECTED: UnchosenIn = { named: 'injected', inFolder: 'injected' }

/** What differs between inputs, by label. */
interface OfInput {
  policy: LoadedPolicy
  whenUnchosen: WhenUnchosen
}

/** The policy of each input, and what it gets where nobody selects sidecars. */
export function policiesOf(
  files: readonly LoadedFile[],
  policies: LoadedPolicies,
  { named, inFolder }: UnchosenIn,
): ReadonlyMap<string, OfInput> {
  return new Map(
    files.map(({ source: { label }, file }): [string, OfInput] => {
      const isInFolder = file.kind === 'file' && file.inFolder === true
      return [label, { policy: policies.of(label), whenUnchosen: isInFolder ? inFolder : named }]
    }),
  )
}

/** The target version: the flag's, else the policy's, else the default. */
export function kubeVersionOf(options: CommonOptions, policy: Policy | undefined): KubeVersion {
  return options.kubeVersionGiven ? options.kubeVersion : (policy?.kubeVersion ?? options.kubeVersion)
}

/** The settings of the engine. @param own the templates of `-t` */
export function engineSettings(
  host: Host,
  options: SidecarOptions,
  own: readonly LoadedFile[],
  inputs: ReadonlyMap<string, OfInput>,
): InjectOptions {
  const settings = new Map<LoadedPolicy, Map<WhenUnchosen, InputSettings>>()
  const byLabel = new Map<string, InputSettings>()
  for (const [label, { policy, whenUnchosen }] of inputs) {
    const known = settings.get(policy) ?? new Map<WhenUnchosen, InputSettings>()
    const made = known.get(whenUnchosen) ?? inputSettings(options, policy, own, whenUnchosen)
    settings.set(policy, known.set(whenUnchosen, made))
    byLabel.set(label, made)
  }
  const all = [...new Set(byLabel.values())]
  const first = all[0] ?? inputSettings(options, NO_POLICY, own, 'default')
  return {
    ...first,
    settingsOf: all.length > 1 ? (label) => byLabel.get(label) ?? first : undefined,
    sidecars: options.sidecars,
    containers: options.containers,
    namespace: options.namespace,
    selector: options.selector,
    retargetServices: options.retargetServices,
    force: options.force ? 'yes' : undefined,
    parameters: options.parameters,
    modes: options.modes,
    starts: options.starts,
    onConflict: options.onConflict,
    allowLowerPodSecurity: options.allowLowerPodSecurity,
    includeOwned: options.includeOwned,
    helmHooks: options.helmHooks,
    validate: options.validate,
    builtins: builtinTemplates(host),
    loadSchema: schemaLoader(host),
  }
}

function inputSettings(
  options: SidecarOptions,
  { policy, templates }: LoadedPolicy,
  own: readonly LoadedFile[],
  whenUnchosen: WhenUnchosen,
): InputSettings {
  return {
    policy,
    kubeVersion: kubeVersionOf(options, policy),
    templates: [...templates, ...own].map(({ source }) => source),
    whenUnchosen,
    allowPlaceholders: options.allowPlaceholders || policy?.allowPlaceholders === true,
  }
}

/** The kinds with a pod template that the policy of each input adds, by the input's label. */
export function kindsOf(settings: InjectOptions): (label: string) => readonly WorkloadKind[] {
  return (label) => (settings.settingsOf?.(label) ?? settings).policy?.kinds ?? []
}
