import { diagnostic, type Diagnostic, fileLocation } from '../core/diagnostics/diagnostic.ts'
import type { ProgressHook } from '../core/diagnostics/progress.ts'
import type { SourceText } from '../core/text/source.ts'
import type { Host } from './host.ts'
import { LockedError, lockFiles } from './lock.ts'
import { locateTarget, writeTemporary } from './prepare-write.ts'
import { refuseChanged } from './refuse-changed.ts'
import { removeTemporary, replaceFile, rollBack } from './replace-file.ts'
import { Refusal, refusedBy, type FileWrite, type WriteStep } from './write-step.ts'

/** Ends the run after all replaced files were restored. */
class RolledBack extends Error {
  readonly diagnostics: readonly Diagnostic[]
  constructor(diagnostics: readonly Diagnostic[]) {
    super('rolled back')
    this.diagnostics = diagnostics
  }
}

function notKept(source: SourceText, what: string): Diagnostic {
  return diagnostic('IO_NOT_KEPT', what, { at: fileLocation(source.label) })
}

/** Lets pending signals be handled; otherwise a synchronous loop would notice Ctrl-C only at its end. */
function yieldToEventLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

async function run(
  host: Host,
  changes: readonly FileWrite[],
  steps: WriteStep[],
  interrupted: () => boolean,
  onProgress: ProgressHook | undefined,
): Promise<void> {
  for (const change of changes) steps.push(locateTarget(host.fs, change))
  for (const [n, step] of steps.entries()) {
    onProgress?.('writing', n + 1, steps.length, step.source.label)
    writeTemporary(host, step)
    await yieldToEventLoop()
    if (interrupted()) {
      throw new Refusal('IO_INTERRUPTED', step.source, 'interrupted; no file was changed')
    }
  }
  const release = lock(host, steps)
  try {
    for (const step of steps) refuseChanged(host.fs, step)
    for (const step of steps) replaceFile(host, step)
  } catch (error) {
    // Rolled back before another run may read the files.
    if (error instanceof Refusal) throw new RolledBack(rollBack(host, steps, error.diagnostic))
    throw error
  } finally {
    release()
  }
}

function lock(host: Host, steps: readonly WriteStep[]): () => void {
  const sourceOf = (target: string | undefined): SourceText =>
    (steps.find((step) => step.target === target) ?? (steps[0] as WriteStep)).source
  try {
    return lockFiles(
      host,
      steps.map(({ target }) => target),
    )
  } catch (error) {
    if (!(error instanceof LockedError)) throw refusedBy(sourceOf(undefined), 'cannot be locked', error)
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
    const steps: WriteStep[] = []
    try {
      await run(host, changes, steps, interrupted, onProgress)
      return steps.flatMap(({ source, lost }) => lost.map((what) => notKept(source, what)))
    } catch (error) {
      if (error instanceof RolledBack) return error.diagnostics
      if (error instanceof Refusal) return [error.diagnostic]
      throw error
    } finally {
      for (const step of steps) {
        removeTemporary(host.fs, step.temporary)
        removeTemporary(host.fs, step.backup)
      }
    }
  })
}
