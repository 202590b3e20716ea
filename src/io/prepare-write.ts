import { encodeParts } from '../core/text/parts.ts'
import { errorCode } from './errors.ts'
import type { FileSystem, Host } from './host.ts'
import { isBelow } from './path-text.ts'
import { fileIdentity } from './read-files.ts'
import { tempFilePath } from './stale-temp-files.ts'
import { originalBytes, Refusal, refusedBy, type FileWrite, type WriteStep } from './write-step.ts'

/** Resolves the real path of a file and rejects files that must not be written. */
export function locateTarget(fs: FileSystem, change: FileWrite): WriteStep {
  const { file, source } = change.file
  if (file.kind === 'stdin' || !file.regular || change.file.identity === undefined) {
    throw new Refusal('IO_WRITE_FAILED', source, 'only a regular file can be edited in place')
  }
  let target: string
  try {
    target = fs.realpathSync(file.path)
    if (!isBelow(fs.realpathSync(file.root), target)) {
      const hint = 'name that file itself, or a folder that contains both'
      throw new Refusal('IO_LINK_OUTSIDE', source, 'not written: a link leads out of the given folder', hint)
    }
    fs.accessSync(target, 2 /* W_OK */)
  } catch (error) {
    throw error instanceof Refusal ? error : refusedBy(source, 'cannot be written', error)
  }
  return {
    source,
    change,
    target,
    temporary: undefined,
    made: undefined,
    backup: undefined,
    replaced: false,
    lost: [],
    isBack: false,
  }
}

/** Writes the new content to a temporary file with the target's permissions and, if allowed, owner. */
export function writeTemporary(host: Host, step: WriteStep): void {
  const { fs } = host
  const { source } = step
  const path = tempFilePath(step.target, host.uniqueId(), 'tmp')
  try {
    const stat = fs.statSync(step.target)
    const fd = fs.openSync(path, 'wx', 0o600)
    step.temporary = path
    try {
      for (const bytes of step.isBack ? originalBytes(step) : encodeParts(step.change.parts)) {
        for (let done = 0; done < bytes.length;) done += fs.writeSync(fd, bytes, done)
      }
      if (!keepOwner(fs, fd, stat)) step.lost.push('its owner could not be preserved')
      if (stat.nlink > 1) step.lost.push(`it had ${stat.nlink} hard links, which are no longer the same file`)
      fs.fchmodSync(fd, stat.mode & 0o7777)
      fs.fsyncSync(fd)
      step.made = fileIdentity(fs.fstatSync(fd))
    } finally {
      fs.closeSync(fd)
    }
  } catch (error) {
    throw refusedBy(source, 'cannot be written', error)
  }
}

/** Only root may change the owner, so a failure is not an error: false. */
function keepOwner(fs: FileSystem, fd: number, stat: { uid: number; gid: number }): boolean {
  const own = fs.fstatSync(fd)
  if (own.uid === stat.uid && own.gid === stat.gid) return true
  try {
    fs.fchownSync(fd, stat.uid, stat.gid)
    return true
  } catch (error) {
    const code = errorCode(error)
    if (code !== 'EPERM' && code !== 'EINVAL' && code !== 'ENOSYS') throw error
    return false
  }
}
