import { describe, expect, it } from 'vitest'
import { undecodable } from '../../../src/core/diagnostics/undecodable.ts'
import { decodeText, encodeText } from '../../../src/core/text/decode.ts'

const TEXT = 'name: "h\u00E9 \u{1F600}"\r\n'

function utf16be(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16()
}

const GOOD: [string, Buffer, string, boolean][] = [
  ['UTF-8', Buffer.from(TEXT), 'utf-8', false],
  ['UTF-8 with BOM', Buffer.from(`\uFEFF${TEXT}`), 'utf-8', true],
  ['UTF-16 LE', Buffer.from(`\uFEFF${TEXT}`, 'utf16le'), 'utf-16le', true],
  ['UTF-16 BE', utf16be(`\uFEFF${TEXT}`), 'utf-16be', true],
]

describe('decodeText', () => {
  it.each(GOOD)('reads %s, and encodeText gives the bytes back', (_, bytes, encoding, bom) => {
    const decoded = decodeText('a', bytes)
    expect(decoded).toMatchObject({ ok: true, source: { label: 'a', text: TEXT, encoding, bom } })
    const source = decoded.ok ? decoded.source : undefined
    expect(Buffer.from(encodeText(source?.text ?? '', source?.encoding ?? 'utf-8', bom)).equals(bytes)).toBe(true)
  })

  it('reads an empty file, a lone BOM, and U+FFFD where it is really written', () => {
    expect(decodeText('a', Buffer.from(''))).toMatchObject({ ok: true, source: { text: '', bom: false } })
    expect(decodeText('a', Buffer.from('\uFEFF'))).toMatchObject({ ok: true, source: { text: '', bom: true } })
    expect(decodeText('a', Buffer.from('\uFEFF\uFEFFa'))).toMatchObject({ ok: true, source: { text: '\uFEFFa', bom: true } })
    expect(decodeText('a', Buffer.from('\uFFFD'))).toMatchObject({ ok: true, source: { text: '\uFFFD' } })
    expect(decodeText('a', Buffer.from('\uFEFF\uFFFD', 'utf16le'))).toMatchObject({ ok: true, source: { text: '\uFFFD' } })
  })

  it.each<[string, Buffer, RegExp, number]>([
    ['a stray byte', Buffer.from([0x61, 0x0a, 0xff]), /byte 3 is 0xFF/, 2],
    ['a sequence cut short', Buffer.from([0x61, 0xe2, 0x82]), /byte 2 is 0xE2/, 1],
    ['an overlong form', Buffer.from([0xc0, 0xaf]), /byte 1 is 0xC0/, 0],
    ['an overlong form of three', Buffer.from([0xe0, 0x80, 0xaf]), /byte 1 is 0xE0/, 0],
    ['a surrogate in UTF-8', Buffer.from([0xed, 0xa0, 0x80]), /byte 1 is 0xED/, 0],
    ['beyond Unicode', Buffer.from([0xf4, 0x90, 0x80, 0x80]), /byte 1 is 0xF4/, 0],
    ['after a BOM and U+FFFD', Buffer.from([0xef, 0xbb, 0xbf, 0xef, 0xbf, 0xbd, 0x80]), /byte 7 is 0x80/, 1],
    ['NUL', Buffer.from('\u00E9a\0'), /NUL at byte 4/, 2],
    ['UTF-16 without BOM', Buffer.from('ab', 'utf16le'), /NUL at byte 2: .*UTF-16 without a byte order mark/, 1],
    ['NUL in UTF-16', Buffer.from('\uFEFFa\0', 'utf16le'), /NUL at byte 5/, 1],
    ['half a character', Buffer.concat([Buffer.from('\uFEFFab', 'utf16le'), Buffer.from('c')]), /ends in the middle/, 2],
    ['half a surrogate pair', Buffer.from('\uFEFFa\uD83Db', 'utf16le'), /surrogate pair at byte 5/, 1],
    ['half a pair, big-endian', utf16be('\uFEFF\uFFFD\uDC00'), /surrogate pair at byte 5/, 1],
    ['UTF-32 LE', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), /UTF-32/, 0],
    ['UTF-32 BE', Buffer.from([0, 0, 0xfe, 0xff, 0, 0, 0, 0x61]), /UTF-32/, 0],
  ])('refuses %s', (_, bytes, message, offset) => {
    const decoded = decodeText('a', bytes)
    const found = decoded.ok ? undefined : undecodable(decoded.error)
    expect(found).toMatchObject({ code: 'TEXT_ENCODING', at: { range: { start: offset } } })
    expect(found?.message).toMatch(message)
  })
})
