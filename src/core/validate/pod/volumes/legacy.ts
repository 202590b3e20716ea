import { byteLength, dns1123Label } from '../../../kube/names.ts'
import { descendingPath } from '../paths.ts'
import { at, forbidden, invalid, type PartRule, type PodScope, required } from '../scope.ts'
import { format, formatStrict, oneOfStrict } from '../text-rules.ts'
import { flagOf, isSet, listOf, optionalText, type Part, partOf, textOf, valueOf } from '../values.ts'
import { checkRange, fieldsOf, requireText } from './fields.ts'

const CODE = 'VOLUME_FIELD_INVALID'

/**
 * A cloud disk with a partition.
 * Source: `validateGCEPersistentDiskVolumeSource`, `validateAWSElasticBlockStoreVolumeSource`.
 */
function disk(nameField: string): PartRule {
  return (source, pod) => {
    requireText(source, nameField, pod)
    checkRange(source, 'partition', 0, 255, pod)
  }
}

/** Source: `validateGitRepoVolumeSource`. */
const gitRepo: PartRule = (source, pod) => {
  requireText(source, 'repository', pod)
  format(source, 'directory', 'VOLUME_PATH_INVALID', descendingPath, pod)
}

/** Source: `validateNFSVolumeSource`. */
const nfs: PartRule = (source, pod) => {
  fieldsOf(['server', 'path'])(source, pod)
  const path = textOf(source.data, 'path')
  if (!path || path.startsWith('/')) return
  invalid(pod, 'VOLUME_PATH_INVALID', at(source.path, 'path'), path, ['must be an absolute path'])
}

/** Blanks and any character as in Go's regular expressions: of ASCII, and all but a line feed. */
const ISCSI_FORMATS: readonly [string, RegExp][] = [
  ['iqn', /iqn\.[0-9]{4}-[0-9]{2}\.[A-Za-z0-9.-]+:[^,;*&$|\t\n\f\r ]+$/],
  ['eui', /^eui[^\n][A-Za-z0-9]{16}$/u],
  ['naa', /^naa[^\n][A-Za-z0-9]{32}$/u],
]

function iscsiNameFaults(name: string): string[] {
  const format = ISCSI_FORMATS.find(([prefix]) => name.startsWith(prefix))
  if (format === undefined) return ['must be valid format starting with iqn, eui, or naa']
  return format[1].test(name) ? [] : [`must be a valid ${format[0]} name`]
}

/** Source: `validateISCSIVolumeSource`. */
const iscsi: PartRule = (source, pod) => {
  fieldsOf(['targetPortal', 'iqn'])(source, pod)
  format(source, 'iqn', CODE, iscsiNameFaults, pod)
  checkRange(source, 'lun', 0, 255, pod)
  const chap = flagOf(source.data, 'chapAuthDiscovery') === true || flagOf(source.data, 'chapAuthSession') === true
  if (chap && !isSet(source.data, 'secretRef')) required(pod, at(source.path, 'secretRef'), 'CHAP needs a secretRef')
  formatStrict(source, 'initiatorName', CODE, iscsiNameFaults, pod)
}

/** Source: `validateFlockerVolumeSource`. */
const flocker: PartRule = (source, pod) => {
  const name = textOf(source.data, 'datasetName')
  const uuid = textOf(source.data, 'datasetUUID')
  if (name === '' && uuid === '') required(pod, source.path, 'one of datasetName and datasetUUID is required')
  if (name && uuid) {
    const message = 'datasetName and datasetUUID can not be specified simultaneously'
    forbidden(pod, CODE, at(source.path, 'datasetUUID'), message)
  }
  if (name?.includes('/')) {
    invalid(pod, CODE, at(source.path, 'datasetName'), name, ["must not contain '/'"])
  }
}

function monitors(source: Part, pod: PodScope): void {
  const value = valueOf(source.data, 'monitors')
  if (value !== undefined && !Array.isArray(value)) return
  if (listOf(source.data, 'monitors').length === 0)
    required(pod, at(source.path, 'monitors'), 'at least one monitor is required')
}

