import type { Json, JsonObject } from '../../src/core/json/json.ts'

/** A manifest written in an odd but legal way, with the data that it stands for. */
export interface Manifest {
  text: string
  data: JsonObject
}

/** Strings with a trap in each: for quoting, folding, comments, other alphabets. */
const TEXTS = [
  'app',
  'x',
  'a b',
  'on',
  '0644',
  '12:30',
  'null',
  '~',
  '',
  ' lead',
  'trail ',
  'a: b',
  'a #b',
  '#c',
  '- d',
  "it's",
  'say "hi"',
  'back\\slash',
  '{{ .V }}',
  '\u00fcber',
  '\u4e2d\u6587 \u{1F600}',
  'a,b',
  '[x]',
  '{y}',
  '*z',
  '&w',
  '!t',
  '%p',
  '@q',
  '`r',
  '>s',
  '|t',
  '?',
  '-',
  ':',
  'line one\nline two\n',
  'one\n\n  two\n# three',
  'ends\n\n',
  '\ttab',
  'a\tb',
  '---',
  '...',
  '1e3',
  '<<',
  '=',
]
const PLAIN = /^[A-Za-z\u00fc\u4e2d\u6587][^:#,[\]{}"'\n\t]*[^\s:#,[\]{}"'\n]$|^x$/u
const WORDS = new Set(['on', 'null'])
const COMMENTS = ['# note', '#', '# key: value', '#- item', '# "quote', '# {{ braces }}', '# \u00e9']

/** Writes manifests by a stream of choices, so that a shorter stream gives a plainer manifest. */
export class ManifestWriter {
  readonly #choices: readonly number[]
  #next = 0
  #anchors = 0
  /** What follows a literal scalar, and is indented or empty, would belong to it. */
  #afterLiteral = false

  constructor(choices: readonly number[]) {
    this.#choices = choices
  }

  write(): Manifest {
    const data = this.#pod()
    const column = this.#oneIn(12) ? 2 : 0
    const isFlow = this.#oneIn(15)
    const body = isFlow ? this.#flow(data, 0) : this.#blockMap(data, column).join('\n')
    const needsEnd = this.#afterLiteral
    const tail = this.#noise()
    const head = [...this.#noise(), ...(this.#oneIn(3) ? ['---'] : []), ...this.#noise()]
    let text = [...head, body, ...tail].join('\n') + (this.#oneIn(5) && !needsEnd ? '' : '\n')
    if (this.#oneIn(4)) text = text.replaceAll('\n', '\r\n')
    return { text, data }
  }

  #pick(n: number): number {
    return (this.#choices[this.#next++] ?? 0) % n
  }

  #oneIn(n: number): boolean {
    return this.#pick(n) === n - 1
  }

  #text(): string {
    return TEXTS[this.#pick(TEXTS.length)] as string
  }

  /** A word that is the same in every style. */
  #name(prefix: string, n: number): string {
    return `${prefix}${n}${['', '-x', '.y'][this.#pick(3)]}`
  }

  #pod(): JsonObject {
    const pod: JsonObject = { apiVersion: 'v1', kind: 'Pod', metadata: this.#metadata(), spec: this.#spec() }
    return this.#shuffled(pod)
  }

  #metadata(): JsonObject {
    const out: JsonObject = { name: 'pod' }
    for (const key of ['annotations', 'labels']) if (this.#oneIn(2)) out[key] = this.#oneIn(3) ? {} : this.#texts()
    return this.#shuffled(out)
  }

  #texts(): JsonObject {
    const out: JsonObject = {}
    for (let n = 0; n <= this.#pick(3); n++) out[this.#oneIn(3) ? `k${n}: #'"` : this.#name('k', n)] = this.#text()
    return out
  }

  #spec(): JsonObject {
    const spec: JsonObject = { containers: this.#list(1 + this.#pick(3), (n) => this.#container(n)) }
    if (this.#oneIn(2))
      spec['volumes'] = this.#list(this.#pick(3), (n) => this.#shuffled({ name: this.#name('v', n), emptyDir: {} }))
    if (this.#oneIn(3))
      spec['initContainers'] = this.#list(this.#pick(3), (n) => ({ name: this.#name('i', n), image: this.#text() }))
    for (const key of ['volumes', 'initContainers']) if (this.#oneIn(8)) spec[key] = null
    if (this.#oneIn(2)) spec['nodeSelector'] = this.#texts()
    if (this.#oneIn(3)) spec['terminationGracePeriodSeconds'] = this.#pick(90)
    return this.#shuffled(spec)
  }

  #container(n: number): JsonObject {
    const out: JsonObject = { name: this.#name('c', n) }
    if (this.#oneIn(2)) out['image'] = this.#text()
    if (this.#oneIn(2)) out['args'] = this.#list(this.#pick(4), () => this.#text())
    if (this.#oneIn(2))
      out['env'] = this.#oneIn(4)
        ? null
        : this.#list(this.#pick(3), (m) => ({ name: this.#name('E', m), value: this.#text() }))
    if (this.#oneIn(3))
      out['volumeMounts'] = this.#oneIn(4)
        ? null
        : this.#list(this.#pick(2), (m) => ({ name: `v${m}`, mountPath: `/data${m}` }))
    return this.#shuffled(out)
  }

  #list(length: number, item: (n: number) => Json): Json[] {
    return Array.from({ length }, (_, n) => item(n))
  }

  #shuffled(map: JsonObject): JsonObject {
    const keys = Object.keys(map)
    const by = this.#pick(keys.length)
    return Object.fromEntries([...keys.slice(by), ...keys.slice(0, by)].map((key) => [key, map[key] as Json]))
  }

  /** Comments and empty lines between others. */
  #noise(): string[] {
    if (!this.#oneIn(4)) return []
    const isTight = this.#afterLiteral
    this.#afterLiteral = false
    if (isTight) return [this.#comment()]
    return Array.from({ length: 1 + this.#pick(2) }, () =>
      this.#oneIn(3) ? '' : ' '.repeat(this.#pick(9)) + this.#comment(),
    )
  }

  #comment(): string {
    return COMMENTS[this.#pick(COMMENTS.length)] as string
  }

  #endComment(): string {
    return this.#oneIn(6) ? `${' '.repeat(1 + this.#pick(3))}${this.#comment()}` : ''
  }

  #anchor(): string {
    return this.#oneIn(12) ? `&a${this.#anchors++} ` : ''
  }

  #blockMap(map: JsonObject, column: number): string[] {
    return Object.entries(map).flatMap(([key, value]) => {
      const head = `${' '.repeat(column)}${this.#key(key)}:`
      const noise = this.#noise()
      return noise.concat(
        this.#blockValue(head, value, column, Array.isArray(value) ? this.#pick(5) : 1 + this.#pick(4)),
      )
    })
  }

  #blockSeq(list: Json[], column: number): string[] {
    const gap = 1 + this.#pick(3)
    return list.flatMap((item) => {
      const noise = this.#noise()
      const dash = `${' '.repeat(column)}-`
      if (!isFilledMap(item) || this.#oneIn(6))
        return [...noise, ...this.#blockValue(dash, item, column, 1 + this.#pick(3))]
      const lines = this.#blockMap(item, column + 1 + gap)
      const first = lines.findIndex((line) => /^ *[^ #]/.test(line))
      // Comments cannot stand between a dash and the first key on its line.
      return [
        ...noise,
        ...lines.slice(0, first),
        dash + (lines[first] as string).slice(column + 1),
        ...lines.slice(first + 1),
      ]
    })
  }

  #blockValue(head: string, value: Json, column: number, by: number): string[] {
    this.#afterLiteral = false
    const isBlock = typeof value === 'object' && value !== null && Object.keys(value).length > 0 && !this.#oneIn(5)
    if (isBlock) {
      const anchor = this.#anchor().trimEnd()
      const lines = Array.isArray(value)
        ? this.#blockSeq(value, column + (head.endsWith('-') ? Math.max(1, by) : by))
        : this.#blockMap(value as JsonObject, column + by)
      return [`${head}${anchor === '' ? '' : ` ${anchor}`}${this.#endComment()}`, ...lines]
    }
    if (value === null) return [head + ['', ' ~', ' null'][this.#pick(3)] + this.#endComment()]
    if (typeof value === 'string' && canBeLiteral(value) && this.#oneIn(2)) {
      this.#afterLiteral = true
      return literal(head, value, column + 1 + this.#pick(3))
    }
    return [`${head} ${this.#anchor()}${this.#flow(value, column + 1)}${this.#endComment()}`]
  }

  #key(key: string): string {
    return PLAIN.test(key) && !this.#oneIn(5) ? key : this.#quoted(key)
  }

  /** Flow text whose continued lines are indented by at least `column`. */
  #flow(value: Json, column: number): string {
    if (typeof value === 'string') return this.#scalar(value)
    if (typeof value !== 'object' || value === null) return value === null ? 'null' : String(value)
    const [open, close] = Array.isArray(value) ? '[]' : '{}'
    const entries = Array.isArray(value)
      ? value.map((item) => this.#flow(item, column))
      : Object.entries(value).map(([key, child]) => `${this.#key(key)}: ${this.#flow(child, column)}`)
    const parts = entries.map(
      (entry, n) => entry + (n < entries.length - 1 || this.#oneIn(5) ? `${this.#space('')},` : ''),
    )
    return `${open}${parts.map((part) => this.#gap(column) + part).join('')}${this.#gap(column)}${close}`
  }

  #space(otherwise: string): string {
    return this.#oneIn(4) ? ' ' : otherwise
  }

  #gap(column: number): string {
    if (!this.#oneIn(5)) return this.#space('')
    return `${this.#endComment()}\n${' '.repeat(column + this.#pick(4))}`
  }

  #scalar(text: string): string {
    return PLAIN.test(text) && !WORDS.has(text) && !this.#oneIn(4) ? text : this.#quoted(text)
  }

  #quoted(text: string): string {
    if (/[\n\t\\]/.test(text) || this.#oneIn(2)) return JSON.stringify(text)
    return `'${text.replaceAll("'", "''")}'`
  }
}

function isFilledMap(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
}

function canBeLiteral(text: string): boolean {
  return text.includes('\n') && !/^\s/.test(text)
}

function literal(head: string, text: string, column: number): string[] {
  const chomp = text.endsWith('\n\n') ? '+' : text.endsWith('\n') ? '' : '-'
  const body = text.endsWith('\n') ? text.slice(0, -1) : text
  return [`${head} |${chomp}`, ...body.split('\n').map((line) => (line === '' ? '' : ' '.repeat(column) + line))]
}
