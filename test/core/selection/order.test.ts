/** The order in which the sidecars of a workload are injected. */
import { orderTemplates } from '../../../src/core/selection/order.ts'
import type { Template } from '../../../src/core/template/template.ts'
import { table } from '../../helpers/table.ts'

/** What templates say of their order, by name. */
type Said = Readonly<Record<string, object | undefined>>

function ordered(names: string, said: Said): string {
  const templates = [...names].map((name) => ({ name, spec: { order: said[name] } }) as unknown as Template)
  const { templates: out, diagnostics } = orderTemplates(templates)
  return [out.map(({ name }) => `${name}`).join(''), ...diagnostics.map(({ code, message, hint }) => `${code} ${message}; ${hint}`)].join(' ')
}

const cycle = (names: string): string => `SIDECAR_ORDER ordering cycle between sidecars ${names}; change before or after in one of their templates, or select fewer of them`

table('the order given is changed only as far as templates ask for', ordered, [
  ['', {}, ''],
  ['cab', {}, 'cab'],
  ['abc', { c: { position: 'first' } }, 'cab'],
  ['abc', { a: { position: 'last' } }, 'bca'],
  ['abcd', { a: { position: 'last' }, b: { position: 'last' }, d: { position: 'first' } }, 'dcab', 'those of one position keep their order'],
  ['abc', { a: { position: 'middle' }, b: { position: 1 } }, 'abc', 'another position says nothing'],
  ['abc', { c: { before: ['a'] } }, 'bca'],
  ['abc', { a: { after: ['c'] } }, 'bca'],
  ['abc', { c: { before: ['b', 'a'] } }, 'cab'],
  ['abc', { a: { before: ['b'] }, c: { after: ['b'] } }, 'abc', 'what holds already changes nothing'],
  ['ab', { a: { after: ['x'], before: ['y'] } }, 'ab', 'names of others count for nothing'],
  ['ab', { a: { after: ['a'], before: ['a'] } }, 'ab', 'nor does its own'],
  ['ab', { a: { after: 'b' } }, 'ab', 'nor what is no list'],
  ['ab', { a: { after: [1, 'b'] } }, 'ba'],
  ['ab', { b: { position: 'first', after: ['a'] } }, 'ab', 'a position gives way to after'],
  ['abc', { a: { before: ['b'] }, b: { before: ['a'] } }, `c ${cycle('a, b')}`],
  ['abc', { a: { after: ['c'] }, b: { after: ['a'] }, c: { after: ['b'] } }, ` ${cycle('a, b, c')}`],
])
