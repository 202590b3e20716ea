import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { pathText } from '../core/text/path-bytes.ts'
import { diagnostic, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import type { Host } from './host.ts'

/** A repository: its top folder, and the environment in which git finds it. */
export interface Repository {
  top: string
  env: Host['env']
}

/**
 * Runs git. This is the only place that starts another program: only git knows what changed since a revision and what its
 * index contains. The command is fixed except for the revision, which is never parsed as an option, and no shell is used.
 */
export function git({ top, env }: Repository, args: readonly string[], input?: string): Buffer {
  // A repository can name a program in core.fsmonitor, which must not run, and a folder can be a bare repository without `.git`.
  const fixed = ['-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false', '-c', 'safe.bareRepository=explicit']
  // git runs no hook if it does not refresh the index.
  return execFileSync('git', ['--no-optional-locks', ...fixed, ...args], {
    cwd: top,
    // A hook names the index of its commit in the environment. No missing blob is fetched over the network, and messages
    // are not translated.
    env: { ...env, GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' },
    maxBuffer: 1 << 30,
    stdio: ['pipe', 'pipe', 'pipe'],
    input: input ?? '',
  })
}

/** The variables with which git tells a hook its repository (`git rev-parse --local-env-vars`); a submodule is another. */
const LOCAL_VARIABLES: ReadonlySet<string> = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_PREFIX',
  'GIT_WORK_TREE',
])

/** The submodule in a folder; undefined if it is not checked out, as git would then use the repository around it. */
export function submoduleAt(path: string, { env }: Repository): Repository | undefined {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !LOCAL_VARIABLES.has(name)))
  try {
    const found = repositoryOf(path, own)
    return found.top === path ? found : undefined
  } catch {
    return undefined
  }
}

/** The names in the output of git with `-z`. */
export function namesIn(output: Buffer): string[] {
  const names: string[] = []
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(0, at)
    names.push(pathText(output.subarray(at, end < 0 ? output.length : end)))
    at = end < 0 ? output.length : end + 1
  }
  return names
}

/** The differences from a revision; all paths are absolute. */
export interface ChangedFiles {
  /** The top folder of the repository; git knows nothing about files outside it. */
  top: string
  paths: ReadonlySet<string>
  /** Folders that are separate repositories, whose changes are unknown. */
  folders: readonly string[]
  /** What the revision has of files that changed or were removed since. */
  earlier: ReadonlyMap<string, EarlierFile>
}

/** A file of a revision. */
export interface EarlierFile {
  repository: Repository
  /** The id of its content in the repository. */
  id: string
  isRemoved: boolean
}

/**
 * The files in a repository that differ from a revision or are untracked, those in submodules
 * included. Files that were removed are only among the earlier ones.
 */
export function findChanged({ cwd, env }: Pick<Host, 'cwd' | 'env'>, revision: string): ChangedFiles | Diagnostic {
  try {
    const repository = repositoryOf(cwd, env)
    const found = foundIn(repository)
    collect(repository, commitOf(repository, revision), found)
    return found
  } catch (error) {
    return gitProblem(`git cannot list what changed since ${revision}`, error, {
      hint: 'name a branch, tag or commit of a git repository, such as --since origin/main',
    })
  }
}

/**
 * The files in the index that differ from a revision, those in submodules included. In a repository without commits all
 * differ from HEAD.
 */
export function findStaged(repository: Repository, revision: string): ChangedFiles {
  const found = foundIn(repository)
  const isUnborn = revision === 'HEAD' && !hasCommits(repository)
  collectDiff(repository, ['--cached', isUnborn ? emptyTree(repository) : commitOf(repository, revision)], found)
  return found
}

function hasCommits(repository: Repository): boolean {
  try {
    return commitOf(repository, 'HEAD') !== ''
  } catch {
    return false
  }
}

/** The id of the tree without entries, which depends on the hash of the repository. */
function emptyTree(repository: Repository): string {
  return git(repository, ['hash-object', '-t', 'tree', '--stdin']).toString().trim()
}

