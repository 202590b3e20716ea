import { dirname, relative, resolve, sep, isAbsolute, join } from 'node:path'
import { diagnostic, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import type { Policy } from '../core/selection/policy.ts'
import { SourceText } from '../core/text/source.ts'
import { findUpward } from '../io/find-upward.ts'
import type { Host } from '../io/host.ts'
import { loadInputs, type LoadedFile } from '../io/read-files.ts'
import { isInControlFolder, LinkBounds } from '../io/link-bounds.ts'
import { isManifestName } from '../io/manifest-name.ts'
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

const NO_POLICY: LoadedPolicy = { policy: undefined, files: [], templates: [], diagnostics: [] }

/** Finds and reads the policy of a run. */
export async function loadPolicy(
  host: Host,
  { config, followLinks }: Pick<CommonOptions, 'followLinks'> & { config: ConfigOption },
): Promise<LoadedPolicy> {
  if (config === 'none') return NO_POLICY
  const path = config === 'find' ? findUpward(host.fs, host.cwd, POLICY_FILE) : resolve(host.cwd, config.file)
  if (path === undefined) return NO_POLICY
  const label = config === 'find' ? shown(relative(host.cwd, path)) : shown(config.file)
  const refusal = config === 'find' ? new LinkBounds(host.fs, dirname(path), { followLinks }).refusal(path) : undefined
  if (refusal !== undefined) return { ...NO_POLICY, diagnostics: [linkedPolicy(label, refusal)] }
  const loaded = await loadInputs(host, [
    { kind: 'file', label, path, root: dirname(path), regular: config === 'find' },
  ])
  const [file] = loaded.files
  if (file === undefined) return { ...NO_POLICY, diagnostics: loaded.diagnostics.map(asConfig) }
  return await readPolicyOf(host, file.source, dirname(path), followLinks, file)
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

function linkedPolicy(label: string, refusal: string): Diagnostic {
  const at = { source: new SourceText(label, ''), range: { start: 0, end: 0 } }
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
    const refusal = templateRefusal(host, bounds, folder, path)
    if (refusal !== undefined) diagnostics.push(diagnostic('CONFIG_OUTSIDE', `${path} is not read: ${refusal}`, { at }))
    return refusal === undefined
  })
  // A bare `-` would mean standard input.
  const paths = inside
    .map(({ path }) => relative(host.cwd, join(folder, path)) || '.')
    .map((path) => (path === '-' ? './-' : path))
  const loaded = await readInputsOf(host, paths, { recursive: true, ...limits })
  return { files: loaded.files, diagnostics: [...diagnostics, ...loaded.diagnostics] }
}

/** Why a path in a policy is not read; undefined if it may be read or does not exist. */
function templateRefusal(host: Host, bounds: LinkBounds, folder: string, path: string): string | undefined {
  if (isInControlFolder(path)) return 'it is in a version control folder'
  const file = join(folder, path)
  const stat = statOf(host, file)
  if (stat === undefined) return undefined
  return stat.isFile() && !isManifestName(path) ? 'it is not a .yaml, .yml or .json file' : bounds.refusal(file)
}

/** Undefined if the file does not exist or its status cannot be read, which is reported when it is read. */
function statOf(host: Host, path: string) {
  try {
    return host.fs.statSync(path)
  } catch {
    return undefined
  }
}

function realpath(host: Host, path: string): string | undefined {
  try {
    return host.fs.realpathSync(path)
  } catch {
    return undefined
  }
}

/** Paths of inputs relative to the policy's folder, computed when a rule needs one. */
function pathFinder(host: Host, folder: string): Policy['pathOf'] {
  const known = new Map<string, string | undefined>()
  let real: string | undefined
  return (label) => {
    if (known.has(label)) return known.get(label)
    real ??= realpath(host, folder) ?? folder
    const file = realpath(host, resolve(host.cwd, label))
    const path = file === undefined ? undefined : relative(real, file)
    const outside = path === undefined || path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)
    known.set(label, outside ? undefined : shown(path))
    return known.get(label)
  }
}

function shown(path: string): string {
  return sep === '\\' ? path.replaceAll('\\', '/') : path
}
