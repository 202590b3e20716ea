import { dirname, relative, resolve, sep, isAbsolute, join } from 'node:path'
import { diagnostic, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import type { Policy } from '../core/selection/policy.ts'
import { findUpward } from '../io/find-upward.ts'
import type { Host } from '../io/host.ts'
import { loadInputs, type LoadedFile } from '../io/read-files.ts'
import { readInputsOf } from './read-inputs.ts'
import type { RunOptions } from './options.ts'

/** The name of the policy file. */
export const POLICY_FILE = 'sidecarctl.yaml'

/** A policy file with the templates that it names. */
export interface LoadedPolicy {
  policy: Policy | undefined
  /** The policy file and its templates: settings, which are no manifests. */
  files: readonly LoadedFile[]
  templates: readonly LoadedFile[]
  diagnostics: readonly Diagnostic[]
}

const NO_POLICY: LoadedPolicy = { policy: undefined, files: [], templates: [], diagnostics: [] }

/** Finds and reads the policy of a run. */
export async function loadPolicy(host: Host, config: RunOptions['config']): Promise<LoadedPolicy> {
  if (config === 'none') return NO_POLICY
  const path = config === 'find' ? findUpward(host.fs, host.cwd, POLICY_FILE) : resolve(host.cwd, config.file)
  if (path === undefined) return NO_POLICY
  const label = config === 'find' ? shown(relative(host.cwd, path)) : shown(config.file)
  const loaded = await loadInputs(host, [{ kind: 'file', label, path, root: dirname(path), regular: config === 'find' }])
  const [file] = loaded.files
  if (file === undefined) return { ...NO_POLICY, diagnostics: loaded.diagnostics.map(asConfig) }
  const folder = dirname(path)
  const { readPolicy } = await import('../core/selection/read-policy.ts')
  const { policy, diagnostics } = await readPolicy(file.source, pathFinder(host, folder))
  if (policy === undefined) return { ...NO_POLICY, files: [file], diagnostics }
  const templates = await loadTemplates(host, policy, folder)
  return {
    policy,
    files: [file, ...templates.files],
    templates: templates.files,
    diagnostics: [...diagnostics, ...templates.diagnostics],
  }
}

function asConfig(found: Diagnostic): Diagnostic {
  return found.code === 'IO_NOT_FOUND' ? { ...found, code: 'CONFIG_NOT_FOUND', message: 'there is no such policy file' } : found
}

/** Templates lie below the policy's folder, links followed, so that a repository cannot make the program read others. */
async function loadTemplates(host: Host, policy: Policy, folder: string) {
  const diagnostics: Diagnostic[] = []
  const inside = policy.templates.filter(({ path, at }) => {
    const real = realpath(host, join(folder, path))
    if (real === undefined || isInside(realpath(host, folder) ?? folder, real)) return true
    diagnostics.push(diagnostic('CONFIG_OUTSIDE', `${path} leads, through a link, out of the folder of the policy file`, { at }))
    return false
  })
  const paths = inside.map(({ path }) => relative(host.cwd, join(folder, path)) || '.')
  const loaded = await readInputsOf(host, paths, true)
  return { files: loaded.files, diagnostics: [...diagnostics, ...loaded.diagnostics] }
}

function realpath(host: Host, path: string): string | undefined {
  try {
    return host.fs.realpathSync(path)
  } catch {
    return undefined
  }
}

function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** Paths of inputs from the policy's folder, worked out when a rule asks for one. */
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
