import { emptyObject, isObject, type Json, type JsonObject, type JsonPath } from '../json/json.ts'

/** The prefix of annotations that kustomize and kpt set before a function runs and remove after it. */
const INTERNAL = 'internal.config.kubernetes.io/'

/** The index of an object in its file; the internal key, and the older one that kpt still sets beside it. */
const INDEXES: readonly string[] = [`${INTERNAL}index`, 'config.kubernetes.io/index']

/** The file of an object, relative to the package; see `INDEXES`. */
const PATHS: readonly string[] = [`${INTERNAL}path`, 'config.kubernetes.io/path']

/** Annotations that say where an object is written. Others, such as `internal.config.kubernetes.io/id`, name one object. */
const PLACES: ReadonlySet<string> = new Set([
  ...PATHS,
  `${INTERNAL}package-path`,
  `${INTERNAL}seqindent`,
  // Helm 4; it writes objects without it to a file of its own.
  'postrenderer.helm.sh/postrender-filename',
])

/** Annotations that identify an object to its host. */
const IDENTITIES: ReadonlySet<string> = new Set([
  'config.kubernetes.io/id',
  'config.k8s.io/id',
  'kustomize.config.k8s.io/id',
])

/** Whether an annotation exists only while kustomize, kpt or Helm pass an object on. */
function isInTransit(key: string): boolean {
  return key.startsWith(INTERNAL) || PLACES.has(key) || INDEXES.includes(key) || IDENTITIES.has(key)
}

/**
 * True for the envelope in which kustomize and kpt pass objects to a function.
 * Source: kustomize `cmd/config/docs/api-conventions/functions-spec.md`.
 */
export function isResourceList(data: Json | undefined): data is JsonObject {
  if (!isObject(data) || data['kind'] !== 'ResourceList') return false
  const version = data['apiVersion']
  return typeof version === 'string' && version.startsWith('config.kubernetes.io/')
}

function annotationsOf(object: Json | undefined): JsonObject {
  const metadata = isObject(object) ? object['metadata'] : undefined
  const annotations = isObject(metadata) ? metadata['annotations'] : undefined
  return isObject(annotations) ? annotations : emptyObject()
}

function withAnnotations(object: JsonObject, annotations: JsonObject): JsonObject {
  const metadata = Object.assign(emptyObject(), object['metadata'], { annotations })
  return Object.assign(emptyObject(), object, { metadata })
}

/** An object without the annotations that its host will remove; itself if it has none. */
export function withoutTransit(object: JsonObject): JsonObject {
  const all = Object.entries(annotationsOf(object))
  const kept = all.filter(([key]) => !isInTransit(key))
  if (kept.length === all.length) return object
  return withAnnotations(object, Object.assign(emptyObject(), Object.fromEntries(kept)))
}

/** Whether a value is the annotations of an object with entries of its host alone. */
export function holdsTransitOnly(path: JsonPath, value: Json | undefined): boolean {
  if (path.length !== 2 || path[0] !== 'metadata' || path[1] !== 'annotations' || !isObject(value)) return false
  const keys = Object.keys(value)
  return keys.length > 0 && keys.every(isInTransit)
}

/** An object with the annotations in transit that another has, which it takes the place of. */
export function withTransitOf(object: JsonObject, former: Json | undefined): JsonObject {
  const own = Object.entries(annotationsOf(former)).filter(([key]) => isInTransit(key))
  if (own.length === 0) return object
  return withAnnotations(object, Object.assign(emptyObject(), annotationsOf(object), Object.fromEntries(own)))
}

/**
 * An object that comes with a workload, with annotations by which the host writes it into the same file: the path of the
 * workload, and the next index behind it that is free, as kpt rejects an index that two objects have.
 * @param taken places of the list's objects, as `placeText` writes them; the new one is added
 */
export function behindInFile(object: JsonObject, workload: JsonObject, taken: Set<string>): JsonObject {
  const all = Object.entries(annotationsOf(workload)).filter(([, value]) => typeof value === 'string')
  const places = all.filter(([key]) => PLACES.has(key))
  const place = filePlace(workload)
  if (places.length === 0) return object
  let index = (place?.index ?? 0) + 1
  while (place !== undefined && taken.has(placeText({ ...place, index }))) index++
  if (place !== undefined) taken.add(placeText({ ...place, index }))
  const indexes = all.filter(([key]) => INDEXES.includes(key)).map(([key]): [string, Json] => [key, String(index)])
  const annotations = Object.assign(emptyObject(), annotationsOf(object), Object.fromEntries([...places, ...indexes]))
  return withAnnotations(object, annotations)
}

/** A place as one text; empty for an object without one. */
export function placeText(place: FilePlace | undefined): string {
  return place?.index === undefined ? '' : `${place.index} ${place.path}`
}

/** The file of an object, relative to the package, and its 0-based index in it, if known. */
export interface FilePlace {
  path: string
  index?: number
}

/** Where the host will write an object; undefined if it does not say. */
export function filePlace(object: Json | undefined): FilePlace | undefined {
  const annotations = annotationsOf(object)
  const path = PATHS.map((key) => annotations[key]).find((value) => typeof value === 'string')
  if (typeof path !== 'string' || path === '') return undefined
  const index = INDEXES.map((key) => annotations[key]).find((value) => typeof value === 'string')
  return typeof index === 'string' && /^\d{1,9}$/.test(index) ? { path, index: Number(index) } : { path }
}
