import { diagnostic } from '../core/diagnostics/diagnostic.ts'
import { discoverInputs } from '../io/discover.ts'
import type { Host } from '../io/host.ts'
import { loadInputs, type Loaded, type LoadOptions } from '../io/read-files.ts'
import type { CommonOptions } from './options.ts'

/** Reads every input; trouble with one does not hide another's. */
export async function readInputsOf(host: Host, paths: readonly string[], recursive: boolean, how?: LoadOptions): Promise<Loaded> {
  const expanded = discoverInputs(host.fs, paths, host.cwd, recursive)
  const loaded = await loadInputs(host, expanded.files, how)
  return { ...loaded, diagnostics: [...expanded.diagnostics, ...loaded.diagnostics] }
}

/** The inputs of a run. Without paths a pipe is read, and then nothing at all on it is a mistake, not an empty file. */
export async function readInputs(
  host: Host,
  options: Pick<CommonOptions, 'paths' | 'recursive'>,
  how?: LoadOptions,
): Promise<Loaded> {
  if (options.paths.length > 0) return await readInputsOf(host, options.paths, options.recursive, how)
  const loaded = await readInputsOf(host, ['-'], false, how)
  if (!loaded.files.every(({ source }) => source.text.trim() === '') || loaded.diagnostics.length > 0) return loaded
  const hint = 'name files or folders, or - for standard input'
  return { files: [], size: 0, diagnostics: [diagnostic('IO_NO_MANIFESTS', 'nothing came in on standard input', { hint })] }
}
