import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { limitRangeProblems } from '../../../src/core/inject/limit-ranges.ts'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'

/** [what, the app's resources, the sidecar's, `limits` of a LimitRange, problems] */
type Row = readonly [string, string, string, string, readonly string[]]

interface More {
  readonly sidecar?: 'native' | 'classic' | 'init' | undefined
  readonly pod?: string
  readonly hasPodLevel?: boolean
}

function problems(app: string, sidecar: string, limits: readonly string[], more: More = {}): string[][] {
  const container = (name: string, resources: string, extra = '') => `{name: ${name}, resources: ${resources}${extra}}`
  const spec = (containers: string, inits: string) =>
    parse(`{containers: [${containers}], initContainers: [${inits}]${more.pod === undefined ? '' : `, resources: ${more.pod}`}}`) as JsonObject
  const { sidecar: mode = 'native', hasPodLevel = true } = more
  const ours = container('side', sidecar, mode === 'native' ? ', restartPolicy: Always' : '')
  const own = container('app', app)
  const list = mode === 'classic' ? 'containers' : 'initContainers'
  return limitRangeProblems(limits.map((text) => parse(`[${text}]`) as Json), {
    before: spec(own, ''),
    after: mode === 'classic' ? spec(`${own}, ${ours}`, '') : spec(own, ours),
    isSidecar: (found) => found.list === list && found.name === 'side',
    hasPodLevel,
  })
}

const CONTAINER: readonly Row[] = [
  ['in bounds', '{}', '{limits: {memory: 64Mi}}', '{type: Container, max: {memory: 64Mi}}', []],
  ['max', '{}', '{limits: {memory: 65Mi}}', '{type: Container, max: {memory: 64Mi}}',
    ['limits.memory of container side is 65Mi, the maximum is 64Mi']],
  ['max fills a limit in', '{}', '{}', '{type: Container, max: {cpu: "1"}}', []],
  ['max of a request without a limit', '{}', '{requests: {cpu: "2"}}', '{type: Container, max: {cpu: "1"}, default: {cpu: "1"}}',
    ['requests.cpu of container side is 2, the maximum is 1',
      'requests.cpu of container side is 2, above the default limit of 1']],
  ['min', '{}', '{requests: {cpu: 10m}}', '{type: Container, min: {cpu: 50m}}',
    ['requests.cpu of container side is 10m, the minimum is 50m']],
  ['min of a limit, which is the request', '{}', '{limits: {cpu: 10m}}', '{type: Container, min: {cpu: 50m}}',
    ['requests.cpu of container side is 10m, the minimum is 50m']],
  ['min fills a request in', '{}', '{}', '{type: Container, min: {cpu: 50m}}', []],
  ['defaultRequest below min is not ours to judge, but the pod is', '{}', '{}',
    '{type: Container, min: {cpu: 50m}, defaultRequest: {cpu: 20m}}',
    ['requests.cpu of container side is 20m, the minimum is 50m']],
  ['default below the request', '{}', '{requests: {memory: 256Mi}}', '{type: Container, default: {memory: 128Mi}}',
    ['requests.memory of container side is 256Mi, above the default limit of 128Mi']],
  ['ratio', '{}', '{requests: {cpu: 10m}, limits: {cpu: 50m}}', '{type: Container, maxLimitRequestRatio: {cpu: 4}}',
    ['limits.cpu of container side is 5 times its request (50m to 10m), the maximum ratio of limit to request is 4']],
  ['ratio, met', '{}', '{requests: {cpu: 10m}, limits: {cpu: 40m}}', '{type: Container, maxLimitRequestRatio: {cpu: 4}}', []],
  ['ratio with a fraction', '{}', '{requests: {cpu: 2}, limits: {cpu: 3}}', '{type: Container, maxLimitRequestRatio: {cpu: 1500m}}', []],
  ['ratio of a limit alone is 1', '{}', '{limits: {memory: 1Gi}}', '{type: Container, maxLimitRequestRatio: {memory: 1}}', []],
  ['ratio without a request', '{}', '{}', '{type: Container, maxLimitRequestRatio: {cpu: 4}}',
    ['requests.cpu of container side is not set or 0, the maximum ratio of limit to request is 4']],
  ['ratio without a limit', '{}', '{requests: {cpu: 1}}', '{type: Container, maxLimitRequestRatio: {cpu: 4}}',
    ['limits.cpu of container side is not set or 0, the maximum ratio of limit to request is 4']],
  ['ratio with defaults', '{}', '{}',
    '{type: Container, default: {cpu: 1}, defaultRequest: {cpu: 100m}, maxLimitRequestRatio: {cpu: 4}}',
    ['limits.cpu of container side is 10 times its request (1 to 100m), the maximum ratio of limit to request is 4']],
  ['a container of the user is the user\'s', '{limits: {memory: 1Gi}}', '{limits: {memory: 1Mi}}', '{type: Container, max: {memory: 64Mi}}', []],
  ['a claim is none of them', '{}', '{limits: {memory: 65Mi}}', '{type: PersistentVolumeClaim, max: {storage: 1Gi}}', []],
]

