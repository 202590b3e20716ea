import { byteLength, csiDriverName, dns1123Subdomain, qualifiedName } from '../../../kube/names.ts'
import type { Field } from '../field.ts'
import { gatedField } from '../gated.ts'
import { distinct, stringOf } from '../lists.ts'
import { nonNegativeQuantity } from '../numbers.ts'
import { labelSelector } from '../selector.ts'
import { parameters, provisioner } from './storage-class.ts'
import { inlineVolume } from './volume.ts'

const CODE = 'STORAGE_FIELD'

const MIN_UPDATE_SECONDS = 10

/** Source: storage validation ValidateCSIDriver, validateServiceAccountTokenInSecrets. */
export function csiDriver(object: Field): void {
  const spec = object.get('spec')
  spec.get('fsGroupPolicy').oneOfStrict(CODE, ['File', 'None', 'ReadWriteOnceWithFSType'])
  for (const mode of spec.get('volumeLifecycleModes').items()) {
    if (mode.text === undefined || mode.text === 'Ephemeral' || mode.text === 'Persistent') continue
    spec.get('volumeLifecycleModes').unsupported(CODE, ['Ephemeral', 'Persistent'], { shown: mode.text, at: mode.path })
  }
  tokenRequests(spec.get('tokenRequests'))
  const inSecrets = spec.get('serviceAccountTokenInSecrets')
  if (inSecrets.present && spec.get('tokenRequests').empty)
    inSecrets.invalid(CODE, 'may only be set together with tokenRequests')
  const period = gatedField(spec.get('nodeAllocatableUpdatePeriodSeconds'), 'MutableCSINodeAllocatableCount', 33)
  if (period.number !== undefined && period.number < MIN_UPDATE_SECONDS)
    period.invalid(CODE, 'must be greater than or equal to 10 seconds')
}

/** Source: storage validation validateTokenRequests. */
function tokenRequests(list: Field): void {
  const audiences = list.items().map((request) => request.get('audience'))
  distinct(audiences, CODE, stringOf)
  for (const request of list.items()) {
    const seconds = request.get('expirationSeconds')
    if (seconds.number === undefined) continue
    if (seconds.number < 600) seconds.invalid(CODE, 'may not specify a duration less than 10 minutes')
    if (seconds.number > 2 ** 32) seconds.invalid(CODE, 'may not specify a duration larger than 2^32 seconds')
  }
}

const MAX_NODE_ID = 256

/** Source: storage validation ValidateCSINode. */
export function csiNode(object: Field): void {
  const drivers = object.get('spec', 'drivers').items()
  for (const driver of drivers) {
    driver.get('name').requiredFormat(CODE, csiDriverName)
    const id = driver.get('nodeID')
    if (id.empty) id.required('FIELD_REQUIRED')
    else if (byteLength(id.text ?? '') > MAX_NODE_ID) id.invalid(CODE, `must be ${MAX_NODE_ID} characters or less`)
    driver.get('allocatable', 'count').nonNegative('NUMBER_NEGATIVE')
    const keys = driver.get('topologyKeys').items()
    for (const key of keys) key.formatStrict(CODE, qualifiedName)
    distinct(keys, CODE)
  }
  const names = drivers.map((driver) => driver.get('name'))
  distinct(names, CODE)
}

/** Source: storage validation ValidateCSIStorageCapacity. */
export function csiStorageCapacity(object: Field): void {
  labelSelector(object.get('nodeTopology'))
  object.get('storageClassName').requiredFormat(CODE, dns1123Subdomain)
  nonNegativeQuantity(object.get('capacity'), CODE)
}

/** Source: storage validation ValidateVolumeAttachment, ValidateVolumeAttachmentV1. */
export function volumeAttachment(object: Field): void {
  const spec = object.get('spec')
  spec.get('attacher').requiredFormat(CODE, csiDriverName)
  spec.get('nodeName').requiredFormat(CODE, dns1123Subdomain)
  const source = spec.get('source')
  const [inline, name] = [source.get('inlineVolumeSpec'), source.get('persistentVolumeName')]
  const one = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'
  if (!inline.present && !name.present) source.required('FIELD_REQUIRED', one)
  else if (inline.present && name.present) source.forbidden(CODE, one)
  else if (inline.present) inlineVolume(inline)
  else name.requiredFormat(CODE, dns1123Subdomain)
}

/** Source: storage validation ValidateVolumeAttributesClass. */
export function volumeAttributesClass(object: Field): void {
  object.get('driverName').requiredFormat(CODE, provisioner)
  const map = object.get('parameters')
  parameters(map)
  map.nonEmpty('must contain at least one key/value pair')
}
