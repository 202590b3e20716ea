import type { JsonObject } from '../../../json/json.ts'
import { isSet } from '../values.ts'

/** The volume sources, in the order in which the server looks at them. Source: `validateVolumeSource`. */
const VOLUME_SOURCES = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
] as const

export type VolumeSourceName = (typeof VOLUME_SOURCES)[number]

const NAMES: ReadonlySet<string> = new Set(VOLUME_SOURCES)

/** The sources that a volume has, in the server's order. */
export function sourcesOf(volume: JsonObject): VolumeSourceName[] {
  const given = Object.keys(volume).filter((key): key is VolumeSourceName => NAMES.has(key) && isSet(volume, key))
  return given.length < 2 ? given : VOLUME_SOURCES.filter((source) => given.includes(source))
}
