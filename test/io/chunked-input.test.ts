import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../src/core/diagnostics/diagnostic.ts'
import { decodeText } from '../../src/core/text/decode.ts'
import type { SourceText } from '../../src/core/text/source.ts'
import { splitDocuments } from '../../src/core/yaml/read/split.ts'
import { ChunkReader } from '../../src/io/chunked-input.ts'
import { SpillStore } from '../../src/io/spill-store.ts'
import { captureHost } from '../cli/fake.ts'

const LONG = 8 << 20

function read(bytes: Buffer): SourceText[] | Diagnostic {
  const reader = new ChunkReader(
    'in.yaml',
    { countDocuments: (source) => splitDocuments(source).length },
    new SpillStore(captureHost().host),
  )
  // One buffer for all pieces, as a file is read.
  const piece = Buffer.alloc(100_003)
  for (let at = 0; at < bytes.length; at += piece.length) {
    const length = bytes.copy(piece, 0, at, Math.min(at + piece.length, bytes.length))
    reader.add(piece.subarray(0, length))
  }
  return reader.finish()
}

function parts(text: string): SourceText[] {
  return read(Buffer.from(text)) as SourceText[]
}

const document = (n: number): string => `# number ${n}\nkind: ConfigMap\ndata:\n  é: ${'x'.repeat(3000)}\n`
const documents = (count: number, eol = '\n', separator = '---'): string =>
  Array.from({ length: count }, (_, n) => document(n))
    .join(`${separator}\n`)
    .replaceAll('\n', eol)

describe('a long input', () => {
  it.each([
    ['LF', documents(4000)],
    ['CR LF', documents(4000, '\r\n')],
    ['a byte order mark', `\uFEFF${documents(4000)}`],
  ])('comes in parts of whole documents that make it up: %s', (_, text) => {
    const all = parts(text)
    expect(all.length).toBeGreaterThan(2)
    expect(all.map((part) => part.text).join('')).toBe(text.replace('\uFEFF', ''))
    expect(all.map((part) => part.bom)).toEqual(all.map((_part, n) => n === 0 && text.startsWith('\uFEFF')))
    const whole = (decodeText('in.yaml', Buffer.from(text)) as { source: SourceText }).source
    let offset = 0
    for (const part of all) {
      expect(part.position(100)).toEqual(whole.position(offset + 100))
      const { line } = part.position(50)
      expect(part.line(line)).toBe(whole.line(line))
      offset += part.text.length
    }
    expect(all.flatMap((part) => splitDocuments(part).map(({ index }) => index))).toEqual([
      ...splitDocuments(whole).keys(),
    ])
  })

  it.each([
    ['short', documents(100)],
    ['one document', `a: |\n${'  x\n'.repeat(4_000_000)}`],
    ['lines that say more than ---', documents(4000, '\n', '--- # next')],
    ['directives', documents(4000, '\n', '%YAML 1.1\n---')],
  ])('stays whole where no part can begin: %s', (_, text) => {
    expect(parts(text).map((part) => part.text)).toEqual([text])
  })

  it('is refused with the number of the byte that is none', () => {
    const bytes = Buffer.concat([Buffer.from(documents(4000)), Buffer.from([0x61, 0xff])])
    expect(bytes.length).toBeGreaterThan(LONG)
    expect(read(bytes)).toMatchObject({
      code: 'TEXT_ENCODING',
      message: `the text is not UTF-8: byte ${bytes.length} is 0xFF`,
    })
  })

  it('does not begin a part between two separators that come in two pieces', () => {
    const reader = new ChunkReader(
      'in.yaml',
      { countDocuments: () => 1, sizes: { part: 10 } },
      new SpillStore(captureHost().host),
    )
    for (const piece of ['a: 1\nb: 2\nc: 3\nd: 4\n---\n--', '-\ne: 5\n']) reader.add(Buffer.from(piece))
    expect((reader.finish() as SourceText[]).map(({ text }) => text)).toEqual([
      'a: 1\nb: 2\nc: 3\nd: 4\n---\n---\ne: 5\n',
    ])
  })

  it('has parts that begin at a head, where there is one', () => {
    const sizes = { part: 120 }
    const reader = new ChunkReader(
      'in.yaml',
      { countDocuments: () => 1, isHead: (text) => text.includes('head'), sizes },
      new SpillStore(captureHost().host),
    )
    const text = Array.from({ length: 60 }, (_, n) => `${n % 3 === 0 ? 'head' : 'tail'}: ${n}\n`).join('---\n')
    reader.add(Buffer.from(text))
    const all = (reader.finish() as SourceText[]).map((one) => one.text)
    expect(all.length).toBeGreaterThan(3)
    expect(all.join('')).toBe(text)
    expect(all.slice(1).filter((one) => !one.startsWith('---\nhead'))).toEqual([])
  })

  it('is one text in UTF-16', () => {
    const text = documents(2000)
    const all = read(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])) as SourceText[]
    expect(all.map((part) => [part.encoding, part.text.length])).toEqual([['utf-16le', text.length]])
  })
})
