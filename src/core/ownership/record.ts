import { getOrMake } from '../common/maps.ts'
import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { fieldAt, formatFieldPath, type FieldPath } from '../field-path/field-path.ts'
import type { ItemPlace } from '../field-path/item-place.ts'
import type { PlaceOf } from '../field-path/patch-op.ts'
import { INIT_CONTAINERS } from '../field-path/pod-fields.ts'
import { sorted, withoutServerDefaults } from '../kube/server-defaults.ts'

/**
 * Prefix of the pod template annotations with the ownership record, one per sidecar: `injected.sidecarctl.dev/logging`.
 */
export const RECORD_GROUP = 'injected.sidecarctl.dev'
/** The single annotation of the old form, with all sidecars; still read, and rewritten when something else changes. */
export const OLD_RECORD = 'sidecarctl.dev/injected'

/** The annotation on an extra object: `Kind/name` of its workload, and the sidecar, as `Kind/name/sidecar`. */
export const OWNER_ANNOTATION = 'sidecarctl.dev/owned-by'

/** The key of the pod template annotation that records what one sidecar added. */
export function recordKey(sidecar: string): string {
  return `${RECORD_GROUP}/${sidecar}`
}

/** True for the keys of record annotations. */
export function isRecordKey(key: string): boolean {
  return key === OLD_RECORD || key.startsWith(`${RECORD_GROUP}/`)
}

/** The field path of an annotation of a pod template. */
export function annotationAddress(key: string): FieldPath {
  return ['metadata', 'annotations', key]
}

/** What one sidecar added to a pod template. */
export interface OwnedSidecar {
  /** The template's version. */
  version: string
  own: readonly FieldPath[]
  /**
   * The digest of each added value by formatted field path, or in its place the text of a `RecordedValue`; empty or
   * absent where it is not known.
   */
  digests: ReadonlyMap<string, string>
  /** One digest of all values; only in the old form, which has no `digests`. */
  hash?: string
  /** Extra objects of the sidecar by `extraObjectId`, each with its digest, which is empty in the old form. */
  objects?: ReadonlyMap<string, string>
  /** The requested place among the init containers; absent for `first`, the default. */
  start?: ItemPlace
}

/**
 * What sidecarctl added to a pod template: enough to remove exactly that without the sidecar templates, which may have
 * changed since. It is only a claim: `unprovenClaims` finds what must not be acted on.
 */
export interface OwnershipRecord {
  sidecars: Map<string, OwnedSidecar>
  /** Maps and lists that a run created; they are removed when only owned fields are left in them. */
  created: FieldPath[]
  /** The original text of replaced values, from the colon to the end of the value, by formatted field path. */
  was: Map<string, string>
  /**
   * The manifest's own uses of a volume that are older than the volume: they do not keep it when its sidecar is
   * removed.
   */
  uses: FieldPath[]
}

export function emptyRecord(): OwnershipRecord {
  return { sidecars: new Map(), created: [], was: new Map(), uses: [] }
}

/** The record annotations of a pod template. */
export function recordAnnotations(template: JsonObject): [key: string, value: Json][] {
  const metadata = template['metadata']
  const annotations = isObject(metadata) ? metadata['annotations'] : undefined
  return isObject(annotations) ? Object.entries(annotations).filter(([key]) => isRecordKey(key)) : []
}

/** True where a pod template has a record, valid or not. */
export function hasRecord(template: Json | undefined): boolean {
  return isObject(template) && recordAnnotations(template).length > 0
}

/** A predicate for the field paths that a record claims. */
export function ownedBy({ sidecars }: OwnershipRecord): (address: FieldPath) => boolean {
  if (sidecars.size === 0) return () => false
  let known: ReadonlySet<string> | undefined
  return (address) => {
    known ??= new Set([...sidecars.values()].flatMap((s) => s.own.map(formatFieldPath)))
    return known.has(formatFieldPath(address))
  }
}

/** The places that a record gives for owned items; undefined for what it does not claim. */
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

/** The digest of a value, as eight hexadecimal digits; the order of keys in maps does not matter. */
export function digestOf(value: Json): string {
  return remembered(WHOLE, value, () => sorted(value))
}

/**
 * The digest of the value at a field path of a pod template. Defaults that an API server stores in list items are left
 * out, so that a workload exported from a cluster does not count as edited by hand.
 */
export function fieldDigest(address: FieldPath, value: Json): string {
  const list = address.at(-2)
  const isItem = typeof list === 'string' && typeof address.at(-1) === 'object'
  return isItem ? remembered(ITEMS, value, () => withoutServerDefaults(list, value)) : digestOf(value)
}

/**
 * Digests, kept as long as their data, which is never modified. An item is in one list only, so its list need not be
 * part of the key.
 */
const WHOLE = new WeakMap<object, string>()
const ITEMS = new WeakMap<object, string>()

function remembered(digests: WeakMap<object, string>, value: Json, inOrder: () => Json): string {
  if (typeof value !== 'object' || value === null) return shortHash(JSON.stringify(value))
  return getOrMake(digests, value, () => shortHash(JSON.stringify(inOrder())))
}

/**
 * The digests of the present values at field paths of a pod template, by formatted path; absent fields are left out.
 */
export function digestsIn(template: JsonObject, addresses: readonly FieldPath[]): Map<string, string> {
  const digests = new Map<string, string>()
  for (const address of addresses) {
    const value = fieldAt(template, address)
    if (value !== undefined) digests.set(formatFieldPath(address), fieldDigest(address, value))
  }
  return digests
}

/**
 * FNV-1a over the UTF-16 code units of a text, as eight hexadecimal digits. It detects changes; it is not
 * cryptographic.
 */
export function shortHash(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i)
    hash = Math.imul(hash, 0x01000193)
  }
  return (hash >>> 0).toString(16).padStart(8, '0')
}
