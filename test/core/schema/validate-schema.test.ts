import { Ajv } from 'ajv'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { validateDefinition } from '../../../src/core/schema/validate-schema.ts'
import { openSchema } from '../../../src/core/schema/kube-schema.ts'
import { quantityError } from '../../../src/core/schema/scalars.ts'
import { brief, plain, schemaOf, validateSchema } from './schemas.ts'

const newest = schemaOf(36)

function deployment(container: string, more = ''): JsonObject {
  return plain(`{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web"${more}},
    "spec":{"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},
    "spec":{"containers":[{"name":"web","image":"nginx"${container}}]}}}}`)
}

const check = (data: JsonObject, schema = newest) =>
  validateSchema(schema, { group: 'apps', version: 'v1', kind: 'Deployment', data })

describe('openSchema', () => {
  it('loads a version once for all who ask with one loader', () => {
    const loaded: string[] = []
    const load = (file: string) => {
      loaded.push(file)
      return { kinds: { 'v1 Pod': ['V1Pod', 'pods', 'n'] }, definitions: {} }
    }
    const names = [36, 36, 35].map((minor) => openSchema({ minor }, load).kind('v1', 'Pod')?.plural)
    expect(names).toEqual(['pods', 'pods', 'pods'])
    expect(loaded).toEqual(['1.36/common.json', '1.35/common.json'])
  })
})

