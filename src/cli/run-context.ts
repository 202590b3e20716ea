import type { Host } from '../io/host.ts'
import type { SpillStore } from '../io/spill-store.ts'
import type { CommonOptions } from './commands/shared-options.ts'
import { withProgress, type Progress } from './progress.ts'
import { loadColorsFor } from './report-env.ts'
import { MissingInputError } from './usage-error.ts'

/** The host, progress and temporary storage of a run that reads manifests. */
export interface RunContext {
  host: Host
  progress: Progress
  store: RunStore
}

/** The temporary storage of a run. Nothing is created or loaded until an input is long enough to need it. */
export class RunStore {
  readonly #host: Host
  #store: SpillStore | undefined

  constructor(host: Host) {
    this.#host = host
  }

  readonly open = async (): Promise<SpillStore> => {
    const { SpillStore } = await import('../io/spill-store.ts')
    return (this.#store ??= new SpillStore(this.#host))
  }

  /** Stores a text on disk and returns how to read it back; undefined while the store is not open. */
  get keepText(): ((text: string) => () => string) | undefined {
    return this.#store?.keepText.bind(this.#store)
  }

  close(): void {
    this.#store?.close()
  }
}

/** Runs a command that reads manifests, with progress on a terminal; throws MissingInputError without any input. */
export async function withRunContext<T>(
  to: Host,
  options: CommonOptions,
  work: (run: RunContext) => Promise<T>,
): Promise<T> {
  if (options.paths.length === 0 && !to.stdin.isPiped) throw new MissingInputError()
  await loadColorsFor(options)
  const { host, progress } = withProgress(to, options)
  const store = new RunStore(host)
  try {
    return await work({ host, progress, store })
  } finally {
    store.close()
    await progress.clear()
  }
}
