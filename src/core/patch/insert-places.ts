import { formatFieldPath } from '../field-path/field-path.ts'
import { arrangeItems, type Insert, type PatchOp } from '../field-path/patch-op.ts'
import type { Json } from '../json/json.ts'
import type { SeqNode } from '../yaml/read/node.ts'

/**
 * The values to insert into a list, by the number of items before them; values that go last, by the number of all
 * items. In flow style these include all values after the last item that stays, which take over the commas and comments
 * of removed items.
 */
export function insertsByIndex(
  { items, flow }: SeqNode,
  changes: readonly PatchOp[],
  arrange: () => ReturnType<typeof arrangeItems>,
): Map<number, Json[]> {
  const inserts = changes.filter((change) => change.type === 'insert')
  if (inserts.length === 0) return new Map()
  // The common case, in which no other item matters.
  if (inserts.every(({ place }) => place === 'last'))
    return new Map([[items.length, inserts.map(({ value }) => value)]])
  const out = new Map<number, Json[]>()
  const arranged = arrange()
  const lastKept = arranged.findLastIndex((item) => typeof item === 'number')
  let index = 0
  for (const [n, item] of arranged.entries()) {
    if (typeof item === 'number') index = item + 1
    else {
      if (item.place === 'last' || (flow && n > lastKept)) index = items.length
      out.set(index, [...(out.get(index) ?? []), item.value])
    }
  }
  return out
}

/** Inserts into lists and maps that are created for them, in their final order. */
export function inOrder(inserts: readonly Insert[]): readonly Insert[] {
  if (inserts.every(({ place }) => place === 'last')) return inserts
  const lists = new Map<string, Insert[]>()
  for (const change of inserts) {
    const list = formatFieldPath(change.address.slice(0, -1))
    lists.set(list, [...(lists.get(list) ?? []), change])
  }
  return [...lists.values()].flatMap((own) => {
    const [{ address }] = own as [Insert]
    return arrangeItems({}, address.slice(0, -1), own, () => undefined) as Insert[]
  })
}
