import { byteLength, csiDriverName, dns1123Label, dns1123Subdomain } from '../../../kube/names.ts'
import { noBacksteps } from '../../pod/paths.ts'
import type { Field } from '../field.ts'
import { type SharedSource, volumeSource } from '../pod-parts.ts'

const CODE = 'VOLUME_FIELD'

/** The rules of a source; some look at the volume's name as well. */
type SourceRules = (source: Field, volume: Field) => void

const shared =
  (name: SharedSource): SourceRules =>
  (source) =>
    volumeSource(name, source)

/**
 * A reference to a Secret with its namespace, both required.
 * @param strict whether their format is validated, as it is for CSI only
 */
function secretRef(field: Field, strict: boolean): void {
  if (!field.present) return
  for (const [key, format] of [
    ['name', dns1123Subdomain],
    ['namespace', dns1123Label],
  ] as const) {
    if (strict) field.get(key).requiredFormat(CODE, format)
    else field.get(key).nonEmpty()
  }
}

/** Source: core validation validateCSIPersistentVolumeSource. */
const csi: SourceRules = (source) => {
  source.get('driver').requiredFormat(CODE, csiDriverName)
  source.get('volumeHandle').nonEmpty()
  for (const key of [
    'controllerPublishSecretRef',
    'controllerExpandSecretRef',
    'nodePublishSecretRef',
    'nodeExpandSecretRef',
  ]) {
    secretRef(source.get(key), true)
  }
}

/** Source: core validation validateGlusterfsPersistentVolumeSource. */
const glusterfs: SourceRules = (source) => {
  volumeSource('glusterfs', source)
  const namespace = source.get('endpointsNamespace')
  if (namespace.text === '')
    namespace.invalid(CODE, 'if the endpointnamespace is set, it must be a valid namespace name')
  else namespace.format(CODE, dns1123Label)
}

/** Bytes of an initiator's name with the volume's. Source: core validation validateISCSIPersistentVolumeSource. */
const MAX_INITIATOR = 223

const iscsi: SourceRules = (source, volume) => {
  volumeSource('iscsi', source)
  const secret = source.get('secretRef')
  if (secret.present && secret.get('name').empty) secret.get('name').required('FIELD_REQUIRED')
  const initiator = source.get('initiatorName')
  const name = volume.get('metadata', 'name').text ?? ''
  if (initiator.text !== undefined && byteLength(`${initiator.text}:${name}`) > MAX_INITIATOR) {
    initiator.report(CODE, `Too long: with the volume's name it may not be more than ${MAX_INITIATOR} bytes`)
  }
}

/** Source: core validation validateCinderPersistentVolumeSource. */
const cinder: SourceRules = (source) => {
  source.get('volumeID').nonEmpty()
  secretRef(source.get('secretRef'), false)
}

/** Source: core validation validateAzureFilePV. */
const azureFile: SourceRules = (source) => {
  volumeSource('azureFile', source)
  if (source.get('secretNamespace').text === '') source.get('secretNamespace').required('FIELD_REQUIRED')
}

/** Source: core validation validateStorageOSPersistentVolumeSource. */
const storageos: SourceRules = (source) => {
  source.get('volumeName').requiredFormat(CODE, dns1123Label)
  source.get('volumeNamespace').format(CODE, dns1123Label)
  secretRef(source.get('secretRef'), false)
}

/** Source: core validation validateLocalVolumeSource. */
const local: SourceRules = (source) => source.get('path').requiredFormat(CODE, noBacksteps)

/**
 * Sources of a PersistentVolume, in the order in which the server looks at them.
 * Source: ValidatePersistentVolumeSpec.
 */
export const SOURCES: Readonly<Record<string, SourceRules>> = {
  hostPath: shared('hostPath'),
  gcePersistentDisk: shared('gcePersistentDisk'),
  awsElasticBlockStore: shared('awsElasticBlockStore'),
  glusterfs,
  flocker: shared('flocker'),
  nfs: shared('nfs'),
  rbd: shared('rbd'),
  quobyte: shared('quobyte'),
  cephfs: shared('cephfs'),
  iscsi,
  cinder,
  fc: shared('fc'),
  flexVolume: shared('flexVolume'),
  azureFile,
  vsphereVolume: shared('vsphereVolume'),
  photonPersistentDisk: shared('photonPersistentDisk'),
  portworxVolume: shared('portworxVolume'),
  azureDisk: shared('azureDisk'),
  scaleIO: shared('scaleIO'),
  local,
  storageos,
  csi,
}
