import { basename, dirname, join } from 'node:path'
import type { Host } from './host.ts'
import { holder, keptName } from './stale-temp-files.ts'
import { errorCode } from './errors.ts'

/** A file that another run holds, which that run or its end gives free. */
export class LockedError extends Error {
  /** The file that is to be written. */
  readonly target: string
  /** The file that locks it. */
  readonly path: string

  constructor(target: string, path: string) {
    super(`locked by ${path}`)
    this.target = target
    this.path = path
  }
}

/** The path of a file's lock, beside it; no manifest by its name. */
export function lockPath(target: string): string {
  return join(dirname(target), `.${keptName(basename(target))}.sidecarctl.lock`)
}

/**
 * Locks files against other runs of sidecarctl, for the time in which they are compared with what was read and
 * replaced: no system call does both, so without it one of two runs could replace what the other has just written.
 * A lock is a file that only one can make, with the id of its run in it; that of a run that is over counts for nothing.
 * @param targets absolute paths, links followed
 * @returns what gives them free again
 * @throws LockedError when another run holds one of them; then none is held
 */
export function lockFiles(host: Host, targets: readonly string[]): () => void {
  const held: string[] = []
  const release = (): void => {
    for (const path of held) remove(host, path)
  }
  try {
    // Always in the same order, so that of two runs one gets all.
    for (const [path, target] of [...new Map(targets.map((target) => [lockPath(target), target]))].sort()) {
      if (!make(host, path) && !(takeOver(host, path) && make(host, path))) throw new LockedError(target, path)
      held.push(path)
    }
  } catch (error) {
    release()
    throw error
  }
  return release
}

/** Where a system has no symbolic links, or lets nobody make them. */
const NO_LINKS = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'UNKNOWN'])

/**
 * Makes a lock: a symbolic link that leads nowhere, with the id for its target, as Emacs has it. So it is there at once,
 * with its id, whatever kills the process. False when there is one already.
 */
function make({ fs, uniqueId }: Pick<Host, 'fs' | 'uniqueId'>, path: string): boolean {
  try {
    fs.symlinkSync(uniqueId(), path)
    return true
  } catch (error) {
    const code = errorCode(error) ?? ''
    if (code === 'EEXIST') return false
    if (!NO_LINKS.has(code)) throw error
    return makeFile({ fs, uniqueId }, path)
  }
}

/** The same with a file, which has its id only a moment later. */
function makeFile({ fs, uniqueId }: Pick<Host, 'fs' | 'uniqueId'>, path: string): boolean {
  let fd: number
  try {
    fd = fs.openSync(path, 'wx', 0o600)
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
  try {
    fs.writeSync(fd, Buffer.from(uniqueId()))
  } catch (error) {
    remove({ fs }, path)
    throw error
  } finally {
    fs.closeSync(fd)
  }
  return true
}

/**
 * Removes the lock of a run that is over. Of several that try, one succeeds: it is renamed first, and looked at again.
 * @returns false when the lock counts
 */
function takeOver(host: Host, path: string): boolean {
  const { fs } = host
  const id = holder(host, path)
  if (id === undefined || !host.isOver(id)) return id === undefined
  const away = `${path}.${host.uniqueId()}`
  try {
    fs.renameSync(path, away)
  } catch (error) {
    return errorCode(error) === 'ENOENT'
  }
  const found = holder(host, away)
  const isThat = found === id
  if (!isThat && found !== undefined) {
    try {
      fs.symlinkSync(found, path)
    } catch {
      // Another run has made a lock of its own.
    }
  }
  remove(host, away)
  return isThat
}

function remove({ fs }: Pick<Host, 'fs'>, path: string): void {
  try {
    fs.unlinkSync(path)
  } catch {
    // It is gone, or the next run removes it.
  }
}
