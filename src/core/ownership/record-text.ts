import { isReplacedText } from './replaced-text.ts'
import { append } from '../common/append.ts'
import { LIMITS } from '../common/limits.ts'
import { recordedJson, recordedText } from './recorded-value.ts'
import { isObject, textOf, type Json, type JsonObject, parseJson } from '../json/json.ts'
import { formatFieldPath, formatParents, parseFieldPath, type FieldPath } from '../field-path/field-path.ts'
import { isStartPlace } from '../field-path/item-place.ts'
import {
  emptyRecord,
  OLD_RECORD,
  recordAnnotations,
  recordKey,
  type OwnedSidecar,
  type OwnershipRecord,
} from './record.ts'

/** The result of reading the ownership record of a pod template. */
export type ReadRecord =
  | { record: OwnershipRecord }
  /** The key of an annotation that cannot be read. */
  | { broken: string }

/**
 * Records by the text of their annotations, which similar workloads share. A record that was read is never modified.
 */
const READ = new Map<string, ReadRecord>()
/** At this many entries the cache is cleared, which bounds what stays in memory after a run. */
const MOST_READ = 500

/**
 * Reads the record of a pod template, in the present or the old form; undefined where there is none. One longer than
 * `LIMITS.recordLength` counts as broken.
 */
export function readRecord(template: JsonObject): ReadRecord | undefined {
  const annotations = recordAnnotations(template)
  if (annotations.length === 0) return undefined
  const length = annotations.reduce((sum, [key, value]) => sum + key.length + textOf(value).length, 0)
  if (length > LIMITS.recordLength.value) return { broken: annotations[0]?.[0] ?? '' }
  const text = JSON.stringify(annotations)
  const known = READ.get(text) ?? readAnnotations(annotations)
  if (READ.size >= MOST_READ) READ.clear()
  READ.set(text, known)
  return known
}

/** The record of a pod template; an empty one where there is none or it cannot be read. */
export function recordOf(template: Json): OwnershipRecord {
  const read = isObject(template) ? readRecord(template) : undefined
  return read !== undefined && 'record' in read ? read.record : emptyRecord()
}

/** True for text with git's conflict markers. */
export function hasConflictMarkers(value: Json | undefined): boolean {
  return typeof value === 'string' && /(?:^|\s)(?:<{7}|\|{7}|={7}|>{7})(?:\s|$)/.test(value)
}

/** The contents of one annotation. */
type Part = Pick<OwnershipRecord, 'created' | 'was' | 'uses'> & { sidecars: [string, OwnedSidecar][] }

function readAnnotations(annotations: readonly (readonly [string, Json])[]): ReadRecord {
  const record = emptyRecord()
  const [created, uses] = [new Set<string>(), new Set<string>()]
  for (const [key, value] of annotations) {
    const part = key === OLD_RECORD ? readOld(value) : readOne(key.slice(recordKey('').length), value)
    if (part === undefined) return { broken: key }
    for (const [name, owned] of part.sidecars) {
      const known = record.sidecars.get(name)
      if (known !== undefined && known.hash === undefined) continue
      // A git merge can leave both forms. The new form is the later one: it wins and keeps its own position.
      record.sidecars.delete(name)
      record.sidecars.set(name, owned)
    }
    append(record.created, added(created, part.created))
    append(record.uses, added(uses, part.uses))
    for (const [address, text] of part.was) record.was.set(address, text)
  }
  return { record }
}

/** The field paths of an annotation that no earlier annotation has; adds them to `known`. */
function added(known: Set<string>, addresses: readonly FieldPath[]): FieldPath[] {
  const fresh = addresses.filter((address) => !known.has(formatFieldPath(address)))
  for (const address of fresh) known.add(formatFieldPath(address))
  return fresh
}

