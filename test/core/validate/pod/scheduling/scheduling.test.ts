// Small builders stand beside the table that uses them.
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../src/core/json/json.ts'
import { check, container, type Options } from '../check.ts'

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'
const pod = (fields: JsonObject): JsonObject => container({}, fields)

describe('node selectors and affinity', () => {
  const hard = (...terms: JsonObject[]): JsonObject =>
    pod({ affinity: { nodeAffinity: { [REQUIRED]: { nodeSelectorTerms: terms } } } })
  const soft = (term: JsonObject): JsonObject => pod({ affinity: { nodeAffinity: { [PREFERRED]: [term] } } })
  const match = (fields: JsonObject): JsonObject => ({
    matchExpressions: [{ key: 'a', operator: 'In', values: ['b'], ...fields }],
  })
  const field = (fields: JsonObject): JsonObject => ({
    matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'], ...fields }],
  })
  const terms = `affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms`
  const one = `${terms}[0].matchExpressions[0]`
  test.each<[string, JsonObject, string[], Options?]>([
    ['a selector', pod({ nodeSelector: { 'kubernetes.io/os': 'linux' } }), []],
    ['a bad value', pod({ nodeSelector: { a: 'b c' } }), ['SELECTOR_INVALID nodeSelector[a]']],
    ['a bad key', pod({ nodeSelector: { '-a': 'b' } }), ['SELECTOR_INVALID nodeSelector[-a]']],
    [
      'an old label',
      pod({ nodeSelector: { 'beta.kubernetes.io/os': 'linux' } }),
      ['~NODE_LABEL_DEPRECATED nodeSelector[beta.kubernetes.io/os]'],
    ],
    ['a term', hard(match({})), []],
    ['no term', hard(), [`FIELD_REQUIRED ${terms}`]],
    ['an empty term', hard({}), []],
    ['no values', hard(match({ values: [] })), [`FIELD_REQUIRED ${one}.values`]],
    ['values of no use', hard(match({ operator: 'Exists' })), [`SELECTOR_INVALID ${one}.values`]],
    ['two numbers', hard(match({ operator: 'Gt', values: ['1', '2'] })), [`FIELD_REQUIRED ${one}.values`]],
    ['an unknown operator', hard(match({ operator: 'in' })), [`SELECTOR_INVALID ${one}.operator`]],
    ['no key', hard(match({ key: '' })), [`FIELD_REQUIRED ${one}.key`]],
    ['a bad value of a term', hard(match({ values: ['a b'] })), [`SELECTOR_INVALID ${one}.values[0]`]],
    ['a bad value of a term, before', hard(match({ values: ['a b'] })), [], { minor: 31 }],
    ['a node by name', hard(field({})), []],
    ['two nodes', hard(field({ values: ['a', 'b'] })), [`FIELD_REQUIRED ${terms}[0].matchFields[0].values`]],
    [
      'another field',
      hard(field({ key: 'metadata.uid' })),
      [`SELECTOR_INVALID ${terms}[0].matchFields[0].key`],
    ],
    [
      'another operator',
      hard(field({ operator: 'Exists' })),
      [`SELECTOR_INVALID ${terms}[0].matchFields[0].operator`],
    ],
    ['a preference', soft({ weight: 1, preference: match({ values: ['a b'] }) }), []],
    ['no weight', soft({ preference: {} }), [`AFFINITY_INVALID affinity.nodeAffinity.${PREFERRED}[0].weight`]],
    [
      'a weight too high',
      soft({ weight: 101, preference: {} }),
      [`AFFINITY_INVALID affinity.nodeAffinity.${PREFERRED}[0].weight`],
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe('pod affinity', () => {
  const good = { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { a: 'b' } } }
  const hard = (fields: JsonObject): JsonObject =>
    pod({ affinity: { podAntiAffinity: { [REQUIRED]: [{ ...good, ...fields }] } } })
  const at = `affinity.podAntiAffinity.${REQUIRED}[0]`
  test.each<[string, JsonObject, string[], Options?]>([
    ['a term', hard({}), []],
    ['no topology', hard({ topologyKey: '' }), [`FIELD_REQUIRED ${at}.topologyKey`]],
    ['a bad topology', hard({ topologyKey: 'a b' }), [`AFFINITY_INVALID ${at}.topologyKey`]],
    ['no selector', hard({ labelSelector: null }), [`~SELECTOR_MISSING ${at}.labelSelector`]],
    [
      'a bad selector',
      hard({ labelSelector: { matchExpressions: [{ key: 'a', operator: 'Is' }] } }),
      [`SELECTOR_INVALID ${at}.labelSelector.matchExpressions[0].operator`],
    ],
    [
      'numbers are for nodes',
      hard({ labelSelector: { matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] } }),
      [`SELECTOR_INVALID ${at}.labelSelector.matchExpressions[0].operator`],
    ],
    ['a bad namespace', hard({ namespaces: ['A'] }), [`AFFINITY_INVALID ${at}.namespaces[0]`]],
    ['label keys', hard({ matchLabelKeys: ['c'] }), []],
    [
      'label keys without a selector',
      hard({ labelSelector: null, mismatchLabelKeys: ['c'] }),
      [`AFFINITY_INVALID ${at}.mismatchLabelKeys`, `~SELECTOR_MISSING ${at}.labelSelector`],
    ],
    [
      'a label key on both sides',
      hard({ matchLabelKeys: ['c'], mismatchLabelKeys: ['c'] }),
      [`AFFINITY_INVALID ${at}.matchLabelKeys[0]`],
    ],
    ['a label key in the selector of a template', hard({ matchLabelKeys: ['a'] }), []],
    [
      'a label key in the selector of a Pod',
      hard({ matchLabelKeys: ['a'] }),
      [`AFFINITY_INVALID ${at}.matchLabelKeys[0]`],
      { kind: 'Pod', metadata: { labels: { a: 'b' } } },
    ],
    [
      'a weighted term',
      pod({ affinity: { podAffinity: { [PREFERRED]: [{ weight: 0, podAffinityTerm: good }] } } }),
      [`AFFINITY_INVALID affinity.podAffinity.${PREFERRED}[0].weight`],
    ],
    [
      'a weight alone',
      pod({ affinity: { podAffinity: { [PREFERRED]: [{ weight: 1 }] } } }),
      [`FIELD_REQUIRED affinity.podAffinity.${PREFERRED}[0].podAffinityTerm.topologyKey`],
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe('tolerations', () => {
  const one = (toleration: JsonObject): JsonObject => pod({ tolerations: [toleration] })
  const at = 'tolerations[0]'
  test.each<[string, JsonObject, string[]]>([
    ['a value', one({ key: 'a', value: 'b', effect: 'NoSchedule' }), []],
    ['everything', one({ operator: 'Exists' }), []],
    ['no key', one({ value: 'b' }), [`TOLERATION_INVALID ${at}.operator`]],
    [
      'a value of no use',
      one({ key: 'a', operator: 'Exists', value: 'b' }),
      [`TOLERATION_INVALID ${at}.operator`],
    ],
    ['a bad value', one({ key: 'a', value: 'b c' }), [`TOLERATION_INVALID ${at}.value`]],
    ['a bad key', one({ key: 'a b', operator: 'Exists' }), [`TOLERATION_INVALID ${at}.key`]],
    ['an unknown operator', one({ key: 'a', operator: 'Exist' }), [`TOLERATION_INVALID ${at}.operator`]],
    [
      'a comparison while the gate is off',
      one({ key: 'a', operator: 'Gt', value: '1' }),
      [`TOLERATION_INVALID ${at}.operator`],
    ],
    ['an unknown effect', one({ key: 'a', effect: 'NoRun' }), [`TOLERATION_INVALID ${at}.effect`]],
    ['seconds', one({ key: 'a', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: -1 }), []],
    [
      'seconds of another effect',
      one({ key: 'a', operator: 'Exists', tolerationSeconds: 1 }),
      [`TOLERATION_INVALID ${at}.effect`],
    ],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})

describe('topology spread', () => {
  const good = {
    maxSkew: 1,
    topologyKey: 'zone',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: { matchLabels: { a: 'b' } },
  }
  const spread = (...list: JsonObject[]): JsonObject =>
    pod({ topologySpreadConstraints: list.map((fields) => Object.assign({}, good, fields)) })
  const at = 'topologySpreadConstraints[0]'
  const CODE = 'TOPOLOGY_SPREAD_INVALID'
  test.each<[string, JsonObject, string[], Options?]>([
    ['one', spread({ minDomains: 2, nodeTaintsPolicy: 'Honor' }), []],
    ['no skew', spread({ maxSkew: 0 }), [`${CODE} ${at}.maxSkew`]],
    ['no topology', spread({ topologyKey: '' }), [`FIELD_REQUIRED ${at}.topologyKey`]],
    ['an unknown action', spread({ whenUnsatisfiable: 'Wait' }), [`${CODE} ${at}.whenUnsatisfiable`]],
    ['twice', spread({}, {}), [`${CODE} topologySpreadConstraints[1]`]],
    ['twice, otherwise', spread({}, { whenUnsatisfiable: 'ScheduleAnyway' }), []],
    [
      'domains for a wish',
      spread({ whenUnsatisfiable: 'ScheduleAnyway', minDomains: 2 }),
      [`${CODE} ${at}.minDomains`],
    ],
    ['no domains', spread({ minDomains: 0 }), [`${CODE} ${at}.minDomains`]],
    ['an unknown policy', spread({ nodeAffinityPolicy: 'honor' }), [`${CODE} ${at}.nodeAffinityPolicy`]],
    ['no selector', spread({ labelSelector: null }), [`~SELECTOR_MISSING ${at}.labelSelector`]],
    ['label keys', spread({ matchLabelKeys: ['pod-template-hash'] }), []],
    ['label keys of the selector', spread({ matchLabelKeys: ['a'] }), []],
    [
      'label keys of the selector, before',
      spread({ matchLabelKeys: ['a'] }),
      [`${CODE} ${at}.matchLabelKeys[0]`],
      { minor: 33 },
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe('gates', () => {
  test.each<[string, JsonObject, string[], Options?]>([
    ['of scheduling', pod({ schedulingGates: [{ name: 'example.com/a' }] }), []],
    [
      'twice',
      pod({ schedulingGates: [{ name: 'a' }, { name: 'a' }] }),
      ['SCHEDULING_GATE_INVALID schedulingGates[1].name'],
    ],
    [
      'malformed',
      pod({ schedulingGates: [{ name: 'a b' }] }),
      ['SCHEDULING_GATE_INVALID schedulingGates[0].name'],
    ],
    [
      'on a node',
      pod({ schedulingGates: [{ name: 'a' }], nodeName: 'n' }),
      ['SCHEDULING_GATE_INVALID nodeName'],
      { kind: 'Pod' },
    ],
    ['on a node, in a template', pod({ schedulingGates: [{ name: 'a' }], nodeName: 'n' }), []],
    ['of readiness', pod({ readinessGates: [{ conditionType: 'example.com/a' }] }), []],
    ['of no condition', pod({ readinessGates: [{}] }), ['FIELD_REQUIRED readinessGates[0].conditionType']],
    [
      'of a bad condition',
      pod({ readinessGates: [{ conditionType: 'a b' }] }),
      ['POD_NAME_INVALID readinessGates[0].conditionType'],
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})
