import { expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../src/core/json/json.ts'
import { changed, errors, warnings } from './check.ts'

type Row = [name: string, changes: Record<string, Json | undefined>, expected: string[]]

const schema = { type: 'object', properties: { spec: { type: 'object', properties: { port: { 'x-kubernetes-int-or-string': true } } } } }
const version = { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema } }
const crd: JsonObject = {
  apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'widgets.example.com' },
  spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'widgets', kind: 'Widget' }, versions: [version] },
}
const at = 'spec.versions[0].schema.openAPIV3Schema'
const in0 = 'spec.versions.0.schema.openAPIV3Schema'

const [NAME, PORT] = [[{ jsonPath: '.name' }], [{ jsonPath: '.port' }]]

/** Two versions, each with what differs in its schema, and its selectable fields. */
function versions(...of: [schema: { n?: number }, fields: Json | undefined][]): Record<string, Json> {
  const properties = { name: { type: 'string' }, port: { type: 'integer' } }
  const list = of.map(([{ n }, selectableFields], i) => ({
    name: `v${i + 1}`, served: true, storage: i === 0, selectableFields: selectableFields ?? null,
    schema: { openAPIV3Schema: n === undefined ? { type: 'object', properties, required: [], nullable: false } : { type: 'object', properties, minProperties: n } },
  }))
  return { 'spec.versions': list }
}

