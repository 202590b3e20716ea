import { byteLength, dns1123Subdomain } from '../../../kube/names.ts'
import { parseQuantity, quantitySign } from '../../../kube/quantity.ts'
import { fieldRef, resourceFieldRef } from '../container/downward.ts'
import { noBacksteps, nonReservedPath } from '../paths.ts'
import { at, forbidden, invalid, type PartRule, type PodScope, required } from '../scope.ts'
import { format, type Format, oneOf, oneOfStrict, requiredFormat } from '../text-rules.ts'
import { entriesOf, isSet, itemsOf, type Part, partOf, textOf, valueOf } from '../values.ts'
import { checkMode, requireText } from './fields.ts'

const CODE = 'VOLUME_FIELD_INVALID'

/** Source: `validateVolumeSource`. */
export const emptyDir: PartRule = (dir, pod) => {
  const limit = valueOf(dir.data, 'sizeLimit')
  const quantity = limit === undefined ? undefined : parseQuantity(limit)
  if (quantity === undefined || quantitySign(quantity) >= 0) return
  invalid(pod, CODE, at(dir.path, 'sizeLimit'), limit, ['must be a valid resource quantity, not a negative one'])
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
  requiredFormat(source, 'path', 'VOLUME_PATH_INVALID', noBacksteps, 'the path on the host is required', pod)
  if (textOf(source.data, 'path') === '') return
  oneOfStrict(source, 'type', CODE, HOST_PATH_TYPES, pod)
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
  requireText(part, field, pod)
  format(part, field, 'VOLUME_PATH_INVALID', nonReservedPath, pod)
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
    forbidden(pod, CODE, at(file.path, 'resourceFieldRef'), message)
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
    forbidden(pod, CODE, at(source.path, 'options', key), message)
  }
}

/** Source: `validateCSIVolumeSource`, `ValidateCSIDriverName`. */
export const csi: PartRule = (source, pod) => {
  requiredFormat(source, 'driver', CODE, driverName, 'the name of the CSI driver is required', pod)
  const secret = partOf(source, 'nodePublishSecretRef')
  if (secret !== undefined)
    requiredFormat(secret, 'name', CODE, dns1123Subdomain, 'the name of the secret is required', pod)
}

const driverName: Format = (driver) => [
  ...(byteLength(driver) > 63 ? ['may not be longer than 63 bytes'] : []),
  ...dns1123Subdomain(driver.toLowerCase()),
]

/** An image as a volume (KEP-4639). Source: `validateImageVolumeSource`. */
export const image: PartRule = (source, pod) => {
  // A template may leave the reference to whatever creates the pod.
  if (pod.isPod) requireText(source, 'reference', pod)
  oneOf(source, 'pullPolicy', CODE, ['Always', 'IfNotPresent', 'Never'], pod)
}
