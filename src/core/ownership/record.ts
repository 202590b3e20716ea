import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { formatFieldPath, type FieldPath, pathOf } from '../field-path/field-path.ts'
import type { ItemPlace } from '../field-path/item-place.ts'
import type { PlaceOf } from '../field-path/patch-op.ts'
import { INIT_CONTAINERS } from '../field-path/pod-fields.ts'
import { sorted, withoutServerDefaults } from '../kube/server-defaults.ts'
import { valueAt } from '../kube/workload.ts'

/** Group of the pod template annotations that say what is ours: one for each sidecar, `injected.sidecarctl.dev/logging`. */
const RECORD_GROUP = 'injected.sidecarctl.dev'
/** The one annotation in which all sidecars stood before; it is still read, and rewritten when something else changes. */
export const OLD_RECORD = 'sidecarctl.dev/injected'

/** The annotation on an object that came with a sidecar: `Kind/name/sidecar` of the workload it belongs to. */
export const OWNER_ANNOTATION = 'sidecarctl.dev/owned-by'

/** The pod template annotation that says what one sidecar added. */
export function recordKey(sidecar: string): string {
  return `${RECORD_GROUP}/${sidecar}`
}

/** True for the annotations that are records. */
export function isRecordKey(key: string): boolean {
  return key === OLD_RECORD || key.startsWith(`${RECORD_GROUP}/`)
}

/** The address of an annotation of a pod template. */
export function annotationAddress(key: string): FieldPath {
  return ['metadata', 'annotations', key]
}

/** What one sidecar put into a pod template. */
export interface OwnedSidecar {
  /** The template's version. */
  version: string
  own: readonly FieldPath[]
  /**
   * Digest of what was put at each address, as `formatFieldPath` writes it, or what `recorded-value.ts` reads in its place;
   * empty or absent where it is not known.
   */
  digests: ReadonlyMap<string, string>
  /** Digest of all of it together, in a record of the old form, which has no others. */
  hash?: string
  /** Further objects that came with it, as `extraObjectId` names them, each with its digest; empty in the old form. */
  objects?: ReadonlyMap<string, string>
  /** Where among the init containers it was asked to start; absent for `first`, the default. */
  start?: ItemPlace
}

/**
 * What sidecarctl added to a pod template: enough to take exactly that out again, without looking at the templates,
 * which may have changed since. It is a claim: `unprovenClaims` tells what of it must not be followed.
 */
export interface OwnershipRecord {
  sidecars: Map<string, OwnedSidecar>
  /** Maps and lists that were not there before; they go when nothing of anyone else is left in them. */
  created: FieldPath[]
  /** The original text of replaced values, from the colon to the end of the value, by field path. */
  was: Map<string, string>
  /** Mounts of the manifest's own that named a volume of ours before it came: they do not keep it there. */
  uses: FieldPath[]
}

export function emptyRecord(): OwnershipRecord {
  return { sidecars: new Map(), created: [], was: new Map(), uses: [] }
}

/** The annotations of a pod template that are records, each with its value. */
export function recordAnnotations(template: JsonObject): [key: string, value: Json][] {
  const metadata = template['metadata']
  const annotations = isObject(metadata) ? metadata['annotations'] : undefined
  return isObject(annotations) ? Object.entries(annotations).filter(([key]) => isRecordKey(key)) : []
}

/** Whether a pod template has a record, sound or not. */
export function hasRecord(template: Json | undefined): boolean {
  return isObject(template) && recordAnnotations(template).length > 0
}

/** Tells the addresses that a record claims. */
export function ownedBy({ sidecars }: OwnershipRecord): (address: FieldPath) => boolean {
  let known: ReadonlySet<string> | undefined
  return (address) => {
    known ??= new Set([...sidecars.values()].flatMap((s) => s.own.map(formatFieldPath)))
    return known.has(formatFieldPath(address))
  }
}

/** Tells where a record says that sidecars asked to put items; undefined for what it does not claim. */
export function placesIn({ sidecars }: OwnershipRecord): PlaceOf {
  let known: Map<string, ItemPlace> | undefined
  return (address) => {
    known ??= new Map(
      [...sidecars.values()].flatMap(({ own, start }) =>
        own.map((one): [string, ItemPlace] => [formatFieldPath(one), startOf(one, start)]),
      ),
    )
    return known.get(formatFieldPath(address))
  }
}

function startOf([, list]: FieldPath, start: ItemPlace | undefined): ItemPlace {
  return list === INIT_CONTAINERS[1] ? (start ?? 'first') : 'first'
}

/** The digest of a value; the order of keys in maps does not matter. */
export function digestOf(value: Json): string {
  return remembered(WHOLE, value, () => sorted(value))
}

/**
 * The digest of what stands at an address of a pod template. What an API server adds when it stores an item of a list is
 * left out, so that a workload that comes back from a cluster is no edit by hand.
 */
export function fieldDigest(address: FieldPath, value: Json): string {
  const list = address.at(-2)
  const isItem = typeof list === 'string' && typeof address.at(-1) === 'object'
  return isItem ? remembered(ITEMS, value, () => withoutServerDefaults(list, value)) : digestOf(value)
}

/** Digests of data that a run meets again and again, kept as long as the data. It never changes, and an item is in one list only. */
const WHOLE = new WeakMap<object, string>()
const ITEMS = new WeakMap<object, string>()

function remembered(digests: WeakMap<object, string>, value: Json, inOrder: () => Json): string {
  if (typeof value !== 'object' || value === null) return shortHash(JSON.stringify(value))
  const known = digests.get(value)
  if (known !== undefined) return known
  const digest = shortHash(JSON.stringify(inOrder()))
  digests.set(value, digest)
  return digest
}

/** The digests of what stands at addresses of a pod template now; addresses where nothing stands are left out. */
export function digestsIn(template: JsonObject, addresses: readonly FieldPath[]): Map<string, string> {
  return new Map(
    addresses.flatMap((address): [string, string][] => {
      const path = pathOf(template, address)
      return path === undefined
        ? []
        : [[formatFieldPath(address), fieldDigest(address, valueAt(template, path) as Json)]]
    }),
  )
}

/** FNV-1a over the text, as eight hexadecimal digits: to notice changes, not to keep secrets. */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}
