import { basename, dirname, join, relative } from 'node:path'
import { diagnostic, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { SourceText } from '../core/text/source.ts'
import type { Host } from './host.ts'
import { errorCode } from './errors.ts'

/**
 * Files that a run makes beside those it writes, and that stay when it is killed. Each is redundant at every moment:
 * a `tmp` is the new content on its way, an `old` the old one for the case that a later file fails, and the file
 * itself always holds one of the two, whole. So it costs nobody anything when one goes too early.
 */
export type TempFileSuffix = 'tmp' | 'old'

/** Of the id only the form is asked, so that no other program's file, and none of a user's, is taken for ours. */
const NAME = /^\..*\.sidecarctl-([0-9a-z]+-[0-9a-z]+-[0-9a-z]+-[0-9a-z]+)\.(?:tmp|old)$/s
/** A lock, which has the id in it; one that is being taken over has another id behind its name. */
const LOCK_NAME = /^\..*\.sidecarctl\.lock(?:\.[0-9a-z]+(?:-[0-9a-z]+){3})?$/s
/** More than an id has. */
const LOCK_BYTES = 200
/** File systems allow 255 bytes; ours need up to 60. */
const NAME_BYTES = 150
/** After a day a run is taken to be over even where its process cannot be looked for. In milliseconds. */
const LONG = 24 * 3600 * 1000

/** The path of a file beside another, in the same folder so that a rename moves it; no manifest by its name. */
export function tempFilePath(path: string, id: string, ending: TempFileSuffix): string {
  return join(dirname(path), `.${keptName(basename(path))}.sidecarctl-${id}.${ending}`)
}

/** As much of a name as leaves room for more. */
export function keptName(name: string): string {
  let kept = ''
  for (const c of name) {
    if (Buffer.byteLength(kept + c) > NAME_BYTES) break
    kept += c
  }
  return kept
}

/** True for the name of a file that a run makes beside another. */
export function isTempFileName(name: string): boolean {
  return NAME.test(name) || LOCK_NAME.test(name)
}

/**
 * Removes what runs that were killed left beside files. What a run that may still be going on made stays.
 * @param paths of files, absolute; links count for where they are and where they lead
 */
export function removeStaleTempFiles(host: Host, paths: readonly string[]): Diagnostic[] {
  return [...foldersOf(host, paths)].flatMap((folder) => {
    const removed = namesIn(host, folder).filter((name) => isLeftover(host, join(folder, name), name) && unlink(host, join(folder, name)))
    if (removed.length === 0) return []
    const what = removed.length === 1 ? '1 file' : `${removed.length} files`
    const at = { source: new SourceText(relative(host.cwd, folder) || '.', ''), range: { start: 0, end: 0 } }
    return [diagnostic('IO_LEFTOVER', `removed ${what} left by a killed run of sidecarctl`, { at })]
  })
}

function foldersOf({ fs }: Host, paths: readonly string[]): Set<string> {
  const folders = new Set(paths.map((path) => dirname(path)))
  for (const path of paths) {
    try {
      if (fs.lstatSync(path).isSymbolicLink()) folders.add(dirname(fs.realpathSync(path)))
    } catch {
      // It is gone; writing will tell.
    }
  }
  return folders
}

function namesIn({ fs }: Host, folder: string): string[] {
  try {
    return fs.readdirSync(folder).filter(isTempFileName)
  } catch {
    // What cannot be listed keeps what is in it.
    return []
  }
}

/** An `old` shares its times with the user's file, but for that of its last change of name. */
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

/** The id of the run that made a lock; undefined when it is gone. */
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
