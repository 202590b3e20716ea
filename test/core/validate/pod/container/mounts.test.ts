import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../src/core/json/json.ts'
import { check, container, type Options } from '../check.ts'

const VOLUMES = {
  volumes: [
    { name: 'v', emptyDir: {} },
    { name: 'claim', persistentVolumeClaim: { claimName: 'c' } },
  ],
}
const mount = (fields: JsonObject, more: JsonObject = {}): JsonObject =>
  container({ volumeMounts: [{ name: 'v', mountPath: '/a', ...fields }], ...more }, VOLUMES)
const device = (fields: JsonObject, more: JsonObject = {}): JsonObject =>
  container({ volumeDevices: [{ name: 'claim', devicePath: '/dev/x', ...fields }], ...more }, VOLUMES)
const here = 'containers[0].volumeMounts[0]'

describe('volume mounts', () => {
  test.each<[string, JsonObject, string[], Options?]>([
    ['a plain one', mount({}), []],
    ['a relative path', mount({ mountPath: 'a' }), []],
    ['a colon', mount({ mountPath: '/a:b' }), []],
    ['no name', mount({ name: '' }), [`FIELD_REQUIRED ${here}.name`]],
    ['an unknown volume', mount({ name: 'w' }), [`MOUNT_VOLUME_UNKNOWN ${here}.name`]],
    ['a volume that the owner adds', mount({ name: 'w' }), [], { extraVolumes: ['w'], kind: 'StatefulSet' }],
    ['no path', mount({ mountPath: null }), [`FIELD_REQUIRED ${here}.mountPath`]],
    [
      'a path twice',
      container(
        {
          volumeMounts: [
            { name: 'v', mountPath: '/a' },
            { name: 'v', mountPath: '/a' },
          ],
        },
        VOLUMES,
      ),
      ['MOUNT_PATH_DUPLICATE containers[0].volumeMounts[1].mountPath'],
    ],
    ['a folder', mount({ subPath: 'a/..b' }), []],
    ['a folder outside', mount({ subPath: 'a/../b' }), [`MOUNT_SUBPATH_INVALID ${here}.subPath`]],
    ['an absolute folder', mount({ subPathExpr: '/$(A)' }), [`MOUNT_SUBPATH_INVALID ${here}.subPathExpr`]],
    [
      'both kinds of folder',
      mount({ subPath: 'a', subPathExpr: 'b' }),
      [`MOUNT_SUBPATH_INVALID ${here}.subPathExpr`],
    ],
    ['propagation', mount({ mountPropagation: 'HostToContainer' }), []],
    [
      'unknown propagation',
      mount({ mountPropagation: 'Host' }),
      [`MOUNT_PROPAGATION_INVALID ${here}.mountPropagation`],
    ],
    [
      'propagation to the host',
      mount({ mountPropagation: 'Bidirectional' }),
      [`MOUNT_PROPAGATION_INVALID ${here}.mountPropagation`],
    ],
    [
      'the same, privileged',
      mount({ mountPropagation: 'Bidirectional' }, { securityContext: { privileged: true } }),
      [],
    ],
    ['read-only throughout', mount({ recursiveReadOnly: 'Enabled', readOnly: true }), []],
    [
      'but not read-only',
      mount({ recursiveReadOnly: 'IfPossible' }),
      [`MOUNT_READ_ONLY_INVALID ${here}.recursiveReadOnly`],
    ],
    ['unknown', mount({ recursiveReadOnly: 'yes' }), [`MOUNT_READ_ONLY_INVALID ${here}.recursiveReadOnly`]],
    [
      'with propagation',
      mount({ recursiveReadOnly: 'Enabled', readOnly: true, mountPropagation: 'HostToContainer' }),
      [`MOUNT_READ_ONLY_INVALID ${here}.recursiveReadOnly`],
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe('devices', () => {
  const at = 'containers[0].volumeDevices[0]'
  test.each<[string, JsonObject, string[]]>([
    ['of a claim', device({}), []],
    ['of a folder', device({ name: 'v' }), [`DEVICE_INVALID ${at}.name`]],
    ['of nothing', device({ name: 'w' }), [`MOUNT_VOLUME_UNKNOWN ${at}.name`]],
    ['no path', device({ devicePath: '' }), [`FIELD_REQUIRED ${at}.devicePath`]],
    ['outside', device({ devicePath: '/dev/../x' }), [`DEVICE_INVALID ${at}.devicePath`]],
    [
      'mounted as well',
      device({}, { volumeMounts: [{ name: 'claim', mountPath: '/b' }] }),
      [`DEVICE_INVALID ${at}.name`],
    ],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})
