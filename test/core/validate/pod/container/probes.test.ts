// Small builders stand beside the table that uses them.
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../src/core/json/json.ts'
import { check, container, type Options } from '../check.ts'

const live = (fields: JsonObject): JsonObject =>
  container({ livenessProbe: { exec: { command: ['a'] }, ...fields } })
const http = (fields: JsonObject): JsonObject =>
  container({ livenessProbe: { httpGet: { port: 80, ...fields } } })
const hook = (handler: JsonObject, spec: JsonObject = {}): JsonObject =>
  container({ lifecycle: { preStop: handler } }, spec)
const here = 'containers[0].livenessProbe'

describe('probes', () => {
  test.each<[string, JsonObject, string[]]>([
    ['a command', live({}), []],
    ['no handler', container({ readinessProbe: {} }), ['FIELD_REQUIRED containers[0].readinessProbe']],
    ['two handlers', live({ tcpSocket: { port: 80 } }), [`HANDLER_CONFLICT ${here}.tcpSocket`]],
    ['an empty command', container({ livenessProbe: { exec: {} } }), [`FIELD_REQUIRED ${here}.exec.command`]],
    ['a port by name', http({ port: 'http' }), []],
    ['a port that is a quoted number', http({ port: '80' }), [`PROBE_PORT_INVALID ${here}.httpGet.port`]],
    ['a long port name', http({ port: 'a-very-long-name' }), [`PROBE_PORT_INVALID ${here}.httpGet.port`]],
    ['no port', http({ port: null }), [`PROBE_PORT_INVALID ${here}.httpGet.port`]],
    ['a scheme', http({ scheme: 'HTTPS' }), []],
    ['a scheme in lower case', http({ scheme: 'https' }), [`HANDLER_INVALID ${here}.httpGet.scheme`]],
    ['a header', http({ httpHeaders: [{ name: 'X-A', value: 'b' }] }), []],
    [
      'a bad header',
      http({ httpHeaders: [{ name: 'X_A' }] }),
      [`HANDLER_INVALID ${here}.httpGet.httpHeaders[0].name`],
    ],
    ['grpc', container({ livenessProbe: { grpc: { port: 1, service: 's' } } }), []],
    [
      'grpc without a port',
      container({ livenessProbe: { grpc: {} } }),
      [`PROBE_PORT_INVALID ${here}.grpc.port`],
    ],
    ['negative', live({ periodSeconds: -1 }), [`PROBE_VALUE_INVALID ${here}.periodSeconds`]],
    ['zero is the default', live({ periodSeconds: 0, timeoutSeconds: 0, successThreshold: 0 }), []],
    ['two successes for life', live({ successThreshold: 2 }), [`PROBE_VALUE_INVALID ${here}.successThreshold`]],
    [
      'two successes for readiness',
      container({ readinessProbe: { tcpSocket: { port: 1 }, successThreshold: 2 } }),
      [],
    ],
    ['a grace period of its own', live({ terminationGracePeriodSeconds: 5 }), []],
    [
      'none at all',
      live({ terminationGracePeriodSeconds: 0 }),
      [`PROBE_VALUE_INVALID ${here}.terminationGracePeriodSeconds`],
    ],
    [
      'not for readiness',
      container({ readinessProbe: { tcpSocket: { port: 1 }, terminationGracePeriodSeconds: 5 } }),
      ['PROBE_VALUE_INVALID containers[0].readinessProbe.terminationGracePeriodSeconds'],
    ],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})

describe('lifecycle', () => {
  const sleep = (seconds: number): JsonObject => hook({ sleep: { seconds } })
  const at = 'containers[0].lifecycle.preStop'
  test.each<[string, JsonObject, string[], Options?]>([
    ['a command', hook({ exec: { command: ['a'] } }), []],
    ['nothing', hook({}), [`FIELD_REQUIRED ${at}`]],
    ['grpc is for probes', hook({ grpc: { port: 1 } }), [`FIELD_REQUIRED ${at}`]],
    ['a pause', sleep(30), []],
    ['a pause beyond the grace period', sleep(31), [`HANDLER_INVALID ${at}.sleep.seconds`]],
    ['a longer grace period', hook({ sleep: { seconds: 31 } }, { terminationGracePeriodSeconds: 60 }), []],
    ['no pause', sleep(0), []],
    ['no pause, before', sleep(0), [`HANDLER_INVALID ${at}.sleep.seconds`], { minor: 32 }],
    ['a negative pause', sleep(-1), [`HANDLER_INVALID ${at}.sleep.seconds`]],
    [
      'a stop signal is dropped',
      container({ lifecycle: { stopSignal: 'SIGNOT' } }),
      ['~FIELD_DROPPED containers[0].lifecycle.stopSignal'],
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe('init containers', () => {
  const init = (fields: JsonObject): JsonObject =>
    container({}, { initContainers: [{ name: 'i', image: 'i', ...fields }] })
  const probe = { tcpSocket: { port: 1 } }
  test.each<[string, JsonObject, string[]]>([
    [
      'are not probed',
      init({ livenessProbe: probe }),
      ['INIT_FIELD_FORBIDDEN initContainers[0].livenessProbe'],
    ],
    ['have no hooks', init({ lifecycle: {} }), ['INIT_FIELD_FORBIDDEN initContainers[0].lifecycle']],
    [
      'but a native sidecar is',
      init({ restartPolicy: 'Always', livenessProbe: probe, startupProbe: probe }),
      [],
    ],
    [
      'and its probes are checked',
      init({ restartPolicy: 'Always', livenessProbe: {} }),
      ['FIELD_REQUIRED initContainers[0].livenessProbe'],
    ],
    [
      'a stop signal beside null is dropped with its lifecycle',
      init({ lifecycle: { stopSignal: 'SIGTERM', preStop: null } }),
      ['~FIELD_DROPPED initContainers[0].lifecycle.stopSignal'],
    ],
    [
      'a stop signal alone is dropped with its lifecycle',
      init({ lifecycle: { stopSignal: 'SIGTERM' } }),
      ['~FIELD_DROPPED initContainers[0].lifecycle.stopSignal'],
    ],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})
