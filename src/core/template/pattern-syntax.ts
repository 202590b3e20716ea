/** A regular expression as a tree. */
export type Pattern =
  | { type: 'char'; matches: (code: number) => boolean }
  | { type: 'start' }
  | { type: 'end' }
  | { type: 'sequence'; items: Pattern[] }
  | { type: 'choice'; items: Pattern[] }
  | { type: 'repeat'; item: Pattern; min: number; max: number }

type Matcher = (code: number) => boolean

const MAX_DEPTH = 50

const code = (c: string): number => c.codePointAt(0) as number
const one = (c: string): Matcher => (x) => x === code(c)
const between = (low: string, high: string): Matcher => (x) => x >= code(low) && x <= code(high)
const any = (...all: Matcher[]): Matcher => (x) => all.some((matches) => matches(x))
const not = (matches: Matcher): Matcher => (x) => !matches(x)

const LINE_END = any(...['\n', '\r', '\u2028', '\u2029'].map(one))
const DIGIT = between('0', '9')
const WORD = any(DIGIT, between('a', 'z'), between('A', 'Z'), one('_'))
const SPACE = (x: number): boolean => /^\s$/u.test(String.fromCodePoint(x))

/** What a letter behind a backslash stands for. */
const ESCAPES: ReadonlyMap<string, Matcher> = new Map([
  ['d', DIGIT], ['D', not(DIGIT)], ['w', WORD], ['W', not(WORD)], ['s', SPACE], ['S', not(SPACE)],
])
const CONTROLS: ReadonlyMap<string, string> = new Map([
  ['n', '\n'], ['r', '\r'], ['t', '\t'], ['f', '\f'], ['v', '\v'], ['0', '\0'],
])

class Unsupported extends Error {}

/** Reads a regular expression; a `problem` says what of it is not known here. */
export function readPattern(source: string): { pattern: Pattern } | { problem: string } {
  const reader = new Reader([...source])
  try {
    const pattern = reader.choice(0)
    if (!reader.done()) return { problem: 'it closes a group that is not open' }
    return { pattern }
  } catch (error) {
    if (error instanceof Unsupported) return { problem: error.message }
    throw error
  }
}

class Reader {
  readonly #chars: readonly string[]
  #at = 0

  constructor(chars: readonly string[]) {
    this.#chars = chars
  }

  done(): boolean {
    return this.#at >= this.#chars.length
  }

  #peek(): string | undefined {
    return this.#chars[this.#at]
  }

  #take(): string {
    const c = this.#chars[this.#at++]
    if (c === undefined) throw new Unsupported('it ends too early')
    return c
  }

  #skip(text: string): boolean {
    const found = [...text].every((c, i) => this.#chars[this.#at + i] === c)
    if (found) this.#at += text.length
    return found
  }

  choice(depth: number): Pattern {
    if (depth > MAX_DEPTH) throw new Unsupported('its groups are nested too deeply')
    const items = [this.#sequence(depth)]
    while (this.#skip('|')) items.push(this.#sequence(depth))
    return items.length === 1 ? (items[0] as Pattern) : { type: 'choice', items }
  }

  #sequence(depth: number): Pattern {
    const items: Pattern[] = []
    while (!this.done() && this.#peek() !== '|' && this.#peek() !== ')') items.push(this.#quantified(depth))
    return { type: 'sequence', items }
  }

  #quantified(depth: number): Pattern {
    const item = this.#atom(depth)
    const range = this.#quantifier()
    if (range === undefined) return item
    if (item.type === 'start' || item.type === 'end') throw new Unsupported('an anchor cannot be repeated')
    // Whether as much or as little as can be is taken makes no difference to whether a text matches.
    this.#skip('?')
    if (this.#quantifier() !== undefined) throw new Unsupported('there is a quantifier behind a quantifier')
    return { type: 'repeat', item, ...range }
  }

  #quantifier(): { min: number; max: number } | undefined {
    if (this.#skip('*')) return { min: 0, max: Infinity }
    if (this.#skip('+')) return { min: 1, max: Infinity }
    if (this.#skip('?')) return { min: 0, max: 1 }
    if (!this.#skip('{')) return undefined
    let text = ''
    for (let c = this.#take(); c !== '}'; c = this.#take()) text += c
    const match = /^(\d{1,4})(,(\d{0,4}))?$/.exec(text)
    if (match === null) throw new Unsupported('a { that is meant as a character must be written \\{')
    const min = Number(match[1])
    const max = match[2] === undefined ? min : match[3] === '' ? Infinity : Number(match[3])
    if (max < min) throw new Unsupported('a quantifier has its numbers the wrong way round')
    return { min, max }
  }

  #atom(depth: number): Pattern {
    const c = this.#take()
    if (c === '^') return { type: 'start' }
    if (c === '$') return { type: 'end' }
    if (c === '.') return { type: 'char', matches: not(LINE_END) }
    if (c === '[') return { type: 'char', matches: this.#class() }
    if (c === '\\') return { type: 'char', matches: this.#escape() }
    if (c === '(') return this.#group(depth)
    if ('*+?{}]'.includes(c)) throw new Unsupported(`${c} stands where a character was expected; write \\${c}`)
    return { type: 'char', matches: one(c) }
  }

  #group(depth: number): Pattern {
    if (this.#peek() === '?' && !this.#skip('?:')) throw new Unsupported('look-around and named groups are not known here')
    const inner = this.choice(depth + 1)
    if (!this.#skip(')')) throw new Unsupported('a group is not closed')
    return inner
  }

  #escape(): Matcher {
    const c = this.#take()
    const set = ESCAPES.get(c)
    return set ?? one(this.#literal(c))
  }

  /** The character that an escape stands for, where it stands for one. */
  #literal(c: string): string {
    const control = CONTROLS.get(c)
    if (control !== undefined) return control
    if (c === 'x') return this.#hex(2)
    if (c === 'u') return this.#hex(4)
    if (/^[A-Za-z0-9]$/.test(c)) throw new Unsupported(`\\${c} is not known here`)
    return c
  }

  #hex(digits: number): string {
    let text = ''
    while (text.length < digits) text += this.#take()
    if (!/^[0-9A-Fa-f]+$/.test(text)) throw new Unsupported('a \\x or \\u has no hexadecimal digits')
    return String.fromCodePoint(Number.parseInt(text, 16))
  }

  #class(): Matcher {
    const isNegated = this.#skip('^')
    const parts: Matcher[] = []
    for (let c = this.#take(); c !== ']'; c = this.#take()) {
      const set = c === '\\' ? ESCAPES.get(this.#peek() ?? '') : undefined
      if (set !== undefined) {
        this.#take()
        parts.push(set)
        continue
      }
      const low = c === '\\' ? this.#literal(this.#take()) : c
      parts.push(this.#range(low))
    }
    const matches = any(...parts)
    return isNegated ? not(matches) : matches
  }

  /** A range that begins with `low`, or `low` alone. */
  #range(low: string): Matcher {
    if (this.#peek() !== '-' || this.#chars[this.#at + 1] === ']') return one(low)
    this.#take()
    const c = this.#take()
    if (c === '\\' && ESCAPES.has(this.#peek() ?? '')) throw new Unsupported('a range ends with a class of characters')
    const high = c === '\\' ? this.#literal(this.#take()) : c
    if (code(high) < code(low)) throw new Unsupported('a range of characters is the wrong way round')
    return between(low, high)
  }
}
