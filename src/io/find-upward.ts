import { dirname, join } from 'node:path'
import type { FileSystem } from './host.ts'

/**
 * The nearest file with a name in a folder or its parents, up to the root of the git repository or the file system;
 * undefined when there is none.
 */
export function findUpward(fs: FileSystem, folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, name)
    if (isThere(fs, file)) return file
    // In a work tree `.git` is a file.
    if (isThere(fs, join(at, '.git')) || dirname(at) === at) return undefined
  }
}

function isThere(fs: FileSystem, path: string): boolean {
  try {
    return fs.statSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}
