import { diagnostic, hasErrors, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { isBlankText } from '../core/yaml/read/blank.ts'
import { discoverInputs } from '../io/discover.ts'
import type { Host } from '../io/host.ts'
import type { LinkLimits } from '../io/link-bounds.ts'
import { loadInputs, type Loaded, type LoadedFile, type LoadOptions } from '../io/read-files.ts'
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

/**
 * The inputs of a run; without paths, standard input. Inputs that hold no object at all, all of them together, are an
 * error unless they are allowed: `false | sidecarctl inject - | kubectl apply --prune -f -` would delete a cluster.
 */
export async function readInputs(
  host: Host,
  options: Pick<CommonOptions, 'paths' | 'recursive' | 'followLinks' | 'allowEmpty'>,
  how?: LoadOptions,
): Promise<Loaded> {
  const { paths, recursive, allowEmpty } = options
  const loaded = await (paths.length > 0
    ? readInputsOf(host, paths, searchOf(options, recursive), how)
    : readInputsOf(host, ['-'], { recursive: false }, how))
  if (allowEmpty || loaded.files.length === 0 || hasErrors(loaded.diagnostics)) return loaded
  if (!loaded.files.every(({ source }) => isBlankText(source))) return loaded
  return { files: [], size: 0, diagnostics: [...loaded.diagnostics, emptyInput(loaded.files)] }
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