function readOne(name: string, value: Json): Part | undefined {
  const data = typeof value === 'string' ? parseJson(value) : undefined
  if (!isObject(data) || !NAME.test(name) || typeof data['version'] !== 'string' || !isObject(data['own']))
    return undefined
  const own = addresses(Object.keys(data['own']))
  const [digests, objects, rest] = [recordedMap(data['own']), digestMap(data['objects'] ?? {}), shared(data)]
  if (own === undefined || digests === undefined || objects === undefined || rest === undefined) return undefined
  const { version, start } = data
  if (start !== undefined && !isStartPlace(start)) return undefined
  const owned = { version, own, digests, ...(objects.size > 0 && { objects }), ...(start !== undefined && { start }) }
  return { ...rest, sidecars: [[name, owned]] }
}

function recordedMap(own: JsonObject): Map<string, string> | undefined {
  const texts = new Map<string, string>()
  for (const [address, said] of Object.entries(own)) {
    const text = recordedText(said)
    if (text === undefined) return undefined
    texts.set(address, text)
  }
  return texts
}

function digestMap(value: Json): Map<string, string> | undefined {
  if (!isObject(value)) return undefined
  const entries = Object.entries(value)
  return entries.every(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && /^(?:[0-9a-f]{8})?$/.test(entry[1]),
  )
    ? new Map(entries)
    : undefined
}

/** Reads the old form, in which one annotation holds all sidecars. */
function readOld(value: Json): Part | undefined {
  const data = typeof value === 'string' ? parseJson(value) : undefined
  if (!isObject(data) || !isObject(data['sidecars'])) return undefined
  const sidecars: Part['sidecars'] = []
  for (const [name, entry] of Object.entries(data['sidecars'])) {
    if (!NAME.test(name) || !isObject(entry) || typeof entry['v'] !== 'string' || typeof entry['h'] !== 'string')
      return undefined
    const own = addresses(entry['own'])
    const objects = entry['objs'] ?? []
    if (own === undefined || !Array.isArray(objects) || !objects.every((id) => typeof id === 'string')) return undefined
    const ids = new Map(objects.map((id) => [id, '']))
    sidecars.push([
      name,
      { version: entry['v'], hash: entry['h'], own, digests: new Map(), ...(ids.size > 0 && { objects: ids }) },
    ])
  }
  const rest = shared(data)
  return rest === undefined ? undefined : { ...rest, sidecars }
}

/** Reads the fields that both forms have. */
function shared(data: JsonObject): Omit<Part, 'sidecars'> | undefined {
  const created = addresses(data['new'] ?? [])
  const uses = addresses(data['uses'] ?? [])
  const was = data['was'] ?? {}
  if (created === undefined || uses === undefined || !isObject(was)) return undefined
  const texts = new Map<string, string>()
  for (const [address, text] of Object.entries(was)) {
    // This text is written back into the file, so only a scalar, an empty collection or an alias is valid.
    if (typeof text !== 'string' || !isReplacedText(text)) return undefined
    texts.set(address, text)
  }
  return { created, uses, was: texts }
}

/** The anchor's name where the text of a `was` entry is an alias; undefined for any other text. */
export function aliasName(text: string): string | undefined {
  return /^[ \t]*\*([\w-]+)$/.exec(text)?.[1]
}

/** Valid template names. */
const NAME = /^[a-z0-9][-a-z0-9]{0,62}$/

function addresses(value: Json | undefined): FieldPath[] | undefined {
  if (!Array.isArray(value)) return undefined
  const out: FieldPath[] = []
  for (const item of value) {
    const address = typeof item === 'string' ? parseFieldPath(item) : undefined
    if (address === undefined || !isOurGround(address)) return undefined
    out.push(address)
  }
  return out
}

/** A record may claim `metadata`, and fields inside `metadata` and `spec`; any other path was written by hand. */
function isOurGround(address: FieldPath): boolean {
  if (address[0] === 'metadata') return true
  return address[0] === 'spec' && address.length > 1
}

