import { describe, expect, it } from 'vitest'
import { holdsCommand, maskCommands, maskJson, maskXml } from '../../src/report/workflow-commands.ts'

describe('maskCommands', () => {
  it.each([
    ['::error::x', '\\x3a:error::x'],
    [' \u3000\t::error::x', ' \u3000\t\\x3a:error::x'],
    ['a\r::x\n\u0085::y', 'a\r\\x3a:x\n\u0085\\x3a:y'],
    [':: x', '\\x3a: x'],
    ['a ::x::y', 'a ::x::y'],
    ['a: ##[error]x', 'a: ##\\x5berror]x'],
    ['###[x]', '###\\x5bx]'],
    ['# [x] ::', '# [x] ::'],
  ])('%j -> %j', (text, masked) => {
    expect(maskCommands(text)).toBe(masked)
    expect(holdsCommand([text])).toBe(text !== masked)
  })

  it('takes time in proportion to the text', () => {
    const start = performance.now()
    for (const gap of [' ', '\n', '\u0085', '\u2028', '\r'])
      expect(maskCommands(`::${gap.repeat(200_000)}x\n`.repeat(5))).toContain('\\x3a:')
    expect(performance.now() - start).toBeLessThan(2000)
  })

  it('leaves JSON and XML of the same value', () => {
    expect(JSON.parse(maskJson(JSON.stringify({ a: 'x ##[y]' })))).toEqual({ a: 'x ##[y]' })
    expect(maskXml('<a>\n::x ##[y]</a>')).toBe('<a>\n&#58;:x ##&#91;y]</a>')
  })
})

describe('holdsCommand', () => {
  it.each<[string[], boolean]>([
    [['a\n', '::x'], true],
    [['a\n  ', ' :', ':x'], true],
    [['a', '::x'], false],
    [[`${'a'.repeat(5000)}#`, '#[x]'], true],
    [[`a${' '.repeat(5000)}`, '::x'], false],
    [[' '.repeat(5000), '::x'], true],
    [['a\r', '::x'], true],
  ])('%#', (pieces, expected) => {
    expect(holdsCommand(pieces)).toBe(expected)
    expect(holdsCommand(pieces.map((piece) => Buffer.from(piece)))).toBe(expected)
  })
})
