import { isEqual } from '../json/equality.ts'
import { emptyObject, isObject, type Json, type JsonObject, parseJson } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { digestOf } from '../ownership/record.ts'
import type { Entry } from './edit.ts'

/** The key of a sidecar's service that records what came with it. Compose leaves keys with `x-` alone. */
export const RECORD = 'x-sidecarctl'

/** An entry that came with a sidecar: a key with the digest of its value, or an item of a list. */
export type OwnedEntry =
  | { readonly at: readonly string[]; readonly key: string; readonly digest: string }
  | { readonly at: readonly string[]; readonly item: Json }

/** The record of a sidecar in a Compose file. */
export interface ComposeRecord {
  /** The service that has the record. */
  name: string
  sidecar: string
  version: string
  /** The service that the sidecar belongs to. */
  service: string
  /** Of the service that has the record, without it. */
  digest: string
  added: readonly OwnedEntry[]
  /** Collections that were made for what was added. */
  created: readonly (readonly string[])[]
}

export function isRecorded(service: Json | undefined): service is JsonObject {
  return isObject(service) && Object.hasOwn(service, RECORD)
}

/** A service without its record. */
export function withoutRecord(service: JsonObject): JsonObject {
  const own = Object.assign(emptyObject(), service)
  delete own[RECORD]
  return own
}

/** Reads the record of a service; undefined where it is not as one is written. */
export function readRecord(name: string, service: JsonObject): ComposeRecord | undefined {
  const text = service[RECORD]
  const record = typeof text === 'string' ? parseJson(text.replaceAll('$$', '$')) : undefined
  if (!isObject(record)) return undefined
  const { sidecar, version, service: app, digest, added = [], created = [] } = record
  if ([sidecar, version, app, digest].some((text) => typeof text !== 'string')) return undefined
  if (!Array.isArray(added) || !Array.isArray(created) || !created.every(isWords)) return undefined
  const entries = added.map(readEntry)
  if (entries.some((entry) => entry === undefined)) return undefined
  return {
    name,
    sidecar: sidecar as string,
    version: version as string,
    service: app as string,
    digest: digest as string,
    added: entries as OwnedEntry[],
    created,
  }
}

function readEntry(node: Json): OwnedEntry | undefined {
  if (!isObject(node) || !isWords(node['at'])) return undefined
  const { at, key, digest, item } = node
  if (typeof key === 'string' && typeof digest === 'string') return { at, key, digest }
  return item === undefined ? undefined : { at, item }
}

function isWords(node: Json | undefined): node is string[] {
  return Array.isArray(node) && node.length > 0 && node.every((word) => typeof word === 'string')
}

/** The text of a record; on one line, as it is for the program and not for people. */
export function recordText({ sidecar, version, service, digest, added, created }: ComposeRecord): string {
  return JSON.stringify({
    sidecar,
    version,
    service,
    digest,
    ...(added.length > 0 && { added: added.map((entry) => ({ ...entry, at: [...entry.at] })) }),
    ...(created.length > 0 && { created: created.map((at) => [...at]) }),
  }).replaceAll('$', '$$$$')
}

export function owned(entry: Entry): OwnedEntry {
  return 'item' in entry ? entry : { at: entry.at, key: entry.key, digest: digestOf(entry.value) }
}

export function isSameEntry(one: OwnedEntry | Entry, other: OwnedEntry | Entry): boolean {
  if (!isEqual([...one.at], [...other.at])) return false
  if ('item' in one) return 'item' in other && isEqual(one.item, other.item)
  return 'key' in other && one.key === other.key
}

/** The state of an entry in the file: as it was added, with another value, or missing. */
export function stateOf(data: JsonObject, entry: OwnedEntry): 'there' | 'changed' | 'gone' {
  const parent = valueAt(data, [...entry.at])
  if ('item' in entry)
    return Array.isArray(parent) && parent.some((item) => isEqual(item, entry.item)) ? 'there' : 'gone'
  if (!isObject(parent) || !Object.hasOwn(parent, entry.key)) return 'gone'
  return digestOf(parent[entry.key] ?? null) === entry.digest ? 'there' : 'changed'
}

/**
 * Whether a sidecar of a service can have added an entry. Names that it gives begin with that of the service; variables
 * are those that its template gives to the app.
 */
export function canBeOurs(
  entry: OwnedEntry,
  { service }: ComposeRecord,
  isVariable: (name: string) => boolean,
): boolean {
  const prefix = `${service}-`
  const [top, name, field] = entry.at
  if (entry.at.length === 1) {
    const isNamed = 'key' in entry && entry.key.startsWith(prefix)
    return isNamed && (top === 'volumes' || top === 'configs' || top === 'services')
  }
  if (top !== 'services' || name !== service || entry.at.length !== 3) return false
  const word = 'key' in entry ? entry.key : entry.item
  if (typeof word !== 'string') return false
  if (field === 'volumes' || field === 'depends_on') return word.startsWith(prefix)
  return field === 'environment' && isVariable('key' in entry ? entry.key : (word.split('=')[0] as string))
}
