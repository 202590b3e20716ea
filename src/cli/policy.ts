import { dirname, join, relative, resolve } from 'node:path'
import { diagnostic, type Diagnostic, fileLocation, type SourceLocation } from '../core/diagnostics/diagnostic.ts'
import type { Policy } from '../core/selection/policy.ts'
import type { SourceText } from '../core/text/source.ts'
import type { InputFile } from '../io/discover.ts'
import { UpwardSearch } from '../io/find-upward.ts'
import type { Host } from '../io/host.ts'
import { loadInputs, STDIN_LABEL, type LoadedFile } from '../io/read-files.ts'
import { isInControlFolder, LinkBounds } from '../io/link-bounds.ts'
import { isManifestName } from '../io/manifest-name.ts'
import { pathBelow, slashed } from '../io/path-text.ts'
import { isMissing, realPathOf, statOf } from '../io/stat.ts'
import { readInputsOf } from './read-inputs.ts'
import type { CommonOptions, ConfigOption } from './commands/shared-options.ts'

/** The name of the policy file. */
export const POLICY_FILE = 'sidecarctl.yaml'

/** A policy file with the templates that it names. */
export interface LoadedPolicy {
  policy: Policy | undefined
  /** The policy file and its templates, which are settings and not manifests. */
  files: readonly LoadedFile[]
  templates: readonly LoadedFile[]
  diagnostics: readonly Diagnostic[]
}

/** What applies where there is no policy file. */
export const NO_POLICY: LoadedPolicy = { policy: undefined, files: [], templates: [], diagnostics: [] }

/** The policies of a run. */
export interface LoadedPolicies {
  /** The policy of an input, by its label. */
  of(label: string): LoadedPolicy
  /** The policies that have a say in an input: its own and those further up, which may exclude it. */
  chainOf(label: string): readonly LoadedPolicy[]
  /** Those that the inputs have, each once, in the order of the inputs; for inputs without one, one that is empty. */
  used: readonly LoadedPolicy[]
  /** Absolute paths of policy files and their templates, which are settings and not manifests. */
  paths: ReadonlySet<string>
  files: readonly LoadedFile[]
  diagnostics: readonly Diagnostic[]
}

type PolicyOptions = Pick<CommonOptions, 'followLinks'> & { config: ConfigOption }

/**
 * Finds and reads the policies of inputs. Without `--config`, that of a file is the nearest `sidecarctl.yaml` in its
 * folder and those above, up to the root of the git repository; that of standard input is looked for from the working
 * folder. A file that a policy further up excludes belongs to that one.
 */
export async function loadPolicies(
  host: Host,
  options: PolicyOptions,
  inputs: readonly InputFile[],
): Promise<LoadedPolicies> {
  const { config } = options
  const loader = new PolicyLoader(host, options)
  if (config !== 'find') {
    const one = config === 'none' ? NO_POLICY : await loader.load(resolve(host.cwd, config.file), config.file)
    return onePolicy(one)
  }
  const chains = new Map<string, readonly LoadedPolicy[]>()
  /** The policies further up that exclude an input. */
  const excluding = new Map<string, LoadedPolicy>()
  const used = new Set<LoadedPolicy>()
  for (const input of inputs) {
    const label = input.kind === 'stdin' ? STDIN_LABEL : input.label
    const chain = await loader.chain(input.kind === 'stdin' ? host.cwd : dirname(input.path))
    chains.set(label, chain)
    const above = chain.length > 1 ? chain.slice(1).findLast(({ policy }) => excludesFile(policy, label)) : undefined
    if (above !== undefined) excluding.set(label, above)
    used.add(above ?? chain[0] ?? NO_POLICY)
  }
  return {
    of: (label) => excluding.get(label) ?? chains.get(label)?.[0] ?? NO_POLICY,
    chainOf: (label) => chains.get(label) ?? [],
    used: [...used],
    ...settingFiles(loader.loaded),
  }
}

/** One policy for all inputs. */
export function onePolicy(one: LoadedPolicy): LoadedPolicies {
  return { of: () => one, chainOf: () => [one], used: [one], ...settingFiles([one]) }
}

function settingFiles(loaded: readonly LoadedPolicy[]): Pick<LoadedPolicies, 'paths' | 'files' | 'diagnostics'> {
  const files = loaded.flatMap((one) => one.files)
  return {
    files,
    paths: new Set(files.flatMap(({ file }) => (file.kind === 'file' ? [file.path] : []))),
    diagnostics: loaded.flatMap(({ diagnostics }) => diagnostics),
  }
}

/** Reads policy files, each once. */
class PolicyLoader {
  /** All that were read, also those of which only the excluded paths count. */
  readonly loaded: LoadedPolicy[] = []
  readonly #host: Host
  readonly #options: PolicyOptions
  readonly #search: UpwardSearch
  readonly #known = new Map<string, LoadedPolicy>()
  readonly #chains = new Map<string, readonly LoadedPolicy[]>()

  constructor(host: Host, options: PolicyOptions) {
    this.#host = host
    this.#options = options
    this.#search = new UpwardSearch(host.fs, POLICY_FILE)
  }