export function commitOf(repository: Repository, revision: string): string {
  return git(repository, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`])
    .toString()
    .trim()
}

/** The repository that a folder is in; throws if there is none. */
export function repositoryOf(folder: string, env: Host['env']): Repository {
  const top = pathText(git({ top: folder, env }, ['rev-parse', '--show-toplevel'])).replace(/\n$/, '')
  return { top: resolve(top), env }
}

/** The mode of a submodule in an index or a tree. */
export const SUBMODULE = '160000'
/** The mode, in a difference, of a file that one side does not have. */
const NO_FILE = '000000'

interface Found {
  top: string
  paths: Set<string>
  folders: string[]
  earlier: Map<string, EarlierFile>
}

function foundIn({ top }: Repository): Found {
  return { top, paths: new Set(), folders: [], earlier: new Map() }
}

function collect(repository: Repository, commit: string, found: Found): void {
  collectDiff(repository, [commit], found)
  const { top } = repository
  for (const name of namesIn(git(repository, ['ls-files', '--others', '--exclude-standard', '-z']))) {
    if (name.endsWith('/')) found.folders.push(resolve(top, name))
    else found.paths.add(resolve(top, name))
  }
}

/** @param between what is compared: a commit with the working tree, with `--cached` with the index, or two commits */
function collectDiff(repository: Repository, between: readonly string[], found: Found): void {
  // No submodule is ignored, even if .gitmodules, which a change can edit, says so.
  const how = ['--raw', '--no-abbrev', '--no-ext-diff', '--no-renames', '--ignore-submodules=none', '-z']
  const changed = namesIn(git(repository, ['diff', ...how, ...between, '--']))
  for (let n = 0; n + 1 < changed.length; n += 2) {
    // :OLD_MODE NEW_MODE OLD_ID NEW_ID STATUS
    const [oldMode, newMode, oldId, newId] = (changed[n] as string).slice(1).split(' ')
    const path = resolve(repository.top, changed[n + 1] as string)
    const isRemoved = newMode === NO_FILE
    if (oldMode !== SUBMODULE && oldMode !== NO_FILE)
      found.earlier.set(path, { repository, id: oldId as string, isRemoved })
    if (isRemoved) continue
    if (newMode !== SUBMODULE) found.paths.add(path)
    else {
      const isOfFiles = between.length === 1
      const commits = { from: oldMode === SUBMODULE ? oldId : undefined, to: isOfFiles ? undefined : newId }
      collectSubmodule(path, repository, commits, found)
    }
  }
}

/** @param commits `from` is undefined for a submodule that was added; `to` is undefined for its working tree */
function collectSubmodule(
  path: string,
  around: Repository,
  { from, to }: { from: string | undefined; to: string | undefined },
  found: Found,
): void {
  const repository = submoduleAt(path, around)
  try {
    if (from !== undefined && repository !== undefined) {
      if (to === undefined) return collect(repository, commitOf(repository, from), found)
      return collectDiff(repository, [commitOf(repository, from), commitOf(repository, to)], found)
    }
  } catch {
    // A shallow clone, for example, has no older commits.
  }
  found.folders.push(path)
}

/**
 * The contents of blobs by their ids, without those that the repository does not have.
 * @param ids not empty
 */
export function readBlobs(repository: Repository, ids: readonly string[]): Map<string, Buffer> {
  // For each blob `ID blob SIZE`, a line feed, the content, a line feed; or `ID missing`.
  const output = git(repository, ['cat-file', '--batch'], `${ids.join('\n')}\n`)
  const contents = new Map<string, Buffer>()
  for (let at = 0; at < output.length;) {
    const end = output.indexOf(10, at)
    const [id = '', type, size] = output.toString('latin1', at, end).split(' ')
    at = end + 1
    if (type !== 'blob') continue
    contents.set(id, output.subarray(at, at + Number(size)))
    at += Number(size) + 1
  }
  return contents
}

/** The error for a call of git that failed, in its own words if it printed any. Any other error is a bug and is thrown again. */
export function gitProblem(message: string, error: unknown, parts: { hint: string }): Diagnostic {
  return diagnostic('IO_GIT', `${message}: ${gitReason(error)}`, isMissing(error) ? { hint: 'install git' } : parts)
}

/** Whether git could not be started at all. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** Why a call of git failed, in its own words if it printed any. Any other error is a bug and is thrown again. */
export function gitReason(error: unknown): string {
  if (isMissing(error)) return 'it is not installed'
  if (!(error instanceof Error && 'status' in error)) throw error
  const [line = ''] = 'stderr' in error ? String(error.stderr).trim().split('\n') : []
  return line === '' ? 'no such revision' : line
}
