import { basename, dirname, join } from 'node:path'
import type { Host } from './host.ts'
import { holder, keptName } from './stale-temp-files.ts'
import { errorCode } from './errors.ts'

/** A file that another run has locked; the lock is released when that run ends. */
export class LockedError extends Error {
  /** The file to write. */
  readonly target: string
  /** The file that locks it. */
  readonly path: string

  constructor(target: string, path: string) {
    super(`locked by ${path}`)
    this.target = target
    this.path = path
  }
}

/** The path of a file's lock, in the same folder; its name is not a manifest name. */
function lockPath(target: string): string {
  return join(dirname(target), `.${keptName(basename(target))}.sidecarctl.lock`)
}

/**
 * Locks files against other runs of sidecarctl while they are compared with what was read and
 * replaced: no system call does both, so without it one of two runs could replace what the other has just written.
 * A lock is a file that only one run can create, with the id of that run in it; the lock of a run that has ended is ignored.
 * @param targets absolute paths, links followed
 * @returns a function that releases them
 * @throws LockedError if another run has locked one of them; then none is locked
 */
export function lockFiles(host: Host, targets: readonly string[]): () => void {
  const held: string[] = []
  const release = (): void => {
    for (const path of held) remove(host, path)
  }
  try {
    // Always in the same order, so that one of two runs gets all locks.
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

/** Errors of systems without symbolic links, or without permission to create them. */
const NO_LINKS = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'UNKNOWN'])

/**
 * Creates a lock: a symbolic link to nowhere, with the id as its target, as Emacs does. It is created atomically
 * with its id, even if the process is killed. False if a lock already exists.
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

/** The same with a file, which gets its id a moment later. */
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
 * Removes the lock of a run that has ended. If several runs try, one succeeds: the lock is renamed first and read again.
 * @returns false if the lock is valid
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
      // Another run has created a lock.
    }
  }
  remove(host, away)
  return isThat
}

function remove({ fs }: Pick<Host, 'fs'>, path: string): void {
  try {
    fs.unlinkSync(path)
  } catch {
    // It no longer exists, or the next run removes it.
  }
}
