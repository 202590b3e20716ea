import { resolve } from 'node:path'
import { diagnostic, hasErrors, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { BARE_KUSTOMIZATION } from '../core/kube/file-purpose.ts'
import { holdsEmptyListsOnly } from '../core/kube/objects.ts'
import { matchesPath } from '../core/selection/glob.ts'
import { isBlankText } from '../core/yaml/read/blank.ts'
import { discoverInputs, type DiscoveredInputs } from '../io/discover.ts'
import type { Host } from '../io/host.ts'
import type { LinkLimits } from '../io/link-bounds.ts'
import { pathBelow } from '../io/path-text.ts'
import { loadInputs, type Loaded, type LoadedFile, type LoadOptions } from '../io/read-files.ts'
import type { OtherFile } from '../report/other-files.ts'
import type { CommonOptions } from './commands/shared-options.ts'
import { withoutOtherFiles, type OtherFileOptions } from './other-files.ts'

/** How inputs are searched. */
export interface SearchOptions extends LinkLimits {
  recursive: boolean
}

/** Reads every input; an error in one does not hide those of others. */
export async function readInputsOf(
  host: Host,
  paths: readonly string[],
  { recursive, ...limits }: SearchOptions,
  how?: LoadOptions,
): Promise<Loaded> {
  const expanded = discoverInputs(host.fs, paths, host.cwd, recursive, limits)
  const loaded = await loadInputs(host, expanded.files, how)
  return { ...loaded, diagnostics: [...expanded.diagnostics, ...loaded.diagnostics] }
}

/** How inputs or settings of a run are searched. Folders of settings are read with their subfolders. */
export function searchOf({ followLinks }: Pick<CommonOptions, 'followLinks'>, recursive = true): SearchOptions {
  return { recursive, followLinks }
}

/** The manifests of a run. */
export interface RunInputs extends Loaded {
  /** Files that are not manifests; they are not among `files`. */
  readonly others: readonly OtherFile[]
}

/** Which inputs of a run are skipped. */
interface InputLimits extends OtherFileOptions {
  /** Whether lists without items are no objects either. Default: no, they are inputs as others. */
  emptyLists?: boolean
}

type ReadOptions = Pick<
  CommonOptions,
  'paths' | 'recursive' | 'followLinks' | 'allowEmpty' | 'exclude' | 'gitignore'
> & {
  /** Whether kustomizations are errors, so that those without an extension must be found too. Default: no. */
  refusesSources?: boolean
}

/** The files of a run that are to be read, and what is wrong with the paths. */
export function discoverRunInputs(host: Host, options: ReadOptions): DiscoveredInputs {
  const { paths, recursive, followLinks, gitignore } = options
  const typed = paths.length > 0 ? paths : ['-']
  const limits = { followLinks, gitignore, ...(options.refusesSources === true && { alsoNamed: BARE_KUSTOMIZATION }) }
  const found = discoverInputs(host.fs, typed, host.cwd, recursive, limits)
  return {
    ...found,
    files: found.files.filter((file) => file.kind === 'stdin' || !isExcluded(options.exclude, file.label, host)),
  }
}

/**
 * The inputs of a run; without paths, standard input. It is an error if no input contains an object, unless that is
 * allowed: `false | sidecarctl inject - | kubectl apply --prune -f -` would delete everything in a cluster.
 */
export async function readInputs(
  host: Host,
  options: ReadOptions,
  how?: LoadOptions,
  what: InputLimits = {},
  found: DiscoveredInputs = discoverRunInputs(host, options),
): Promise<RunInputs> {
  const { paths, allowEmpty } = options
  const typed = paths.length > 0 ? paths : ['-']
  const loaded = await loadInputs(host, found.files, how)
  const notes = allowEmpty ? found.diagnostics.filter(({ code }) => code !== 'IO_NO_MANIFESTS') : found.diagnostics
  const all = { ...loaded, diagnostics: [...notes, ...loaded.diagnostics] }
  const ours = found.files.every(({ kind }) => kind === 'stdin')
    ? { ...all, others: [] }
    : withoutOtherFiles(host, all, typed, what)
  if (allowEmpty || ours.files.length === 0 || hasErrors(ours.diagnostics)) return ours
  const isEmpty = ({ source }: LoadedFile): boolean =>
    isBlankText(source) || (what.emptyLists === true && holdsEmptyListsOnly(source))
  if (!ours.files.every(isEmpty)) return ours
  return { ...ours, files: [], size: 0, diagnostics: [...ours.diagnostics, emptyInput(ours.files)] }
}

/** Patterns are relative to the working folder; a file outside it is matched by its path as typed. */
function isExcluded(patterns: readonly string[], label: string, { cwd }: Host): boolean {
  if (patterns.length === 0) return false
  const path = pathBelow(cwd, resolve(cwd, label)) ?? label
  return patterns.some((pattern) => matchesPath(pattern, path))
}

function emptyInput(files: readonly LoadedFile[]): Diagnostic {
  const [{ source }] = files as [LoadedFile]
  const what =
    source.text.trim() === ''
      ? 'it is empty'
      : isBlankText(source)
        ? 'it contains only comments and empty documents'
        : 'its list has no items'
  const at = files.length === 1 && { at: { source, range: { start: 0, end: 0 } } }
  const message =
    files.length === 1 ? `no objects in this input: ${what}` : `no objects in any of the ${files.length} files`
  const hint = files.every(({ file }) => file.kind === 'stdin')
    ? 'check the command before the pipe, or use --allow-empty if empty input is expected'
    : 'use --allow-empty if that is expected'
  return diagnostic('IO_EMPTY', message, { ...at, hint })
}