describe('checkSchema', () => {
  const C = 'spec.template.spec.containers[0]'
  it.each<[string, string[]]>([
    ['', []],
    [',"imagePullpolicy":"Always"', [`FIELD_UNKNOWN ${C}.imagePullpolicy`]],
    [',"__proto__":{}', [`FIELD_UNKNOWN ${C}.__proto__`]],
    [',"constructor":{}', [`FIELD_UNKNOWN ${C}.constructor`]],
    [',"args":null,"env":null,"resources":null', []],
    [',"args":[1]', [`FIELD_TYPE ${C}.args[0]`]],
    [',"args":"x"', [`FIELD_TYPE ${C}.args`]],
    [',"args":[null]', []],
    [',"env":[{"name":"A","value":true}]', [`FIELD_TYPE ${C}.env[0].value`]],
    [',"env":[{"value":"x"}]', [`FIELD_REQUIRED ${C}.env[0].name`]],
    [',"env":{"A":"x"}', [`FIELD_TYPE ${C}.env`]],
    [',"ports":[{"containerPort":80.0}]', []],
    [',"ports":[{"containerPort":80.5}]', [`FIELD_TYPE ${C}.ports[0].containerPort`]],
    [',"ports":[{"containerPort":"80"}]', [`FIELD_TYPE ${C}.ports[0].containerPort`]],
    [',"ports":[{"containerPort":2147483648}]', [`FIELD_RANGE ${C}.ports[0].containerPort`]],
    [',"ports":[{"containerPort":null}]', [`FIELD_REQUIRED ${C}.ports[0].containerPort`]],
    [',"tty":"true"', [`FIELD_TYPE ${C}.tty`]],
    [',"resources":[]', [`FIELD_TYPE ${C}.resources`]],
    [',"resources":{"limits":{"cpu":1,"memory":"64Mi","x":0.5}}', []],
    [',"resources":{"limits":{"memory":"64MB"}}', [`FIELD_FORMAT ${C}.resources.limits[memory]`]],
    [',"resources":{"limits":{"cpu":true}}', [`FIELD_TYPE ${C}.resources.limits[cpu]`]],
    [',"livenessProbe":{"httpGet":{"port":"http"}}', []],
    [',"livenessProbe":{"httpGet":{"port":8.5}}', [`FIELD_TYPE ${C}.livenessProbe.httpGet.port`]],
    [',"livenessProbe":{"httpGet":{"port":80,"httpHeaders":[{"name":"A"}]}}', []],
  ])('container with %s', (container, expected) => {
    expect(brief(check(deployment(container)))).toEqual(expected)
  })

  it.each<[string, string[]]>([
    [',"creationTimestamp":null', []],
    [',"creationTimestamp":"2024-02-29T10:00:00Z"', []],
    [',"creationTimestamp":"2023-02-29T10:00:00Z"', ['FIELD_FORMAT metadata.creationTimestamp']],
    [',"creationTimestamp":"2024-02-01"', ['FIELD_FORMAT metadata.creationTimestamp']],
    [',"creationTimestamp":"2024-02-01T9:00:00,5+24:60"', []],
    [',"creationTimestamp":"2024-02-01T09:00:00+25:00"', ['FIELD_FORMAT metadata.creationTimestamp']],
    [',"creationTimestamp":"2024-02-01T09:00:00-01:61"', ['FIELD_FORMAT metadata.creationTimestamp']],
    [',"creationTimestamp":"2024-02-01T09:0:00Z"', ['FIELD_FORMAT metadata.creationTimestamp']],
    [',"annotations":{"a":5}', ['FIELD_TYPE metadata.annotations[a]']],
    [',"annotations":{"a/b":5}', ['FIELD_TYPE metadata.annotations[a/b]']],
    [',"generation":9223372036854775807', []],
    [',"generation":1e19', ['FIELD_RANGE metadata.generation']],
  ])('metadata with %s', (more, expected) => {
    expect(brief(check(deployment('', more)))).toEqual(expected)
  })

  it('wants base64 in a Secret, and takes line breaks in it', () => {
    const data = plain('{"apiVersion":"v1","kind":"Secret","data":{"a":"YWJj","b":"YW\\nJj","c":"YWJ","d":"a b="}}')
    const findings = validateSchema(newest, { group: '', version: 'v1', kind: 'Secret', data })
    expect(brief(findings)).toEqual(['FIELD_FORMAT data[c]', 'FIELD_FORMAT data[d]'])
  })

  it('wants six decimals in a MicroTime', () => {
    const data = plain('{"spec":{"renewTime":"2024-01-01T00:00:00Z","acquireTime":"2024-01-01T00:00:00.000000Z"}}')
    const lease = { group: 'coordination.k8s.io', version: 'v1', kind: 'Lease' }
    expect(brief(validateSchema(newest, { ...lease, data }))).toEqual(['FIELD_FORMAT spec.renewTime'])
    const lenient = plain('{"spec":{"renewTime":"2024-01-01T9:00:00,000000Z","acquireTime":"2024-01-01T00:00:00.000000+25:00"}}')
    expect(brief(validateSchema(newest, { ...lease, data: lenient }))).toEqual(['FIELD_FORMAT spec.acquireTime'])
  })

  it.each<[string, string, string, string, string[]]>([
    ['apps', 'v1', 'StatefulSet', '{"spec":{"selector":{},"template":{}}}', []],
    ['networking.k8s.io', 'v1', 'NetworkPolicy', '{"spec":{}}', []],
    ['scheduling.k8s.io', 'v1', 'PriorityClass', '{}', []],
    ['batch', 'v1', 'CronJob', '{"status":{"active":[{}]},"spec":{"schedule":"* * * * *"}}', ['FIELD_REQUIRED spec.jobTemplate']],
    ['rbac.authorization.k8s.io', 'v1', 'Role', '{"rules":[{"resources":["x"]}]}', ['FIELD_REQUIRED rules[0].verbs']],
    ['rbac.authorization.k8s.io', 'v1', 'RoleBinding', '{"roleRef":{"kind":"Role","name":"x"}}', []],
    ['apps', 'v1', 'DaemonSet', '{"spec":{"selector":{},"template":{}},"status":{}}', []],
    ['apps', 'v1', 'DaemonSet', '{"spec":{"selector":{},"template":{"metadata":{"ownerReferences":[{}]}}}}', []],
    ['apps', 'v1', 'StatefulSet', '{"spec":{"selector":{},"template":{},"volumeClaimTemplates":[{"status":{"conditions":[{}],"modifyVolumeStatus":{}}}]}}', []],
  ])('required fields of %s/%s %s %s', (group, version, kind, text, expected) => {
    expect(brief(validateSchema(schemaOf(33), { group, version, kind, data: plain(text) }))).toEqual(expected)
  })

  it('finds nothing in kinds that it does not know', () => {
    expect(validateSchema(newest, { group: 'example.com', version: 'v1', kind: 'Deployment', data: plain('{"x":1}') })).toEqual([])
  })

  it('survives data nested beyond measure', () => {
    let schema: JsonObject = {}
    for (let i = 0; i < 50_000; i++) schema = { not: schema }
    const findings = validateDefinition(newest, 'V1JSONSchemaProps', schema, [])
    expect(findings.map(({ code }) => code)).toEqual(['FIELD_TYPE'])
  })
})

