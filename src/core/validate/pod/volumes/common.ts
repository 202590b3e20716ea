import { byteLength, dns1123Subdomain } from '../../../kube/names.ts'
import { parseQuantity, quantitySign } from '../../../kube/quantity.ts'
import { fieldRef, resourceFieldRef } from '../container/downward.ts'
import { noBacksteps, nonReservedPath } from '../paths.ts'
import { at, forbidden, invalid, type PartRule, type PodScope, required, unsupported } from '../scope.ts'
import { entriesOf, isSet, itemsOf, optionalText, type Part, partOf, textOf, valueOf } from '../values.ts'
import { checkMode, requireText } from './fields.ts'

/** Source: `validateVolumeSource`. */
export const emptyDir: PartRule = (dir, pod) => {
  const limit = valueOf(dir.data, 'sizeLimit')
  const quantity = limit === undefined ? undefined : parseQuantity(limit)
  if (quantity === undefined || quantitySign(quantity) >= 0) return
  invalid(pod, 'VOLUME_FIELD_INVALID', at(dir.path, 'sizeLimit'), limit, [
    'must be a valid resource quantity, not a negative one',
  ])
}

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]

/** Source: `validateHostPathVolumeSource`. */
export const hostPath: PartRule = (source, pod) => {
  const path = textOf(source.data, 'path')
  if (path === '') return required(pod, at(source.path, 'path'), 'the path on the host is required')
  if (path !== undefined) invalid(pod, 'VOLUME_PATH_INVALID', at(source.path, 'path'), path, noBacksteps(path))
  const type = optionalText(source.data, 'type')
  if (type === undefined || HOST_PATH_TYPES.includes(type)) return
  unsupported(pod, 'VOLUME_FIELD_INVALID', at(source.path, 'type'), type, HOST_PATH_TYPES)
}

/** A ConfigMap or Secret. Source: `validateConfigMapVolumeSource`, `validateSecretVolumeSource`. */
export function keyedVolume(nameField: string): PartRule {
  return (source, pod) => {
    requireText(source, nameField, pod)
    checkMode(source, 'defaultMode', pod)
    for (const item of itemsOf(source, 'items')) keyToPath(item, pod)
  }
}

/** Source: `validateKeyToPath`. */
export const keyToPath: PartRule = (item, pod) => {
  requireText(item, 'key', pod)
  checkFilePath(item, 'path', pod)
  checkMode(item, 'mode', pod)
}

/** A path of a file in a volume: required, relative, and not leading out of it. */
export function checkFilePath(part: Part, field: string, pod: PodScope): void {
  const path = textOf(part.data, field)
  requireText(part, field, pod)
  if (path) invalid(pod, 'VOLUME_PATH_INVALID', at(part.path, field), path, nonReservedPath(path))
}

/** Fields of the pod that a file may hold. Source: `validVolumeDownwardAPIFieldPathExpressions`. */
const VOLUME_FIELD_PATHS = [
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
]

/** Source: `validateDownwardAPIVolumeSource`. */
export const downwardApi: PartRule = (source, pod) => {
  checkMode(source, 'defaultMode', pod)
  for (const item of itemsOf(source, 'items')) downwardApiFile(item, pod)
}

/** Source: `validateDownwardAPIVolumeFile`. */
export const downwardApiFile: PartRule = (file, pod) => {
  checkFilePath(file, 'path', pod)
  checkMode(file, 'mode', pod)
  const field = partOf(file, 'fieldRef')
  const resource = partOf(file, 'resourceFieldRef')
  if (field !== undefined) {
    fieldRef(field, VOLUME_FIELD_PATHS, pod)
    if (!isSet(file.data, 'resourceFieldRef')) return
    const message = 'fieldRef and resourceFieldRef can not be specified simultaneously'
    forbidden(pod, 'VOLUME_FIELD_INVALID', at(file.path, 'resourceFieldRef'), message)
  } else if (resource !== undefined) resourceFieldRef(resource, true, pod)
  else if (!isSet(file.data, 'fieldRef') && !isSet(file.data, 'resourceFieldRef')) {
    required(pod, file.path, 'one of fieldRef and resourceFieldRef is required')
  }
}

/** Source: `validateFlexVolumeSource`. */
export const flexVolume: PartRule = (source, pod) => {
  requireText(source, 'driver', pod)
  for (const [key] of entriesOf(source.data, 'options')) {
    const namespace = `.${(key.split('/')[0] as string).toLowerCase()}`
    if (!namespace.endsWith('.kubernetes.io') && !namespace.endsWith('.k8s.io')) continue
    const message = 'the kubernetes.io and k8s.io namespaces are reserved'
    forbidden(pod, 'VOLUME_FIELD_INVALID', at(source.path, 'options', key), message)
  }
}

/** Source: `validateCSIVolumeSource`, `ValidateCSIDriverName`. */
export const csi: PartRule = (source, pod) => {
  const driver = textOf(source.data, 'driver')
  const path = at(source.path, 'driver')
  if (driver === '') required(pod, path, 'the name of the CSI driver is required')
  else if (driver !== undefined) {
    const faults = dns1123Subdomain(driver.toLowerCase())
    if (byteLength(driver) > 63) faults.unshift('may not be longer than 63 bytes')
    invalid(pod, 'VOLUME_FIELD_INVALID', path, driver, faults)
  }
  const secret = partOf(source, 'nodePublishSecretRef')
  const name = secret && textOf(secret.data, 'name')
  if (secret === undefined || name === undefined) return
  if (name === '') required(pod, at(secret.path, 'name'), 'the name of the secret is required')
  else invalid(pod, 'VOLUME_FIELD_INVALID', at(secret.path, 'name'), name, dns1123Subdomain(name))
}

const PULL_POLICIES = ['Always', 'IfNotPresent', 'Never']

/** An image as a volume (KEP-4639). Source: `validateImageVolumeSource`. */
export const image: PartRule = (source, pod) => {
  // A template may leave the reference to whatever creates the pod.
  if (pod.isPod) requireText(source, 'reference', pod)
  const policy = textOf(source.data, 'pullPolicy')
  if (!policy || PULL_POLICIES.includes(policy)) return
  unsupported(pod, 'VOLUME_FIELD_INVALID', at(source.path, 'pullPolicy'), policy, PULL_POLICIES)
}
