import { join, relative, resolve, sep } from 'node:path'
import { pathText } from '../core/text/path-bytes.ts'
import { git, gitReason, repositoryOf, type Repository } from './git.ts'
import type { Host } from './host.ts'
import { isThere, linkStatOf } from './stat.ts'

/** What a repository has for hooks before a commit. */
export interface CommitHooks {
  /** The top folder of the repository, absolute. */
  top: string
  /** Programs that manage its hooks, with the file in which the user adds one, relative to the top folder. */
  managers: readonly { program: 'pre-commit' | 'lefthook' | 'husky'; file: string }[]
  /** The hook that git runs, absolute. */
  path: string
  /** The hook, as a path for messages. */
  label: string
  /** The hook's text; undefined if there is none. */
  text: string | undefined
  /** Whether core.hooksPath leads out of the repository, to hooks that others share. */
  isShared: boolean
}

/** Where each program looks for its configuration (pre-commit.com, lefthook.dev, typicode.github.io/husky). */
const CONFIGURATIONS = {
  'pre-commit': ['.pre-commit-config.yaml', '.pre-commit-config.yml'],
  lefthook: ['', '.', '.config/'].flatMap((prefix) =>
    ['yml', 'yaml', 'json', 'toml'].map((extension) => `${prefix}lefthook.${extension}`),
  ),
  husky: ['.husky'],
} as const

/** The hooks of the repository that a folder is in, or why git finds no repository. */
export function findCommitHooks({ fs, cwd, env }: Host): CommitHooks | { reason: string } {
  let repository: Repository
  try {
    repository = repositoryOf(cwd, env)
  } catch (error) {
    return { reason: gitReason(error) }
  }
  const { top } = repository
  const isHere = (path: string): boolean => isThere(fs, join(top, path))
  const managers = (['pre-commit', 'lefthook', 'husky'] as const).flatMap((program) => {
    const found = CONFIGURATIONS[program].find(isHere)
    return found === undefined ? [] : [{ program, file: program === 'husky' ? '.husky/pre-commit' : found }]
  })
  const path = join(hooksFolder(repository), 'pre-commit')
  const inside = relative(top, path)
  const isInside = inside !== '..' && !inside.startsWith(`..${sep}`) && inside !== path
  return {
    top,
    managers,
    path,
    label: isInside ? inside.split(sep).join('/') : path,
    text: textOf(fs, path),
    isShared: !isInside && hasHooksPath(repository),
  }
}

/** Where git looks for hooks: the folder of core.hooksPath, otherwise that of the repository, for all its work trees. */
function hooksFolder(repository: Repository): string {
  const path = pathText(git(repository, ['rev-parse', '--git-path', 'hooks'])).replace(/\n$/, '')
  return resolve(repository.top, path)
}

function hasHooksPath(repository: Repository): boolean {
  try {
    return git(repository, ['config', '--get', 'core.hooksPath']).length > 0
  } catch {
    return false
  }
}

function textOf(fs: Host['fs'], path: string): string | undefined {
  try {
    return fs.readFileSync(path, 'utf8')
  } catch (error) {
    // A hook that cannot be read is one that must not be overwritten.
    return linkStatOf(fs, path) === undefined ? undefined : String(error)
  }
}
