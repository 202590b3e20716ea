import { describe, expect, test } from 'vitest'
import { formatJsonPath, type JsonObject } from '../../../../src/core/json/json.ts'
import type { CelEnvironment } from '../../../../src/core/cel/environment.ts'
import { validateObject } from '../../../../src/core/validate/object-validator.ts'
import { object } from './suite.ts'

/** The expressions of an object with what they may name and must come to; each is said not to compile. */
function compiled(data: JsonObject): { seen: [string, CelEnvironment][]; found: string[] } {
  const seen: [string, CelEnvironment][] = []
  const found: string[] = []
  const [group = '', version = ''] = String(data['apiVersion']).split('/')
  const ctx = {
    data, group, version, kind: String(data['kind']), kubeVersion: { minor: 36 },
    compileCel: (text: string, environment: CelEnvironment) => {
      seen.push([text, environment])
      return ['no']
    },
    report: ({ path, message }: { path: (string | number)[]; message: string }) => void (message.includes('compilation failed: no') && found.push(formatJsonPath(path))),
  }
  validateObject(ctx as never, () => {})
  return { seen, found }
}

const constraints = { resourceRules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }] }

describe('expressions', () => {
  test('of a policy: each with its names and its place', () => {
    const spec = {
      matchConstraints: constraints,
      paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
      matchConditions: [{ name: 'm', expression: 'a' }],
      variables: [{ name: 'v', expression: 'b' }, { name: 'w', expression: 'c' }],
      validations: [{ expression: 'd', messageExpression: 'e' }],
      auditAnnotations: [{ key: 'k', valueExpression: 'f' }],
    }
    const { seen, found } = compiled(object('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', { spec }))
    const all = ['object', 'oldObject', 'request', 'namespaceObject', 'params']
    const v = { name: 'v', expression: 'b', before: undefined }
    const w = { name: 'w', expression: 'c', before: v }
    const hasPatchTypes = false
    expect(Object.fromEntries(seen)).toEqual({
      a: { variables: [...all, 'authorizer'], hasPatchTypes, results: ['bool'] },
      b: { variables: [...all, 'authorizer'], hasPatchTypes },
      c: { variables: [...all, 'authorizer'], hasPatchTypes, composed: v },
      d: { variables: [...all, 'authorizer'], hasPatchTypes, composed: w, results: ['bool'] },
      e: { variables: all, hasPatchTypes, composed: w, results: ['string'] },
      f: { variables: [...all, 'authorizer'], hasPatchTypes, composed: w, results: ['string', 'null'] },
    })
    expect(found).toEqual([
      'spec.matchConditions[0].expression', 'spec.variables[0].expression', 'spec.variables[1].expression',
      'spec.validations[0].expression', 'spec.validations[0].messageExpression', 'spec.auditAnnotations[0].valueExpression',
    ])
  })

  test('of a mutation come to an object, or to a list of patches', () => {
    const mutations = [{ patchType: 'JSONPatch', jsonPatch: { expression: 'a' } }, { patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'b' } }]
    const { seen } = compiled(object('admissionregistration.k8s.io/v1', 'MutatingAdmissionPolicy', { spec: { matchConstraints: constraints, reinvocationPolicy: 'Never', mutations } }))
    expect(seen.map(([text, { results }]) => [text, results])).toEqual([['a', ['list(JSONPatch)']], ['b', ['Object']]])
  })

  test('of a mutation have the types for patches, but not those of its variables and conditions', () => {
    const mutations = [{ patchType: 'JSONPatch', jsonPatch: { expression: 'a' } }]
    const more = { variables: [{ name: 'v', expression: 'b' }], matchConditions: [{ name: 'm', expression: 'c' }] }
    const { seen } = compiled(object('admissionregistration.k8s.io/v1', 'MutatingAdmissionPolicy', { spec: { matchConstraints: constraints, reinvocationPolicy: 'Never', mutations, ...more } }))
    expect(seen.map(([text, { hasPatchTypes }]) => [text, hasPatchTypes])).toEqual([['c', false], ['b', false], ['a', true]])
  })

  test('of webhooks and of devices', () => {
    const webhook = { name: 'a.b.c', sideEffects: 'None', admissionReviewVersions: ['v1'], clientConfig: { url: 'https://a/' }, matchConditions: [{ name: 'm', expression: 'a' }] }
    expect(compiled(object('admissionregistration.k8s.io/v1', 'MutatingWebhookConfiguration', { webhooks: [webhook] })).found).toEqual(['webhooks[0].matchConditions[0].expression'])
    const devices = { requests: [{ name: 'a', exactly: { deviceClassName: 'b', selectors: [{ cel: { expression: 'c' } }] } }] }
    const { seen, found } = compiled(object('resource.k8s.io/v1', 'ResourceClaim', { spec: { devices } }))
    expect(seen).toEqual([['c', { variables: ['device'], results: ['bool', 'any'] }]])
    expect(found).toEqual(['spec.devices.requests[0].exactly.selectors[0].cel.expression'])
  })
})
