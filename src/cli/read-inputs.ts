import { diagnostic } from '../core/diagnostics/diagnostic.ts'
import { discoverInputs } from '../io/discover.ts'
import type { Host } from '../io/host.ts'
import type { LinkLimits } from '../io/link-bounds.ts'
import { loadInputs, type Loaded, type LoadOptions } from '../io/read-files.ts'
import type { CommonOptions } from './commands/shared-options.ts'

/** How inputs are searched. */
export interface SearchOptions extends LinkLimits {
  recursive: boolean
}

/** Reads every input; an error in one does not hide those of others. */
export async function readInputsOf(host: Host, paths: readonly string[], { recursive, ...limits }: SearchOptions, how?: LoadOptions): Promise<Loaded> {
  const expanded = discoverInputs(host.fs, paths, host.cwd, recursive, limits)
  const loaded = await loadInputs(host, expanded.files, how)
  return { ...loaded, diagnostics: [...expanded.diagnostics, ...loaded.diagnostics] }
}

/** How inputs or settings of a run are searched. Folders of settings are read with their subfolders. */
export function searchOf({ followLinks }: Pick<CommonOptions, 'followLinks'>, recursive = true): SearchOptions {
  return { recursive, followLinks }
}

/** The inputs of a run. Without paths standard input is read; then empty input is an error. */
export async function readInputs(
  host: Host,
  options: Pick<CommonOptions, 'paths' | 'recursive' | 'followLinks'>,
  how?: LoadOptions,
): Promise<Loaded> {
  if (options.paths.length > 0) return await readInputsOf(host, options.paths, searchOf(options, options.recursive), how)
  const loaded = await readInputsOf(host, ['-'], { recursive: false }, how)
  if (!loaded.files.every(({ source }) => source.text.trim() === '') || loaded.diagnostics.length > 0) return loaded
  const hint = 'name files or folders, or - for standard input'
  return { files: [], size: 0, diagnostics: [diagnostic('IO_NO_MANIFESTS', 'standard input is empty', { hint })] }
}
