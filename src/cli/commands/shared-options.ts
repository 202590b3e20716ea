import type { Command } from 'commander'
import { KNOWN_MINORS, LATEST, parseKubeVersion, type KubeVersion } from '../../core/kube/version.ts'
import type { Host } from '../../io/host.ts'
import { isThere } from '../../io/stat.ts'
import { UsageError } from '../usage-error.ts'

const COLORS = ['auto', 'always', 'never'] as const
type ColorMode = (typeof COLORS)[number]

/** What commander returns: flags as typed, lists in the order given. */
export interface RawOptions {
  filename?: string[]
  recursive?: boolean
  followLinks?: boolean
  exclude?: string[]
  ignore?: boolean
  allowEmpty?: boolean
  sidecar?: string[]
  set?: string[]
  values?: string[]
  kubernetesVersion?: string
  namespace?: string
  selector?: string
  templates?: string[]
  onConflict?: string
  mode?: string[]
  start?: string[]
  containers?: string[]
  validate?: boolean
  allowLowerPodSecurity?: boolean
  includeOwned?: boolean
  allowPlaceholders?: boolean
  helmHooks?: boolean
  retargetServices?: boolean
  strictKinds?: boolean
  crd?: string[]
  served?: string[]
  listKinds?: boolean
  podSecurity?: string
  config?: string | boolean
  since?: string
  staged?: boolean
  stripLive?: boolean
  fix?: boolean
  diff?: boolean
  hook?: boolean
  hookOnly?: boolean
  schema?: boolean
  docs?: boolean
  force?: boolean
  to?: string
  check?: string
  outputDir?: string
  name?: string
  namespaceSelector?: string
  failurePolicy?: string
  beta?: boolean
  output?: string
  write?: boolean
  keepGoing?: boolean
  skipFailing?: boolean
  report?: string
  color?: string | boolean
  quiet?: boolean
  verbose?: boolean
  maxFindings?: string
  fnConfig?: string
}

/** The options of every command. */
export interface CommonOptions {
  /** Paths as typed, `-` for standard input; arguments first, then -f values. Empty when none was given. */
  readonly paths: readonly string[]
  /** Read subfolders too. Default: no. */
  readonly recursive: boolean
  /** Follow links in folders that lead out of the repository. Default: no. */
  readonly followLinks: boolean
  /** Patterns of excluded files and folders, relative to the working folder. Default: none. */
  readonly exclude: readonly string[]
  /** Skip files in folders that git ignores. Default: yes. */
  readonly gitignore: boolean
  /** Accept inputs without any object. Default: no, as empty input usually means that the command before a pipe failed. */
  readonly allowEmpty: boolean
  /** Default: the newest known. */
  readonly kubeVersion: KubeVersion
  /** True when the version was given as a flag, which overrides the policy file. */
  readonly kubeVersionGiven: boolean
  readonly verbosity: 'quiet' | 'normal' | 'verbose'
  readonly color: { readonly stdout: boolean; readonly stderr: boolean }
  /** Maximum number of findings to print. Default: undefined, which means `LIMITS.findings` as text and no limit in other formats. */
  readonly maxFindings: number | undefined
}

/** The policy file; `find` (the default) searches the folder of each input and the folders above it, `none` uses none. */
export type ConfigOption = { readonly file: string } | 'find' | 'none'

/** Collects the values of a repeatable option in order. */
export function collect(value: string, earlier: string[] | undefined): string[] {
  return [...(earlier ?? []), value]
}

/** Adds --follow-links. */
export function followLinksOption(command: Command): Command {
  return command.option('--follow-links', 'follow links in folders, even out of the repository')
}

/** Adds PATH and the flags that select input files. */
export function inputOptions(command: Command): Command {
  command
    .argument('[PATH...]', 'files, folders, or - for standard input')
    .option('-f, --filename <path>', 'same as PATH, as in kubectl (repeatable)', collect)
    .option('-R, --recursive', 'read subfolders of folders too')
  return followLinksOption(command)
    .option(
      '--exclude <glob>',
      'exclude files and folders by their path relative to this folder, with *, ? and ** as wildcards (repeatable)',
      collect,
    )
    .option('--no-ignore', 'in folders, read files that git ignores too')
    .option('--allow-empty', 'accept input without objects')
}

/** Adds --kubernetes-version. */
export function versionOption(command: Command): Command {
  return command.option('--kubernetes-version <version>', 'target Kubernetes version (default: the newest known)')
}

/** Adds -t. */
export function templatesOption(command: Command): Command {
  return command.option('-t, --templates <path>', 'file or folder with your own templates (repeatable)', collect)
}