const POD: readonly Row[] = [
  ['in bounds', '{limits: {memory: 100Mi}}', '{limits: {memory: 64Mi}}', '{type: Pod, max: {memory: 164Mi}}', []],
  ['max', '{limits: {memory: 100Mi}}', '{limits: {memory: 64Mi}}', '{type: Pod, max: {memory: 120Mi}}',
    ['limits.memory of the pod is 164Mi, the maximum is 120Mi']],
  ['max, exceeded without the sidecar, too', '{limits: {memory: 130Mi}}', '{limits: {memory: 64Mi}}', '{type: Pod, max: {memory: 120Mi}}', []],
  ['max, with no limit before', '{}', '{limits: {memory: 64Mi}}', '{type: Pod, max: {memory: 1Mi}}', []],
  ['min of limits, which the app does not have', '{requests: {memory: 200Mi}}', '{limits: {memory: 64Mi}}', '{type: Pod, min: {memory: 100Mi}}',
    ['limits.memory of the pod is 64Mi, the minimum is 100Mi']],
  ['ratio', '{requests: {cpu: 1}, limits: {cpu: 2}}', '{requests: {cpu: 100m}, limits: {cpu: 2}}', '{type: Pod, maxLimitRequestRatio: {cpu: 2}}',
    ['limits.cpu of the pod is 3.636 times its request (4 to 1100m), the maximum ratio of limit to request is 2']],
  ['ratio, exceeded without the sidecar, too', '{requests: {cpu: 1}, limits: {cpu: 3}}', '{requests: {cpu: 100m}, limits: {cpu: 2}}', '{type: Pod, maxLimitRequestRatio: {cpu: 2}}', []],
  ['defaults of containers count', '{limits: {memory: 100Mi}}', '{}', '{type: Container, default: {memory: 50Mi}}, {type: Pod, max: {memory: 120Mi}}',
    ['limits.memory of the pod is 150Mi, the maximum is 120Mi']],
]