  /** The policies of a folder, the nearest first. @param folder absolute */
  async chain(folder: string): Promise<readonly LoadedPolicy[]> {
    const known = this.#chains.get(folder)
    if (known !== undefined) return known
    const chain: LoadedPolicy[] = []
    for (const path of this.#search.from(folder)) chain.push(await this.load(path))
    this.#chains.set(folder, chain)
    return chain
  }

  /**
   * Reads a policy file and its templates.
   * @param path absolute
   * @param typed as the user named it; undefined for a file that was found, which must not lead out of its repository
   */
  async load(path: string, typed?: string): Promise<LoadedPolicy> {
    const known = this.#known.get(path)
    if (known !== undefined) return known
    const one = await this.#read(path, typed)
    this.#known.set(path, one)
    this.loaded.push(one)
    return one
  }

  async #read(path: string, typed: string | undefined): Promise<LoadedPolicy> {
    const host = this.#host
    const { followLinks } = this.#options
    const folder = dirname(path)
    const label = slashed(typed ?? relative(host.cwd, path))
    const refusal = typed === undefined ? new LinkBounds(host.fs, folder, { followLinks }).refusal(path) : undefined
    if (refusal !== undefined) return { ...NO_POLICY, diagnostics: [linkedPolicy(label, refusal)] }
    const loaded = await loadInputs(host, [{ kind: 'file', label, path, root: folder, regular: typed === undefined }])
    const [file] = loaded.files
    if (file === undefined) return { ...NO_POLICY, diagnostics: loaded.diagnostics.map(asConfig) }
    return await readPolicyOf(host, file.source, folder, followLinks, file)
  }
}

/** The policy of standard input. */
export async function policyOfInput(host: Host, options: PolicyOptions): Promise<LoadedPolicy> {
  return (await loadPolicies(host, options, [{ kind: 'stdin' }])).of(STDIN_LABEL)
}

/** Reads a policy that comes with the manifests and not from a file; its paths are relative to the working folder. */
export async function inlinePolicy(host: Host, source: SourceText, followLinks: boolean): Promise<LoadedPolicy> {
  return await readPolicyOf(host, source, host.cwd, followLinks)
}

async function readPolicyOf(
  host: Host,
  source: SourceText,
  folder: string,
  followLinks: boolean,
  file?: LoadedFile,
): Promise<LoadedPolicy> {
  const files = file === undefined ? [] : [file]
  const { readPolicy } = await import('../core/selection/read-policy.ts')
  const { policy, diagnostics } = await readPolicy(source, pathFinder(host, folder))
  if (policy === undefined) return { ...NO_POLICY, files, diagnostics }
  const templates = await loadTemplates(host, policy, folder, followLinks)
  return {
    policy,
    files: [...files, ...templates.files],
    templates: templates.files,
    diagnostics: [...diagnostics, ...templates.diagnostics],
  }
}

/** Whether a policy excludes a file, by its label. */
export function excludesFile(policy: Policy | undefined, label: string): boolean {
  const path = policy?.pathOf(label)
  return path !== undefined && policy?.excludesPath(path) === true
}

function linkedPolicy(label: string, refusal: string): Diagnostic {
  const at = fileLocation(label)
  const hint = `name the policy file itself: --config FILE, or use none: --no-config`
  return diagnostic('CONFIG_OUTSIDE', `not read: ${refusal}`, { at, hint })
}

function asConfig(found: Diagnostic): Diagnostic {
  return found.code === 'IO_NOT_FOUND' ? { ...found, code: 'CONFIG_NOT_FOUND', message: 'no such policy file' } : found
}

/**
 * Templates must be in the policy's folder, links resolved, and have names of YAML or JSON files: so a repository cannot
 * make the program read and print lines of other files.
 */
async function loadTemplates(host: Host, policy: Policy, folder: string, followLinks: boolean) {
  const limits = { followLinks, root: folder }
  const bounds = new LinkBounds(host.fs, folder, limits)
  const diagnostics: Diagnostic[] = []
  const inside = policy.templates.filter(({ path, at }) => {
    const refusal = fileRefusal(host, bounds, folder, path)
    if (refusal !== undefined) diagnostics.push(diagnostic('CONFIG_OUTSIDE', `${path} is not read: ${refusal}`, { at }))
    else if (isMissing(host.fs, join(folder, path))) diagnostics.push(missingTemplate(path, at))
    else return true
    return false
  })
  // A bare `-` would mean standard input.
  const paths = inside
    .map(({ path }) => relative(host.cwd, join(folder, path)) || '.')
    .map((path) => (path === '-' ? './-' : path))
  const loaded = await readInputsOf(host, paths, { recursive: true, ...limits })
  return { files: loaded.files, diagnostics: [...diagnostics, ...loaded.diagnostics] }
}

function missingTemplate(path: string, at: SourceLocation): Diagnostic {
  const hint = 'paths in a policy are relative to its folder; create it, or remove it from templates'
  return diagnostic('IO_NOT_FOUND', `${path}: no such file or folder`, { at, hint })
}

/** Why a path that a file of the repository names is not read; undefined if it may be read or does not exist. */
export function fileRefusal(host: Host, bounds: LinkBounds, folder: string, path: string): string | undefined {
  if (isInControlFolder(path)) return 'it is in a version control folder'
  const file = join(folder, path)
  const stat = statOf(host.fs, file)
  if (stat === undefined) return undefined
  return stat.isFile() && !isManifestName(path) ? 'it is not a .yaml, .yml or .json file' : bounds.refusal(file)
}

/** Paths of inputs relative to the policy's folder, computed when a rule needs one. */
function pathFinder(host: Host, folder: string): Policy['pathOf'] {
  const known = new Map<string, string | undefined>()
  let real: string | undefined
  return (label) => {
    if (known.has(label)) return known.get(label)
    real ??= realPathOf(host.fs, folder) ?? folder
    const file = realPathOf(host.fs, resolve(host.cwd, label))
    const path = file === undefined ? undefined : pathBelow(real, file)
    known.set(label, path)
    return path
  }
}
