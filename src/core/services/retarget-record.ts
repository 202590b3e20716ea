import { isObject, type Json, type JsonObject, parseJson } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { valueOf } from '../yaml/edit/restored-text.ts'
import { RETARGET_ANNOTATION } from './service-prefilter.ts'

/** One port of a Service that was sent to a proxy. */
export interface RetargetedPort {
  /** The text of the value that was there; undefined where there was no `targetPort`. */
  text: string | undefined
  /** What that text means; undefined where there was none. */
  from: Json | undefined
  /** What was put there, to notice an edit by hand. */
  to: number | string
  /** The sidecars on the way, from the first to the one before the app. */
  by: readonly string[]
  /** The workloads it leads to, in the Service's namespace: `Deployment/web`. */
  of: readonly string[]
}

/** What sidecarctl changed in a Service: enough to put it back exactly. */
export interface RetargetRecord {
  /** By port and protocol: `80/TCP`. */
  ports: Map<string, RetargetedPort>
  /** True when `metadata.annotations` was made for the record. */
  created: boolean
  /** Text after the colon of each replaced field, by field. */
  was: Map<AnnotationsField, string>
}

/** Fields on the way to the record that may be made, or written out where an alias was. */
export type AnnotationsField = 'metadata' | 'metadata.annotations'

export function emptyRetargetRecord(): RetargetRecord {
  return { ports: new Map(), created: false, was: new Map() }
}

/** The annotation's value: JSON on one line, in stable order. */
export function formatRetargets({ ports, created, was }: RetargetRecord): string {
  const out: JsonObject = {
    ports: Object.fromEntries(
      [...ports].map(([key, { text, from, to, by, of }]) => [
        key,
        { ...(text !== undefined && { was: text, from: from ?? null }), to, by: [...by], of: [...of] },
      ]),
    ),
  }
  if (created) out['new'] = [ANNOTATIONS]
  if (was.size > 0) out['was'] = Object.fromEntries(was)
  return JSON.stringify(out)
}

/** Reads the annotation's value; undefined when it is not what `formatRetargets` writes. */
export function parseRetargets(value: Json): RetargetRecord | undefined {
  const data = typeof value === 'string' ? parseJson(value) : undefined
  if (!isObject(data) || !isObject(data['ports'])) return undefined
  const ports = new Map<string, RetargetedPort>()
  for (const [key, entry] of Object.entries(data['ports'])) {
    const port = PORT_KEY.test(key) && isObject(entry) ? portOf(entry) : undefined
    if (port === undefined) return undefined
    ports.set(key, port)
  }
  const created = data['new'] ?? []
  if (!Array.isArray(created) || !created.every((field) => field === ANNOTATIONS)) return undefined
  const was = data['was'] ?? {}
  if (!isObject(was)) return undefined
  const texts = new Map<AnnotationsField, string>()
  for (const [field, text] of Object.entries(was)) {
    // Put back into the file as it is, so only a null, an empty map or an alias may be here.
    if (!isAnnotationsField(field) || typeof text !== 'string' || !WAS_TEXT.test(text)) return undefined
    texts.set(field, text)
  }
  return ports.size === 0 ? undefined : { ports, created: created.length > 0, was: texts }
}

function portOf({ was, from, to, by, of }: JsonObject): RetargetedPort | undefined {
  if (typeof to !== 'number' && typeof to !== 'string') return undefined
  const [sidecars, workloads] = [texts(by), texts(of)]
  if (sidecars === undefined || workloads === undefined) return undefined
  if (was === undefined) return { text: undefined, from: undefined, to, by: sidecars, of: workloads }
  const isValue = typeof from === 'number' || typeof from === 'string' || from === null
  // Put back into the file as it is, so only one scalar on one line may be here.
  if (typeof was !== 'string' || !isValue || !SCALAR_TEXT.test(was)) return undefined
  if (aliasIn(was) === undefined && valueOf(was) !== from) return undefined
  return { text: was, from, to, by: sidecars, of: workloads }
}

function texts(value: Json | undefined): string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined
}

function isAnnotationsField(field: string): field is AnnotationsField {
  return field === 'metadata' || field === ANNOTATIONS
}

const ANNOTATIONS = 'metadata.annotations'
const PORT_KEY = /^[0-9]{1,5}\/[A-Z]{1,8}$/
const SCALAR_TEXT =
  /^(?:&[\w-]+[ \t]+)?(?:!{0,2}\w*[ \t]+)?(?:[^\s#&!|>@`"'{}[\],:%*-][^\s#&!|>@`"'{}[\],:%*]*|~|"(?:[^"\\\r\n]|\\.)*"|'[^'\r\n]*'|\*[\w-]+)?$/
const WAS_TEXT = /^[ \t]*(?:&[\w-]+[ \t]+)?(?:!!null|~|null|Null|NULL|\{[ \t]*\}|\*[\w-]+)?$/

/** The name of the anchor in the text of an alias; undefined for other texts. */
export function aliasIn(text: string): string | undefined {
  return /^[ \t]*\*([\w-]+)$/.exec(text)?.[1]
}

/** True for the text of a scalar that a record can hold and put back. */
export function isScalarText(text: string): boolean {
  return SCALAR_TEXT.test(text)
}

/** What is at the record's place, if anything. */
export function retargetText(service: JsonObject): Json | undefined {
  return valueAt(service, ['metadata', 'annotations', RETARGET_ANNOTATION])
}
