import type { JsonPath, Json, JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { formatFieldPath, type FieldPath } from '../field-path/field-path.ts'
import { mergeKeyOf } from '../field-path/merge-keys.ts'
import { VOLUMES, INIT_CONTAINERS, CONTAINERS } from '../field-path/pod-fields.ts'
import type { ReconcileInput } from './reconcile-input.ts'

/** Two items of a list with the same merge key: Kubernetes rejects the pod, and it is unclear which one is meant. */
export interface DuplicateItem {
  code: 'VOLUME_NAME_DUPLICATE' | 'CONTAINER_NAME_DUPLICATE' | 'MOUNT_PATH_DUPLICATE'
  message: string
  /** The paths of both merge keys, from the pod template. */
  first: JsonPath
  second: JsonPath
}

/**
 * The duplicate items of a pod template that a run would address: a sidecar owns one of them or a field inside it, or
 * will.
 */
export function duplicateItems({
  template,
  record,
  draft,
}: Pick<ReconcileInput, 'template' | 'record' | 'draft'>): DuplicateItem[] {
  const found = doubled(template)
  if (found.length === 0) return []
  const used = new Set<string>()
  const addresses = [...record.sidecars.values()]
    .flatMap(({ own }) => own)
    .concat([...draft.ownedFields.values()].map((want) => want.address))
  for (const address of addresses) address.forEach((_, n) => void used.add(formatFieldPath(address.slice(0, n + 1))))
  return found.flatMap(({ address, ...one }) => (used.has(formatFieldPath(address)) ? [one] : []))
}

type Found = DuplicateItem & { address: FieldPath }

function doubled(template: JsonObject): Found[] {
  const volumes = duplicatesIn(template, VOLUMES, VOLUMES, 'VOLUME_NAME_DUPLICATE')
  return [CONTAINERS, INIT_CONTAINERS].reduce(
    (all, list) =>
      all.concat(
        duplicatesIn(template, list, list, 'CONTAINER_NAME_DUPLICATE'),
        itemsAt(template, list).flatMap((container, n) => {
          const id = mergeKeyOf(list[1], container)
          if (id === undefined) return []
          return duplicatesIn(
            template,
            [...list, n, 'volumeMounts'],
            [...list, { id }, 'volumeMounts'],
            'MOUNT_PATH_DUPLICATE',
          )
        }),
      ),
    volumes,
  )
}

const ITEMS = {
  VOLUME_NAME_DUPLICATE: { what: 'volume name', key: 'name' },
  CONTAINER_NAME_DUPLICATE: { what: 'container name', key: 'name' },
  MOUNT_PATH_DUPLICATE: { what: 'mount path', key: 'mountPath' },
} as const

function duplicatesIn(template: JsonObject, path: JsonPath, address: FieldPath, code: DuplicateItem['code']): Found[] {
  const { what, key } = ITEMS[code]
  const seen = new Map<string, number>()
  const out: Found[] = []
  for (const [n, item] of itemsAt(template, path).entries()) {
    const id = mergeKeyOf(path.at(-1) as string, item)
    if (id === undefined) continue
    const first = seen.get(id)
    if (first === undefined) seen.set(id, n)
    else
      out.push({
        code,
        message: `duplicate ${what} "${id}"`,
        first: [...path, first, key],
        second: [...path, n, key],
        address: [...address, { id }],
      })
  }
  return out
}

function itemsAt(template: JsonObject, path: JsonPath): Json[] {
  const list = valueAt(template, path)
  return Array.isArray(list) ? list : []
}
