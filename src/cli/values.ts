import type { Diagnostic } from '../core/diagnostics/diagnostic.ts'
import type { ParameterSetting } from '../core/selection/selection.ts'
import type { Host } from '../io/host.ts'
import type { LoadedFile } from '../io/read-files.ts'
import { readInputsOf, type SearchOptions } from './read-inputs.ts'

/** What files with values of parameters say. */
interface LoadedValues {
  files: readonly LoadedFile[]
  settings: ParameterSetting[]
  diagnostics: Diagnostic[]
}

/** Reads the files of `--values`, in order. */
export async function loadValues(host: Host, paths: readonly string[], search: SearchOptions): Promise<LoadedValues> {
  if (paths.length === 0) return { files: [], settings: [], diagnostics: [] }
  const { readValues } = await import('../core/selection/read-values.ts')
  const { files, diagnostics } = await readInputsOf(host, paths, search)
  const read = files.map(({ source }) => readValues(source))
  return {
    files,
    settings: read.flatMap(({ settings }) => settings),
    diagnostics: [...diagnostics, ...read.flatMap((one) => one.diagnostics)],
  }
}
