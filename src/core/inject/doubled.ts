import { type FieldPath, type Json, type JsonObject } from '../json.ts'
import { valueAt } from '../kube/workload.ts'
import { formatAddress, type Address } from '../plan/address.ts'
import { itemId } from '../plan/items.ts'
import { CONTAINERS, INIT_CONTAINERS, VOLUMES } from '../plan/pod.ts'
import type { ReconcileInput } from '../plan/reconcile.ts'

/** Two items of a list with one identity, by which Kubernetes refuses the pod and we cannot tell which is meant. */
export interface Doubled {
  code: 'VOLUME_NAME_DUPLICATE' | 'CONTAINER_NAME_DUPLICATE' | 'MOUNT_PATH_DUPLICATE'
  message: string
  /** Of what identifies each, from the pod template. */
  first: FieldPath
  second: FieldPath
}

/** The doubled items of a pod template that a run would address: what is ours, or comes, is one of them, or in one. */
export function doubledAmong({ template, record, draft }: Pick<ReconcileInput, 'template' | 'record' | 'draft'>): Doubled[] {
  const found = doubled(template)
  if (found.length === 0) return []
  const used = new Set<string>()
  const addresses = [...record.sidecars.values()].flatMap(({ own }) => own).concat([...draft.wants.values()].map((want) => want.address))
  for (const address of addresses) address.forEach((_, n) => void used.add(formatAddress(address.slice(0, n + 1))))
  return found.flatMap(({ address, ...one }) => (used.has(formatAddress(address)) ? [one] : []))
}

type Found = Doubled & { address: Address }

function doubled(template: JsonObject): Found[] {
  const volumes = doubledIn(template, VOLUMES, VOLUMES, 'VOLUME_NAME_DUPLICATE')
  return [CONTAINERS, INIT_CONTAINERS].reduce((all, list) => all.concat(
    doubledIn(template, list, list, 'CONTAINER_NAME_DUPLICATE'),
    itemsAt(template, list).flatMap((container, n) => {
      const id = itemId(list[1], container)
      if (id === undefined) return []
      return doubledIn(template, [...list, n, 'volumeMounts'], [...list, { id }, 'volumeMounts'], 'MOUNT_PATH_DUPLICATE')
    }),
  ), volumes)
}

const ITEMS = {
  VOLUME_NAME_DUPLICATE: { what: 'volumes of this pod have the name', key: 'name' },
  CONTAINER_NAME_DUPLICATE: { what: 'containers of this pod have the name', key: 'name' },
  MOUNT_PATH_DUPLICATE: { what: 'mounts of this container have the path', key: 'mountPath' },
} as const

function doubledIn(template: JsonObject, path: FieldPath, address: Address, code: Doubled['code']): Found[] {
  const { what, key } = ITEMS[code]
  const seen = new Map<string, number>()
  const out: Found[] = []
  for (const [n, item] of itemsAt(template, path).entries()) {
    const id = itemId(path.at(-1) as string, item)
    if (id === undefined) continue
    const first = seen.get(id)
    if (first === undefined) seen.set(id, n)
    else out.push({ code, message: `two ${what} "${id}", so that they cannot be told apart`, first: [...path, first, key], second: [...path, n, key], address: [...address, { id }] })
  }
  return out
}

function itemsAt(template: JsonObject, path: FieldPath): Json[] {
  const list = valueAt(template, path)
  return Array.isArray(list) ? list : []
}
