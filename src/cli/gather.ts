import { diagnostic } from '../core/diagnostic.ts'
import type { ProgressHook } from '../core/options.ts'
import { expandInputs } from '../io/expand.ts'
import type { Host } from '../io/host.ts'
import { loadInputs, type Loaded } from '../io/read.ts'
import type { CommonOptions } from './options.ts'

/** Reads every input; trouble with one does not hide another's. */
export async function gather(host: Host, paths: readonly string[], recursive: boolean, onProgress?: ProgressHook): Promise<Loaded> {
  const expanded = expandInputs(host.fs, paths, host.cwd, recursive)
  const loaded = await loadInputs(host, expanded.files, onProgress)
  return { files: loaded.files, diagnostics: [...expanded.diagnostics, ...loaded.diagnostics] }
}

/** The inputs of a run. Without paths a pipe is read, and then nothing at all on it is a mistake, not an empty file. */
export async function gatherInputs(
  host: Host,
  options: Pick<CommonOptions, 'paths' | 'recursive'>,
  onProgress?: ProgressHook,
): Promise<Loaded> {
  if (options.paths.length > 0) return await gather(host, options.paths, options.recursive, onProgress)
  const loaded = await gather(host, ['-'], false)
  if (!loaded.files.every(({ source }) => source.text.trim() === '') || loaded.diagnostics.length > 0) return loaded
  const hint = 'name files or folders, or - for standard input'
  return { files: [], diagnostics: [diagnostic('IO_NO_MANIFESTS', 'nothing came in on standard input', { hint })] }
}
