// Small builders stand beside the table that uses them.
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../src/core/json/json.ts'
import { check, container, type Options } from '../check.ts'

const init = (fields: JsonObject): JsonObject =>
  container({}, { initContainers: [{ name: 'i', image: 'i', ...fields }] })
const rule = (fields: JsonObject = {}): JsonObject => ({
  action: 'Restart',
  exitCodes: { operator: 'In', values: [1] },
  ...fields,
})
const rules = (...list: JsonObject[]): JsonObject =>
  container({ restartPolicy: 'Never', restartPolicyRules: list })
const CODE = 'CONTAINER_RESTART_INVALID'
const here = 'containers[0].restartPolicyRules'

describe('restart policies', () => {
  test.each<[string, JsonObject, string[], Options?]>([
    ['a sidecar', init({ restartPolicy: 'Always' }), []],
    ['a sidecar, before', init({ restartPolicy: 'Always' }), [], { minor: 31 }],
    ['never', init({ restartPolicy: 'Never' }), []],
    [
      'never, before',
      init({ restartPolicy: 'Never' }),
      [`${CODE} initContainers[0].restartPolicy`],
      { minor: 33 },
    ],
    [
      'never, while the gate is off',
      init({ restartPolicy: 'Never' }),
      ['~FIELD_DROPPED initContainers[0].restartPolicy'],
      { minor: 34 },
    ],
    ['unknown', init({ restartPolicy: 'Sometimes' }), [`${CODE} initContainers[0].restartPolicy`]],
    ['of a regular container', container({ restartPolicy: 'Always' }), []],
    [
      'of a regular container, before',
      container({ restartPolicy: 'Always' }),
      [`${CODE} containers[0].restartPolicy`],
      { minor: 33 },
    ],
    ['rules', rules(rule()), []],
    ['rules for all containers', rules(rule({ action: 'RestartAllContainers' })), []],
    [
      'rules for all containers, before',
      rules(rule({ action: 'RestartAllContainers' })),
      [`${CODE} ${here}[0].action`],
      { minor: 35 },
    ],
    [
      'rules without a policy',
      container({ restartPolicyRules: [rule()] }),
      ['FIELD_REQUIRED containers[0].restartPolicy'],
    ],
    ['no exit codes', rules(rule({ exitCodes: null })), [`FIELD_REQUIRED ${here}[0].exitCodes`]],
    [
      'an unknown operator',
      rules(rule({ exitCodes: { operator: 'Is' } })),
      [`${CODE} ${here}[0].exitCodes.operator`],
    ],
    ['21 rules', rules(...Array.from({ length: 21 }, () => rule())), [`${CODE} ${here}`]],
    [
      '256 values',
      rules(rule({ exitCodes: { operator: 'In', values: Array.from({ length: 256 }, (_, i) => i) } })),
      [`${CODE} ${here}[0].exitCodes.values`],
    ],
    [
      'rules of a sidecar, before',
      init({ restartPolicy: 'Always', restartPolicyRules: [rule()] }),
      [`${CODE} initContainers[0].restartPolicyRules`],
      { minor: 35 },
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe('resize policies', () => {
  const resize = (...list: JsonObject[]): JsonObject => container({ resizePolicy: list })
  const cpu = { resourceName: 'cpu', restartPolicy: 'NotRequired' }
  const at = 'containers[0].resizePolicy'
  test.each<[string, JsonObject, string[], Options?]>([
    ['cpu', resize(cpu), []],
    ['twice', resize(cpu, cpu), [`RESIZE_POLICY_INVALID ${at}[1].resourceName`]],
    ['storage', resize({ ...cpu, resourceName: 'storage' }), [`RESIZE_POLICY_INVALID ${at}[0].resourceName`]],
    ['nothing', resize({}), [`FIELD_REQUIRED ${at}[0].resourceName`, `FIELD_REQUIRED ${at}[0].restartPolicy`]],
    ['unknown', resize({ ...cpu, restartPolicy: 'Maybe' }), [`RESIZE_POLICY_INVALID ${at}[0].restartPolicy`]],
    [
      'restart in a pod that never does',
      container({ resizePolicy: [{ ...cpu, restartPolicy: 'RestartContainer' }] }, { restartPolicy: 'Never' }),
      [`RESIZE_POLICY_INVALID ${at}[0].restartPolicy`],
    ],
    [
      'restart of an init container',
      init({ resizePolicy: [{ ...cpu, restartPolicy: 'RestartContainer' }] }),
      ['RESIZE_POLICY_INVALID initContainers[0].resizePolicy[0].restartPolicy'],
    ],
    ['while the gate is off', resize({}), [`~FIELD_DROPPED ${at}`], { minor: 32 }],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})