/** Adds the flags that select the policy file. */
export function policyOptions(command: Command): Command {
  return command
    .option(
      '--config <file>',
      'policy file for all inputs (default: the nearest sidecarctl.yaml in the folder of each file or above it)',
    )
    .option('--no-config', 'use no policy file')
}

/** Adds --allow-placeholders. */
export function placeholdersOption(command: Command): Command {
  return command.option(
    '--allow-placeholders',
    'accept placeholders of Flux and envsubst, such as ${replicas:=1}, as valid values',
  )
}

/** Adds --color and --no-color. */
export function colorOptions(command: Command): Command {
  return command
    .option('--color [when]', 'auto, always or never (default: auto)')
    .option('--no-color', 'same as --color=never')
}

/** Adds -q. */
export function quietOption(command: Command): Command {
  return command.option('-q, --quiet', 'print errors only')
}

/** Adds the flags of reports. `verbose` says what -v adds to the report. */
export function reportingOptions(
  command: Command,
  verbose = 'print what was added to or removed from each workload',
): Command {
  colorOptions(command).option(
    '--max-findings <number>',
    'maximum number of errors, and of other findings, to print, 0 for no limit (default: 1000 as text, else 0)',
  )
  return quietOption(command).option('-v, --verbose', verbose)
}

/** The value of a flag that accepts one of a few words; throws UsageError for any other. */
export function oneOf<T extends string>(flag: string, value: string, known: readonly T[]): T {
  const found = known.find((name) => name === value)
  if (found === undefined) throw new UsageError(`${flag}: unknown value '${value}'`, `use one of: ${known.join(', ')}`)
  return found
}

/** `--config FILE` or `--no-config`. */
export function configOf(raw: RawOptions['config']): ConfigOption {
  return typeof raw === 'string' ? { file: raw } : raw === false ? 'none' : 'find'
}

function kubeVersionOf(text: string | undefined): KubeVersion {
  if (text === undefined) return LATEST
  const version = parseKubeVersion(text)
  if (version !== undefined) return version
  const known = KNOWN_MINORS.map((minor) => `1.${minor}`).join(', ')
  throw new UsageError(`--kubernetes-version '${text}' is not supported`, `use one of: ${known}, latest`)
}

/** -f values, separated by commas as in kubectl. A value with a comma that exists as a path is one path. */
function filenamesOf(raw: readonly string[], exists: (path: string) => boolean): string[] {
  return raw.flatMap((value) => (value.includes(',') && !exists(value) ? value.split(',') : [value]))
}

/** A whole number; 0 means no limit. */
function maxFindingsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,9}$/.test(text))
    throw new UsageError(`--max-findings '${text}' is not a whole number`, 'use 0 for no limit')
  return Number(text) === 0 ? Number.POSITIVE_INFINITY : Number(text)
}

/**
 * Makes a bare `--color` mean `always`: as an option with an optional value, commander would take the next argument,
 * often a path, as that value.
 */
export function settleColor(argv: readonly string[]): string[] {
  const end = argv.indexOf('--')
  return argv.map((arg, i) => {
    if (arg !== '--color' || (end >= 0 && i > end)) return arg
    return (COLORS as readonly string[]).includes(argv[i + 1] ?? '') ? arg : '--color=always'
  })
}

function colorMode(raw: RawOptions['color']): ColorMode {
  if (raw === undefined) return 'auto'
  if (typeof raw === 'boolean') return raw ? 'always' : 'never'
  return oneOf('--color', raw, COLORS)
}

/**
 * Whether a stream gets colours. In order of precedence:
 * 1. --color
 * 2. NO_COLOR, if it is not empty (no-color.org)
 * 3. FORCE_COLOR, if it is not empty
 * 4. whether the stream is a terminal with colours
 */
function wantsColor(mode: ColorMode, env: Host['env'], isTTY: boolean): boolean {
  if (mode !== 'auto') return mode === 'always'
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false
  if (env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '') return env['FORCE_COLOR'] !== '0'
  return isTTY && env['TERM'] !== 'dumb'
}

/** Resolves the options of every command; throws UsageError for invalid or contradictory ones. */
export function commonOptions(raw: RawOptions, args: readonly string[], host: Host): CommonOptions {
  if (raw.quiet === true && raw.verbose === true)
    throw new UsageError('-q/--quiet and -v/--verbose cannot be used together')
  const exists = (path: string): boolean => isThere(host.fs, path)
  const mode = colorMode(raw.color)
  return {
    paths: [...args, ...filenamesOf(raw.filename ?? [], exists)],
    recursive: raw.recursive === true,
    followLinks: raw.followLinks === true,
    exclude: raw.exclude ?? [],
    gitignore: raw.ignore !== false,
    allowEmpty: raw.allowEmpty === true,
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
