import type { KubeVersion } from '../kube/version.ts'
import { objectShape, type Definition, type FieldType, type ObjectShape } from './object-shape.ts'

/** A kind that a Kubernetes version serves. */
export interface ServedKind {
  /** The definition of its objects. */
  definition: string
  /** The resource's name in URLs and messages: `deployments`. */
  plural: string
  namespaced: boolean
}

type KindRow = readonly [definition: string, plural: string, scope: 'n' | 'c']

/** One generated file of a version's schema. */
interface SchemaPart {
  kinds: Readonly<Record<string, KindRow>>
  /** Field by field, `image:string name!string`, with `!` for required ones. */
  definitions: Readonly<Record<string, string>>
}

/** First and last minor; a first minor that is the oldest known means "then or earlier". */
export type Span = readonly [first: number, last: number]

/** When kinds (`apps/v1 Deployment`) and fields of definitions came and went, over all known versions. */
export interface SchemaHistory {
  kinds: Readonly<Record<string, Span>>
  fields: Readonly<Record<string, Readonly<Record<string, Span>>>>
}

/**
 * Returns the parsed JSON of a file under `dist/schemas`, such as `1.36/common.json`. The build generates these files,
 * and they are trusted.
 */
export type SchemaLoader = (file: string) => unknown

/** The schema of one Kubernetes version. Its parts are loaded when they are first asked for. */
export interface KubeSchema {
  readonly version: KubeVersion
  /** The kind, if this version serves it; `apiVersion` as in a manifest: `apps/v1`. */
  kind(apiVersion: string, kind: string): ServedKind | undefined
  /** A definition by name; undefined when there is none. */
  definition(name: string): Definition | undefined
  /**
   * A definition in the form that the validation of values needs.
   * @throws Error if there is none: names come from definitions
   */
  shape(name: string): ObjectShape
  history(): SchemaHistory
}

/** Opened schemas by loader and minor version, kept as long as their loader. */
const opened = new WeakMap<SchemaLoader, Map<number, KubeSchema>>()

/**
 * Opens the schema of a version; calls with the same loader share one. Nothing is loaded yet: the common part
 * (workloads, ConfigMap, Service and the like) is read on first use, the other part only for kinds that the common part
 * lacks, and the history only to explain a finding.
 */
export function openSchema(version: KubeVersion, load: SchemaLoader): KubeSchema {
  const known = opened.get(load) ?? new Map<number, KubeSchema>()
  const schema = known.get(version.minor) ?? newSchema(version, load)
  opened.set(load, known.set(version.minor, schema))
  return schema
}

function newSchema(version: KubeVersion, load: SchemaLoader): KubeSchema {
  const part = (name: string) => once(() => load(`1.${version.minor}/${name}.json`) as SchemaPart)
  const common = part('common')
  const other = part('other')
  const definitions = new Map<string, Definition>()
  const shapes = new Map<string, ObjectShape>()
  const schema: KubeSchema = {
    version,
    kind(apiVersion, kind) {
      const key = `${apiVersion} ${kind}`
      const row = own(common().kinds, key) ?? own(other().kinds, key)
      return row && { definition: row[0], plural: row[1], namespaced: row[2] === 'n' }
    },
    definition(name) {
      const known = definitions.get(name)
      if (known !== undefined) return known
      const text = own(common().definitions, name) ?? own(other().definitions, name)
      if (text === undefined) return undefined
      const definition = readDefinition(text)
      definitions.set(name, definition)
      return definition
    },
    shape(name) {
      const known = shapes.get(name)
      if (known !== undefined) return known
      const definition = schema.definition(name)
      if (definition === undefined) throw new Error(`the schema has no definition ${name}`)
      const shape = objectShape(name, definition)
      shapes.set(name, shape)
      return shape
    },
    history: once(() => load('history.json') as SchemaHistory),
  }
  return schema
}

function readDefinition(text: string): Definition {
  const fields = new Map<string, FieldType>()
  const required: string[] = []
  for (const word of text.split(' ')) {
    const mark = word.indexOf('!')
    const end = mark < 0 ? word.indexOf(':') : mark
    const name = word.slice(0, end)
    fields.set(name, word.slice(end + 1))
    if (mark >= 0) required.push(name)
  }
  return [fields, required]
}

/** An own property of a record, or undefined: names come from users. */
export function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
