import type { Json } from '../../json/json.ts'
import { at } from '../pod/scope.ts'
import { childOf, listOf, valueOf } from '../pod/values.ts'
import { addedCapabilities, procMount, seccompProfile } from './baseline.ts'
import {
  containersText,
  plural,
  quoted,
  sortedSet,
  type Control,
  type SecuredContainer,
  type SecuredPod,
  type ControlVerdict,
} from './control.ts'
import { namesOf, settersOf } from './setters.ts'

/** Volume sources that expose nothing but what the administrator of the cluster has set up. */
const SAFE_VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
] as const
/** The first minor version whose standards allow image volumes. */
const IMAGE_VOLUMES_SINCE = 33

/** Other volume sources, in the order in which the standards look for the one to name in the message. */
const OTHER_VOLUMES = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'gitRepo',
  'nfs',
  'iscsi',
  'glusterfs',
  'rbd',
  'flexVolume',
  'cinder',
  'cephfs',
  'flocker',
  'fc',
  'azureFile',
  'vsphereVolume',
  'quobyte',
  'azureDisk',
  'photonPersistentDisk',
  'portworxVolume',
  'scaleIO',
  'storageos',
] as const

/**
 * The controls of level restricted in addition to those of baseline, in the order in which the admission controller
 * evaluates them.
 * Source: k8s.io/pod-security-admission, policy/check_*.go, of the releases 1.31 to 1.36.
 */
export const RESTRICTED: readonly Control[] = [
  { id: 'allowPrivilegeEscalation', level: 'restricted', check: unlessWindows(allowPrivilegeEscalation) },
  {
    id: 'capabilities_restricted',
    level: 'restricted',
    overrides: ['capabilities_baseline'],
    check: unlessWindows(capabilities),
  },
  // Since 1.35 a pod with a user namespace satisfies the control of baseline; restricted keeps the old one.
  { id: 'procMount_restricted', level: 'restricted', since: 35, overrides: ['procMount'], check: procMount },
  { id: 'restrictedVolumes', level: 'restricted', overrides: ['hostPathVolumes'], check: restrictedVolumes },
  { id: 'runAsNonRoot', level: 'restricted', check: unlessUserNamespace(runAsNonRoot) },
  { id: 'runAsUser', level: 'restricted', check: unlessUserNamespace(runAsUser) },
  {
    id: 'seccompProfile_restricted',
    level: 'restricted',
    overrides: ['seccompProfile_baseline'],
    check: unlessWindows(seccompRequired),
  },
]

/** A control that does not apply to Windows pods (since the standards of 1.25). */
function unlessWindows(check: Control['check']): Control['check'] {
  return (pod) => (pod.windows ? undefined : check(pod))
}

/**
 * A control that does not apply to pods with a user namespace, where root has no privileges outside (KEP-127, since the
 * standards of 1.35).
 */
function unlessUserNamespace(check: Control['check']): Control['check'] {
  return (pod) => (pod.userNamespace ? undefined : check(pod))
}

function allowPrivilegeEscalation(pod: SecuredPod): ControlVerdict | undefined {
  const bad = pod.containers.filter(({ security }) => valueOf(security, 'allowPrivilegeEscalation') !== false)
  if (bad.length === 0) return undefined
  return {
    reason: 'allowPrivilegeEscalation != false',
    detail: `${containersText(namesOf(bad))} must set securityContext.allowPrivilegeEscalation=false`,
    places: bad.map(({ place }) => at(place, 'securityContext', 'allowPrivilegeEscalation')),
  }
}

function dropsAll({ security }: SecuredContainer): boolean {
  const capabilities = childOf(security, 'capabilities')
  return capabilities !== undefined && listOf(capabilities, 'drop').includes('ALL')
}

function capabilities(pod: SecuredPod): ControlVerdict | undefined {
  const keeping = pod.containers.filter((container) => !dropsAll(container))
  const added = addedCapabilities(pod, (name) => name !== 'NET_BIND_SERVICE')
  if (keeping.length === 0 && added === undefined) return undefined
  const missing = `${containersText(namesOf(keeping))} must set securityContext.capabilities.drop=["ALL"]`
  return {
    reason: 'unrestricted capabilities',
    detail: [...(keeping.length > 0 ? [missing] : []), ...(added === undefined ? [] : [added.detail])].join('; '),
    places: [
      ...keeping.map(({ place }) => at(place, 'securityContext', 'capabilities', 'drop')),
      ...(added?.places ?? []),
    ],
  }
}

function restrictedVolumes(pod: SecuredPod): ControlVerdict | undefined {
  if (pod.volumes.length === 0) return undefined
  const safe: readonly string[] = pod.minor >= IMAGE_VOLUMES_SINCE ? [...SAFE_VOLUMES, 'image'] : SAFE_VOLUMES
  const bad = pod.volumes
    .filter(({ data }) => safe.every((source) => valueOf(data, source) === undefined))
    .map(({ name, place, data }) => ({
      name,
      place,
      type: OTHER_VOLUMES.find((source) => valueOf(data, source) !== undefined),
    }))
  if (bad.length === 0) return undefined
  const types = sortedSet(bad.map(({ type }) => type ?? 'unknown'))
  const names = `${plural(bad.length, 'volume')} ${quoted(bad.map(({ name }) => name))}`
  return {
    reason: 'restricted volume types',
    detail: `${names} ${plural(bad.length, 'uses', 'use')} ${plural(types.length, 'restricted volume type')} ${quoted(types)}`,
    places: bad.map(({ place, type }) => (type === undefined ? place : at(place, type))),
  }
}

/**
 * The violation of leaving a field unset in a container and in the pod; the detail ends where the field's name follows.
 */
function leftOpen(
  pod: SecuredPod,
  key: string,
  isGood: (value: Json) => boolean,
): Omit<ControlVerdict, 'reason'> | undefined {
  const ofPod = valueOf(pod.security, key)
  if (ofPod !== undefined && isGood(ofPod)) return undefined
  const open = pod.containers.filter(({ security }) => valueOf(security, key) === undefined)
  if (open.length === 0) return undefined
  return {
    detail: `pod or ${containersText(namesOf(open))} must set `,
    places: open.map(({ place }) => at(place, 'securityContext', key)),
  }
}

function runAsNonRoot(pod: SecuredPod): ControlVerdict | undefined {
  const reason = 'runAsNonRoot != true'
  const setters = settersOf(pod, 'runAsNonRoot', (value) => value === false)
  if (setters.places.length > 0) {
    return { reason, detail: `${setters.text} must not set securityContext.runAsNonRoot=false`, places: setters.places }
  }
  const open = leftOpen(pod, 'runAsNonRoot', (value) => value === true)
  return open && { reason, ...open, detail: `${open.detail}securityContext.runAsNonRoot=true` }
}

function runAsUser(pod: SecuredPod): ControlVerdict | undefined {
  const setters = settersOf(pod, 'runAsUser', (value) => value === 0)
  if (setters.places.length === 0) return undefined
  return { reason: 'runAsUser=0', detail: `${setters.text} must not set runAsUser=0`, places: setters.places }
}

function seccompRequired(pod: SecuredPod): ControlVerdict | undefined {
  const bad = seccompProfile(pod)
  if (bad !== undefined) return bad
  const open = leftOpen(pod, 'seccompProfile', () => true)
  if (open === undefined) return undefined
  return {
    reason: 'seccompProfile',
    ...open,
    detail: `${open.detail}securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`,
  }
}
