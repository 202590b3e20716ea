import { KNOWN_MINORS, LATEST, parseKubeVersion, type KubeVersion } from '../core/kube/version.ts'
import { parseSelector, type LabelSelector } from '../core/kube/selector.ts'
import type { ParameterSetting } from '../core/selection/selection.ts'
import type { RunMode } from '../core/template/template.ts'
import type { Host } from '../io/host.ts'
import { UsageError } from './usage-error.ts'

export const OUTPUTS = ['yaml', 'json', 'diff', 'name', 'none'] as const
export type OutputFormat = (typeof OUTPUTS)[number]

export const CONFLICT_POLICIES = ['fail', 'rename', 'keep'] as const

const MODES = ['auto', 'native', 'classic'] as const

export const COLORS = ['auto', 'always', 'never'] as const
export type ColorMode = (typeof COLORS)[number]

/** What commander hands over: flags as typed, lists in the order given. */
export interface RawOptions {
  filename?: string[]
  recursive?: boolean
  followLinks?: boolean
  sidecar?: string[]
  set?: string[]
  kubernetesVersion?: string
  namespace?: string
  selector?: string
  templates?: string[]
  onConflict?: string
  mode?: string[]
  validate?: boolean
  allowLowerPodSecurity?: boolean
  retargetServices?: boolean
  strictKinds?: boolean
  crd?: string[]
  served?: string[]
  listKinds?: boolean
  podSecurity?: string
  config?: string | boolean
  since?: string
  stripLive?: boolean
  fix?: boolean
  hook?: boolean
  schema?: boolean
  docs?: boolean
  force?: boolean
  output?: string
  write?: boolean
  keepGoing?: boolean
  color?: string | boolean
  quiet?: boolean
  verbose?: boolean
  maxFindings?: string
}

/** What every command that reads manifests knows. */
export interface CommonOptions {
  /** Paths as typed, `-` for standard input; arguments first, then -f values. Empty when none was given. */
  readonly paths: readonly string[]
  /** Read subfolders too. Default: no. */
  readonly recursive: boolean
  /** Read through links in folders that lead out of the repository, too. Default: no. */
  readonly followLinks: boolean
  /** Default: the newest known. */
  readonly kubeVersion: KubeVersion
  /** True when the version was named, so that a policy file does not decide it. */
  readonly kubeVersionGiven: boolean
  readonly verbosity: 'quiet' | 'normal' | 'verbose'
  readonly color: { readonly stdout: boolean; readonly stderr: boolean }
  /** Findings to print at most. Default: undefined, which is `LIMITS.findings` as text and all of them in other formats. */
  readonly maxFindings: number | undefined
}

/** One run, fully decided: every default filled in, every contradiction refused. Frozen. */
export interface RunOptions extends CommonOptions {
  /** Sidecars in the order to be injected; undefined when none was named. */
  readonly sidecars: readonly string[] | undefined
  readonly parameters: readonly ParameterSetting[]
  /** Where a volume's or container's name is taken. Default: fail. */
  readonly onConflict: (typeof CONFLICT_POLICIES)[number]
  /** How sidecar containers run, by sidecar; under an empty name for all others. Default: as the templates say. */
  readonly modes: ReadonlyMap<string, RunMode>
  /** The policy file; `find` (the default) looks for it upward from the working folder, `none` uses none. */
  readonly config: { readonly file: string } | 'find' | 'none'
  /** Only files that changed since this revision of git. Default: undefined, which is all files. */
  readonly since: string | undefined
  /** Drop from the output what a cluster added to objects. Default: no. */
  readonly stripLive: boolean
  readonly namespace: string | undefined
  readonly selector: LabelSelector | undefined
  /** Folders or files with the user's templates. Default: none. */
  readonly templates: readonly string[]
  /** Default: yes. */
  readonly validate: boolean
  /** Whether sidecars may lower a Pod Security level. Default: no. */
  readonly allowLowerPodSecurity: boolean
  /** Whether changes made to what a sidecar added are discarded. Default: no. */
  readonly force: boolean
  /** Whether Services lead to the proxies in front of their workloads. Default: undefined, as the policy says. */
  readonly retargetServices: boolean | undefined
  /** What goes to standard output. Default: the manifests in the format they came in, with `write` nothing. */
  readonly output: OutputFormat | 'as-is'
  /** Edit the files in place. Default: no. */
  readonly write: boolean
  /** Write the files without errors although others have some. Default: no. */
  readonly keepGoing: boolean
}

