import { resolve } from 'node:path'
import type { Command } from 'commander'
import { shellWord } from '../core/common/shell-word.ts'
import { diagnostic, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import type { ChangedFiles } from '../io/git.ts'
import type { Host } from '../io/host.ts'
import { isThere } from '../io/stat.ts'
import { diagnosticsText } from '../report/diagnostics.ts'
import type { CommonOptions } from './commands/shared-options.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { reportEnv } from './report-env.ts'
import { UsageError } from './usage-error.ts'

/** Adds --staged. */
export function stagedOption(command: Command): Command {
  return command.option(
    '--staged',
    'only files that differ from HEAD in the git index, as they would be committed (default PATH: this folder, with -R)',
  )
}

/** Which files of a run count as changed. */
export interface ChangeOptions {
  /** Read the git index instead of the working tree, and of it only the files that changed. Default: no. */
  readonly staged: boolean
  /** The files that changed, once they are known. */
  readonly changed?: ChangedFiles
}

/**
 * Runs `work` on the files that would be committed. Without --staged, host and options stay as they are; with it, the
 * repository is read from the index, and files that changed in it since a revision are known.
 * @param since a git revision
 */
export async function withStagedFiles<T extends CommonOptions & ChangeOptions>(
  host: Host,
  options: T,
  work: (host: Host, options: T) => Promise<ExitCode>,
  since = 'HEAD',
): Promise<ExitCode> {
  if (!options.staged) return await work(host, options)
  const found = await readIndex(host, since)
  if ('code' in found) {
    await host.stderr.write(diagnosticsText([found], reportEnv(host, options)))
    return EXIT.failure
  }
  const isDefault = options.paths.length === 0
  const staged: T = {
    ...options,
    changed: found.changed,
    paths: isDefault ? ['.'] : options.paths,
    recursive: isDefault || options.recursive,
    // What git tracks is committed, ignored or not, and a commit need not contain manifests.
    gitignore: false,
    allowEmpty: true,
  }
  for (const path of staged.paths) rejectUnstaged(host, found.host, path)
  return await work(found.host, staged)
}

async function readIndex(host: Host, since: string): Promise<{ host: Host; changed: ChangedFiles } | Diagnostic> {
  const { findStaged, gitProblem, repositoryOf } = await import('../io/git.ts')
  const { indexFiles, UnmergedError } = await import('../io/index-files.ts')
  try {
    const repository = repositoryOf(host.cwd, host.env)
    const changed = findStaged(repository, since)
    return { host: { ...host, fs: indexFiles(host.fs, repository, host.cwd) }, changed }
  } catch (error) {
    if (!(error instanceof UnmergedError))
      return gitProblem('git cannot read the index', error, { hint: 'run --staged in a git repository' })
    const [first = ''] = error.paths
    const others = error.paths.length > 1 ? ` and ${error.paths.length - 1} more` : ''
    const hint = 'resolve the conflicts and git add the files'
    return diagnostic('IO_GIT', `the index has unmerged files: ${first}${others}`, { hint })
  }
}

/** A file that is not in the index is not part of a commit; without a word it would seem to be checked. */
function rejectUnstaged(host: Host, index: Host, path: string): void {
  if (path === '-') throw new UsageError('--staged reads files of the git index, not standard input')
  const has = ({ fs }: Host): boolean => isThere(fs, resolve(host.cwd, path))
  if (has(host) && !has(index))
    throw new UsageError(
      `${path} is not in the git index`,
      `run git add ${shellWord(path)}, or check it without --staged`,
    )
}
