import type { PodPlace } from '../../place.ts'
import { byteLength, dns1123Label, dns1123Subdomain } from '../../../kube/names.ts'
import { at, duplicate, forbidden, invalid, type PartRule, type PodRule, type PodScope, required } from '../scope.ts'
import { childOf, isSet, itemsOf, type Part, partOf, textOf } from '../values.ts'
import { claimTemplate } from './claim.ts'
import { csi, downwardApi, emptyDir, flexVolume, hostPath, image, keyedVolume } from './common.ts'
import { LEGACY_SOURCES } from './legacy.ts'
import { projected } from './projected.ts'
import { sourcesOf, type VolumeSourceName } from './sources.ts'
import { fieldsOf } from './fields.ts'

/** The rules of each volume source. Source: `validateVolumeSource`. */
const SOURCE_RULES: Record<VolumeSourceName, PartRule> = {
  ...LEGACY_SOURCES,
  emptyDir,
  hostPath,
  secret: keyedVolume('secretName'),
  configMap: keyedVolume('name'),
  persistentVolumeClaim: fieldsOf(['claimName']),
  downwardAPI: downwardApi,
  flexVolume,
  projected,
  csi,
  ephemeral: claimTemplate,
  image,
}

/**
 * Volumes: unique names, one source each. One that a claim template of its StatefulSet replaces is not looked at.
 * Source: `ValidateVolumes`, apps validation `ValidateStatefulSetSpec`.
 */
export const volumes: PodRule = (pod) => {
  const names = new Map<string, PodPlace>()
  for (const volume of itemsOf(pod.spec, 'volumes')) {
    const name = textOf(volume.data, 'name')
    if (pod.volumes.get(name ?? '') === 'added') continue
    const path = at(volume.path, 'name')
    checkSource(volume, pod)
    if (name === '') required(pod, path, 'a volume needs a name')
    else if (name !== undefined) {
      const first = names.get(name)
      invalid(pod, 'VOLUME_NAME_INVALID', path, name, dns1123Label(name))
      if (first !== undefined)
        duplicate(pod, 'VOLUME_NAME_DUPLICATE', path, `duplicate value "${name}" among volumes`, first)
      names.set(name, first ?? path)
    }
  }
  checkCreatedClaims(pod)
}

function checkSource(volume: Part, pod: PodScope): void {
  const given = sourcesOf(volume.data)
  const [first, ...more] = given
  if (first === undefined) return required(pod, volume.path, 'must specify a volume type that this version supports')
  const source = partOf(volume, first)
  if (source !== undefined) SOURCE_RULES[first](source, pod)
  for (const other of more) {
    const message = `may not specify more than 1 volume type, but has ${given.join(' and ')}`
    forbidden(pod, 'VOLUME_SOURCE_CONFLICT', at(volume.path, other), message, `keep one of ${given.join(', ')}`)
  }
  const iscsi = first === 'iscsi' ? source : undefined
  if (iscsi !== undefined && isSet(iscsi.data, 'initiatorName')) {
    const name = textOf(volume.data, 'name') ?? ''
    const portal = textOf(iscsi.data, 'targetPortal') ?? ''
    if (byteLength(`${name}:${portal}`) <= 64) return
    const fault =
      'with iscsi.initiatorName, <volume name>:<iscsi.targetPortal> must be no more than 64 characters in all'
    invalid(pod, 'VOLUME_FIELD_INVALID', at(volume.path, 'name'), name, [fault])
  }
}

/**
 * The claim for an ephemeral volume is named by the Pod and the volume; that name must be valid, and no other volume
 * may use the claim.
 */
function checkCreatedClaims(pod: PodScope): void {
  const podName = pod.isPod ? textOf(pod.metadata.data, 'name') : undefined
  if (!podName) return
  const all = itemsOf(pod.spec, 'volumes')
  const created = new Set<string>()
  for (const volume of all) {
    const name = textOf(volume.data, 'name')
    if (!name || !isSet(volume.data, 'ephemeral')) continue
    const claim = `${podName}-${name}`
    created.add(claim)
    const faults = dns1123Subdomain(claim).map((fault) => `the claim's name "${claim}" ${fault}`)
    invalid(pod, 'VOLUME_FIELD_INVALID', at(volume.path, 'name'), name, faults)
  }
  for (const volume of all) {
    const claim = childOf(volume.data, 'persistentVolumeClaim')
    const name = claim && textOf(claim, 'claimName')
    if (!name || !created.has(name)) continue
    const path = at(volume.path, 'persistentVolumeClaim', 'claimName')
    invalid(pod, 'VOLUME_FIELD_INVALID', path, name, [
      'must not reference a PVC that gets created for an ephemeral volume',
    ])
  }
}
