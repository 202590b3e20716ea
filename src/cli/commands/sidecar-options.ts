import type { Command } from 'commander'
import { isStartPlace, START_PLACES, type ItemPlace } from '../../core/field-path/item-place.ts'
import { parseSelector, type LabelSelector } from '../../core/kube/selector.ts'
import type { ParameterSetting } from '../../core/selection/selection.ts'
import type { RunMode } from '../../core/template/template.ts'
import type { Host } from '../../io/host.ts'
import { UsageError } from '../usage-error.ts'
import {
  collect,
  commonOptions,
  configOf,
  inputOptions,
  oneOf,
  placeholdersOption,
  policyOptions,
  templatesOption,
  versionOption,
  type CommonOptions,
  type ConfigOption,
  type RawOptions,
} from './shared-options.ts'

const CONFLICT_POLICIES = ['fail', 'rename', 'keep'] as const

const MODES = ['auto', 'native', 'classic'] as const

/** The options of every command that plans sidecars for workloads, resolved: defaults filled in. */
export interface SidecarOptions extends CommonOptions {
  /** Sidecars in the order of injection; undefined when -s was not given. */
  readonly sidecars: readonly string[] | undefined
  readonly parameters: readonly ParameterSetting[]
  /** Files with values for parameters, before those of `parameters`. Default: none. */
  readonly values: readonly string[]
  /** What to do when the name of a volume or container is already taken. Default: fail. */
  readonly onConflict: (typeof CONFLICT_POLICIES)[number]
  /** How sidecar containers run, by sidecar; under an empty name for all others. Default: as the templates say. */
  readonly modes: ReadonlyMap<string, RunMode>
  /** Where among the init containers sidecars start, by sidecar; under an empty name for all others. */
  readonly starts: ReadonlyMap<string, ItemPlace>
  /** The app containers that get folders, settings and mounts. Default: undefined, which means as policy and templates say. */
  readonly containers: readonly string[] | undefined
  readonly config: ConfigOption
  /** Only files that changed since this git revision. Default: undefined, which means all files. */
  readonly since: string | undefined
  readonly namespace: string | undefined
  readonly selector: LabelSelector | undefined
  /** Files or folders with the user's templates. Default: none. */
  readonly templates: readonly string[]
  /** Default: yes. */
  readonly validate: boolean
  /** Whether sidecars may lower the Pod Security level of a workload. Default: no. */
  readonly allowLowerPodSecurity: boolean
  /** Whether existing Pods and objects with an owner get sidecars. Default: no. */
  readonly includeOwned: boolean
  /** Whether placeholders of Flux and envsubst count as valid values. Default: as the policy says, else no. */
  readonly allowPlaceholders: boolean
  /** Whether Helm hooks get sidecars. Default: no. */
  readonly helmHooks: boolean
  /** Whether changes made to what a sidecar added are discarded. Default: no. */
  readonly force: boolean
  /** Whether Services are retargeted to proxies. Default: undefined, which means as the policy says. */
  readonly retargetServices: boolean | undefined
}

/** Adds the flags that select files, workloads and the policy, and say what sidecars to add. */
export function sidecarOptions(command: Command): Command {
  return sidecarSettings(inputOptions(command)).option(
    '--since <revision>',
    'only files that changed since a git revision, including new files',
  )
}

/** Adds the flags that select workloads, sidecars and the policy. */
export function sidecarSettings(command: Command): Command {
  chosenSidecarOptions(command)
    .option('--mode <[name=]mode>', 'run sidecars as auto, native or classic containers (repeatable)', collect)
    .option(
      '--start <[name=]place>',
      'start native sidecars first, last, before:INIT or after:INIT (repeatable)',
      collect,
    )
    .option('--containers <name,...>', 'app containers that get folders, variables and mounts (repeatable)', collect)
    .option('--on-conflict <policy>', 'what to do when a name is already taken: fail, rename or keep (default: fail)')
  versionOption(templatesOption(command)).option('--no-validate', 'do not fail on errors the input already had')
  placeholdersOption(command)
    .option('--allow-lower-pod-security', 'allow sidecars to lower the Pod Security level of a workload')
    .option('--include-owned', 'inject existing Pods and objects with an owner too')
    .option('--helm-hooks', 'inject Helm hooks too')
    .option('--retarget-services', 'retarget Services to the proxies of their workloads, by targetPort')
    .option('--no-retarget-services', 'restore Services that were retargeted earlier')
  return selectionOptions(command)
}

/** Adds the flags that select files, workloads and the policy, and say what sidecars to remove. */
export function removalOptions(command: Command): Command {
  inputOptions(command).option('-s, --sidecar <name,...>', 'sidecars to remove (repeatable; default: all)', collect)
  versionOption(templatesOption(command))
    .option('--allow-lower-pod-security', 'allow the removal to lower the Pod Security level of a workload')
    .option('--include-owned', 'change existing Pods and objects with an owner too')
  return selectionOptions(command)
}

/** Adds the flags that select workloads, the policy and changed files. */
function selectionOptions(command: Command): Command {
  command
    .option('-n, --namespace <name>', 'only workloads in this namespace')
    .option('-l, --selector <labels>', "only workloads with these labels: 'app=web,tier!=db,env in (dev, qa)'")
  return policyOptions(command)
}

