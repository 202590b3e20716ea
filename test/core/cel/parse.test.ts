import { describe, expect, it } from 'vitest'
import { type Expr, parseCel } from '../../../src/core/cel/parse.ts'

/** An expression with all its parentheses, or `syntax` if it is none. */
function read(text: string): string {
  const found = parseCel(text)
  return 'kind' in found ? found.kind : shown(found.expr)
}

function shown(expr: Expr): string {
  switch (expr.op) {
    case 'literal': return literal(expr.value)
    case 'name': return expr.name
    case 'select': return `${expr.has ? 'has ' : ''}${shown(expr.of)}${expr.optional ? '.?' : '.'}${expr.field}`
    case 'index': return `${shown(expr.of)}[${expr.optional ? '?' : ''}${shown(expr.key)}]`
    case 'call': return `${expr.target === undefined ? '' : `${shown(expr.target)}.`}${expr.name}(${expr.args.map(shown).join(', ')})`
    case 'list': return `[${expr.items.map(shown).join(', ')}]`
    case 'map': return `{${expr.entries.map(([key, value]) => `${shown(key)}: ${shown(value)}`).join(', ')}}`
    case 'if': return `(${shown(expr.test)} ? ${shown(expr.yes)} : ${shown(expr.no)})`
    case 'not': return `!${shown(expr.of)}`
    case 'negate': return `-${shown(expr.of)}`
    case 'message': return `${expr.type}{${expr.fields.map(([field, value]) => `${field}: ${shown(value)}`).join(', ')}}`
    case 'optional': return `?${shown(expr.of)}`
    default: return `(${shown(expr.left)} ${expr.op} ${shown(expr.right)})`
  }
}

function literal(value: Extract<Expr, { op: 'literal' }>['value']): string {
  if (typeof value === 'bigint') return String(value)
  if (value instanceof Uint8Array) return `b${[...value].join(' ')}`
  if (typeof value === 'object' && value !== null) return `${value.uint}u`
  return typeof value === 'number' ? `${value}f` : JSON.stringify(value)
}

const times = (count: number, text: string, end = ''): string => text.repeat(count) + end

describe('expressions', () => {
  it.each([
    ['a || b && c == d + e * f', '(a || (b && (c == (d + (e * f)))))'],
    ['a - b - c', '((a - b) - c)'],
    ['a < b == c in d', '(((a < b) == c) in d)'],
    ['a && b && c && d', '((a && b) && (c && d))'],
    ['a ? b : c ? d : e', '(a ? b : (c ? d : e))'],
    ['a ? b ? c : d : e', 'syntax'],
    ['a ? (b ? c : d) : e', '(a ? (b ? c : d) : e)'],
    ['!!!a', '!a'], ['!!a', 'a'], ['--a', 'a'], ['-a.b', '-a.b'], ['-1.b', '-1.b'], ['- 1', '-1'], ['!-1', '!-1'], ['-!a', 'syntax'], ['!(-a)', '!-a'], ['a - -1', '(a - -1)'], ['--1', '1'],
    ['a.b.c(d)[e]', 'a.b.c(d)[e]'], ['a.?b[?c]', 'a.?b[?c]'], ['a.?b(c)', 'syntax'], ['.a.b', 'a.b'], ['.f(a)', 'f(a)'], ['. a', 'a'], ['a . b', 'a.b'],
    ['[]', '[]'], ['[a, ?b,]', '[a, ?b]'], ['[,]', '[]'], ['[a,,]', 'syntax'], ['{a: b, ?c: d,}', '{a: b, c: ?d}'], ['{,}', '{}'], ['{a}', 'syntax'], ['f(a,)', 'syntax'], ['f()', 'f()'],
    ['A{}', 'A{}'], ['a.B{c: d, ?e: f}', 'a.B{c: d, e: ?f}'], ['.a.B{}', 'a.B{}'], ['a in {}', '(a in {})'], ['A{1: a}', 'syntax'], ['A{a: 1', 'syntax'],
    ['Object{spec: Object.spec{replicas: 1 + x}}', 'Object{spec: Object.spec{replicas: (1 + x)}}'],
    ['JSONPatch{op: b ? c : d, value: {"a": [1]}}', 'JSONPatch{op: (b ? c : d), value: {"a": [1]}}'], ['f(a){}', 'syntax'],
    ['has(a.b)', 'has a.b'], ['has(a)', 'has(a)'], ['has(a.?b)', 'has(a.?b)'], ['has(has(a.b))', 'has a.b'],
    ['true && false != null', '(true && (false != null))'], ['a.true', 'syntax'], ['a.in', 'syntax'], ['a.namespace', 'a.namespace'], ['namespace', 'syntax'],
    ['for(a)', 'syntax'], ['a.for(b)', 'a.for(b)'], ['inner', 'inner'],
    ['a // b', 'a'], ['a //\n+ b', '(a + b)'], ['a\f+\tb', '(a + b)'], ['a\u00a0', 'syntax'], ['a b', 'syntax'], ['', 'syntax'], ['(', 'syntax'], ['(a', 'syntax'],
    ['self ===', 'syntax'], ['1 +', 'syntax'], ['a = b', 'syntax'], ['a & b', 'syntax'], ['\u00e9', 'syntax'], ['a.`b-c`', 'syntax'], ['a#', 'syntax'],
  ])('%j', (text, expected) => {
    expect(read(text)).toBe(expected)
  })
})

