import { describe, expect, it } from 'vitest'
import { emptyObject, formatJsonPath, type JsonObject } from '../../../../src/core/json/json.ts'
import { podSecurityLowered, podSecurityViolations, type PodSecurityLevel, type PodSecuritySubject } from '../../../../src/core/validate/pod-security/pod-security.ts'

const SECURE = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }

/** A pod that satisfies restricted, with fields of its spec, of its container or of their security contexts changed. */
function pod(change: { spec?: JsonObject; container?: JsonObject; security?: JsonObject; podSecurity?: JsonObject; annotations?: JsonObject; minor?: number } = {}): PodSecuritySubject {
  const spec: JsonObject = {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' }, ...change.podSecurity },
    containers: [{ name: 'web', image: 'nginx', securityContext: { ...SECURE, ...change.security }, ...change.container }],
    ...change.spec,
  }
  return {
    kind: 'Deployment',
    spec,
    specPath: ['spec', 'template', 'spec'],
    metadata: { annotations: change.annotations ?? {} },
    metadataPath: ['spec', 'template', 'metadata'],
    kubeVersion: { minor: change.minor ?? 36 },
  }
}

const messages = (level: PodSecurityLevel, subject: PodSecuritySubject): string[] =>
  podSecurityViolations(level, subject).map(({ message }) => message)

