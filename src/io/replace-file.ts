import type { Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { errorCode, systemReason } from './errors.ts'
import type { FileSystem, Host } from './host.ts'
import { writeTemporary } from './prepare-write.ts'
import { isSameFile, type FileIdentity } from './read-files.ts'
import { refuseChanged, refuseChangedInBetween } from './refuse-changed.ts'
import { tempFilePath } from './stale-temp-files.ts'
import { Refusal, refusedBy, type WriteStep } from './write-step.ts'

/** Gives the original file a second name; if the file system has no hard links, its text is still in memory. */
function keepOld(host: Host, step: WriteStep): void {
  const path = tempFilePath(step.target, host.uniqueId(), 'old')
  try {
    host.fs.linkSync(step.target, path)
    step.backup = path
  } catch {
    step.backup = undefined
  }
}

/** Replaces a file by its temporary file, unless another program has changed it. */
export function replaceFile(host: Host, step: WriteStep): void {
  refuseChanged(host.fs, step)
  keepOld(host, step)
  try {
    host.fs.renameSync(step.temporary as string, step.target)
  } catch (error) {
    throw refusedBy(step.source, 'cannot be replaced', error)
  }
  step.temporary = undefined
  step.replaced = true
  refuseChangedInBetween(host.fs, step)
}

/** Removes a temporary file, if there is one. */
export function removeTemporary(fs: FileSystem, path: string | undefined): void {
  if (path === undefined) return
  try {
    fs.unlinkSync(path)
  } catch {
    // It is gone or cannot be removed; the result of the run is the same.
  }
}

/** Restores an original file; returns the error if that fails, because then some files are new and some original. */
function restore(host: Host, step: WriteStep): Diagnostic | undefined {
  const again: WriteStep = { ...step, temporary: undefined, isBack: true }
  try {
    if (!isSameFile(step.made as FileIdentity, host.fs.statSync(step.target))) {
      const message = 'the original content was not restored, because another program changed the file again'
      return new Refusal('IO_CHANGED', step.source, message, 'review the file; it was not changed again').diagnostic
    }
    if (step.backup === undefined || !moved(host.fs, step.backup, step.target)) {
      writeTemporary(host, again)
      host.fs.renameSync(again.temporary as string, step.target)
      again.temporary = undefined
    } else step.backup = undefined
    step.replaced = false
    return undefined
  } catch (error) {
    const message = `the original content could not be restored: ${systemReason(error)}`
    return new Refusal('IO_WRITE_FAILED', step.source, message, 'the file has the new content').diagnostic
  } finally {
    removeTemporary(host.fs, again.temporary)
  }
}

/** Renames a file; false if it is gone, for example a backup that was deleted. */
function moved(fs: FileSystem, from: string, to: string): boolean {
  try {
    fs.renameSync(from, to)
    return true
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false
    throw error
  }
}

/** Restores all files replaced so far; the errors to report. */
export function rollBack(host: Host, steps: readonly WriteStep[], cause: Diagnostic): Diagnostic[] {
  const replaced = steps.filter((step) => step.replaced)
  const unrestored = replaced.map((step) => restore(host, step)).filter((d) => d !== undefined)
  const restored = replaced.length - unrestored.length
  const files = restored === 1 ? '1 file' : `${restored} files`
  const note = restored > 0 ? `; the original content of ${files} was restored` : ''
  return [{ ...cause, message: cause.message + note }, ...unrestored]
}