/** Source: `validateCinderVolumeSource`, `validateStorageOSVolumeSource`. */
function namedSecret(source: Part, pod: PodScope): void {
  const secret = partOf(source, 'secretRef')
  if (secret !== undefined) requireText(secret, 'name', pod)
}

/** Source: `validateQuobyteVolumeSource`. */
const quobyte: PartRule = (source, pod) => {
  const registry = textOf(source.data, 'registry')
  requireText(source, 'registry', pod)
  if (registry) {
    const pairs = registry.split(',').every((pair) => /^(?:[^:[\]]*|\[[^[\]]*\]):[^:[\]]*$/.test(pair))
    const faults = pairs ? [] : ['must be a host:port pair or multiple pairs separated by commas']
    invalid(pod, CODE, at(source.path, 'registry'), registry, faults)
    format(source, 'tenant', CODE, tenantFaults, pod)
  }
  requireText(source, 'volume', pod)
}

function tenantFaults(tenant: string): string[] {
  return byteLength(tenant) > 64 ? ['must be a UUID of no more than 64 characters'] : []
}

/** Source: `validateFCVolumeSource`. */
const fc: PartRule = (source, pod) => {
  const targets = listOf(source.data, 'targetWWNs').length
  const wwids = listOf(source.data, 'wwids').length
  const path = at(source.path, 'targetWWNs')
  if (targets === 0 && wwids === 0) required(pod, path, 'must specify either targetWWNs or wwids')
  if (targets > 0 && wwids > 0) {
    forbidden(pod, CODE, path, 'targetWWNs and wwids can not be specified simultaneously')
  }
  if (targets === 0) return
  if (!isSet(source.data, 'lun')) required(pod, at(source.path, 'lun'), 'lun is required if targetWWNs is specified')
  checkRange(source, 'lun', 0, 255, pod)
}

/** Source: `validateAzureDisk`, with the kind that `SetDefaults_AzureDiskVolumeSource` gives. */
const azureDisk: PartRule = (source, pod) => {
  fieldsOf(['diskName', 'diskURI'])(source, pod)
  const kind = optionalText(source.data, 'kind') ?? 'Shared'
  const uri = textOf(source.data, 'diskURI')
  oneOfStrict(source, 'cachingMode', CODE, ['None', 'ReadOnly', 'ReadWrite'], pod)
  oneOfStrict(source, 'kind', CODE, ['Dedicated', 'Managed', 'Shared'], pod)
  const prefix = kind === 'Managed' ? '/subscriptions/' : 'https://'
  if (!uri || uri.startsWith(prefix)) return
  const hint = kind === 'Managed' ? undefined : 'set kind: Managed for a managed disk'
  invalid(pod, CODE, at(source.path, 'diskURI'), uri, [`must begin with ${prefix} for a ${kind} disk`], hint)
}

/** Source: `validateStorageOSVolumeSource`. */
const storageos: PartRule = (source, pod) => {
  requireText(source, 'volumeName', pod)
  for (const field of ['volumeName', 'volumeNamespace']) format(source, field, CODE, dns1123Label, pod)
  namedSecret(source, pod)
}

/** Sources that are tied to one kind of storage; most no longer work, but the API server still validates them. */
export const LEGACY_SOURCES = {
  gitRepo,
  gcePersistentDisk: disk('pdName'),
  awsElasticBlockStore: disk('volumeID'),
  nfs,
  iscsi,
  glusterfs: fieldsOf(['endpoints', 'path']),
  flocker,
  rbd: (source, pod) => {
    monitors(source, pod)
    requireText(source, 'image', pod)
  },
  cinder: (source, pod) => {
    requireText(source, 'volumeID', pod)
    namedSecret(source, pod)
  },
  cephfs: monitors,
  quobyte,
  fc,
  azureFile: fieldsOf(['secretName', 'shareName']),
  vsphereVolume: fieldsOf(['volumePath']),
  photonPersistentDisk: fieldsOf(['pdID']),
  portworxVolume: fieldsOf(['volumeID']),
  azureDisk,
  storageos,
  scaleIO: fieldsOf(['gateway', 'system', 'volumeName']),
} satisfies Record<string, PartRule>
