import { dirname, join } from 'node:path'
import type { FileSystem } from './host.ts'
import { isThere } from './stat.ts'

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

/**
 * Finds all files with a name in folders and their parents, the nearest first, up to the root of the git repository or
 * the file system. Folders are looked at once.
 */
export class UpwardSearch {
  readonly #fs: FileSystem
  readonly #name: string
  readonly #known = new Map<string, readonly string[]>()

  constructor(fs: FileSystem, name: string) {
    this.#fs = fs
    this.#name = name
  }

  /** @param folder absolute */
  from(folder: string): readonly string[] {
    const known = this.#known.get(folder)
    if (known !== undefined) return known
    const file = join(folder, this.#name)
    const own = isThere(this.#fs, file) ? [file] : []
    const isTop = dirname(folder) === folder || isThere(this.#fs, join(folder, '.git'))
    const all = isTop ? own : [...own, ...this.from(dirname(folder))]
    this.#known.set(folder, all)
    return all
  }
}
