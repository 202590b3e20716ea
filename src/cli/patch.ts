import type { FileResult } from '../core/inject/result.ts'
import { groupParts } from '../core/text/parts.ts'
import type { SourceText } from '../core/text/source.ts'
import type { InputFile } from '../io/discover.ts'
import type { Host } from '../io/host.ts'
import { pathBelow, slashed } from '../io/path-text.ts'
import type { Loaded, LoadedFile } from '../io/read-files.ts'

/** The name of standard input in a patch, the same on every run. */
const STDIN_NAME = 'stdin.yaml'

/** The changes of results as a patch, generated piece by piece; each piece is valid until the next is requested. */
export async function patch(
  host: Host,
  files: readonly FileResult[],
  loaded: Loaded,
  color: boolean,
): Promise<() => Iterable<Uint8Array>> {
  const { patchPieces } = await import('../report/diff.ts')
  const inputOf = inputsBySource(loaded)
  return () =>
    patchPieces(
      groupParts(files).map((parts) => ({ name: patchName(inputOf(parts[0].source).file, host.cwd), parts })),
      color,
    )
}

/** The same patch as one text. */
export async function patchText(
  host: Host,
  files: readonly FileResult[],
  loaded: Loaded,
  color: boolean,
): Promise<string> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  let text = ''
  for (const piece of (await patch(host, files, loaded, color))()) text += decoder.decode(piece, { stream: true })
  return text + decoder.decode()
}

/** Whether the engine changed a file. */
export function isChanged({ source, output }: FileResult): boolean {
  return output !== source.text
}

/** Finds the input of a result; a result without an input is a bug. */
export function inputsBySource(loaded: Loaded): (source: SourceText) => LoadedFile {
  const files = new Map(loaded.files.map((file) => [file.source, file]))
  return (source) => {
    const file = files.get(source)
    if (file === undefined) throw new Error(`a result for ${source.label}, which is not an input`)
    return file
  }
}

/**
 * A file's path in a patch: relative to the working folder, with `/`. A file outside it is named by its absolute path
 * without the leading slash, so that `patch -p1 -d /` finds it; git and patch both reject `..`.
 */
function patchName(file: InputFile, cwd: string): string {
  if (file.kind === 'stdin') return STDIN_NAME
  return pathBelow(cwd, file.path) ?? slashed(file.path.replace(/^([A-Za-z]:)?[\\/]+/, ''))
}
