import { Environment } from '@marcbachmann/cel-js'
import { describe, expect, it } from 'vitest'
import { mutatingAdmissionPolicy } from '../../../src/core/admission/admission-policy.ts'
import { planExport } from '../../../src/core/admission/plan-export.ts'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { DEFAULTS } from '../inject/run.ts'
import { policyOf } from './policy-of.ts'
import { pods } from './pods.ts'
import { evaluateVariable, toJson } from './run-policy.ts'

/** Functions of the API server that the package does not have. */
const LACKING = /transformList|findAll|[.]find[(]|[.]max[(]|[.]replace[(]/

const whole = (value: unknown): unknown => {
  if (typeof value === 'number') return BigInt(value)
  if (Array.isArray(value)) return value.map(whole)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, whole(one)]))
  return value
}
const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value, (_key, one: unknown) => (typeof one === 'bigint' ? Number(one) : one))) as Json

describe('a second evaluator, of the package that parses, comes to the same', () => {
  it('variables of logging', async () => {
    const plan = await planExport({ ...DEFAULTS, policy: await policyOf('spec: {rules: [{match: {labels: "app in (web)"}, add: [logging]}]}') })
    const [policy] = mutatingAdmissionPolicy(
      { name: 'p', sidecars: plan.sidecars, rules: plan.rules, excludedNamespaces: ['kube-system'], failurePolicy: 'Fail', namespaceSelector: {} },
      'v1',
    ) as [JsonObject]
    const { variables } = policy['spec'] as unknown as { variables: { name: string; expression: string }[] }
    const environment = new Environment({ enableOptionalTypes: true, unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false })
    const compared = new Set<string>()
    for (const pod of Object.values(pods('/var/log/app', 'logging', 2020))) {
      const known = Object.fromEntries(variables.map(({ name }) => [name, toJson(evaluateVariable(policy, name, pod))]))
      for (const { name, expression } of variables.filter((one) => !LACKING.test(one.expression))) {
        const namespaceObject = { metadata: { name: 'default' } }
        const given = { object: pod, variables: known, request: { namespace: 'default' }, namespaceObject }
        const value: unknown = environment.evaluate(expression, whole(given) as Record<string, unknown>)
        compared.add(name)
        expect(plain(value), name).toEqual(known[name])
      }
    }
    expect([...compared]).toEqual(expect.arrayContaining(['pod_asked', 'rule_1', 'logging_wanted', 'logging_folder1', 'logging_fits', 'logging_mounts', 'logging_created']))
  })
})
