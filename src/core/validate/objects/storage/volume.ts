import { dns1123Subdomain } from '../../../kube/names.ts'
import { parseQuantity, quantitySign } from '../../../kube/quantity.ts'
import type { Field } from '../field.ts'
import { accessModes } from './claim.ts'

const CODE = 'VOLUME_FIELD'

/** Sources of a volume, and what each cannot do without. Source: core validation validate...VolumeSource. */
const SOURCES: Record<string, readonly string[]> = {
  awsElasticBlockStore: ['volumeID'],
  azureDisk: ['diskName', 'diskURI'],
  azureFile: ['secretName', 'shareName'],
  cephfs: ['monitors'],
  cinder: ['volumeID'],
  csi: ['driver', 'volumeHandle'],
  fc: [],
  flexVolume: ['driver'],
  flocker: [],
  gcePersistentDisk: ['pdName'],
  glusterfs: ['endpoints', 'path'],
  hostPath: ['path'],
  iscsi: ['targetPortal', 'iqn'],
  local: ['path'],
  nfs: ['server', 'path'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  quobyte: ['registry', 'volume'],
  rbd: ['monitors', 'image'],
  scaleIO: ['gateway', 'system', 'volumeName'],
  storageos: [],
  vsphereVolume: ['volumePath'],
}

/** The API server's own names for the paths of two sources. */
const PRINTED: Record<string, string> = { gcePersistentDisk: 'persistentDisk' }

/** Source: core validation ValidatePersistentVolumeSpec. */
export function persistentVolume(object: Field): void {
  const spec = object.get('spec')
  accessModes(spec.get('accessModes'), CODE)
  capacity(spec.get('capacity'))
  spec.get('persistentVolumeReclaimPolicy').oneOf(CODE, ['Delete', 'Recycle', 'Retain'])
  sources(spec)
  spec.get('storageClassName').format(CODE, dns1123Subdomain)
  spec.get('volumeMode').oneOfStrict(CODE, ['Block', 'Filesystem'])
  if (spec.get('local').present && !spec.get('nodeAffinity', 'required').present) {
    spec.get('nodeAffinity').required('FIELD_REQUIRED', 'Local volume requires node affinity')
  }
}

function capacity(field: Field): void {
  if (field.empty) {
    field.required('FIELD_REQUIRED', '', 'add capacity: with storage: 1Gi, for example')
    return
  }
  const entries = field.entries()
  if (!field.get('storage').present || entries.length > 1) field.unsupported(CODE, ['storage'], { on: 'key' })
  for (const [key, amount] of entries) {
    const quantity = parseQuantity(amount.value)
    if (quantity === undefined) continue
    if (quantitySign(quantity) <= 0) amount.invalid(CODE, 'must be greater than zero', { shown: amount.value ?? key })
  }
}

/** Exactly one source. All kinds of volumes but those of `flexVolume` refuse company. */
function sources(spec: Field): void {
  const given = Object.keys(SOURCES).filter((name) => spec.get(name).present)
  if (given.length === 0) spec.required('FIELD_REQUIRED', 'must specify a volume type')
  for (const [i, name] of given.entries()) {
    const source = spec.get(name)
    if (i > 0) source.forbidden(CODE, 'may not specify more than 1 volume type')
    else for (const key of SOURCES[name] ?? []) requiredOf(spec, name, key)
  }
  const path = spec.get('hostPath', 'path').text
  const policy = spec.get('persistentVolumeReclaimPolicy')
  if (path !== undefined && /^\/+\.?\/*$/.test(path) && policy.text === 'Recycle') {
    policy.forbidden(CODE, "may not be 'recycle' for a hostPath mount of '/'")
  }
}

function requiredOf(spec: Field, name: string, key: string): void {
  const field = spec.get(name, key)
  if (field.empty) spec.get(PRINTED[name] ?? name, key).report('FIELD_REQUIRED', 'Required value', { at: field.path })
}
