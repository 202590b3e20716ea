import type { ProgressHook } from '../core/diagnostics/progress.ts'
import type { Host, Output } from '../io/host.ts'
import { ERASE_LINE, progressLine } from '../report/progress.ts'
import type { CommonOptions } from './commands/shared-options.ts'

/** Progress is shown after QUIET_START and then updated at most once per PAUSE. In milliseconds. */
const QUIET_START = 1000
const PAUSE = 100

/** Shows the progress of a run. */
export interface Progress {
  readonly hook: ProgressHook
  /** Removes the line from the terminal. */
  clear(): Promise<void>
}

const NO_PROGRESS: Progress = { hook: () => undefined, clear: async () => undefined }

/**
 * Shows progress in one line of a terminal's standard error. Every write through the returned host removes
 * the line first, so that it never mixes with messages or manifests; for other outputs the host is unchanged.
 */
export function withProgress(
  host: Host,
  { verbosity }: Pick<CommonOptions, 'verbosity'>,
): { host: Host; progress: Progress } {
  if (verbosity === 'quiet' || host.env['TERM'] === 'dumb' || !host.stderr.isTTY) return { host, progress: NO_PROGRESS }
  const progress = new TerminalProgress(host)
  const clearing = (output: Output): Output => ({
    get isTTY() {
      return output.isTTY
    },
    get isFile() {
      return output.isFile
    },
    get columns() {
      return output.columns
    },
    async write(data) {
      await progress.clear()
      await output.write(data)
    },
  })
  return { host: { ...host, stdout: clearing(host.stdout), stderr: clearing(host.stderr) }, progress }
}

class TerminalProgress implements Progress {
  readonly #host: Host
  #next: number
  /** The pending write of the line; undefined if no line is shown. */
  #shown: Promise<void> | undefined

  constructor(host: Host) {
    this.#host = host
    this.#next = host.now() + QUIET_START
  }

  readonly hook: ProgressHook = (part, n, of, label) => {
    const now = this.#host.now()
    if (now < this.#next) return
    this.#next = now + PAUSE
    const { stderr } = this.#host
    const line = progressLine({ part, n, of, label }, stderr.columns ?? 80)
    const written = stderr.write(`${ERASE_LINE}${line}`)
    // A write is usually immediate; it waits only if the terminal is slow.
    this.#shown = this.#shown === undefined ? written : Promise.all([this.#shown, written]).then(() => undefined)
  }

  async clear(): Promise<void> {
    const shown = this.#shown
    if (shown === undefined) return
    this.#shown = undefined
    await shown
    await this.#host.stderr.write(ERASE_LINE)
  }
}