const ROWS: Row[] = [
  ...([
    ['nullable root', { nullable: true }, ['nullable']],
    ['metadata restricted', { properties: { metadata: { type: 'object', properties: { name: { type: 'string', maxLength: 10 } } } } }, []],
    ['metadata described', { properties: { metadata: { type: 'object', description: 'x' } } }, ['properties.metadata']],
    ['metadata with labels', { properties: { metadata: { type: 'object', properties: { labels: { type: 'object' } } } } }, ['properties.metadata']],
    ['kind of another type', { properties: { kind: { type: 'integer' } } }, ['properties.kind.type']],
    ['default in metadata', { properties: { metadata: { type: 'object', default: {} } } }, ['properties.metadata.default']],
    ['empty metadata', { properties: { metadata: { type: 'object' } } }, []],
    ['metadata with what is empty', { properties: { metadata: { type: 'object', properties: {}, enum: [], description: '', nullable: false } } }, []],
    ...(['additionalProperties', 'required', 'minProperties', 'externalDocs', 'example'] as const)
      .map((key) => [`metadata with ${key}`, { properties: { metadata: { type: 'object', [key]: { additionalProperties: false, required: [], minProperties: 0, externalDocs: {}, example: '' }[key] } } }, ['properties.metadata']] as const),
  ] as const).map(([name, change, paths]): Row => [name, { [in0]: { type: 'object', ...change } as unknown as Json }, paths.map((path) => `CRD_FIELD ${at}.${path}`)]),
  ...([
    ['int or string by anyOf', { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] }, []],
    ['int or string by allOf', { 'x-kubernetes-int-or-string': true, allOf: [{ anyOf: [{ type: 'integer' }, { type: 'string' }] }, { minimum: 1 }] }, []],
    ['types in anyOf', { type: 'string', anyOf: [{ type: 'string' }, { type: 'integer' }] }, ['anyOf[0].type', 'anyOf[1].type']],
    ['type in not', { type: 'string', not: { type: 'integer' } }, ['not.type']],
    ['an alternative that describes itself', { type: 'string', oneOf: [{ description: 'x', default: 'y', nullable: true, minLength: 1 }] }, ['oneOf[0].default', 'oneOf[0].description', 'oneOf[0].nullable']],
    ['a map in an alternative', { type: 'object', anyOf: [{ additionalProperties: {} }] }, ['anyOf[0].additionalProperties']],
    ['a type under a property of an alternative', { type: 'object', properties: { a: { type: 'string' } }, anyOf: [{ properties: { a: { type: 'string' } } }] }, ['anyOf[0].properties.a.type']],
    ['not there but false', { type: 'string', anyOf: [{ nullable: false, minLength: 1 }] }, []],
    ['unique items', { type: 'array', items: { type: 'string' }, uniqueItems: true }, ['uniqueItems']],
    ['list of items', { type: 'array', items: [{ type: 'string' }] }, ['items']],
    ['unknown type', { type: 'text' }, ['type']],
    ['null type', { type: 'null' }, ['type']],
    ['a version of JSON Schema', { type: 'string', $schema: 'x' }, ['[$schema]']],
    ['items that are no schema', { type: 'array', items: 'x' }, ['items']],
    ['items that are no schema, of no list', { type: 'string', items: 'x' }, []],
    ['a rule for a key of a map of anything', { type: 'object', properties: { m: { type: 'object', additionalProperties: true } }, 'x-kubernetes-validations': [{ rule: 'true', fieldPath: '.m.a' }] }, []],
    ['a rule for a field in such a key', { type: 'object', properties: { m: { type: 'object', additionalProperties: true } }, 'x-kubernetes-validations': [{ rule: 'true', fieldPath: '.m.a.b' }] }, ['x-kubernetes-validations[0].fieldPath']],
    ['definitions', { type: 'string', definitions: { a: { type: 'string' } } }, ['definitions']],
    ['maps and fields', { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: { type: 'string' } }, ['additionalProperties']],
    ['maps and fields, both open', { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: true }, []],
    ['fields that are not preserved', { type: 'object', 'x-kubernetes-preserve-unknown-fields': false }, ['x-kubernetes-preserve-unknown-fields']],
    ['an embedded resource', { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true }, []],
    ['an embedded resource without fields', { type: 'object', 'x-kubernetes-embedded-resource': true }, ['properties']],
    ['an embedded resource of another type', { type: 'string', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true }, ['type']],
    ['an embedded int or string', { type: 'object', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true, 'x-kubernetes-int-or-string': true }, ['x-kubernetes-embedded-resource', 'x-kubernetes-preserve-unknown-fields']],
    ['list type of no list', { type: 'string', 'x-kubernetes-list-type': 'set' }, ['type']],
    ['unknown list type', { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'bag' }, ['x-kubernetes-list-type']],
    ['unknown map type', { type: 'object', 'x-kubernetes-map-type': 'set' }, ['x-kubernetes-map-type']],
    ['a set of maps', { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'set' }, ['items.x-kubernetes-map-type']],
    ['a set of atomic maps', { type: 'array', items: { type: 'object', 'x-kubernetes-map-type': 'atomic' }, 'x-kubernetes-list-type': 'set' }, []],
    ['a set of nullable items', { type: 'array', items: { type: 'string', nullable: true }, 'x-kubernetes-list-type': 'set' }, ['items.nullable']],
    ['a list by optional keys', { type: 'array', items: { type: 'object', properties: { n: { type: 'string' } } }, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['n'] }, ['items.properties.n.default']],
    ['a list by keys', { type: 'array', items: { type: 'object', required: ['n'], properties: { n: { type: 'string' } } }, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['n'] }, []],
    ['a list by unknown keys', { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['n'] }, ['x-kubernetes-list-map-keys']],
    ['a list by deep keys', { type: 'array', items: { type: 'object', required: ['n'], properties: { n: { type: 'object' } } }, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['n'] }, ['items.properties.n.type']],
    ['keys of a set', { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set', 'x-kubernetes-list-map-keys': ['n'] }, ['x-kubernetes-list-type']],
    ['a rule', { type: 'object', properties: { 'a.b': { type: 'string' } }, 'x-kubernetes-validations': [{ rule: 'true', fieldPath: "['a.b']", reason: 'FieldValueInvalid' }] }, []],
    ['a rule without a rule', { type: 'string', 'x-kubernetes-validations': [{ rule: ' ' }] }, ['x-kubernetes-validations[0].rule']],
    ['a rule of a blank as Go has them', { type: 'string', 'x-kubernetes-validations': [{ rule: '\u0085' }] }, ['x-kubernetes-validations[0].rule']],
    ['a message of a byte order mark, which is no blank', { type: 'string', 'x-kubernetes-validations': [{ rule: 'true', message: '\ufeff' }] }, []],
    ['a rule over two lines without a message', { type: 'string', 'x-kubernetes-validations': [{ rule: 'true\n&& true' }] }, ['x-kubernetes-validations[0].message']],
    ['a rule with an unknown reason', { type: 'string', 'x-kubernetes-validations': [{ rule: 'true', reason: 'Wrong' }] }, ['x-kubernetes-validations[0].reason']],
    ['a rule for an unknown field', { type: 'object', properties: { a: { type: 'string' } }, 'x-kubernetes-validations': [{ rule: 'true', fieldPath: '.b' }] }, ['x-kubernetes-validations[0].fieldPath']],
  ] as const).map(([name, change, paths]): Row => [name, { [`${in0}.properties.spec`]: change as unknown as Json }, paths.map((path) => `CRD_FIELD ${at}.properties.spec${path.startsWith('[') ? '' : '.'}${path}`)]),
  ['an alternative for a field that is not there', { [in0]: { type: 'object', properties: { spec: { type: 'object' } }, anyOf: [{ properties: { sepc: {} } }] } }, [`CRD_FIELD ${at}.properties.sepc`]],
  ['alternatives at a root with status', { [in0]: { type: 'object', properties: { spec: { type: 'object' } }, anyOf: [{ required: ['spec'] }] }, 'spec.versions.0.subresources': { status: {} } }, [`CRD_FIELD ${at}.anyOf`]],
  ...(['not', 'oneOf', 'minProperties', 'default', 'x-kubernetes-map-type'] as const).map((key): Row =>
    [`${key} at a root with status`, { [`${in0}.${key}`]: { not: {}, oneOf: [], minProperties: 0, default: {}, 'x-kubernetes-map-type': 'granular' }[key], 'spec.versions.0.subresources': { status: {} } }, [`CRD_FIELD ${at}.${key}`]]),
  ['what is off at a root with status', { [`${in0}.x-kubernetes-embedded-resource`]: false, [`${in0}.enum`]: null, 'spec.versions.0.subresources': { status: {} } }, []],
  ['a kind with a list of 63 letters', { 'spec.names.kind': 'K'.repeat(59) }, []],
  ['a kind with a list of 64 letters', { 'spec.names.kind': 'K'.repeat(60) }, ['CRD_FIELD spec.names.listKind']],
  ['a long kind with a list of its own', { 'spec.names.kind': 'K'.repeat(60), 'spec.names.listKind': 'Ks' }, []],
  ['selectable fields and schema of all versions', versions([{}, NAME], [{}, NAME]), []],
  ['selectable fields and schema of one version', versions([{}, NAME], [{ n: 1 }, PORT]), []],
  ['selectable fields of all versions', versions([{}, NAME], [{ n: 1 }, NAME]), ['CRD_FIELD spec.versions[0].selectableFields']],
  ['schema of all versions', versions([{}, []], [{}, NAME]), ['CRD_FIELD spec.versions[1].selectableFields']],
  ['no selectable fields at all', versions([{}, []], [{ n: 1 }, undefined]), []],
  ['reference', { [`${in0}.properties.spec`]: { $ref: '#/x' } }, [`CRD_FIELD ${at}.properties.spec[$ref]`]],
  ['deprecation', { 'spec.versions.0.deprecationWarning': 'x' }, ['CRD_FIELD spec.versions[0].deprecationWarning']],
  ['deprecated', { 'spec.versions.0.deprecationWarning': 'use v2', 'spec.versions.0.deprecated': true }, []],
  ['selectable fields', { 'spec.versions.0.selectableFields': [{ jsonPath: '.spec.port' }, { jsonPath: '.spec.x' }] }, ['CRD_FIELD spec.versions[0].selectableFields[0].jsonPath', 'CRD_FIELD spec.versions[0].selectableFields[1].jsonPath']],
  ['label selector', { 'spec.versions.0.subresources': { scale: { specReplicasPath: '.spec.a', statusReplicasPath: '.status.a', labelSelectorPath: '.a' } } }, ['CRD_FIELD spec.versions[0].subresources.scale.labelSelectorPath']],
  ['conversion', { 'spec.conversion': { strategy: 'Webhook', webhook: { clientConfig: { url: 'http://a/b' }, conversionReviewVersions: ['v2'] } } }, ['CRD_FIELD spec.conversion.webhook.clientConfig.url', 'CRD_FIELD spec.conversion.webhook.conversionReviewVersions']],
  ['conversion by a service', { 'spec.conversion': { strategy: 'Webhook', webhook: { clientConfig: { service: { name: 'a', namespace: 'b', path: 'c', port: 0 } }, conversionReviewVersions: ['v1'] } } }, ['CRD_FIELD spec.conversion.webhook.clientConfig.service.port', 'CRD_FIELD spec.conversion.webhook.clientConfig.service.path']],
  ['a status subresource', { 'spec.versions.0.subresources': { status: {} } }, []],
  ['a status subresource with fields', { 'spec.versions.0.subresources': { status: { a: 1 } } }, ['FIELD_UNKNOWN spec.versions[0].subresources.status.a']],
  ['a status subresource that is none', { 'spec.versions.0.subresources': { status: true } }, ['FIELD_TYPE spec.versions[0].subresources.status']],
  ['conversion by none with an empty webhook', { 'spec.conversion': { strategy: 'None', webhook: {} } }, []],
  ['conversion by none', { 'spec.conversion': { strategy: 'None', webhook: { conversionReviewVersions: ['v1'] } } }, ['CRD_FIELD spec.conversion.webhook.conversionReviewVersions']],
]

test.each(ROWS)('%s', (_name, changes, expected) => {
  expect(errors(changed(crd, changes)).toSorted()).toEqual(expected.toSorted())
})

test.each<[format: string, type: string | undefined, minor: number, found: boolean]>([
  ['url', 'string', 33, false],
  ['url', 'string', 34, true],
  ['date-time', 'string', 36, false],
  ['k8s-short-name', 'string', 34, true],
  ['k8s-short-name', 'string', 35, false],
  ['url', undefined, 35, false],
  ['url', undefined, 36, true],
  ['int32', 'integer', 36, false],
  ['uint32', 'integer', 35, false],
  ['uint32', 'integer', 36, true],
  ['double', 'integer', 36, true],
  ['byte', 'boolean', 36, true],
])('format %s of type %s in 1.%i', (format, type, minor, found) => {
  const object = changed(crd, { [`${in0}.properties.spec.properties.x`]: { format, ...(type === undefined ? { 'x-kubernetes-int-or-string': true } : { type }) } })
  expect(warnings(object, minor)).toEqual(found ? [`DEPRECATED_FIELD ${at}.properties.spec.properties.x.format`] : [])
})
