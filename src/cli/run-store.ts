import type { Host } from '../io/host.ts'
import type { SpillStore } from '../io/spill-store.ts'

/** What a run keeps aside; there is nothing, and nothing is loaded, until a long input comes. */
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

  /** Keeps a text beside those of long inputs; undefined where there are none. */
  get keepText(): ((text: string) => () => string) | undefined {
    return this.#store?.keepText.bind(this.#store)
  }

  close(): void {
    this.#store?.close()
  }
}
