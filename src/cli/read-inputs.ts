import { relative, resolve, sep } from 'node:path'
import { diagnostic, hasErrors, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { matchesPath } from '../core/selection/glob.ts'
import { isBlankText } from '../core/yaml/read/blank.ts'
import { discoverInputs } from '../io/discover.ts'
import type { Host } from '../io/host.ts'
import type { LinkLimits } from '../io/link-bounds.ts'
import { loadInputs, type Loaded, type LoadedFile, type LoadOptions } from '../io/read-files.ts'
import type { OtherFileOptions } from './other-files.ts'
import type { OtherFile } from '../report/other-files.ts'
import type { CommonOptions } from './options.ts'

/** Where inputs are looked for. */
export interface SearchOptions extends LinkLimits {
  recursive: boolean
}

/** Reads every input; trouble with one does not hide another's. */
export async function readInputsOf(host: Host, paths: readonly string[], { recursive, ...limits }: SearchOptions, how?: LoadOptions): Promise<Loaded> {
  const expanded = discoverInputs(host.fs, paths, host.cwd, recursive, limits)
  const loaded = await loadInputs(host, expanded.files, how)
  return { ...loaded, diagnostics: [...expanded.diagnostics, ...loaded.diagnostics] }
}

/** How settings of a run, or its inputs, are looked for. Folders of settings are read with their subfolders. */
export function searchOf({ followLinks }: Pick<CommonOptions, 'followLinks'>, recursive = true): SearchOptions {
  return { recursive, followLinks }
}

/** The inputs of a run, without what is not for it. */
export interface RunInputs extends Loaded {
  /** Files that hold no manifests, left out of `files`. */
  readonly others: readonly OtherFile[]
}

/** What is left out of the inputs of a run. */
interface InputLimits extends OtherFileOptions {
  /** Tells by their labels files that are left out beside those of `--exclude`. */
  excludes?: (label: string) => boolean
}

type ReadOptions = Pick<CommonOptions, 'paths' | 'recursive' | 'followLinks' | 'allowEmpty' | 'exclude' | 'gitignore'>

/**
 * The inputs of a run; without paths, standard input. Inputs that hold no object at all, all of them together, are an
 * error unless they are allowed: `false | sidecarctl inject - | kubectl apply --prune -f -` would delete a cluster.
 */
export async function readInputs(host: Host, options: ReadOptions, how?: LoadOptions, what: InputLimits = {}): Promise<RunInputs> {
  const { paths, recursive, allowEmpty, gitignore } = options
  const typed = paths.length > 0 ? paths : ['-']
  const found = discoverInputs(host.fs, typed, host.cwd, recursive, { followLinks: options.followLinks, gitignore })
  const isOut = (label: string): boolean => isExcluded(options.exclude, label, host) || what.excludes?.(label) === true
  const wanted = found.files.filter((file) => file.kind === 'stdin' || !isOut(file.label))
  const loaded = await loadInputs(host, wanted, how)
  const all = { ...loaded, diagnostics: [...found.diagnostics, ...loaded.diagnostics] }
  const ours = wanted.every(({ kind }) => kind === 'stdin') ? { ...all, others: [] } : (await import('./other-files.ts')).withoutOtherFiles(host, all, typed, what)
  if (allowEmpty || ours.files.length === 0 || hasErrors(ours.diagnostics)) return ours
  if (!ours.files.every(({ source }) => isBlankText(source))) return ours
  return { ...ours, files: [], size: 0, diagnostics: [...ours.diagnostics, emptyInput(ours.files)] }
}

/** Patterns are from the working folder; of what is outside of it the path as typed counts. */
function isExcluded(patterns: readonly string[], label: string, { cwd }: Host): boolean {
  if (patterns.length === 0) return false
  const path = relative(cwd, resolve(cwd, label)).split(sep).join('/')
  return patterns.some((pattern) => matchesPath(pattern, path.startsWith('../') ? label : path))
}

function emptyInput(files: readonly LoadedFile[]): Diagnostic {
  const [{ source }] = files as [LoadedFile]
  const what = source.text.trim() === '' ? 'it is empty' : 'it has only comments and empty documents'
  const at = files.length === 1 && { at: { source, range: { start: 0, end: 0 } } }
  const message = files.length === 1 ? `no objects in this input: ${what}` : `no objects in any of the ${files.length} files`
  const hint = files.every(({ file }) => file.kind === 'stdin')
    ? 'did the command before the pipe fail? Use --allow-empty if nothing is meant to come'
    : 'use --allow-empty if that is meant'
  return diagnostic('IO_EMPTY', message, { ...at, hint })
}
