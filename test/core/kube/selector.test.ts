import { describe, expect, it } from 'vitest'
import { matchesSelector, parseSelector } from '../../../src/core/kube/selector.ts'

const LABELS = { app: 'web', tier: 'front', empty: '', gen: '12', 'sidecarctl.dev/inject': 'true' }

describe('selectors', () => {
  it.each<[string, boolean]>([
    ['', true],
    ['app=web', true],
    ['app==web', true],
    [' app = web , tier != back ', true],
    ['app=web,tier=back', false],
    ['app!=web', false],
    ['none!=x', true],
    ['app in (web, api)', true],
    ['app in(api)', false],
    ['app notin (api,db)', true],
    ['none notin (x)', true],
    ['none in (x)', false],
    ['app', true],
    ['!app', false],
    ['!none', true],
    ['empty=', true],
    ['empty=,app', true],
    ['none=', false],
    ['empty in (,x)', true],
    ['app in (a,)', false],
    ['gen>11,gen<13', true],
    ['gen>12', false],
    ['app>1', false],
    ['sidecarctl.dev/inject=true', true],
    ['in=x', false],
    ['__proto__', false],
    ['constructor!=x', true],
  ])('%s: %s', (text, expected) => {
    const parsed = parseSelector(text)
    expect(parsed.ok && matchesSelector(parsed.value, LABELS)).toBe(expected)
  })

  it.each<[string, number]>([
    ['=a', 0],
    ['a=b,', 4],
    ['a b', 2],
    ['a in x', 5],
    ['a in (x', 7],
    ['a in (x y)', 8],
    ['a=b=c', 3],
    ['a=-x', 2],
    ['-a=b', 0],
    ['a/b/c=d', 0],
    ['UPPER.case/x', 0],
    ['a>x', 2],
    ['!', 1],
    ['!a=b', 2],
    [`a=${'x'.repeat(64)}`, 2],
  ])('refuses %s at %i', (text, offset) => {
    expect(parseSelector(text)).toMatchObject({ ok: false, error: { offset } })
  })
})
