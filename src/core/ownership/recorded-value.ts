import type { FieldPath } from '../field-path/field-path.ts'
import { isEqual } from '../json/equality.ts'
import { isObject, type Json, type JsonObject, mapOf, parseJson } from '../json/json.ts'
import { withoutServerDefaults } from '../kube/server-defaults.ts'
import { fieldDigest } from './record.ts'

/**
 * What a record may hold in place of a digest. An admission policy cannot compute digests, so where the content depends
 * on the Pod it records the content itself: a scalar, or some mounts of a container, with the digest of the container
 * without these. Both are checked against the present content only.
 */
type RecordedValue = { value: string | number | boolean } | { digest: string; mounts: readonly JsonObject[] }

const DIGEST = /^[0-9a-f]{8}$/

/**
 * The entry of an annotation for one field path, as text for `OwnedSidecar.digests`; undefined for an invalid entry.
 */
export function recordedText(said: Json): string | undefined {
  if (typeof said === 'string') return said === '' || DIGEST.test(said) ? said : undefined
  return isRecordedValue(said) ? JSON.stringify(said) : undefined
}

/** The inverse of `recordedText`. */
export function recordedJson(text: string): Json {
  return text.startsWith('{') ? (JSON.parse(text) as Json) : text
}

function isRecordedValue(said: Json): said is RecordedValue & JsonObject {
  if (!isObject(said)) return false
  const keys = Object.keys(said).sort().join()
  if (keys === 'value') return ['string', 'number', 'boolean'].includes(typeof said['value'])
  const { digest, mounts } = said
  return (
    keys === 'digest,mounts' &&
    typeof digest === 'string' &&
    DIGEST.test(digest) &&
    Array.isArray(mounts) &&
    mounts.length > 0 &&
    mounts.every((mount) => isObject(mount) && typeof mount['mountPath'] === 'string')
  )
}

/**
 * True where the value at a field path of a pod template is the recorded one.
 * @param text of `OwnedSidecar.digests`; where it is undefined or empty, nothing matches
 */
export function isAsRecorded(text: string | undefined, address: FieldPath, value: Json): boolean {
  if (text === undefined || text === '') return false
  if (!text.startsWith('{')) return text === fieldDigest(address, value)
  const said = JSON.parse(text) as RecordedValue
  if ('value' in said) return said.value === value
  const isContainer = address.length === 3 && (address[1] === 'containers' || address[1] === 'initContainers')
  return isContainer && isObject(value) && isAsMounted(said, address, value)
}

function isAsMounted(
  { digest, mounts }: Extract<RecordedValue, { mounts: unknown }>,
  address: FieldPath,
  container: JsonObject,
): boolean {
  const { volumeMounts, ...rest } = container
  const present = Array.isArray(volumeMounts) ? volumeMounts : []
  const isListed = (mount: Json): boolean => mounts.some((one) => isEqual(withoutDefaults(one), withoutDefaults(mount)))
  const others = present.filter((mount) => !isListed(mount))
  if (present.length - others.length !== mounts.length) return false
  return digest === fieldDigest(address, others.length === 0 ? rest : { ...rest, volumeMounts: others })
}

function withoutDefaults(mount: Json): Json {
  return withoutServerDefaults('volumeMounts', mount)
}

/**
 * True where a record annotation is equivalent to another: lists in any order, and in place of a digest a recorded
 * value that matches the content.
 * @param contentAt the wanted value at a formatted field path; undefined for none
 */
export function saysTheSameAs(
  present: Json | undefined,
  wanted: string,
  contentAt: (address: string) => { address: FieldPath; value: Json } | undefined,
): boolean {
  if (typeof present !== 'string') return false
  if (present === wanted) return true
  const [one, other] = [mapOf(parseJson(present)), mapOf(parseJson(wanted))]
  if (one === undefined || other === undefined) return false
  const [own, wantedOwn] = [mapIn(one, 'own'), mapIn(other, 'own')]
  if (!isEqual({ ...sortedLists(one), own: {} }, { ...sortedLists(other), own: {} })) return false
  const keys = Object.keys(own)
  return (
    keys.length === Object.keys(wantedOwn).length &&
    keys.every((key) => {
      if (!Object.hasOwn(wantedOwn, key)) return false
      if (isEqual(own[key] as Json, wantedOwn[key] as Json)) return true
      const content = contentAt(key)
      const text = recordedText(own[key] as Json)
      return content !== undefined && isAsRecorded(text, content.address, content.value)
    })
  )
}

function mapIn(data: JsonObject, key: string): JsonObject {
  const value = data[key]
  return isObject(value) ? value : {}
}

function sortedLists(data: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Array.isArray(value) ? value.map(String).sort() : value]),
  )
}
