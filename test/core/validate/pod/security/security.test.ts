// Small builders stand beside the table that uses them.
import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../src/core/json/json.ts'
import { check, container, type Options } from '../check.ts'

const sc = (fields: JsonObject, spec: JsonObject = {}): JsonObject =>
  container({ securityContext: fields }, spec)
const psc = (fields: JsonObject, spec: JsonObject = {}): JsonObject =>
  container({}, { securityContext: fields, ...spec })
const here = 'containers[0].securityContext'

describe('of a container', () => {
  test.each<[string, JsonObject, string[], Options?]>([
    ['a user', sc({ runAsUser: 0, runAsGroup: 2147483647, runAsNonRoot: true }), []],
    ['a negative user', sc({ runAsUser: -1 }), [`SECURITY_ID_RANGE ${here}.runAsUser`]],
    ['a group too high', sc({ runAsGroup: 2147483648 }), [`SECURITY_ID_RANGE ${here}.runAsGroup`]],
    [
      'privileged without escalation',
      sc({ privileged: true, allowPrivilegeEscalation: false }),
      [`SECURITY_CONFLICT ${here}`],
    ],
    ['privileged', sc({ privileged: true }), []],
    [
      'CAP_SYS_ADMIN without escalation',
      sc({ capabilities: { add: ['CAP_SYS_ADMIN'] }, allowPrivilegeEscalation: false }),
      [`SECURITY_CONFLICT ${here}`],
    ],
    [
      'SYS_ADMIN is not seen by the server',
      sc({ capabilities: { add: ['SYS_ADMIN'] }, allowPrivilegeEscalation: false }),
      [],
    ],
    ['procMount', sc({ procMount: 'Default' }), []],
    ['unknown procMount', sc({ procMount: 'Masked' }), [`SECURITY_VALUE_UNSUPPORTED ${here}.procMount`]],
    ['unmasked for a host user', sc({ procMount: 'Unmasked' }), [`SECURITY_CONFLICT ${here}.procMount`]],
    ['unmasked for another', sc({ procMount: 'Unmasked' }, { hostUsers: false }), []],
    [
      'unmasked while the gate is off',
      sc({ procMount: 'Unmasked' }),
      [`~FIELD_DROPPED ${here}.procMount`],
      { minor: 31 },
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe('profiles', () => {
  const seccomp = (profile: JsonObject): JsonObject => sc({ seccompProfile: profile })
  const armor = (profile: JsonObject): JsonObject => psc({ appArmorProfile: profile })
  const at = `${here}.seccompProfile`
  test.each<[string, JsonObject, string[]]>([
    ['the default', seccomp({ type: 'RuntimeDefault' }), []],
    ['a file', seccomp({ type: 'Localhost', localhostProfile: 'a/b.json' }), []],
    ['no file', seccomp({ type: 'Localhost' }), [`FIELD_REQUIRED ${at}.localhostProfile`]],
    [
      'a file outside',
      seccomp({ type: 'Localhost', localhostProfile: '../a' }),
      [`SECCOMP_PROFILE_INVALID ${at}.localhostProfile`],
    ],
    [
      'a file of no use',
      seccomp({ type: 'Unconfined', localhostProfile: 'a' }),
      [`SECCOMP_PROFILE_INVALID ${at}.localhostProfile`],
    ],
    ['no type', seccomp({}), [`FIELD_REQUIRED ${at}.type`]],
    ['an old type', seccomp({ type: 'runtime/default' }), [`SECCOMP_PROFILE_INVALID ${at}.type`]],
    ['AppArmor', armor({ type: 'Localhost', localhostProfile: 'a' }), []],
    [
      'AppArmor padded',
      armor({ type: 'Localhost', localhostProfile: ' a' }),
      ['APPARMOR_PROFILE_INVALID securityContext.appArmorProfile.localhostProfile'],
    ],
    [
      'AppArmor blank',
      armor({ type: 'Localhost', localhostProfile: ' ' }),
      ['FIELD_REQUIRED securityContext.appArmorProfile.localhostProfile'],
    ],
    [
      'AppArmor unknown',
      armor({ type: 'On' }),
      ['APPARMOR_PROFILE_INVALID securityContext.appArmorProfile.type'],
    ],
    [
      'AppArmor with a file of no use',
      armor({ type: 'Unconfined', localhostProfile: 'a' }),
      ['APPARMOR_PROFILE_INVALID securityContext.appArmorProfile.localhostProfile'],
    ],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})

describe('of the pod', () => {
  const sysctl = (name: string, spec: JsonObject = {}): JsonObject =>
    psc({ sysctls: [{ name, value: '1' }] }, spec)
  const at = 'securityContext.sysctls[0].name'
  test.each<[string, JsonObject, string[], Options?]>([
    ['groups', psc({ fsGroup: 1, supplementalGroups: [1, 2] }), []],
    [
      'a negative group',
      psc({ fsGroup: -1, supplementalGroups: [1, -2] }),
      ['SECURITY_ID_RANGE securityContext.fsGroup', 'SECURITY_ID_RANGE securityContext.supplementalGroups[1]'],
    ],
    ['a change policy', psc({ fsGroupChangePolicy: 'OnRootMismatch' }), []],
    [
      'unknown',
      psc({ fsGroupChangePolicy: 'Never' }),
      ['SECURITY_VALUE_UNSUPPORTED securityContext.fsGroupChangePolicy'],
    ],
    [
      'unknown groups policy',
      psc({ supplementalGroupsPolicy: 'x' }),
      ['SECURITY_VALUE_UNSUPPORTED securityContext.supplementalGroupsPolicy'],
    ],
    [
      'the same, dropped',
      psc({ supplementalGroupsPolicy: 'x' }),
      ['~FIELD_DROPPED securityContext.supplementalGroupsPolicy'],
      { minor: 32 },
    ],
    [
      'SELinux by mount',
      psc({ seLinuxChangePolicy: 'MountOption' }),
      ['SECURITY_VALUE_UNSUPPORTED securityContext.seLinuxChangePolicy'],
    ],
    ['a sysctl', sysctl('net.ipv4.ip_forward'), []],
    ['with slashes', sysctl('net/ipv4/conf/eth0.1/x'), []],
    ['malformed', sysctl('Net..a'), [`SYSCTL_INVALID ${at}`]],
    ['no name', sysctl(''), [`FIELD_REQUIRED ${at}`]],
    [
      'twice',
      psc({ sysctls: [{ name: 'a' }, { name: 'a' }] }),
      ['SYSCTL_INVALID securityContext.sysctls[1].name'],
    ],
    ["of the host's network", sysctl('net.ipv4.ip_forward', { hostNetwork: true }), [`SYSCTL_INVALID ${at}`]],
    [
      "of the host's network, with slashes",
      sysctl('net/ipv4/a', { hostNetwork: true }),
      [`SYSCTL_INVALID ${at}`],
    ],
    ["of the host's memory", sysctl('kernel.shmmax', { hostIPC: true }), [`SYSCTL_INVALID ${at}`]],
    ['of the pod, though the host shares its network', sysctl('kernel.shmmax', { hostNetwork: true }), []],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe('host namespaces', () => {
  test.each<[string, JsonObject, string[], Options?]>([
    ['one', container({}, { hostPID: true }), []],
    [
      'shared twice',
      container({}, { hostPID: true, shareProcessNamespace: true }),
      ['HOST_NAMESPACE_CONFLICT shareProcessNamespace'],
    ],
    ['own users', container({}, { hostUsers: false }), []],
    [
      "own users, the host's rest",
      container({}, { hostUsers: false, hostNetwork: true, hostPID: true, hostIPC: true }),
      [
        'HOST_NAMESPACE_CONFLICT hostNetwork',
        'HOST_NAMESPACE_CONFLICT hostPID',
        'HOST_NAMESPACE_CONFLICT hostIPC',
      ],
    ],
    ...([33, 34] as const).map((minor): [string, JsonObject, string[], { minor: number }] => [
      `own users and block devices in 1.${minor}`,
      container(
        { volumeDevices: [{ name: 'v', devicePath: '/dev/x' }] },
        { hostUsers: false, volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] },
      ),
      minor < 34 ? [] : ['HOST_NAMESPACE_CONFLICT containers[0].volumeDevices'],
      { minor },
    ]),
    [
      'own users, dropped',
      container({}, { hostUsers: false, hostPID: true }),
      ['~FIELD_DROPPED hostUsers'],
      { minor: 32 },
    ],
  ])('%s', (_, spec, expected, options) => expect(check(spec, options)).toEqual(expected))
})

describe('operating systems', () => {
  const windows = { os: { name: 'windows' } }
  const user = (runAsUserName: string): JsonObject => sc({ windowsOptions: { runAsUserName } })
  const process = (hostProcess: boolean, spec: JsonObject = {}): JsonObject =>
    sc({ windowsOptions: { hostProcess } }, spec)
  const at = `${here}.windowsOptions`
  test.each<[string, JsonObject, string[]]>([
    ['linux', container({}, { os: { name: 'linux' } }), []],
    ['none', container({}, { os: {} }), ['FIELD_REQUIRED os.name']],
    ['unknown', container({}, { os: { name: 'plan9' } }), ['POD_FIELD_UNSUPPORTED os.name']],
    [
      'windows options on linux',
      sc({ windowsOptions: {} }, { os: { name: 'linux' } }),
      [`POD_OS_CONFLICT ${here}.windowsOptions`],
    ],
    ['a user id on windows', sc({ runAsUser: 1 }, windows), [`POD_OS_CONFLICT ${here}.runAsUser`]],
    ['a group on windows', psc({ fsGroup: 1 }, windows), ['POD_OS_CONFLICT securityContext.fsGroup']],
    ['no host namespaces on windows', container({}, { ...windows, hostPID: false }), []],
    ['a host namespace on windows', container({}, { ...windows, hostPID: true }), ['POD_OS_CONFLICT hostPID']],
    ['a name', user('NT AUTHORITY\\Local service'), []],
    ['a bad name', user('a@b'), [`WINDOWS_OPTIONS_INVALID ${at}.runAsUserName`]],
    ['two backslashes', user('a\\b\\c'), [`WINDOWS_OPTIONS_INVALID ${at}.runAsUserName`]],
    ['no name', user(''), [`WINDOWS_OPTIONS_INVALID ${at}.runAsUserName`]],
    ['a bad domain', user('.a?\\b'), [`WINDOWS_OPTIONS_INVALID ${at}.runAsUserName`]],
    ['a process of the host', process(true, { hostNetwork: true }), []],
    ['off its network', process(true), ['WINDOWS_OPTIONS_INVALID hostNetwork']],
    [
      'unlike the pod',
      process(false, { securityContext: { windowsOptions: { hostProcess: true } } }),
      [`WINDOWS_OPTIONS_INVALID ${at}.hostProcess`],
    ],
    [
      'beside others',
      { ...process(true, { hostNetwork: true, initContainers: [{ name: 'i', image: 'i' }] }) },
      ['WINDOWS_OPTIONS_INVALID '],
    ],
  ])('%s', (_, spec, expected) => expect(check(spec)).toEqual(expected))
})
