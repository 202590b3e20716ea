/** Whatever stands in a flow collection, entries that are put in at its end or start come out again without a trace. */
import { describe, expect, it } from 'vitest'
import { randomOf } from '../../../fuzz/mutate.ts'
import { Edit } from './editing.ts'

const RUNS = 2000
type Random = ReturnType<typeof randomOf>
const of = <T>(random: Random, all: readonly T[]): T => all[random(all.length)] as T

/** A comment with its line break, a line break, blanks or nothing. */
const gap = (random: Random): string => of(random, ['', '', ' ', '  ', '\n', '\n  ', ' # c\n', ' #c"\n    ', '\n  # c\n  ', ' #\n'])

const VALUES = ['1', 'b', '"b"', "'b'", '', '', '', '~', '!!str ', '!!null ', '&q', '&q 1', '[]', '{}', '[1]', '{a: 1}', '{a: }', '[a: ]']

function pair(random: Random, n: number): string {
  const [key, value] = [of(random, [`k${n}`, `"k${n}"`, `? k${n}`]), of(random, VALUES).replace('q', `q${n}`)]
  if (random(8) === 0) return key
  return `${key}${of(random, ['', ' ', key.startsWith('?') ? '\n' : ''])}:${random(2) === 0 ? ' ' : gap(random) || ' '}${value}`
}

function item(random: Random, n: number): string {
  const value = random(4) === 0 ? pair(random, n) : of(random, VALUES).replace('q', `q${n}`)
  return value === '' ? 'x' : value
}

/** A document with a flow collection `a`, of so many entries. */
function documentOf(random: Random, isList: boolean, count: number): string {
  const entries = Array.from({ length: count }, (_, n) => (isList ? item : pair)(random, n))
  const inner = entries.map((entry, n) => gap(random) + entry + gap(random) + (n < count - 1 ? ',' : '')).join('')
  const end = (count > 0 && random(3) === 0 ? `,${gap(random)}` : '') + gap(random)
  const text = `a: ${isList ? '[' : '{'}${inner}${end}${isList ? ']' : '}'}${of(random, ['', ' # d'])}\n`
  return random(4) === 0 ? text.replaceAll('\n', '\r\n') : text
}

/** What became of a text, or undefined where it is no YAML that can be edited. */
function editedBy(text: string, work: (edit: Edit) => unknown): string | undefined {
  try {
    const edit = new Edit(text)
    work(edit)
    return edit.text
  } catch {
    return undefined
  }
}

describe('entries that are put into a flow collection come out without a trace', () => {
  it.each([
    ['a list, at its end', true, 'last'], ['a list, at its start', true, 0],
    ['a map, at its end', false, 'last'], ['a map, at its start', false, 0],
  ] as const)('%s', (_, isList, place) => {
    const found: string[] = []
    let tried = 0
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = randomOf(seed)
      const count = random(4)
      const text = documentOf(random, isList, count)
      const more = 1 + random(2)
      if (editedBy(text, () => {}) !== text) continue
      const added = Array.from({ length: more }, (__, n) => `new${n}`)
      const put = editedBy(text, (e) => { e.insert('a', isList ? added : Object.fromEntries(added.map((key) => [key, 1])), place) })
      if (put === undefined) { found.push(`${JSON.stringify(text)} cannot be edited`); continue }
      tried++
      const indexes = added.map((__, n) => (place === 0 ? 0 : count) + n)
      const back = editedBy(put, (e) => {
        if (count === 0) e.clear('a')
        else e.remove('a', ...(isList ? indexes : added))
      })
      if (back !== text) found.push([text, put, back].map((one) => JSON.stringify(one)).join(' > '))
    }
    expect(found.slice(0, 5)).toEqual([])
    expect(tried).toBeGreaterThan(RUNS / 4)
  })
})
