/** Holds what our reader makes of spoilt texts against what kubectl makes of them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { readObjects } from '../../src/core/validate/read-objects.ts'
import { isObject, type Json, type JsonObject } from '../../src/core/json/json.ts'
import { decodeText } from '../../src/core/text/decode.ts'
import { readByKubectl } from '../kubectl.ts'
import type { SourceText } from '../../src/core/text/source.ts'
import { readRawDocument, splitDocuments, type RawDocument } from '../../src/core/yaml/read/split.ts'
import { bytesOf } from './fuzz.ts'
import { randomOf } from './mutate.ts'
import { streamBytes } from './streams.ts'
import { PAST_INT64 } from '../../src/core/yaml/read/resolve.ts'

/** The objects of a text, or why there are none. */
type Reading = { objects: JsonObject[] } | { refused: string }

interface Text {
  seed: number
  bytes: Buffer
  reading: Reading
}

export interface ReadingsInput {
  seeds: readonly Buffer[]
  seed: number
  /** Stop after so many texts that could be compared. */
  runs: number
  /** A folder of one's own, for the files that kubectl reads. */
  folder: string
  /** Whether to go on. */
  isOn?: () => boolean
}

export interface ReadingsResult {
  read: number
  refused: number
  failures: { seed: number; bytes: Buffer; why: string }[]
}

/** Texts that kubectl is given at once. */
const BATCH = 400
/** Longer texts say no more. */
const LARGEST = 6000

/** What the texts of other tests were made to show: those to spoil beside manifests. */
export function recordedTexts(root: string): Buffer[] {
  const readings = JSON.parse(readFileSync(join(root, 'test', 'core', 'yaml', 'read', 'readings.json'), 'utf8')) as {
    text: string
  }[]
  return readings.map(({ text }) => Buffer.from(text))
}

/** Spoils texts and compares how they are read, until enough are compared. */
export function compareReadings({ seeds, seed, runs, folder, isOn = () => true }: ReadingsInput): ReadingsResult {
  const out: ReadingsResult = { read: 0, refused: 0, failures: [] }
  for (let n = seed; out.read + out.refused < runs && isOn();) {
    const read: Text[] = []
    const refused: Text[] = []
    for (
      ;
      read.length < BATCH && refused.length < BATCH && out.read + out.refused + read.length + refused.length < runs;
      n++
    ) {
      const bytes = n % 2 === 0 ? bytesOf(n, seeds) : streamBytes(randomOf(n))
      const reading = bytes.length > LARGEST ? undefined : readingOf(bytes)
      if (reading !== undefined) ('objects' in reading ? read : refused).push({ seed: n, bytes, reading })
    }
    out.read += read.length
    out.refused += refused.length
    out.failures.push(...differences(read, folder), ...accepted(refused, folder))
  }
  return out
}

/** Undefined for texts that kubectl refuses, or changes, for another reason than how they are read. */
function readingOf(bytes: Buffer): Reading | undefined {
  const decoded = decodeText('a.yaml', bytes)
  // Up to 1.32 kubectl takes no YAML that begins like JSON, and no --- behind JSON. A byte order mark further inside a document
  // can make go-yaml skip some other character: its is_bom looks at the beginning of its buffer.
  if (!decoded.ok || isOfManyMinds(decoded.source) || MARK_INSIDE.test(decoded.source.text)) return undefined
  const items = [...readObjects(decoded.source)]
  const error = items.flatMap(({ diagnostics }) => diagnostics).find(({ severity }) => severity === 'error')
  if (error !== undefined && OTHER_MATTERS.has(error.code)) return undefined
  if (error !== undefined) return { refused: `${error.code}: ${error.message}` }
  const objects = items.flatMap(({ object }) => (object === undefined ? [] : [object.data]))
  return objects.length > 0 && objects.every(isPlainObject) ? { objects } : undefined
}

/** A byte order mark anywhere but in front of a document. */
const MARK_INSIDE = /(?<!^|\n---[^\n]*\n)\uFEFF|^\uFEFF---/

/** True for a text that begins like JSON and is no stream of JSON alone: versions of kubectl differ on it. */
function isOfManyMinds(source: SourceText): boolean {
  if (!/^[\s\u0085]*\{/.test(source.text)) return false
  const [only, another] = splitDocuments(source)
  const docs = readRawDocument(only as RawDocument)
  const last = docs.at(-1)
  if (another !== undefined || last === undefined || !docs.every((doc) => 'root' in doc && doc.isStreamed)) return true
  return !('root' in last) || /[^ \t\r\n]/.test(source.text.slice(last.root?.end))
}

/** Without a server kubectl does not miss an apiVersion or items, and it does not say in which file an item of a list is bad. */
const OTHER_MATTERS: ReadonlySet<string> = new Set([
  'LIST_EMPTY',
  'DOCUMENT_NO_KIND',
  'LIST_MALFORMED',
  'TEMPLATE_TEXT',
])

/** True for one that has what kubectl wants of any object. */
function isPlainObject({ apiVersion, kind, metadata }: JsonObject): boolean {
  return (
    typeof apiVersion === 'string' &&
    /^[^/]+(?:\/[^/]+)?$/.test(apiVersion) &&
    typeof kind === 'string' &&
    !kind.endsWith('List') &&
    isObject(metadata) &&
    typeof metadata['name'] === 'string' &&
    metadata['name'] !== ''
  )
}

/** Texts that we read, and kubectl does not, or otherwise. */
function differences(texts: readonly Text[], folder: string): ReadingsResult['failures'] {
  if (texts.length === 0) return []
  const { objects, failed } = readByKubectl(
    texts.map(({ bytes }) => bytes),
    folder,
  )
  const ours = texts.flatMap(({ reading }) => ('objects' in reading ? reading.objects.map(withoutNamespace) : []))
  if (failed.size === 0 && isDeepStrictEqual(plain(ours), plain(objects.map(withoutNamespace)))) return []
  const [{ seed, bytes }] = texts as [Text]
  if (texts.length > 1) {
    const half = texts.length >> 1
    return [...differences(texts.slice(0, half), folder), ...differences(texts.slice(half), folder)]
  }
  const message = failed.get(0)
  // Read, but its metadata have other types than metadata have.
  if (message?.includes('unable to decode') === true) return []
  return [{ seed, bytes, why: message ?? `ours: ${JSON.stringify(ours)}, kubectl's: ${JSON.stringify(objects)}` }]
}

/** Texts that we refuse, and kubectl does not. */
function accepted(texts: readonly Text[], folder: string): ReadingsResult['failures'] {
  const { failed } = readByKubectl(
    texts.map(({ bytes }) => bytes),
    folder,
  )
  return texts.flatMap(({ seed, bytes, reading }, n) =>
    failed.has(n) || !('refused' in reading) ? [] : [{ seed, bytes, why: `only we refuse it: ${reading.refused}` }],
  )
}

/** kubectl leaves a namespace out that is null or empty. */
function withoutNamespace(object: JsonObject): Json {
  const { metadata } = object
  if (!isObject(metadata) || (metadata['namespace'] ?? '') !== '') return object
  const { namespace: _, ...rest } = metadata
  return { ...object, metadata: rest }
}

/** With ordinary prototypes. */
function plain(value: Json): Json {
  return JSON.parse(
    JSON.stringify(value, (_, one: Json) =>
      typeof one === 'number' && Math.abs(one) === PAST_INT64 ? Math.sign(one) * 2 ** 63 : one,
    ),
  ) as Json
}
