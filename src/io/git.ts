import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { pathText } from '../core/text/path-bytes.ts'
import { diagnostic, type Diagnostic } from '../core/diagnostics/diagnostic.ts'

/**
 * Runs git. This is the only place that starts another program: only git knows what changed since a revision. The
 * command is fixed except for the revision, which is never parsed as an option, and no shell is used.
 */
function git(cwd: string, args: readonly string[]): Buffer {
  // A repository can name a program in core.fsmonitor, which must not run, and a folder can be a bare repository without `.git`.
  const fixed = ['-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false', '-c', 'safe.bareRepository=explicit']
  // git runs no hook if it does not refresh the index.
  return execFileSync('git', ['--no-optional-locks', ...fixed, ...args], {
    cwd,
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

/** The names in the output of git with `-z`. */
function namesIn(output: Buffer): string[] {
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
}

/**
 * The files in a repository that differ from a revision or are untracked, those in submodules
 * included. Files that were removed are not among them.
 */
export function findChanged(cwd: string, revision: string): ChangedFiles | Diagnostic {
  try {
    const commit = commitOf(cwd, revision)
    const top = topOf(cwd)
    const found = { top, paths: new Set<string>(), folders: [] }
    collect(top, commit, found)
    return found
  } catch (error) {
    return diagnostic('IO_GIT', `git cannot list what changed since ${revision}: ${reasonOf(error)}`, {
      hint: 'name a branch, tag or commit of a git repository, such as --since origin/main',
    })
  }
}

function commitOf(cwd: string, revision: string): string {
  return git(cwd, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`])
    .toString()
    .trim()
}

function topOf(cwd: string): string {
  return pathText(git(cwd, ['rev-parse', '--show-toplevel'])).replace(/\n$/, '')
}

const SUBMODULE = '160000'

function collect(top: string, commit: string, found: { paths: Set<string>; folders: string[] }): void {
  // No submodule is ignored, even if .gitmodules, which a change can edit, says so.
  const how = [
    '--raw',
    '--no-abbrev',
    '--no-ext-diff',
    '--no-renames',
    '--diff-filter=d',
    '--ignore-submodules=none',
    '-z',
  ]
  const changed = namesIn(git(top, ['diff', ...how, commit, '--']))
  for (let n = 0; n + 1 < changed.length; n += 2) {
    // :OLD_MODE NEW_MODE OLD_ID NEW_ID STATUS
    const [oldMode, newMode, oldId] = (changed[n] as string).slice(1).split(' ')
    const path = resolve(top, changed[n + 1] as string)
    if (newMode === SUBMODULE) collectSubmodule(path, oldMode === SUBMODULE ? oldId : undefined, found)
    else found.paths.add(path)
  }
  for (const name of namesIn(git(top, ['ls-files', '--others', '--exclude-standard', '-z']))) {
    if (name.endsWith('/')) found.folders.push(resolve(top, name))
    else found.paths.add(resolve(top, name))
  }
}

/** @param commit the commit in the revision; undefined for a submodule that was added later */
function collectSubmodule(
  path: string,
  commit: string | undefined,
  found: { paths: Set<string>; folders: string[] },
): void {
  try {
    // In a submodule that is not checked out, git would use the repository around it.
    if (commit !== undefined && topOf(path) === path) return collect(path, commitOf(path, commit), found)
  } catch {
    // A shallow clone, for example, has no older commits.
  }
  found.folders.push(path)
}

/** The reason why git failed, in its own words if it printed any. Any other error is a bug and is thrown again. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'it is not installed'
  if (!(error instanceof Error && 'status' in error)) throw error
  const [line = ''] = 'stderr' in error ? String(error.stderr).trim().split('\n') : []
  return line === '' ? 'no such revision' : line
}
