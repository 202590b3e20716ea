import { assert, property, uint8Array } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasForeignBytes, pathBytes, pathText } from '../../../src/core/text/path-bytes.ts'

describe('pathText', () => {
  it.each<[string, number[], string]>([
    ['ASCII', [0x61, 0x2e, 0x79], 'a.y'],
    ['UTF-8', [0xc3, 0xbc, 0xf0, 0x9f, 0x98, 0x80], '\u00FC\u{1F600}'],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61], '\uFEFFa'],
    ['Latin-1', [0x67, 0xfc, 0x6e], 'g\uDCFCn'],
    ['a beginning of UTF-8', [0x61, 0xe2, 0x82], 'a\uDCE2\uDC82'],
    ['an encoded surrogate', [0xed, 0xb3, 0xbf], '\uDCED\uDCB3\uDCBF'],
    ['a character beside a foreign byte', [0xff, 0xf0, 0x9f, 0x98, 0x80], '\uDCFF\u{1F600}'],
  ])('%s', (_, bytes, text) => {
    expect(pathText(Uint8Array.from(bytes))).toBe(text)
    expect([...pathBytes(text)]).toEqual(bytes)
  })

  it('is undone by pathBytes, whatever the bytes', () => {
    assert(property(uint8Array({ max: 255, maxLength: 20 }), (bytes) => {
      expect([...pathBytes(pathText(bytes))]).toEqual([...bytes])
    }), { numRuns: 2000 })
  })

  it('marks names with bytes that are no characters', () => {
    expect([hasForeignBytes('a\u{1F600}'), hasForeignBytes('a\uDCFF')]).toEqual([false, true])
  })
})
