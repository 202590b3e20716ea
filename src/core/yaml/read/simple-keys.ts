import { NO_COLON, YamlError } from './token.ts'

/** A `key:` must be on one line and at most this many characters long, or kubectl does not recognize it as a key. */
const MAX_SIMPLE_KEY = 1024

/** A token that turns out to be a key if a `:` follows it on its line. One per flow level. */
export interface SimpleKey {
  possible: boolean
  /** In a block, a token at the block's own column must be a key. */
  required: boolean
  /** Its 0-based index among the tokens that were not returned yet. */
  token: number
  /** False where it is returned without waiting for a `:`. */
  awaited: boolean
  offset: number
  line: number
  column: number
}

/** The tokens that may still turn out to be keys, by flow level. */
export class SimpleKeys {
  readonly #keys: SimpleKey[] = [newKey()]
  /** Levels below this one have no key at the head token or after it. */
  #settled = 0

  /** How many flow collections are open. */
  get depth(): number {
    return this.#keys.length - 1
  }

  /** The possible key of the innermost level. */
  get current(): SimpleKey {
    return this.#keys[this.#keys.length - 1] as SimpleKey
  }

  /**
   * True while a `:` may still turn the token at the index `head`, which is the next to be returned, into a key.
   * @param at 0-based offset up to which the text is scanned
   * @param line 0-based line of that offset
   */
  isOpen(head: number, at: number, line: number): boolean {
    // Called before every token, so it must not search all levels. Keys of deeper levels come later.
    for (;;) {
      const key = this.#keys[this.#settled] as SimpleKey
      if (key.possible && key.token >= head) return key.token === head && key.awaited && this.isLive(key, at, line)
      if (this.#settled === this.depth) return false
      this.#settled++
    }
  }

  /**
   * True while a `:` at this offset and line would make it a key.
   * @throws YamlError where a key was required, and its line ends
   */
  isLive(key: SimpleKey, at: number, line: number): boolean {
    if (!key.possible) return false
    if (key.line === line && at - key.offset <= MAX_SIMPLE_KEY) return true
    refuseMissing(key)
    key.possible = false
    return false
  }

  save(key: Omit<SimpleKey, 'possible' | 'awaited'>): void {
    this.drop()
    this.#keys[this.depth] = { possible: true, awaited: true, ...key }
  }

  /**
   * Forgets the possible key of the innermost level.
   * @throws YamlError where a key was required
   */
  drop(): void {
    const key = this.current
    if (key.possible) refuseMissing(key)
    key.possible = false
  }

  /**
   * Opens a level.
   * @param token index of its bracket
   */
  open(token: number): void {
    this.#keys.push({ ...newKey(), token })
  }

  /**
   * Closes a level. go-yaml forgets to wait for the `:` after brackets in which nothing could be a key
   * (`yaml_parser_decrease_flow_level`).
   */
  close(): void {
    if (this.#keys.pop()?.token === this.current.token) this.current.awaited = false
    this.#settled = Math.min(this.#settled, this.depth)
  }

  /** Lowers all indexes by `count`, after as many tokens were returned and dropped. */
  shift(count: number): void {
    for (const key of this.#keys) key.token -= count
  }
}

function refuseMissing({ required, offset }: SimpleKey): void {
  if (required) throw new YamlError(NO_COLON, offset)
}

function newKey(): SimpleKey {
  return { possible: false, required: false, token: 0, awaited: true, offset: 0, line: 0, column: 0 }
}