describe('podSecurityViolations', () => {
  it('finds nothing in a pod that is restricted', () => {
    expect(podSecurityViolations('restricted', pod())).toEqual([])
  })

  it('asks nothing of privileged', () => {
    expect(podSecurityViolations('privileged', pod({ spec: { hostPID: true } }))).toEqual([])
  })

  const baseline: [name: string, change: Parameters<typeof pod>[0], message: string | undefined][] = [
    ['host namespaces', { spec: { hostPID: true, hostNetwork: true, hostIPC: false } }, 'host namespaces (hostNetwork=true, hostPID=true)'],
    ['privileged', { security: { privileged: true } }, 'privileged (container "web" must not set securityContext.privileged=true)'],
    ['capabilities', { security: { capabilities: { add: ['NET_RAW', 'CHOWN'] } } }, 'non-default capabilities (container "web" must not include "NET_RAW" in securityContext.capabilities.add)'],
    ['default capabilities', { security: { capabilities: { add: ['CHOWN', 'SYS_CHROOT'] } } }, undefined],
    ['hostPath', { spec: { volumes: [{ name: 'a', hostPath: { path: '/' } }, { name: 'b', hostPath: {} }] } }, 'hostPath volumes (volumes "a", "b")'],
    ['hostPort', { container: { ports: [{ containerPort: 80, hostPort: 9090 }, { containerPort: 81, hostPort: 8080 }] } }, 'hostPort (container "web" uses hostPorts 8080, 9090)'],
    ['hostPort 0', { container: { ports: [{ containerPort: 80, hostPort: 0 }] } }, undefined],
    ['AppArmor field', { podSecurity: { appArmorProfile: { type: 'Unconfined' } } }, 'forbidden AppArmor profile (pod must not set AppArmor profile type to "Unconfined")'],
    ['AppArmor annotation', { annotations: { 'container.apparmor.security.beta.kubernetes.io/web': 'unconfined' } }, 'forbidden AppArmor profile (annotation must not set AppArmor profile type to "container.apparmor.security.beta.kubernetes.io/web="unconfined"")'],
    ['AppArmor on the node', { annotations: { 'container.apparmor.security.beta.kubernetes.io/web': 'localhost/k8s' } }, undefined],
    ['SELinux', { podSecurity: { seLinuxOptions: { type: 'spc_t', user: 'u' } }, security: { seLinuxOptions: { role: 'r' } } }, 'seLinuxOptions (pod and container "web" set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set; role may not be set)'],
    ['SELinux engine', { podSecurity: { seLinuxOptions: { type: 'container_engine_t', level: 's0' } } }, undefined],
    ['procMount', { security: { procMount: 'Unmasked' } }, 'procMount (container "web" must not set securityContext.procMount to "Unmasked")'],
    ['procMount that is no text', { security: { procMount: emptyObject() } }, 'procMount (container "web" must not set securityContext.procMount to "{}")'],
    ['SELinux type that is no text', { podSecurity: { seLinuxOptions: { type: emptyObject() } } }, 'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "{}")'],
    ['procMount before 1.33, where it is dropped', { security: { procMount: 'Unmasked' }, minor: 32 }, undefined],
    ['procMount in a user namespace', { security: { procMount: 'Unmasked' }, spec: { hostUsers: false } }, undefined],
    ['procMount in a user namespace of 1.34', { security: { procMount: 'Unmasked' }, spec: { hostUsers: false }, minor: 34 }, 'procMount (container "web" must not set securityContext.procMount to "Unmasked")'],
    ['seccomp', { security: { seccompProfile: { type: 'Unconfined' } } }, 'seccompProfile (container "web" must not set securityContext.seccompProfile.type to "Unconfined")'],
    ['sysctls', { podSecurity: { sysctls: [{ name: 'kernel.msgmax', value: '1' }, { name: 'net.ipv4.tcp_syncookies', value: '1' }] } }, 'forbidden sysctls (kernel.msgmax)'],
    ['sysctl that came with 1.32', { podSecurity: { sysctls: [{ name: 'net.ipv4.tcp_rmem', value: '1' }] } }, undefined],
    ['the same sysctl in 1.31', { podSecurity: { sysctls: [{ name: 'net.ipv4.tcp_rmem', value: '1' }] }, minor: 31 }, 'forbidden sysctls (net.ipv4.tcp_rmem)'],
    ['Windows host process', { podSecurity: { windowsOptions: { hostProcess: true } } }, 'hostProcess (pod must not set securityContext.windowsOptions.hostProcess=true)'],
    ['probe host', { container: { livenessProbe: { httpGet: { host: 'b', port: 1 } }, lifecycle: { preStop: { tcpSocket: { host: 'a', port: 1 } } } } }, 'probe or lifecycle host (container "web" uses probe or lifecycle hosts "a", "b")'],
    ['probe host before 1.34', { container: { livenessProbe: { httpGet: { host: 'b', port: 1 } } }, minor: 33 }, undefined],
    ['values of wrong types', { spec: { hostPID: 'yes', volumes: ['x'], containers: 'x', securityContext: 7 } }, undefined],
  ]
  it.each(baseline)('baseline: %s', (_name, change, message) => {
    expect(messages('baseline', pod(change))).toEqual(message === undefined ? [] : [message])
  })

  const restricted: [name: string, change: Parameters<typeof pod>[0], messages: string[]][] = [
    ['nothing set at all', { spec: { securityContext: {}, containers: [{ name: 'a' }, { name: 'b' }] } }, [
      'allowPrivilegeEscalation != false (containers "a", "b" must set securityContext.allowPrivilegeEscalation=false)',
      'unrestricted capabilities (containers "a", "b" must set securityContext.capabilities.drop=["ALL"])',
      'runAsNonRoot != true (pod or containers "a", "b" must set securityContext.runAsNonRoot=true)',
      'seccompProfile (pod or containers "a", "b" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    ]],
    ['added capabilities', { security: { capabilities: { drop: ['KILL'], add: ['NET_BIND_SERVICE', 'CHOWN'] } } }, [
      'unrestricted capabilities (container "web" must set securityContext.capabilities.drop=["ALL"]; container "web" must not include "CHOWN" in securityContext.capabilities.add)',
    ]],
    ['volumes, hostPath named once', { spec: { volumes: [{ name: 'a', hostPath: {} }, { name: 'b', nfs: {} }, { name: 'c', csi: {} }, { name: 'd', image: {} }] } }, [
      'restricted volume types (volumes "a", "b" use restricted volume types "hostPath", "nfs")',
    ]],
    ['runAsNonRoot false', { security: { runAsNonRoot: false } }, ['runAsNonRoot != true (container "web" must not set securityContext.runAsNonRoot=false)']],
    ['runAsUser 0', { podSecurity: { runAsUser: 0 }, security: { runAsUser: 0 } }, ['runAsUser=0 (pod and container "web" must not set runAsUser=0)']],
    ['root in a user namespace', { podSecurity: { runAsUser: 0, runAsNonRoot: false }, spec: { hostUsers: false } }, []],
    ['root in a user namespace of 1.34', { podSecurity: { runAsUser: 0 }, spec: { hostUsers: false }, minor: 34 }, ['runAsUser=0 (pod must not set runAsUser=0)']],
    ['procMount in a user namespace', { security: { procMount: 'Unmasked' }, spec: { hostUsers: false } }, ['procMount (container "web" must not set securityContext.procMount to "Unmasked")']],
    ['seccomp of the pod overridden', { security: { seccompProfile: { type: 'Unconfined' } } }, ['seccompProfile (container "web" must not set securityContext.seccompProfile.type to "Unconfined")']],
  ]
  it.each(restricted)('restricted: %s', (_name, change, expected) => {
    const subject = pod(change)
    expect(messages('restricted', subject)).toEqual(expected)
  })

  it('lets Windows pods go without what Windows does not have', () => {
    const spec = { os: { name: 'windows' }, securityContext: { runAsNonRoot: true }, containers: [{ name: 'web' }] }
    expect(messages('restricted', pod({ spec }))).toEqual([])
  })

  it('names the places, also of what is missing', () => {
    const spec = { initContainers: [{ name: 'init', securityContext: SECURE }], containers: [{ name: 'web' }] }
    const places = podSecurityViolations('restricted', pod({ spec })).map((found) => found.places.map(formatJsonPath))
    const at = 'spec.template.spec.containers[0].securityContext'
    expect(places).toEqual([[`${at}.allowPrivilegeEscalation`], [`${at}.capabilities.drop`]])
  })

  it('counts init containers and ephemeral ones', () => {
    const bad = { securityContext: { privileged: true } }
    const spec = { initContainers: [{ name: 'i', ...bad }], containers: [{ name: 'c', ...bad }], ephemeralContainers: [{ name: 'e', ...bad }] }
    expect(messages('baseline', pod({ spec }))).toEqual([
      'privileged (containers "i", "c", "e" must not set securityContext.privileged=true)',
    ])
  })
})

describe('podSecurityLowered', () => {
  const pods: Record<PodSecurityLevel, Parameters<typeof pod>[0]> = {
    restricted: {},
    baseline: { security: { allowPrivilegeEscalation: true } },
    privileged: { spec: { hostNetwork: true } },
  }
  const levels = Object.keys(pods) as PodSecurityLevel[]

  it.each(levels.flatMap((from, n) => levels.map((to, m) => [from, to, m > n] as const)))('from %s to %s: %s', (from, to, isLowered) => {
    expect(podSecurityLowered(pod(pods[from]), pod(pods[to]))).toEqual(isLowered ? { from, to } : undefined)
  })

  it('of a pod that breaks rules of both levels, too', () => {
    const both = pod({ spec: { hostNetwork: true }, security: { allowPrivilegeEscalation: true } })
    expect(podSecurityLowered(pod(), both)).toEqual({ from: 'restricted', to: 'privileged' })
  })
})
