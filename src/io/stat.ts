import type { Stats } from 'node:fs'
import { errorCode } from './errors.ts'
import type { FileSystem } from './host.ts'

/**
 * The file or folder at a path, links followed; undefined where there is none, or where that cannot be found out, as for
 * a path below a file, a name that is too long, or a folder that may not be entered. What uses the path says which.
 */
export function statOf(fs: FileSystem, path: string): Stats | undefined {
  try {
    return fs.statSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** The same for the link itself. */
export function linkStatOf(fs: FileSystem, path: string): Stats | undefined {
  try {
    return fs.lstatSync(path, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** Whether certainly nothing is at a path, links followed. */
export function isMissing(fs: FileSystem, path: string): boolean {
  try {
    fs.statSync(path)
    return false
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')
  }
}

/** A path with all links resolved; undefined where that cannot be. */
export function realPathOf(fs: FileSystem, path: string): string | undefined {
  try {
    return fs.realpathSync(path)
  } catch {
    return undefined
  }
}

/** The names in a folder; none where it cannot be read. */
export function namesIn(fs: FileSystem, folder: string): string[] {
  try {
    return fs.readdirSync(folder)
  } catch {
    return []
  }
}

/** Whether something is at a path that can be looked at. */
export function isThere(fs: FileSystem, path: string): boolean {
  return statOf(fs, path) !== undefined
}
