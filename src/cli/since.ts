import { sep } from 'node:path'
import { diagnostic, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { asksOfNamespace } from '../core/selection/namespaces.ts'
import type { Changed } from '../io/git.ts'
import type { Host } from '../io/host.ts'
import type { LoadedFile } from '../io/read-files.ts'

/** The inputs of a run that `--since` narrows. */
export interface Since {
  /** What the run is about. */
  files: readonly LoadedFile[]
  /** The other inputs; what their Namespace objects ask for counts all the same. */
  others: readonly LoadedFile[]
  diagnostics: readonly Diagnostic[]
}

/**
 * Narrows inputs to those that changed since a revision of git; standard input always counts as changed. Where that
 * changed by which others are judged (the policy, a template, a Namespace object that asks for sidecars) all are looked
 * at, since any of them may not be as it should be now.
 * @param settings the policy file and templates
 */
export async function changedOnly(
  revision: string | undefined,
  files: readonly LoadedFile[],
  settings: readonly LoadedFile[],
  host: Host,
): Promise<Since> {
  if (revision === undefined) return { files, others: [], diagnostics: [] }
  const { changedSince } = await import('../io/git.ts')
  const found = changedSince(host.cwd, revision)
  if ('code' in found) return { files: [], others: [], diagnostics: [found] }
  const isChanged = ({ file }: LoadedFile): boolean => file.kind === 'stdin' || isAmong(found, file.path, host)
  const cause = settings.find(isChanged) ?? files.find((file) => isChanged(file) && asksOfNamespace(file.source))
  if (cause === undefined) return { files: files.filter(isChanged), others: files.filter((file) => !isChanged(file)), diagnostics: [] }
  const { label } = cause.source
  const message = `${label} changed since ${revision}, by which others are judged, so all files are looked at`
  return { files, others: [], diagnostics: [diagnostic('IO_SINCE_ALL', message)] }
}

/**
 * Git names files by their real folders, and a link by its own name; a change behind a link counts, too. Of files out of
 * the repository it cannot tell, so they count as changed.
 */
function isAmong({ top, paths, folders }: Changed, path: string, { fs }: Host): boolean {
  let real = path
  try {
    real = fs.realpathSync(path)
  } catch {
    // It is gone, which reading has told.
  }
  const isIn = (folder: string): boolean => real.startsWith(folder.endsWith(sep) ? folder : folder + sep)
  return paths.has(path) || paths.has(real) || !isIn(top) || folders.some(isIn)
}