describe('messages', () => {
  it.each<[string, number, string, string | undefined]>([
    [',"imagePullpolicy":"x"', 36, 'unknown field "imagePullpolicy"', 'did you mean "imagePullPolicy"?'],
    [',"replicas":2', 36, 'unknown field "replicas"', 'it belongs under spec'],
    [',"capabilities":{}', 36, 'unknown field "capabilities"', 'it belongs under spec.template.spec.containers[0].securityContext'],
    [',"qqqqqqqqq":{}', 36, 'unknown field "qqqqqqqqq"', undefined],
    [
      ',"lifecycle":{"stopSignal":"SIGTERM"}',
      32,
      'field "stopSignal" is not in Kubernetes 1.32: it is known since 1.33',
      'remove it, or choose --kubernetes-version 1.33 or newer',
    ],
    [',"tty":"yes"', 36, 'expected boolean, got string "yes"', 'write true, without quotes'],
    [',"env":[{"name":"A","value":5}]', 36, 'expected string, got integer 5', 'put it in quotes: "5"'],
    [',"ports":[{"containerPort":"80"}]', 36, 'expected integer, got string "80"', 'write 80, without quotes'],
    [',"ports":{}', 36, 'expected list, got map', 'begin each item with a dash'],
  ])('%s in 1.%s', (container, minor, message, hint) => {
    const [finding] = check(deployment(container), schemaOf(minor))
    expect(finding?.message).toBe(message)
    expect(finding?.hint).toBe(hint)
  })

  it('reports a field that was removed', () => {
    const data = plain('{"spec":{"containers":[],"workloadRef":{"name":"x","podGroup":"y"}}}')
    const subject = { group: '', version: 'v1', kind: 'Pod', data }
    expect(validateSchema(schemaOf(35), subject)).toEqual([])
    expect(validateSchema(newest, subject)[0]?.message).toBe('field "workloadRef" is not in Kubernetes 1.36: it was removed in 1.36')
  })
})

const orNull = (schema: object) => ({ anyOf: [{ type: 'null' }, schema] })

describe('against ajv', () => {
  const scalars: Record<string, object> = {
    string: { type: 'string' },
    bool: { type: 'boolean' },
    int32: { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
    int64: { type: 'integer' },
    intstr: { anyOf: [{ type: 'string' }, { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }] },
    quantity: { anyOf: [{ type: 'number' }, { type: 'string', format: 'quantity' }] },
    time: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d' },
    any: {},
  }
  function jsonSchema(type: string): object {
    if (type.startsWith('[]')) return orNull({ type: 'array', items: jsonSchema(type.slice(2)) })
    if (type.startsWith('{}')) return orNull({ type: 'object', additionalProperties: jsonSchema(type.slice(2)) })
    return scalars[type] === undefined ? { $ref: `#/definitions/${type}` } : orNull(scalars[type])
  }

  /** The pod template's definitions as plain JSON Schema. */
  function definitions(root: string): Record<string, object> {
    const names = new Set([root])
    const out: Record<string, object> = {}
    for (const name of names) {
      const properties: Record<string, object> = {}
      for (const [field, type] of newest.definition(name)![0]) {
        const word = type.replace(/^(?:\[\]|\{\})*/, '')
        if (scalars[word] === undefined) names.add(word)
        properties[field] = jsonSchema(type)
      }
      out[name] = orNull({ type: 'object', properties, additionalProperties: false })
    }
    return out
  }

  const ajv = new Ajv({ strict: false, formats: { quantity: { validate: (text: string) => quantityError(text.trim()) === undefined } } })
  const validate = ajv.compile({ definitions: definitions('V1PodTemplateSpec'), $ref: '#/definitions/V1PodTemplateSpec' })

  const leaf = fc.constantFrom<Json>('x', '1Gi', '64MB', '2024-01-01T00:00:00Z', '', 1, 80.5, 3e9, true, null, [], ['x'], {}, { name: 'x' })
  /** Data that mostly follows a definition, and goes wrong at random. */
  const follow = (type: string, depth: number): fc.Arbitrary<Json> => {
    if (depth === 0) return leaf
    if (type.startsWith('[]')) return fc.oneof(leaf, fc.array(follow(type.slice(2), depth - 1), { maxLength: 2 }))
    if (type.startsWith('{}')) return fc.oneof(leaf, fc.dictionary(fc.constantFrom('a', 'b'), follow(type.slice(2), depth - 1)))
    const definition = newest.definition(type)
    if (definition === undefined) return leaf
    const fields = [...definition[0].keys(), 'nope']
    const some = fc.subarray(fields, { maxLength: Math.min(3, fields.length) })
    const object = some.chain((names) =>
      fc.record(Object.fromEntries(names.map((name) => [name, follow(definition[0].get(name) ?? 'any', depth - 1)]))),
    )
    return fc.oneof({ weight: 6, arbitrary: object as fc.Arbitrary<Json> }, { weight: 1, arbitrary: leaf })
  }

  it('comes to the same verdict on shapes as JSON Schema does', () => {
    let refused = 0
    fc.assert(
      fc.property(follow('V1PodTemplateSpec', 5), (data) => {
        const findings = validateDefinition(newest, 'V1PodTemplateSpec', data, []).filter(({ code }) => code !== 'FIELD_REQUIRED')
        if (findings.length > 0) refused++
        expect(findings.length === 0).toBe(validate(data))
      }),
      { numRuns: 400, seed: 1 },
    )
    expect(refused).toBeGreaterThan(50)
    expect(refused).toBeLessThan(390)
  })
})
