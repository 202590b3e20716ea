/** How one list becomes another: what stays in its place, and where new items go. */
import type { Json } from '../../../src/core/json/json.ts'
import { diffLists } from '../../../src/core/json/list-diff.ts'
import { table, type Row } from '../../helpers/table.ts'

/**
 * The difference of two lists as text: an item that stays is written as it is, one that gets another value as `a>b`, one
 * that goes as `-a`, one that comes as `+a`.
 */
function difference(from: readonly Json[], to: readonly Json[]): string {
  const idOf = (item: Json): string | undefined => {
    const id = typeof item === 'string' ? item : (item as { id?: string } | null)?.id
    return typeof item === 'string' && item.startsWith('~') ? undefined : id?.replace(/=.*/, '')
  }
  const { kept, added } = diffLists(from, to, idOf)
  const out: string[] = []
  const add = (place: number): void => { out.push(...(added.get(place) ?? []).map((item) => `+${String(item)}`)) }
  add(0)
  for (const [n, item] of from.entries()) {
    const target = kept.get(n)
    const other = to[target as number]
    out.push(target === undefined ? `-${String(item)}` : item === other ? String(item) : `${String(item)}>${String(other)}`)
    add(n + 1)
  }
  for (const [n, target] of kept) if (n >= from.length || target >= to.length) out.push(`beyond ${n}`)
  return out.join(' ')
}

const words = (text: string): string[] => text.split(' ').filter((word) => word !== '')
const run = (from: string, to: string): string => difference(words(from), words(to))
const rows = (rule: string, list: readonly Row<string, string, string>[]): void => { table(rule, run, list) }

rows('items with an identity are found again by it', [
  ['a b c', 'a b c', 'a b c'],
  ['a b c', 'a c', 'a -b c'],
  ['a c', 'a b c', 'a +b c'],
  ['a', 'x y a z', '+x +y a +z'],
  ['a=1 b=2', 'a=1 b=3', 'a=1 b=2>b=3', 'with another value'],
  ['a=1 b=2', 'b=2 a=1', '-a=1 b=2 +a=1', 'one that moved goes and comes'],
  ['a b', 'x', '+x -a -b', 'one never takes the place of another'],
  ['', 'a', '+a'],
  ['a', '', '-a'],
  ['', '', ''],
  ['a b c d e', 'c d x', '-a -b c d +x -e', 'as many stay as can'],
  ['a b c d', 'c a b d', '+c a b -c d'],
])

rows('items without one stay where they are equal, and between those one takes the place of another', [
  ['~a ~b ~c', '~a ~x ~c', '~a ~b>~x ~c'],
  ['~a ~b', '~x ~z', '~a>~x ~b>~z'],
  ['~a ~b ~c', '~a ~c', '~a -~b ~c'],
  ['~a ~c', '~a ~b ~c', '~a +~b ~c'],
  ['~a ~b ~c', '~x ~c', '~a>~x -~b ~c'],
  ['~a ~c', '~x ~b ~c', '~a>~x +~b ~c'],
  ['~a ~a', '~a', '~a -~a'],
  ['~a', '~a ~a', '~a +~a'],
  ['~a ~b', '~b ~a', '-~a ~b +~a'],
])

rows('one item without an identity, or two of the same, and none counts', [
  ['a ~b', 'x ~b', 'a>x ~b'],
  ['a b', 'x ~b', 'a>x b>~b'],
  ['a=1 a=2', 'x=1 a=2', 'a=1>x=1 a=2', 'twice in the old list'],
  ['x=1 a=2', 'a=1 a=2', 'x=1>a=1 a=2', 'twice in the new list'],
])