describe('a LimitRange would reject pods', () => {
  it.each(CONTAINER)('by their containers: %s', (_, app, sidecar, limits, expected) => {
    expect(problems(app, sidecar, [limits])).toEqual([expected])
    expect(problems(app, sidecar, [limits], { sidecar: 'classic' })).toEqual([expected])
    expect(problems(app, sidecar, [limits], { sidecar: 'init' })).toEqual([expected])
  })

  it.each(POD)('as a whole: %s', (_, app, sidecar, limits, expected) => {
    expect(problems(app, sidecar, [limits])).toEqual([expected])
    expect(problems(app, sidecar, [limits], { sidecar: 'classic' })).toEqual([expected])
  })

  it.each<[string, string, string, string, string, string[]]>([
    // Plain init containers run before the app: the larger of both counts.
    ['an init container below the app', '{limits: {memory: 100Mi}}', '{limits: {memory: 64Mi}}', 'init', '{type: Pod, max: {memory: 120Mi}}', []],
    ['an init container above the app', '{limits: {memory: 100Mi}}', '{limits: {memory: 121Mi}}', 'init', '{type: Pod, max: {memory: 120Mi}}',
      ['limits.memory of the pod is 121Mi, the maximum is 120Mi']],
  ])('as a whole, with %s', (_, app, sidecar, mode, limits, expected) => {
    expect(problems(app, sidecar, [limits], { sidecar: mode as More['sidecar'] })).toEqual([expected])
  })

  it.each<[string, string, string, string, string, string[]]>([
    ['its own resources count in place of the sum', '{limits: {memory: 100Mi}, requests: {memory: 100Mi}}', '{limits: {memory: 100Mi}}', '{limits: {memory: 64Mi}}', '{type: Pod, max: {memory: 120Mi}}', []],
    ['those that it does not give are the sum', '{limits: {cpu: 1}}', '{limits: {memory: 100Mi}}', '{limits: {memory: 64Mi}}', '{type: Pod, max: {memory: 120Mi}}',
      ['limits.memory of the pod is 164Mi, the maximum is 120Mi']],
    ['other resources are the sum', '{limits: {memory: 100Mi}}', '{limits: {ephemeral-storage: 1Gi}}', '{limits: {ephemeral-storage: 1Gi}}', '{type: Pod, max: {ephemeral-storage: 1Gi}}',
      ['limits.ephemeral-storage of the pod is 2Gi, the maximum is 1Gi']],
    ['default requests exceed its request', '{requests: {memory: 100Mi}, limits: {memory: 1Gi}}', '{requests: {memory: 80Mi}}', '{}', '{type: Container, defaultRequest: {memory: 50Mi}}',
      ['the containers with default requests ask for 130Mi of memory, above the pod\'s request of 100Mi']],
    ['its ratio does not change', '{requests: {cpu: 1}, limits: {cpu: 2}}', '{}', '{requests: {cpu: 100m}, limits: {cpu: 2}}', '{type: Pod, maxLimitRequestRatio: {cpu: 2}}', []],
  ])('with resources of the whole pod: %s', (_, pod, app, sidecar, limits, expected) => {
    expect(problems(app, sidecar, [limits], { pod })).toEqual([expected])
  })

  it('with resources of the whole pod, where a default limit exceeds its limit', () => {
    const range = '{type: Container, default: {memory: 200Mi}, defaultRequest: {memory: 0}}'
    const [app, pod] = ['{limits: {memory: 80Mi}}', '{limits: {memory: 100Mi}}']
    expect(problems(app, '{}', [range], { pod, sidecar: 'classic' }))
      .toEqual([['limits.memory of container side is 200Mi by default, above the pod\'s limit of 100Mi']])
    // The API server compares no limits of init containers.
    expect(problems(app, '{}', [range], { pod })).toEqual([[]])
  })

  it('with resources of the whole pod, which older servers drop', () => {
    const pod = '{limits: {memory: 100Mi}}'
    expect(problems('{limits: {memory: 100Mi}}', '{limits: {memory: 64Mi}}', ['{type: Pod, max: {memory: 120Mi}}'], { pod, hasPodLevel: false }))
      .toEqual([['limits.memory of the pod is 164Mi, the maximum is 120Mi']])
  })

  it('by the defaults of another one', () => {
    expect(problems('{limits: {memory: 100Mi}}', '{}', ['{type: Pod, max: {memory: 120Mi}}', '{type: Container, default: {memory: 50Mi}}']))
      .toEqual([['limits.memory of the pod is 150Mi, the maximum is 120Mi'], []])
  })
})
