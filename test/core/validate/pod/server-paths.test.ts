import { describe, expect, test } from 'vitest'
import { formatJsonPath, type JsonObject } from '../../../../src/core/json/json.ts'
import { container, findings } from './check.ts'

/** A pod spec, the path that the API server prints for its fault, and the field that we point at. */
const COARSER: [JsonObject, string, string][] = [
  [
    container(
      { volumeMounts: [{ name: 'v', mountPath: '/a', subPath: '../x' }] },
      { volumes: [{ name: 'v' }] },
    ),
    'containers[0].volumeMounts.subPath',
    'containers[0].volumeMounts[0].subPath',
  ],
  [
    container({ resources: { requests: { cpu: 2 }, limits: { cpu: 1 } } }),
    'containers[0].resources.requests',
    'containers[0].resources.requests[cpu]',
  ],
  [
    container({ resources: { claims: [{ name: 'gpu' }] } }),
    'containers[0].resources.claims[0]',
    'containers[0].resources.claims[0].name',
  ],
  [container({ envFrom: [{}] }), 'containers[0].envFrom', 'containers[0].envFrom[0]'],
  [
    container({ lifecycle: { preStop: { sleep: { seconds: 99 } } } }),
    'containers[0].lifecycle.preStop.sleep',
    'containers[0].lifecycle.preStop.sleep.seconds',
  ],
  [container({}, { nodeSelector: { '-x': 'a' } }), 'nodeSelector', 'nodeSelector[-x]'],
  [container({}, { schedulingGates: [{ name: 'a b' }] }), 'schedulingGates[0]', 'schedulingGates[0].name'],
  [
    container({}, { tolerations: [{ key: 'a', operator: 'Equal', value: 'a b' }] }),
    'tolerations[0].operator',
    'tolerations[0].value',
  ],
]

describe('paths as the API server prints them', () => {
  test.each(COARSER)('%j', (spec, printed, exact) => {
    const [finding] = findings(spec)
    expect(finding && formatJsonPath(finding.path)).toBe(printed)
    expect(finding?.at && formatJsonPath(finding.at)).toBe(exact)
  })
})
