import { join } from 'node:path'
import { LinedText } from '../core/text/source.ts'
import type { Host } from './host.ts'
import { systemReason, StoreError } from './errors.ts'

/** Number of bytes that are held in memory before others go to a file. */
const HELD = 32 << 20

/** The part of a host that a store needs. */
export type StoreHost = Pick<Host, 'fs' | 'uniqueId' | 'temporaryFolder' | 'sizes'>

/**
 * Stores data that a run needs again later but that may not fit into memory: some of it in memory, the rest in a file in
 * the folder for temporary files. Only this user may read the file, and it is removed as soon as it is open, so that
 * nothing is left however the process ends.
 */
export class SpillStore {
  readonly #host: StoreHost
  readonly #most: number
  #held = 0
  /** The open file; undefined while none is needed, null if none can be created. */
  #fd: number | null | undefined
  #size = 0
  /** The data loaded last from the file. */
  #loaded = Buffer.alloc(0)
  /** The text requested last, which is usually requested again next. */
  #last: { key: object; lined: LinedText } | undefined

  constructor(host: StoreHost) {
    this.#host = host
    this.#most = host.sizes?.held ?? HELD
  }

  /**
   * Keeps bytes.
   * @returns a function that loads them; they are valid until anything else is loaded
   * @throws StoreError if the file cannot be written or, on loading, read
   */
  keep(bytes: Uint8Array): () => Buffer {
    const fd = this.#held + bytes.length <= this.#most ? null : (this.#fd ??= this.#open())
    if (fd === null) {
      this.#held += bytes.length
      const copy = Buffer.from(bytes)
      return () => copy
    }
    const [at, length] = [this.#size, bytes.length]
    this.#try('written', () => {
      for (let done = 0; done < length;) done += this.#host.fs.writeSync(fd, bytes, done, length - done, at + done)
    })
    this.#size += length
    return () => this.#load(fd, at, length)
  }

  /** The same for a text. */
  keepText(text: string): () => string {
    const load = this.keep(Buffer.from(text))
    return () => load().toString()
  }

  /** The same for the UTF-8 of a text that is long. */
  keepLong(bytes: Uint8Array, isAscii: boolean): () => LinedText {
    const load = this.keep(bytes)
    return () => {
      if (this.#last?.key !== load)
        this.#last = { key: load, lined: new LinedText(load().toString(isAscii ? 'latin1' : 'utf8')) }
      return this.#last.lined
    }
  }

  /** Releases everything. */
  close(): void {
    if (typeof this.#fd === 'number') this.#host.fs.closeSync(this.#fd)
    this.#fd = null
  }

  #load(fd: number, at: number, length: number): Buffer {
    if (this.#loaded.length < length) this.#loaded = Buffer.allocUnsafe(length)
    const piece = this.#loaded.subarray(0, length)
    this.#try('read', () => {
      for (let done = 0; done < length;) {
        const count = this.#host.fs.readSync(fd, piece, done, length - done, at + done)
        if (count === 0) throw new Error('unexpected end of file')
        done += count
      }
    })
    return piece
  }

  /** If no file can be created that the system removes by itself, everything is held in memory. */
  #open(): number | null {
    const { fs, uniqueId, temporaryFolder } = this.#host
    try {
      const path = join(temporaryFolder(), `sidecarctl-${uniqueId()}`)
      const fd = fs.openSync(path, 'wx+', 0o600)
      try {
        fs.unlinkSync(path)
      } catch {
        fs.closeSync(fd)
        fs.unlinkSync(path)
        return null
      }
      return fd
    } catch {
      return null
    }
  }

  #try(what: string, work: () => void): void {
    try {
      work()
    } catch (error) {
      throw new StoreError(
        this.#host.temporaryFolder(),
        `a part of a long input cannot be ${what}: ${systemReason(error)}`,
      )
    }
  }
}
