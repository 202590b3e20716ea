import type { SourceText } from '../core/text/source.ts'
import type { FileSystem } from './host.ts'
import { isSameFile, type FileIdentity } from './read-files.ts'
import { originalBytes, Refusal, refusedBy, type WriteStep } from './write-step.ts'

/** Whether a file consists of exactly these bytes. */
function holds(fs: FileSystem, path: string, bytes: Iterable<Uint8Array>): boolean {
  const fd = fs.openSync(path, 'r')
  try {
    for (const piece of bytes) {
      const held = Buffer.allocUnsafe(piece.length)
      for (let done = 0; done < piece.length;) {
        const count = fs.readSync(fd, held, done, piece.length - done, null)
        if (count === 0) return false
        done += count
      }
      if (held.compare(piece) !== 0) return false
    }
    return fs.readSync(fd, Buffer.alloc(1), 0, 1, null) === 0
  } finally {
    fs.closeSync(fd)
  }
}

/** Compares the identity and then the bytes, because some file systems store times in whole seconds. */
export function refuseChanged(fs: FileSystem, step: WriteStep): void {
  const { source } = step
  const { identity } = step.change.file
  let same: boolean
  try {
    const now = fs.statSync(step.target)
    same = identity !== undefined && isSameFile(identity, now) && holds(fs, step.target, originalBytes(step))
  } catch (error) {
    throw refusedBy(source, 'cannot be compared with what was read', error)
  }
  if (!same) throw changed(source)
}

/** Checks the file under its second name: it may have been written after it was compared. */
export function refuseChangedInBetween(fs: FileSystem, { backup, source, change }: WriteStep): void {
  if (backup === undefined) return
  let held: FileIdentity | undefined
  try {
    held = fs.statSync(backup, { throwIfNoEntry: false })
  } catch (error) {
    throw refusedBy(source, 'cannot be compared with what was read', error)
  }
  if (held !== undefined && !isSameFile(change.file.identity as FileIdentity, held)) throw changed(source)
}

function changed(source: SourceText): Refusal {
  const message = 'the file was changed by another program after it was read'
  return new Refusal('IO_CHANGED', source, message, 'run the command again')
}
