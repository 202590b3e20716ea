import type { JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { fieldAt, formatFieldPath, type FieldPath } from '../field-path/field-path.ts'
import { mergeKeyOf } from '../field-path/merge-keys.ts'
import { CONTAINERS, INIT_CONTAINERS } from '../field-path/pod-fields.ts'
import { isIntact } from './ownership-proof.ts'
import { fieldDigest, ownedBy, type OwnedSidecar, type OwnershipRecord } from '../ownership/record.ts'

/** A container that was renamed since the record was written, with everything that sidecars added to it. */
export interface Renamed {
  list: string
  from: string
  to: string
}

/**
 * A record whose field paths follow renamed containers. The new name is that of the only container that has everything
 * sidecars added to the old one and is not in the record.
 * @returns the record itself where no container was renamed
 */
export function followRenames(template: JsonObject, record: OwnershipRecord): OwnershipRecord {
  return withRenames(template, record, renamesIn(template, record))
}

/** The containers that were renamed since a record was written, as far as can be determined. */
export function renamesIn(template: JsonObject, record: OwnershipRecord): Renamed[] {
  const found: Renamed[] = []
  for (const lost of lostContainers(template, record)) {
    const names = newNames(template, record, lost).filter(
      ({ list, to }) => !found.some((one) => one.list === list && one.to === to),
    )
    if (names.length === 1) found.push(names[0] as Renamed)
  }
  return found
}

/** A record with the new names of renamed containers. */
export function withRenames(
  template: JsonObject,
  record: OwnershipRecord,
  renames: readonly Renamed[],
): OwnershipRecord {
  return renames.reduce((known, renamed) => withRenamed(template, known, renamed), record)
}

/** Containers that are gone, although sidecars added something to them according to the record. */
function lostContainers(template: JsonObject, { sidecars }: OwnershipRecord): { list: string; id: string }[] {
  const out = new Map<string, { list: string; id: string }>()
  for (const { own } of sidecars.values()) {
    for (const [, list, item, ...rest] of own) {
      if (list !== CONTAINERS[1] && list !== INIT_CONTAINERS[1]) continue
      if (rest.length === 0 || typeof item !== 'object' || fieldAt(template, ['spec', list, item]) !== undefined)
        continue
      out.set(`${list}/${item.id}`, { list, id: item.id })
    }
  }
  return [...out.values()]
}

/**
 * A field that a sidecar may have added to a container that was both renamed and modified, so that nothing proves it.
 */
export interface LeftBehind {
  sidecar: string
  /** Its present field path. */
  address: FieldPath
  /** The container's name in the record. */
  container: string
  /** The other sidecars that added something to that container. */
  others: readonly string[]
}

/** Recorded items of containers that are gone, where a container that is not in the record has them. */
export function leftBehind(template: JsonObject, record: OwnershipRecord): LeftBehind[] {
  const claimed = ownedBy(record)
  return lostContainers(template, record).flatMap(({ list, id }) => {
    const names = otherNames(template, record, list)
    if (names.length === 0) return []
    const owners = ownersIn(record, list, id)
    return owners.flatMap((sidecar) =>
      (record.sidecars.get(sidecar)?.own ?? []).flatMap((address) =>
        names.flatMap((to): LeftBehind[] => {
          const moved = underNewName(address, { list, from: id, to })
          return moved === address || claimed(moved) || fieldAt(template, moved) === undefined
            ? []
            : [{ sidecar, address: moved, container: id, others: owners.filter((name) => name !== sidecar) }]
        }),
      ),
    )
  })
}

/** The sidecars that added something to a container. */
function ownersIn({ sidecars }: OwnershipRecord, list: string, id: string): string[] {
  const isIn = ([, l, item, ...rest]: FieldPath): boolean =>
    l === list && typeof item === 'object' && item.id === id && rest.length > 0
  return [...sidecars].filter(([, { own }]) => own.some(isIn)).map(([name]) => name)
}

/** The names of the containers of a list that are not in a record. */
function otherNames(template: JsonObject, record: OwnershipRecord, list: string): string[] {
  const known = new Set(
    [...record.sidecars.values()].flatMap(({ own }) =>
      own.flatMap(([, l, item]) => (l === list && typeof item === 'object' ? [item.id] : [])),
    ),
  )
  const items = valueAt(template, ['spec', list])
  return (Array.isArray(items) ? items : [])
    .flatMap((item) => mergeKeyOf(list, item) ?? [])
    .filter((name) => !known.has(name))
}

function newNames(
  template: JsonObject,
  record: OwnershipRecord,
  { list, id }: { list: string; id: string },
): Renamed[] {
  return otherNames(template, record, list)
    .map((to): Renamed => ({ list, from: id, to }))
    .filter((renamed) => hasAll(template, record, renamed))
}

/** True when a container has everything that sidecars added to another, unchanged. */
function hasAll(template: JsonObject, { sidecars }: OwnershipRecord, renamed: Renamed): boolean {
  const moved = (address: FieldPath): FieldPath => underNewName(address, renamed)
  return [...sidecars.values()].every((owned) => {
    const own = owned.own.filter((address) => moved(address) !== address)
    return own.length === 0 || isIntact(template, owned.hash === undefined ? { ...owned, own } : owned, moved)
  })
}

function underNewName(address: FieldPath, { list, from, to }: Renamed): FieldPath {
  const [spec, l, item, ...rest] = address
  const isIn = spec === 'spec' && l === list && typeof item === 'object' && item.id === from && rest.length > 0
  return isIn ? [spec, l, { id: to }, ...rest] : address
}

function withRenamed(template: JsonObject, record: OwnershipRecord, renamed: Renamed): OwnershipRecord {
  const moved = (address: FieldPath): FieldPath => underNewName(address, renamed)
  const movedKey = (key: string): string =>
    key.replace(`spec.${renamed.list}[${renamed.from}].`, () => `spec.${renamed.list}[${renamed.to}].`)
  const sidecars = new Map(
    [...record.sidecars].map(([name, owned]): [string, OwnedSidecar] => {
      if (owned.own.every((address) => moved(address) === address)) return [name, owned]
      const { hash, ...rest } = owned
      const own = owned.own.map(moved)
      const digests =
        hash === undefined
          ? new Map(
              owned.own.map((address) => [
                formatFieldPath(moved(address)),
                owned.digests.get(formatFieldPath(address)) ?? '',
              ]),
            )
          : new Map(
              own.map((address) => [
                formatFieldPath(address),
                fieldDigest(address, fieldAt(template, address) ?? null),
              ]),
            )
      return [name, { ...rest, own, digests }]
    }),
  )
  return {
    sidecars,
    created: record.created.map(moved),
    was: new Map([...record.was].map(([key, text]) => [movedKey(key), text])),
    uses: record.uses.map(moved),
  }
}
