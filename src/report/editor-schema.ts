import { isObject, type Json, type JsonObject } from '../core/json/json.ts'
import type { KubeSchema } from '../core/schema/kube-schema.ts'
import { NOUNS, PLACEHOLDER, type Noun } from '../core/template/schema-nodes.ts'
import { TEMPLATE_SCHEMA } from '../core/template/template-schema.ts'

/** The definition of Kubernetes for each noun of the format. */
const DEFINITIONS = {
  Container: 'V1Container',
  ContainerPort: 'V1ContainerPort',
  EnvVar: 'V1EnvVar',
  Lifecycle: 'V1Lifecycle',
  LocalObjectReference: 'V1LocalObjectReference',
  Volume: 'V1Volume',
  VolumeMount: 'V1VolumeMount',
  volumeSource: 'V1Volume',
} as const satisfies Partial<Record<Noun, string>>

/** Items of lists that the program makes of values of any type. Source: templates/README.md, Values. */
const TEXT_OF_ANY_TYPE: ReadonlySet<string> = new Set(['command', 'args', 'value'])

/**
 * The JSON Schema of templates for an editor: that of the format, with the fields of Kubernetes' containers, volumes and
 * the like, which the program itself checks in the workload that they end up in. Each value may be a placeholder or a map
 * with a directive, and null where a template takes a field away from the one that it extends.
 */
export function editorSchema(kube: KubeSchema): JsonObject {
  const schema = structuredClone(TEMPLATE_SCHEMA) as unknown as JsonObject
  const definitions = schema['definitions'] as JsonObject
  const nouns = new Map<Json, string>(
    Object.entries(DEFINITIONS).map(([noun, name]) => [NOUNS[noun as keyof typeof DEFINITIONS], name]),
  )
  refer(schema, nouns)
  for (const name of new Set(nouns.values())) define(name, kube, definitions)
  return schema
}

/** Makes nodes that stand for an object of Kubernetes refer to its definition. */
function refer(node: Json, nouns: ReadonlyMap<Json, string>): void {
  if (Array.isArray(node)) for (const item of node) refer(item, nouns)
  if (!isObject(node)) return
  const name = nouns.get(node['$comment'] ?? null)
  if (name !== undefined) {
    delete node['type']
    delete node['pattern']
    node['allOf'] = [reference(name)]
    return
  }
  for (const key of Object.keys(node))
    if (!['default', 'examples', 'enum', 'const'].includes(key)) refer(node[key] as Json, nouns)
}

const reference = (name: string): JsonObject => ({ $ref: `#/definitions/${name}` })
const condition = reference('condition')

/** Keys that replace a map; what they hold is anything. */
const DIRECTIVES: JsonObject = {
  $when: condition,
  $value: {},
  $spread: {},
  $each: {},
  $join: {},
  $separator: {},
  $json: {},
  $yaml: {},
}

/** Adds a definition, and all that it names, as schemas that also take what stands for a value. */
function define(name: string, kube: KubeSchema, definitions: JsonObject): void {
  if (Object.hasOwn(definitions, name)) return
  const [fields] = kube.definition(name) ?? [[]]
  const properties: JsonObject = { ...DIRECTIVES }
  definitions[name] = {
    type: ['object', 'string', 'null'],
    pattern: PLACEHOLDER,
    additionalProperties: false,
    properties,
  }
  for (const [field, type] of fields) {
    properties[field] = ofType(type, TEXT_OF_ANY_TYPE.has(field), (inner) => define(inner, kube, definitions))
  }
}

const LIST = '[]'
const MAP = '{}'

function ofType(type: string, isTextOfAny: boolean, need: (definition: string) => void): JsonObject {
  if (type.startsWith(LIST)) {
    const items = ofType(type.slice(LIST.length), isTextOfAny, need)
    return { type: ['array', 'string', 'object', 'null'], pattern: PLACEHOLDER, items, properties: DIRECTIVES }
  }
  if (type.startsWith(MAP)) {
    const additionalProperties = ofType(type.slice(MAP.length), isTextOfAny, need)
    return { type: ['object', 'string', 'null'], pattern: PLACEHOLDER, properties: DIRECTIVES, additionalProperties }
  }
  const scalar = SCALARS[type]
  if (scalar !== undefined) {
    const types = isTextOfAny ? ['string', 'number', 'boolean'] : scalar
    const pattern = types.includes('string') ? {} : { pattern: PLACEHOLDER }
    return { type: [...new Set([...types, 'string', 'object', 'null'])], ...pattern, properties: DIRECTIVES }
  }
  need(type)
  return reference(type)
}

/** Types of JSON for the scalars of the schema of Kubernetes. */
const SCALARS: Readonly<Record<string, readonly string[] | undefined>> = {
  string: ['string'],
  bool: ['boolean'],
  int32: ['integer'],
  int64: ['integer'],
  intstr: ['string', 'integer'],
  quantity: ['string', 'number'],
  double: ['number'],
  time: ['string'],
  microtime: ['string'],
  bytes: ['string'],
  any: ['string', 'number', 'boolean', 'array'],
}
