/** JSON Schemas of kinds, in the form that other programs read, so that they need no network to be compared with us. */
import { readMinors, referenced, type MinorData } from '../../src/build/schemas/read.mjs'

type Schema = Record<string, unknown>

/** The schemas of the scalar types of our table. */
const SCALARS: Readonly<Record<string, Schema>> = {
  any: {},
  bool: { type: 'boolean' },
  bytes: { type: 'string', format: 'byte' },
  double: { type: 'number', format: 'double' },
  int32: { type: 'integer', format: 'int32' },
  int64: { type: 'integer', format: 'int64' },
  intstr: { oneOf: [{ type: 'string' }, { type: 'integer' }] },
  microtime: { type: 'string', format: 'date-time' },
  quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  string: { type: 'string' },
  time: { type: 'string', format: 'date-time' },
}

/** The schema of a field: `[]T` is a list of T, `{}T` a map to T. */
function ofType(type: string): Schema {
  if (type.startsWith('[]')) return { type: 'array', items: ofType(type.slice(2)) }
  if (type.startsWith('{}')) return { type: 'object', additionalProperties: ofType(type.slice(2)) }
  return SCALARS[type] ?? { $ref: `#/definitions/${type}` }
}

/** Every definition that `root` leads to, by name. */
function reachable({ definitions }: MinorData, root: string): ReadonlySet<string> {
  const names = new Set([root])
  for (const name of names) {
    for (const type of Object.values(definitions[name]?.fields ?? {})) {
      const next = referenced(type)
      if (next !== undefined) names.add(next)
    }
  }
  return names
}

/**
 * The JSON Schemas (draft 7) of the kinds of the newest Kubernetes that the build knows, by names such as
 * "apps/v1 Deployment". Fields that no definition has are refused. Nulls are too, where the API server takes them as
 * absent.
 */
export async function jsonSchemas(): Promise<ReadonlyMap<string, Schema>> {
  const newest = (await readMinors()).at(-1)
  if (newest === undefined) throw new Error('no Kubernetes release')
  return new Map(Object.entries(newest.kinds).map(([kind, { definition }]) => [kind, schemaOf(newest, definition)]))
}

function schemaOf(data: MinorData, root: string): Schema {
  const definitions = [...reachable(data, root)].map((name) => {
    const { fields, required } = data.definitions[name] as MinorData['definitions'][string]
    const properties = Object.fromEntries(Object.entries(fields).map(([field, type]) => [field, ofType(type)]))
    return [name, { type: 'object', properties, required, additionalProperties: false }]
  })
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $ref: `#/definitions/${root}`,
    definitions: Object.fromEntries(definitions) as Schema,
  }
}