/**
 * The annotations of a record by key, each JSON on one line. Each holds everything that its sidecar needs, so that git
 * can merge branches with different sidecars line by line.
 */
export function formatRecord(record: OwnershipRecord): Map<string, string> {
  const names = [...record.sidecars.keys()]
  const around = new Map<string, Set<string>>()
  if (names.length > 1) for (const [name, sidecar] of record.sidecars) around.set(name, withParents(sidecar))
  /** The sidecars that own a field or something inside it; the first sidecar where none does. */
  const keepers = (address: string): readonly string[] => {
    const some = names.filter((name) => around.get(name)?.has(address))
    return some.length > 0 ? some : names.slice(0, 1)
  }
  const isFor =
    (name: string) =>
    (address: FieldPath): boolean =>
      keepers(formatFieldPath(address)).includes(name)
  return new Map(
    names.map((name) => {
      const { version, own, digests, objects, start } = record.sidecars.get(name) as OwnedSidecar
      const created = record.created.filter(isFor(name))
      const was = [...record.was].filter(([address]) => keepers(address).includes(name))
      const holds = own.some(([, list, , ...rest]) => list === 'volumes' && rest.length === 0)
      const uses = record.uses.filter((address) => holds || isFor(name)(address))
      const out: { [key: string]: Json } = {
        version,
        own: Object.fromEntries(
          own
            .map(formatFieldPath)
            .sort()
            .map((address) => [address, recordedJson(digests.get(address) ?? '')]),
        ),
      }
      if (start !== undefined) out['start'] = start
      if (created.length > 0) out['new'] = created.map(formatFieldPath).sort()
      if (was.length > 0) out['was'] = Object.fromEntries(was.toSorted(([a], [b]) => (a < b ? -1 : 1)))
      if (uses.length > 0) out['uses'] = uses.map(formatFieldPath).sort()
      if (objects !== undefined && objects.size > 0)
        out['objects'] = Object.fromEntries([...objects].sort(([a], [b]) => (a < b ? -1 : 1)))
      return [recordKey(name), JSON.stringify(out)]
    }),
  )
}

/** The field paths of a sidecar and of its record annotation, formatted, with all their parents. */
function withParents({ own }: OwnedSidecar): Set<string> {
  const out = new Set(['metadata', 'metadata.annotations'])
  for (const address of own)
    for (const written of [...formatParents(address), formatFieldPath(address)]) out.add(written)
  return out
}

/** True where two records list the same sidecars in the same order and agree in `created`, `uses` and `was`. */
export function isSameAround(a: OwnershipRecord, b: OwnershipRecord): boolean {
  const names = [...b.sidecars.keys()]
  return (
    a.sidecars.size === names.length &&
    [...a.sidecars.keys()].every((name, n) => name === names[n]) &&
    isSameSet(a.created, b.created) &&
    isSameSet(a.uses, b.uses) &&
    a.was.size === b.was.size &&
    [...a.was].every(([address, text]) => b.was.get(address) === text)
  )
}

function isSameSet(some: readonly FieldPath[], others: readonly FieldPath[]): boolean {
  const known = new Set(others.map(formatFieldPath))
  return some.length === others.length && some.every((address) => known.has(formatFieldPath(address)))
}

/** True where two records agree in all but digests, so that a record of the old form need not be rewritten. */
export function saysTheSame(a: OwnershipRecord, b: OwnershipRecord): boolean {
  return plainText(a) === plainText(b)
}

function plainText({ sidecars, created, was, uses }: OwnershipRecord): string {
  return JSON.stringify([
    [...sidecars].map(([name, { version, own, start = '', objects = new Map<string, string>() }]) => [
      name,
      version,
      start,
      own.map(formatFieldPath).sort(),
      [...objects.keys()].sort(),
    ]),
    created.map(formatFieldPath).sort(),
    [...was].sort(([x], [y]) => (x < y ? -1 : 1)),
    uses.map(formatFieldPath).sort(),
  ])
}
