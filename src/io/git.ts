import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { diagnostic, type Diagnostic } from '../core/diagnostics/diagnostic.ts'

/**
 * Runs git. The one place of the program that starts another: what changed since a revision only git can tell. The
 * command is fixed but for the revision, which is never taken for an option, and no shell is between.
 */
function git(cwd: string, args: readonly string[]): string {
  // A repository may name a program in core.fsmonitor, which must not run.
  const fixed = ['-c', 'core.fsmonitor=false', '-c', 'core.quotePath=false']
  return execFileSync('git', [...fixed, ...args], { cwd, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'pipe'] })
}

/**
 * The files below a repository that differ from a revision, or that git does not know yet: absolute paths. Files that
 * were removed are not among them.
 */
export function changedSince(cwd: string, revision: string): { paths: ReadonlySet<string> } | Diagnostic {
  try {
    const commit = git(cwd, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]).trim()
    const top = git(cwd, ['rev-parse', '--show-toplevel']).trim()
    const changed = git(top, ['diff', '--name-only', '--no-ext-diff', '--no-renames', '--diff-filter=d', '-z', commit, '--'])
    const fresh = git(top, ['ls-files', '--others', '--exclude-standard', '-z'])
    const names = `${changed}${fresh}`.split('\0').filter((name) => name !== '')
    return { paths: new Set(names.map((name) => resolve(top, name))) }
  } catch (error) {
    return diagnostic('IO_GIT', `git cannot tell what changed since ${revision}: ${reasonOf(error)}`, {
      hint: 'name a revision that git log knows, in a repository, such as --since origin/main',
    })
  }
}

/** Why git failed, in its own words where it has any. An error that is not git's is ours. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'it is not installed'
  if (!(error instanceof Error && 'status' in error)) throw error
  const [line = ''] = 'stderr' in error ? String(error.stderr).trim().split('\n') : []
  return line === '' ? 'there is no such revision' : line
}
