import { relative, sep, isAbsolute } from 'node:path'
import type { InputFile } from '../io/discover.ts'

/** What a patch calls standard input, the same on every run. */
const STDIN_NAME = 'stdin.yaml'

/**
 * A file's path in a patch: from the working folder, with `/`. A file outside it is named by its absolute path
 * without the leading slash, so that `patch -p1 -d /` finds it; git and patch both refuse `..`.
 */
export function patchName(file: InputFile, cwd: string): string {
  if (file.kind === 'stdin') return STDIN_NAME
  const path = relative(cwd, file.path)
  const outside = path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path)
  const name = outside ? file.path.replace(/^([A-Za-z]:)?[\\/]+/, '') : path
  return sep === '\\' ? name.replaceAll('\\', '/') : name
}