/** The value of a flag that takes one of a few words. */
export function oneOf<T extends string>(flag: string, value: string, known: readonly T[]): T {
  const found = known.find((name) => name === value)
  if (found === undefined) throw new UsageError(`${flag} '${value}' is not known`, `use one of: ${known.join(', ')}`)
  return found
}

/** `logging,metrics` and repeated flags as one list; a name given twice counts once, in its first place. */
function sidecarsOf(raw: readonly string[] | undefined): readonly string[] | undefined {
  if (raw === undefined) return undefined
  const names = raw.flatMap((value) => value.split(',')).map((name) => name.trim())
  if (names.includes('')) {
    throw new UsageError('-s/--sidecar has an empty name', 'give names separated by commas: -s logging,metrics')
  }
  return [...new Set(names)]
}

/** `TEMPLATE.PARAM=VALUE`: the template ends at the first dot, the parameter at the first `=`; the value is the rest. */
function parameterOf(text: string): ParameterSetting {
  const match = /^([^.=\s]+)\.([^=\s]+)=(.*)$/s.exec(text)
  if (match === null) {
    const hint = 'write it as TEMPLATE.PARAM=VALUE, for example --set logging.path=/var/log/nginx'
    throw new UsageError(`--set '${text}' has not the form TEMPLATE.PARAM=VALUE`, hint)
  }
  return { template: match[1] as string, name: match[2] as string, value: match[3] as string }
}

/** `native`, or `NAME=native` for one sidecar; the last one for a name counts. */
function modesOf(raw: readonly string[] | undefined): ReadonlyMap<string, RunMode> {
  return new Map((raw ?? []).map((value) => {
    const at = value.indexOf('=')
    return [value.slice(0, Math.max(at, 0)), oneOf('--mode', value.slice(at + 1), MODES)]
  }))
}

function revisionOf(text: string | undefined): string | undefined {
  if (text === undefined || (text !== '' && !text.startsWith('-'))) return text
  throw new UsageError(`--since '${text}' is no revision`, 'name one that git log knows, such as origin/main or HEAD~1')
}

function kubeVersionOf(text: string | undefined): KubeVersion {
  if (text === undefined) return LATEST
  const version = parseKubeVersion(text)
  if (version !== undefined) return version
  const known = KNOWN_MINORS.map((minor) => `1.${minor}`).join(', ')
  throw new UsageError(`--kubernetes-version '${text}' is not known`, `use one of: ${known}, latest`)
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
  throw new UsageError(`-n/--namespace '${text}' is no name of a namespace`, 'use lower-case letters, digits and dashes')
}

/**
 * -f values, where commas separate several as in kubectl. A file whose own name holds a comma is taken as it is, and
 * so is everything else that exists under its full name.
 */
function filenamesOf(raw: readonly string[], exists: (path: string) => boolean): string[] {
  return raw.flatMap((value) => (value.includes(',') && !exists(value) ? value.split(',') : [value]))
}

