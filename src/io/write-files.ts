import { sep } from 'node:path'
import { diagnostic, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import type { ProgressHook } from '../core/diagnostics/progress.ts'
import { encodeParts, encodeSources, type TextPart } from '../core/text/parts.ts'
import { SourceText } from '../core/text/source.ts'
import type { FileSystem, Host } from './host.ts'
import { tempFilePath } from './stale-temp-files.ts'
import { lockFiles, LockedError } from './lock.ts'
import { isSameFile, fileIdentity, type LoadedFile, type FileIdentity } from './read-files.ts'
import { errorCode, systemReason } from './errors.ts'

/** A file and its new content, in one or more parts. */
export interface FileWrite {
  file: LoadedFile
  parts: readonly TextPart[]
}

/** The state of a change: the real path of the file, and its temporary files. */
interface Step {
  source: SourceText
  change: FileWrite
  /** The file itself, links followed. */
  target: string
  /** The temporary file with the complete new content; undefined before it is created and after it has replaced the target. */
  temporary: string | undefined
  /** The identity of the temporary file, which identifies it after it has replaced the target. */
  made: FileIdentity | undefined
  /** The original file under a second name, to restore it if a later file fails. */
  backup: string | undefined
  replaced: boolean
  /** Properties of the original file that the new one does not have, for messages. */
  lost: string[]
  /** Whether the original content must be restored on failure. */
  isBack: boolean
}

/** Ends the run with one diagnostic; all changes so far are rolled back. */
class Refusal extends Error {
  readonly diagnostic: Diagnostic
  constructor(code: Diagnostic['code'], source: SourceText, message: string, hint?: string) {
    super(message)
    const at = { source: new SourceText(source.label, ''), range: { start: 0, end: 0 } }
    this.diagnostic = diagnostic(code, message, { at, ...(hint !== undefined && { hint }) })
  }
}

/** Ends the run after all replaced files were restored. */
class RolledBack extends Error {
  readonly diagnostics: readonly Diagnostic[]
  constructor(diagnostics: readonly Diagnostic[]) {
    super('rolled back')
    this.diagnostics = diagnostics
  }
}

function failed(source: SourceText, what: string, error: unknown): Refusal {
  return new Refusal('IO_WRITE_FAILED', source, `${what}: ${systemReason(error)}`)
}

function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep)
}

