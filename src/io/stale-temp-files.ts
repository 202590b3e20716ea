import { basename, dirname, join, relative } from 'node:path'
import { diagnostic, type Diagnostic, fileLocation } from '../core/diagnostics/diagnostic.ts'
import type { Host } from './host.ts'
import { errorCode } from './errors.ts'

/**
 * Files that a run creates next to those it writes, and that are left if it is killed. Each is redundant at every moment:
 * a `tmp` is the new content, an `old` the original content in case a later file fails, and the file
 * itself always has one of the two, complete. So removing one too early loses nothing.
 */
export type TempFileSuffix = 'tmp' | 'old'

/** The name must have the form of our ids, so that no file of a user or of another program is removed. */
const NAME = /^\..*\.sidecarctl-([0-9a-z]+-[0-9a-z]+-[0-9a-z]+-[0-9a-z]+)\.(?:tmp|old)$/s
/** A lock, which contains the id; while it is taken over, its name ends with another id. */
const LOCK_NAME = /^\..*\.sidecarctl\.lock(?:\.[0-9a-z]+(?:-[0-9a-z]+){3})?$/s
/** More characters than an id has. */
const LOCK_BYTES = 200
/** File systems allow 255 bytes; ours need up to 60. */
const NAME_BYTES = 150
/** After this time a run counts as ended even if its process cannot be checked. In milliseconds. */
const LONG = 24 * 3600 * 1000

/** The path of a temporary file in the folder of another file, so that a rename can move it; its name is not a manifest name. */
export function tempFilePath(path: string, id: string, ending: TempFileSuffix): string {
  return join(dirname(path), `.${keptName(basename(path))}.sidecarctl-${id}.${ending}`)
}

/** The start of a name, short enough for a suffix. */
export function keptName(name: string): string {
  let kept = ''
  for (const c of name) {
    if (Buffer.byteLength(kept + c) > NAME_BYTES) break
    kept += c
  }
  return kept
}

/** Whether a name is that of a temporary file of a run. */
export function isTempFileName(name: string): boolean {
  return NAME.test(name) || LOCK_NAME.test(name)
}

/**
 * Removes temporary files of killed runs next to files. Those of a run that may still be active are kept.
 * @param paths of files, absolute; for a link the folders of the link and of its target are searched
 */
export function removeStaleTempFiles(host: Host, paths: readonly string[]): Diagnostic[] {
  return [...foldersOf(host, paths)].flatMap((folder) => {
    const removed = namesIn(host, folder).filter(
      (name) => isLeftover(host, join(folder, name), name) && unlink(host, join(folder, name)),
    )
    if (removed.length === 0) return []
    const what = removed.length === 1 ? '1 file' : `${removed.length} files`
    const at = fileLocation(relative(host.cwd, folder) || '.')
    return [diagnostic('IO_LEFTOVER', `removed ${what} left by a killed run of sidecarctl`, { at })]
  })
}

function foldersOf({ fs }: Host, paths: readonly string[]): Set<string> {
  const folders = new Set(paths.map((path) => dirname(path)))
  for (const path of paths) {
    try {
      if (fs.lstatSync(path).isSymbolicLink()) folders.add(dirname(fs.realpathSync(path)))
    } catch {
      // The file is gone, which is reported when it is written.
    }
  }
  return folders
}

function namesIn({ fs }: Host, folder: string): string[] {
  try {
    return fs.readdirSync(folder).filter(isTempFileName)
  } catch {
    // A folder that cannot be listed is left unchanged.
    return []
  }
}

/** An `old` has the times of the user's file, except the time of its last rename. */
function isLeftover(host: Host, path: string, name: string): boolean {
  try {
    const stat = host.fs.lstatSync(path)
    const made = NAME.exec(name)?.[1]
    if (!stat.isFile() && !(made === undefined && stat.isSymbolicLink())) return false
    const id = made ?? (stat.size < LOCK_BYTES ? holder(host, path) : undefined) ?? ''
    return host.isOver(id) || host.now() - stat.ctimeMs > LONG
  } catch {
    return false
  }
}

/** The id of the run that created a lock; undefined if the lock is gone. */
export function holder({ fs }: Pick<Host, 'fs'>, path: string): string | undefined {
  try {
    return fs.readlinkSync(path)
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    return fs.readFileSync(path, 'utf8')
  }
}

function unlink({ fs }: Host, path: string): boolean {
  try {
    fs.unlinkSync(path)
    return true
  } catch {
    return false
  }
}