const { raw } = String

describe('literals', () => {
  it.each([
    ['0x1F', '31'], ['0X1F', 'syntax'], ['0x1Fu', '31u'], ['12U', '12u'], ['012', '12'], ['9223372036854775807', '9223372036854775807'], ['9223372036854775808', 'syntax'],
    ['-9223372036854775808', '-9223372036854775808'], ['-(9223372036854775808)', 'syntax'], ['-9223372036854775809', 'syntax'], ['-0x8000000000000000', '-9223372036854775808'],
    ['0x8000000000000000', 'syntax'], ['18446744073709551615u', '18446744073709551615u'], ['18446744073709551616u', 'syntax'],
    ['.5', '0.5f'], ['1.5e3', '1500f'], ['1e-2', '0.01f'], ['1.', 'syntax'], ['1e400', 'syntax'], ['-.5', '-0.5f'], ['1e5u', 'syntax'],
  ])('%s', (text, expected) => {
    expect(read(text)).toBe(expected)
  })

  it.each([
    [raw`'a"\'\n'`, raw`"a\"'\n"`], [raw`"\x41\101\u00e9\U0001F600"`, '"AA\u00e9\u{1f600}"'], ["'\\?\\`'", '"?`"'], [raw`'\z'`, 'syntax'], [raw`'\8'`, 'syntax'], [raw`'\400'`, 'syntax'],
    [raw`'\ud800'`, 'syntax'], [raw`'\U00110000'`, 'syntax'], [raw`r'\d'`, raw`"\\d"`], [raw`R"\""`, 'syntax'], ["'a\nb'", 'syntax'], ["'''a\r\nb'c'''", raw`"a\nb'c"`],
    ['"""a"b"""', raw`"a\"b"`], ['""', '""'], ['""""""', '""'], [raw`r"""a\"""`, raw`"a\\"`], ["'a", 'syntax'],
    ["b'a\u00e9'", 'b97 195 169'], [raw`b'\xff\377'`, 'b255 255'], [raw`b'\u00e9'`, 'syntax'], [raw`br'\x'`, 'b92 120'], ["rb'a'", 'syntax'], ["B'''a'''", 'b97'],
  ])('%j', (text, expected) => {
    expect(read(text)).toBe(expected)
  })
})

describe('limits', () => {
  it.each([
    ['parentheses', times(249, '(', `a${')'.repeat(249)}`), times(250, '(', `a${')'.repeat(250)}`)],
    ['fields', `a${times(249, '.b')}`, `a${times(250, '.b')}`],
    ['conditions', times(249, 'a ? b : ', 'c'), times(250, 'a ? b : ', 'c')],
    ['operators', times(83, 'a < (', `b${')'.repeat(83)}`), times(84, 'a < (', `b${')'.repeat(84)}`)],
    ['both', times(60, 'a < (', `b${times(189, '.c')}${')'.repeat(60)}`), times(60, 'a < (', `b${times(190, '.c')}${')'.repeat(60)}`)],
    ['characters', `'${'a'.repeat(99_998)}'`, `'${'a'.repeat(99_999)}'`],
  ])('of %s', (_name, most, more) => {
    expect(read(most)).not.toBe('syntax')
    expect(read(more)).toBe('syntax')
  })

  it('do not count terms of && and ||', () => {
    expect(read(times(1000, 'a && ', 'b'))).not.toBe('syntax')
  })
})