/** Resolves the real path of a file and rejects files that must not be written. */
function locate(fs: FileSystem, change: FileWrite): Step {
  const { file, source } = change.file
  if (file.kind === 'stdin' || !file.regular || change.file.identity === undefined) {
    throw new Refusal('IO_WRITE_FAILED', source, 'only a regular file can be edited in place')
  }
  let target: string
  try {
    target = fs.realpathSync(file.path)
    if (!isInside(fs.realpathSync(file.root), target)) {
      const hint = 'name that file itself, or a folder that contains both'
      throw new Refusal('IO_LINK_OUTSIDE', source, 'not written: a link leads out of the given folder', hint)
    }
    fs.accessSync(target, 2 /* W_OK */)
  } catch (error) {
    throw error instanceof Refusal ? error : failed(source, 'cannot be written', error)
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
function prepare(host: Host, step: Step): void {
  const { fs } = host
  const { source } = step
  const path = tempFilePath(step.target, host.uniqueId(), 'tmp')
  try {
    const stat = fs.statSync(step.target)
    const fd = fs.openSync(path, 'wx', 0o600)
    step.temporary = path
    try {
      for (const bytes of step.isBack ? oldBytes(step) : encodeParts(step.change.parts)) {
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
    throw failed(source, 'cannot be written', error)
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

function oldBytes({ change }: Step): Generator<Uint8Array> {
  return encodeSources(change.parts.map(({ source }) => source))
}

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
function refuseChanged(fs: FileSystem, step: Step): void {
  const { source } = step
  const { identity } = step.change.file
  let same: boolean
  try {
    const now = fs.statSync(step.target)
    same = identity !== undefined && isSameFile(identity, now) && holds(fs, step.target, oldBytes(step))
  } catch (error) {
    throw failed(source, 'cannot be compared with what was read', error)
  }
  if (!same) throw changed(source)
}

/** Gives the original file a second name; if the file system has no hard links, its text is still in memory. */
function keepOld(host: Host, step: Step): void {
  const path = tempFilePath(step.target, host.uniqueId(), 'old')
  try {
    host.fs.linkSync(step.target, path)
    step.backup = path
  } catch {
    step.backup = undefined
  }
}

function replace(host: Host, step: Step): void {
  refuseChanged(host.fs, step)
  keepOld(host, step)
  try {
    host.fs.renameSync(step.temporary as string, step.target)
  } catch (error) {
    throw failed(step.source, 'cannot be replaced', error)
  }
  step.temporary = undefined
  step.replaced = true
  refuseChangedInBetween(host.fs, step)
}

/** Checks the file under its second name: it may have been written after it was compared. */
function refuseChangedInBetween(fs: FileSystem, { backup, source, change }: Step): void {
  if (backup === undefined) return
  let held: FileIdentity | undefined
  try {
    held = fs.statSync(backup, { throwIfNoEntry: false })
  } catch (error) {
    throw failed(source, 'cannot be compared with what was read', error)
  }
  if (held !== undefined && !isSameFile(change.file.identity as FileIdentity, held)) throw changed(source)
}

function changed(source: SourceText): Refusal {
  const message = 'the file was changed by another program after it was read'
  return new Refusal('IO_CHANGED', source, message, 'run the command again')
}

function remove(fs: FileSystem, path: string | undefined): void {
  if (path === undefined) return
  try {
    fs.unlinkSync(path)
  } catch {
    // It is gone or cannot be removed; the result of the run is the same.
  }
}

/** Restores an original file; returns the error if that fails, because then some files are new and some original. */
function restore(host: Host, step: Step): Diagnostic | undefined {
  const again: Step = { ...step, temporary: undefined, isBack: true }
  try {
    if (!isSameFile(step.made as FileIdentity, host.fs.statSync(step.target))) {
      const message = 'the original content was not restored, because another program changed the file again'
      return new Refusal('IO_CHANGED', step.source, message, 'review the file; it was not changed again').diagnostic
    }
    if (step.backup === undefined || !moved(host.fs, step.backup, step.target)) {
      prepare(host, again)
      host.fs.renameSync(again.temporary as string, step.target)
      again.temporary = undefined
    } else step.backup = undefined
    step.replaced = false
    return undefined
  } catch (error) {
    const message = `the original content could not be restored: ${systemReason(error)}`
    return new Refusal('IO_WRITE_FAILED', step.source, message, 'the file has the new content').diagnostic
  } finally {
    remove(host.fs, again.temporary)
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

function notKept(source: SourceText, what: string): Diagnostic {
  return diagnostic('IO_NOT_KEPT', what, {
    at: { source: new SourceText(source.label, ''), range: { start: 0, end: 0 } },
  })
}

function rollBack(host: Host, steps: readonly Step[], cause: Diagnostic): Diagnostic[] {
  const replaced = steps.filter((step) => step.replaced)
  const unrestored = replaced.map((step) => restore(host, step)).filter((d) => d !== undefined)
  const restored = replaced.length - unrestored.length
  const files = restored === 1 ? '1 file' : `${restored} files`
  const note = restored > 0 ? `; the original content of ${files} was restored` : ''
  return [{ ...cause, message: cause.message + note }, ...unrestored]
}

/** Lets pending signals be handled; otherwise a synchronous loop would notice Ctrl-C only at its end. */
function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

async function run(
  host: Host,
  changes: readonly FileWrite[],
  steps: Step[],
  interrupted: () => boolean,
  onProgress: ProgressHook | undefined,
): Promise<void> {
  for (const change of changes) steps.push(locate(host.fs, change))
  for (const [n, step] of steps.entries()) {
    onProgress?.('writing', n + 1, steps.length, step.source.label)
    prepare(host, step)
    await yieldToEventLoop()
    if (interrupted()) {
      throw new Refusal('IO_INTERRUPTED', step.source, 'interrupted; no file was changed')
    }
  }
  const release = lock(host, steps)
  try {
    for (const step of steps) refuseChanged(host.fs, step)
    for (const step of steps) replace(host, step)
  } catch (error) {
    // Rolled back before another run may read the files.
    if (error instanceof Refusal) throw new RolledBack(rollBack(host, steps, error.diagnostic))
    throw error
  } finally {
    release()
  }
}

function lock(host: Host, steps: readonly Step[]): () => void {
  const sourceOf = (target: string | undefined): SourceText =>
    (steps.find((step) => step.target === target) ?? (steps[0] as Step)).source
  try {
    return lockFiles(
      host,
      steps.map(({ target }) => target),
    )
  } catch (error) {
    if (!(error instanceof LockedError)) throw failed(sourceOf(undefined), 'cannot be locked', error)
    const hint = `run the command again; if no other run is active, remove ${error.path}`
    throw new Refusal('IO_LOCKED', sourceOf(error.target), 'another run of sidecarctl is writing the file', hint)
  }
}

/**
 * Writes files in place, all or none: first every new content goes to a file beside its target, complete and synced,
 * then each replaces its target by a rename, which is atomic. If one fails, those already replaced are restored.
 * At every moment each file is complete, either original or new, even if the process is killed; temporary files that it leaves
 * are removed by the next run. Permissions are kept, and the owner where the system allows it; access control lists and
 * extended attributes are not, since Node can neither read nor write them.
 * @returns errors if no file was written, otherwise warnings about what was not preserved
 */
export async function writeChanges(
  host: Host,
  changes: readonly FileWrite[],
  onProgress?: ProgressHook,
): Promise<readonly Diagnostic[]> {
  return await host.holdInterrupts(async (interrupted) => {
    const steps: Step[] = []
    try {
      await run(host, changes, steps, interrupted, onProgress)
      return steps.flatMap(({ source, lost }) => lost.map((what) => notKept(source, what)))
    } catch (error) {
      if (error instanceof RolledBack) return error.diagnostics
      if (error instanceof Refusal) return [error.diagnostic]
      throw error
    } finally {
      for (const step of steps) {
        remove(host.fs, step.temporary)
        remove(host.fs, step.backup)
      }
    }
  })
}
