import type { Host } from '../io/host.ts'
import type { Store } from '../io/store.ts'

/** What a run keeps aside; there is nothing, and nothing is loaded, until a long input comes. */
export class RunStore {
  readonly #host: Host
  #store: Store | undefined

  constructor(host: Host) {
    this.#host = host
  }

  readonly open = async (): Promise<Store> => {
    const { Store } = await import('../io/store.ts')
    return (this.#store ??= new Store(this.#host))
  }

  /** Keeps a text beside those of long inputs; undefined where there are none. */
  get keepText(): ((text: string) => () => string) | undefined {
    return this.#store?.keepText.bind(this.#store)
  }

  close(): void {
    this.#store?.close()
  }
}