/** Adds the flags that select sidecars and the values of their parameters. */
export function chosenSidecarOptions(command: Command): Command {
  return command
    .option('-s, --sidecar <name,...>', 'sidecars to inject, in this order (repeatable)', collect)
    .option('--set <template.param=value>', 'set a parameter of a sidecar (repeatable)', collect)
    .option('--values <file>', 'file with values of parameters, {SIDECAR: {PARAM: VALUE}} (repeatable)', collect)
}

/** Adds --force. */
export function forceOption(command: Command): Command {
  return command.option('--force', 'discard changes made to what a sidecar added')
}

/** `logging,metrics` and repeated flags as one list; a duplicate name counts once, at its first position. */
function namesOf(flag: string, raw: readonly string[] | undefined, example: string): readonly string[] | undefined {
  if (raw === undefined) return undefined
  const names = raw.flatMap((value) => value.split(',')).map((name) => name.trim())
  if (names.includes('')) {
    throw new UsageError(`${flag} has an empty name`, `separate names with commas: ${example}`)
  }
  return [...new Set(names)]
}

/** The sidecars that -s names; undefined where it was not given. */
export function sidecarsOf(raw: readonly string[] | undefined): readonly string[] | undefined {
  return namesOf('-s/--sidecar', raw, '-s logging,metrics')
}

/** `TEMPLATE.PARAM=VALUE`: the template ends at the first dot, the parameter at the first `=`; the value is the rest. */
export function parameterOf(text: string): ParameterSetting {
  const match = /^([^.=\s]+)\.([^=\s]+)=(.*)$/s.exec(text)
  if (match === null) {
    throw new UsageError(
      `--set '${text}' is not of the form TEMPLATE.PARAM=VALUE`,
      'for example --set logging.folder=/var/log/nginx',
    )
  }
  return { template: match[1] as string, name: match[2] as string, value: match[3] as string }
}

/** `native`, or `NAME=native` for one sidecar; the last value for a name counts. */
function modesOf(raw: readonly string[] | undefined): ReadonlyMap<string, RunMode> {
  return new Map(
    (raw ?? []).map((value) => {
      const at = value.indexOf('=')
      return [value.slice(0, Math.max(at, 0)), oneOf('--mode', value.slice(at + 1), MODES)]
    }),
  )
}

/** `after:migrate`, or `NAME=after:migrate` for one sidecar; the last value for a name counts. */
function startsOf(raw: readonly string[] | undefined): ReadonlyMap<string, ItemPlace> {
  return new Map(
    (raw ?? []).map((value) => {
      const at = value.indexOf('=')
      const place = value.slice(at + 1)
      if (isStartPlace(place)) return [value.slice(0, Math.max(at, 0)), place]
      throw new UsageError(`--start '${place}' is not a place among init containers`, `use ${START_PLACES}`)
    }),
  )
}

function revisionOf(text: string | undefined): string | undefined {
  if (text === undefined || (text !== '' && !text.startsWith('-'))) return text
  throw new UsageError(
    `--since '${text}' is not a git revision`,
    'name a branch, tag or commit, such as origin/main or HEAD~1',
  )
}

function selectorOf(text: string | undefined): LabelSelector | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const parsed = parseSelector(text)
  if (parsed.ok) return parsed.value
  const message = `-l/--selector '${text}', character ${parsed.error.offset + 1}: ${parsed.error.message}`
  throw new UsageError(message, "write it as in kubectl, for example -l 'app=web,tier!=db,env in (dev, qa)'")
}

function namespaceOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text)) return text
  throw new UsageError(
    `-n/--namespace '${text}' is not a valid namespace name`,
    'use lower-case letters, digits and dashes, at most 63',
  )
}

/** Resolves the options that plan sidecars; throws UsageError for invalid or contradictory ones. */
export function resolveSidecarOptions(raw: RawOptions, args: readonly string[], host: Host): SidecarOptions {
  return {
    ...commonOptions(raw, args, host),
    sidecars: sidecarsOf(raw.sidecar),
    parameters: (raw.set ?? []).map(parameterOf),
    values: raw.values ?? [],
    onConflict: oneOf('--on-conflict', raw.onConflict ?? 'fail', CONFLICT_POLICIES),
    modes: modesOf(raw.mode),
    starts: startsOf(raw.start),
    containers: namesOf('--containers', raw.containers, '--containers web,worker'),
    config: configOf(raw.config),
    since: revisionOf(raw.since),
    namespace: namespaceOf(raw.namespace),
    selector: selectorOf(raw.selector),
    templates: raw.templates ?? [],
    validate: raw.validate !== false,
    allowLowerPodSecurity: raw.allowLowerPodSecurity === true,
    // Without the fields that a cluster added, they are created again.
    includeOwned: raw.includeOwned === true || raw.stripLive === true,
    allowPlaceholders: raw.allowPlaceholders === true,
    helmHooks: raw.helmHooks === true,
    force: raw.force === true,
    retargetServices: raw.retargetServices,
  }
}