/** A whole number; 0 stands for all. */
function maxFindingsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--max-findings '${text}' is not a whole number`, 'use 0 for all findings')
  return Number(text) === 0 ? Number.POSITIVE_INFINITY : Number(text)
}

function colorMode(raw: RawOptions['color']): ColorMode {
  if (raw === undefined) return 'auto'
  if (typeof raw === 'boolean') return raw ? 'always' : 'never'
  return oneOf('--color', raw, COLORS)
}

/**
 * Whether a stream gets colours: --color decides; then NO_COLOR (set and not empty, as no-color.org asks), then
 * FORCE_COLOR, then whether the stream is a terminal that knows colours.
 */
export function wantsColor(mode: ColorMode, env: Host['env'], isTTY: boolean): boolean {
  if (mode !== 'auto') return mode === 'always'
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '') return env['FORCE_COLOR'] !== '0'
  return isTTY && env['TERM'] !== 'dumb'
}

function outputOf(raw: RawOptions, paths: readonly string[]): { output: RunOptions['output']; write: boolean } {
  const write = raw.write === true
  const asked = raw.output === undefined ? undefined : oneOf('-o/--output', raw.output, OUTPUTS)
  if (write && (asked === 'yaml' || asked === 'json')) {
    const hint = 'leave out one of them; with -w the manifests go to their files'
    throw new UsageError(`-w/--write and -o ${asked} contradict each other`, hint)
  }
  if (write && paths.includes('-')) {
    throw new UsageError('-w/--write cannot edit standard input', 'name files or folders, or leave out -w')
  }
  return { output: asked ?? (write ? 'none' : 'as-is'), write }
}

/** The options of every command that reads manifests; throws UsageError for what cannot be meant. */
export function commonOptions(raw: RawOptions, args: readonly string[], host: Host): CommonOptions {
  if (raw.quiet === true && raw.verbose === true) throw new UsageError('-q/--quiet and -v/--verbose contradict each other')
  const exists = (path: string): boolean => host.fs.statSync(path, { throwIfNoEntry: false }) !== undefined
  const mode = colorMode(raw.color)
  return {
    paths: [...args, ...filenamesOf(raw.filename ?? [], exists)],
    recursive: raw.recursive === true,
    followLinks: raw.followLinks === true,
    kubeVersion: kubeVersionOf(raw.kubernetesVersion),
    kubeVersionGiven: raw.kubernetesVersion !== undefined,
    maxFindings: maxFindingsOf(raw.maxFindings),
    verbosity: raw.quiet === true ? 'quiet' : raw.verbose === true ? 'verbose' : 'normal',
    color: {
      get stdout() {
        return wantsColor(mode, host.env, host.stdout.isTTY)
      },
      get stderr() {
        return wantsColor(mode, host.env, host.stderr.isTTY)
      },
    },
  }
}

/** `--config FILE` or `--no-config`. */
export function configOf(raw: RawOptions['config']): RunOptions['config'] {
  return typeof raw === 'string' ? { file: raw } : raw === false ? 'none' : 'find'
}

/** Turns flags and arguments into one frozen, typed object; throws UsageError for what cannot be meant. */
export function resolveOptions(raw: RawOptions, args: readonly string[], host: Host): RunOptions {
  const common = commonOptions(raw, args, host)
  const { output, write } = outputOf(raw, common.paths)
  if (write && common.paths.length === 0) throw new UsageError('-w/--write needs the files to edit', 'name files or folders')
  if (raw.keepGoing === true && !write) throw new UsageError('--keep-going needs -w/--write', 'standard output is all or nothing')
  return Object.freeze<RunOptions>({
    ...common,
    sidecars: sidecarsOf(raw.sidecar),
    parameters: (raw.set ?? []).map(parameterOf),
    onConflict: oneOf('--on-conflict', raw.onConflict ?? 'fail', CONFLICT_POLICIES),
    modes: modesOf(raw.mode),
    config: configOf(raw.config),
    since: revisionOf(raw.since),
    stripLive: raw.stripLive === true,
    namespace: namespaceOf(raw.namespace),
    selector: selectorOf(raw.selector),
    templates: raw.templates ?? [],
    validate: raw.validate !== false,
    allowLowerPodSecurity: raw.allowLowerPodSecurity === true,
    force: raw.force === true,
    retargetServices: raw.retargetServices,
    output,
    write,
    keepGoing: raw.keepGoing === true,
  })
}
