import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { formatFieldPath, parseFieldPath, type FieldPath } from '../field-path/field-path.ts'

/** The pod template annotation that says what is ours. */
export const RECORD_ANNOTATION = 'sidecarctl.dev/injected'
export const RECORD_PATH: FieldPath = ['metadata', 'annotations', RECORD_ANNOTATION]

/** What one sidecar put into a pod template. */
export interface OwnedSidecar {
  /** The template's version. */
  version: string
  /** Short hash of what was put in, to tell an edit by hand from an outdated template. */
  hash: string
  own: FieldPath[]
  /** Further objects that came with it, as `companionId` names them. */
  objects?: readonly string[]
}

/**
 * What sidecarctl added to a pod template: enough to take exactly that out again, without looking at the templates,
 * which may have changed since. Kept short, as it becomes part of every pod.
 */
export interface OwnershipRecord {
  sidecars: Map<string, OwnedSidecar>
  /** Maps and lists that were not there before; they go when nothing of anyone else is left in them. */
  created: FieldPath[]
  /** Text that was replaced, from colon to end of value, by the address that stands there now. */
  was: Map<string, string>
  /** Mounts of the manifest's own that named a volume of ours before it came: they do not keep it there. */
  uses: FieldPath[]
}

export function emptyRecord(): OwnershipRecord {
  return { sidecars: new Map(), created: [], was: new Map(), uses: [] }
}

/** The annotation's value: JSON on one line, in stable order. */
export function formatRecord(record: OwnershipRecord): string {
  const sidecars: { [name: string]: Json } = {}
  for (const [name, { version, hash, own, objects = [] }] of record.sidecars) {
    sidecars[name] = { v: version, h: hash, own: own.map(formatFieldPath), ...(objects.length > 0 && { objs: [...objects] }) }
  }
  const out: { [key: string]: Json } = { sidecars }
  if (record.created.length > 0) out['new'] = record.created.map(formatFieldPath)
  if (record.was.size > 0) out['was'] = Object.fromEntries(record.was)
  if (record.uses.length > 0) out['uses'] = record.uses.map(formatFieldPath)
  return JSON.stringify(out)
}

/** Records as read, by their text: alike workloads have the same. Nobody changes a record that was read. */
const READ = new Map<string, OwnershipRecord | undefined>()
const MOST_READ = 500

/** Reads the annotation's value; undefined when it is not what `formatRecord` writes. */
export function parseRecord(value: Json): OwnershipRecord | undefined {
  if (typeof value !== 'string') return undefined
  if (!READ.has(value)) {
    if (READ.size >= MOST_READ) READ.clear()
    READ.set(value, readRecord(value))
  }
  return READ.get(value)
}

function readRecord(value: string): OwnershipRecord | undefined {
  let data: Json
  try {
    data = JSON.parse(value) as Json
  } catch {
    return undefined
  }
  if (!isObject(data) || !isObject(data['sidecars'])) return undefined
  const record = emptyRecord()
  for (const [name, entry] of Object.entries(data['sidecars'])) {
    if (!NAME.test(name) || !isObject(entry) || typeof entry['v'] !== 'string' || typeof entry['h'] !== 'string') return undefined
    const own = addresses(entry['own'])
    const objects = entry['objs'] ?? []
    if (own === undefined || !Array.isArray(objects) || !objects.every((id) => typeof id === 'string')) return undefined
    record.sidecars.set(name, { version: entry['v'], hash: entry['h'], own, ...(objects.length > 0 && { objects }) })
  }
  const created = addresses(data['new'] ?? [])
  const uses = addresses(data['uses'] ?? [])
  const was = data['was'] ?? {}
  if (created === undefined || uses === undefined || !isObject(was)) return undefined
  Object.assign(record, { created, uses })
  for (const [address, text] of Object.entries(was)) {
    // Put back into the file as it is, so nothing but a scalar or an empty collection may stand here.
    if (typeof text !== 'string' || !WAS_TEXT.test(text)) return undefined
    record.was.set(address, text)
  }
  return record
}

/** The name in text of `was` that is an alias: it comes back as such, and not as a value. */
export function aliasName(text: string): string | undefined {
  return /^[ \t]*\*([\w-]+)$/.exec(text)?.[1]
}

/** What templates may be called. */
const NAME = /^[a-z0-9][-a-z0-9]{0,62}$/

const WAS_TEXT = /^\s*(?:&[\w-]+(?:[ \t]+|$))?(?:!!null|[^\s#&!|>@`"'{}[\],:%]*|\{[ \t]*\}|\[[ \t]*\]|\*[\w-]+)$/

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

/** A record may claim `metadata`, and parts of `metadata` and `spec`; anything else was written by hand. */
function isOurGround(address: FieldPath): boolean {
  if (address[0] === 'metadata') return true
  return address[0] === 'spec' && address.length > 1
}

/** Tells the addresses that a record claims. */
export function ownedBy({ sidecars }: OwnershipRecord): (address: FieldPath) => boolean {
  let known: ReadonlySet<string> | undefined
  return (address) => {
    known ??= new Set([...sidecars.values()].flatMap((s) => s.own.map(formatFieldPath)))
    return known.has(formatFieldPath(address))
  }
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
/** What stands at the record's place, if anything. */
export function recordText(template: JsonObject): Json | undefined {
  const metadata = template['metadata']
  const annotations = isObject(metadata) ? metadata['annotations'] : undefined
  return isObject(annotations) && Object.hasOwn(annotations, RECORD_ANNOTATION) ? annotations[RECORD_ANNOTATION] : undefined
}
