import { resolve } from 'node:path'
import { diagnostic, type Diagnostic, fileLocation } from '../core/diagnostics/diagnostic.ts'
import type { RunResult } from '../core/inject/result.ts'
import { groupParts } from '../core/text/parts.ts'
import type { Host } from '../io/host.ts'
import type { Loaded } from '../io/read-files.ts'
import { isChanged } from './patch.ts'

/** The report of `inject --report` and `uninject --report`. */
export interface ReportFile {
  /** As given on the command line; undefined for no report. */
  readonly file: string | undefined
  readonly operation: 'inject' | 'uninject'
  readonly result: RunResult
  readonly loaded: Loaded
  /** Whether the result was printed or written. */
  readonly isApplied: boolean
}

/**
 * Writes the report over an earlier one. It never replaces an input, a link or a device.
 * @param diagnostics all findings of the run so far
 * @returns the errors; empty if it was written or none was requested
 */
export async function writeReport(
  host: Host,
  { file, operation, result, loaded, isApplied }: ReportFile,
  diagnostics: readonly Diagnostic[],
): Promise<readonly Diagnostic[]> {
  if (file === undefined) return []
  const path = resolve(host.cwd, file)
  const refusal = refusalOf(host, path, loaded)
  if (refusal !== undefined) {
    const at = fileLocation(file)
    return [diagnostic('IO_WRITE_FAILED', `the report is not written: ${refusal}`, { at, hint: 'name another file' })]
  }
  const [{ createFiles }, { editJson }] = await Promise.all([
    import('../io/create-files.ts'),
    import('../report/json/reports.ts'),
  ])
  const kind = operation === 'inject' ? 'InjectReport' : 'UninjectReport'
  const changed = groupParts(result.files).filter((parts) => parts.some(isChanged)).length
  const text = editJson(kind, result, diagnostics, changed, isApplied)
  return createFiles(host.fs, [{ label: file, path, text, mode: 0o644 }], true)
}

function refusalOf({ fs }: Host, path: string, { files }: Loaded): string | undefined {
  if (files.some(({ file }) => file.kind === 'file' && file.path === path)) return 'the file is an input'
  try {
    return fs.lstatSync(path).isFile() ? undefined : 'it exists and is not a regular file'
  } catch {
    // What does not exist is created, and what cannot be created is reported then.
    return undefined
  }
}
