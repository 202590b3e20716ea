import { words } from '../../../common/words.ts'
import { configMapKey, dns1035Label, dns1123Label, dns1123Subdomain } from '../../../kube/names.ts'
import type { KubeVersion } from '../../../kube/version.ts'
import type { Format } from '../field.ts'

/**
 * What every name must satisfy, as it becomes a part of a URL: the only rule for RBAC objects and PodDisruptionBudgets.
 * Source: apimachinery api/validation/path IsValidPathSegmentName.
 */
export const pathSegment: Format = (name) => {
  if (name === '.' || name === '..') return [`may not be '${name}'`]
  return ['/', '%'].filter((char) => name.includes(char)).map((char) => `may not contain '${char}'`)
}

/**
 * Service names: DNS-1035 labels, since 1.36 DNS-1123 labels, so that they may begin with a digit.
 * Source: ValidateServiceCreate; KEP-5311, on by default since 1.36.
 */
export function serviceName(version: KubeVersion): Format {
  return version.minor >= 36 ? dns1123Label : dns1035Label
}

/** Kinds of Kubernetes' own groups whose names are DNS subdomains (`NameIsDNSSubdomain`). */
const SUBDOMAIN_KINDS: Record<string, readonly string[]> = {
  '': words(`
    ConfigMap Endpoints LimitRange Node PersistentVolume PersistentVolumeClaim Pod PodTemplate ReplicationController
    ResourceQuota Secret ServiceAccount
  `),
  'admissionregistration.k8s.io': [
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'MutatingWebhookConfiguration',
    'ValidatingAdmissionPolicy',
    'ValidatingAdmissionPolicyBinding',
    'ValidatingWebhookConfiguration',
  ],
  'apiextensions.k8s.io': ['CustomResourceDefinition'],
  apps: ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet'],
  autoscaling: ['HorizontalPodAutoscaler'],
  batch: ['CronJob', 'Job'],
  'certificates.k8s.io': ['PodCertificateRequest'],
  'coordination.k8s.io': ['Lease'],
  'discovery.k8s.io': ['EndpointSlice'],
  'events.k8s.io': ['Event'],
  'flowcontrol.apiserver.k8s.io': ['FlowSchema', 'PriorityLevelConfiguration'],
  'networking.k8s.io': ['Ingress', 'IngressClass', 'NetworkPolicy', 'ServiceCIDR'],
  'node.k8s.io': ['RuntimeClass'],
  'resource.k8s.io': [
    'DeviceClass',
    'DeviceTaintRule',
    'PodSchedulingContext',
    'ResourceClaim',
    'ResourceClaimTemplate',
    'ResourcePoolStatusRequest',
    'ResourceSlice',
  ],
  'scheduling.k8s.io': ['PodGroup', 'PriorityClass', 'Workload'],
  'storage.k8s.io': [
    'CSIDriver',
    'CSINode',
    'CSIStorageCapacity',
    'StorageClass',
    'VolumeAttachment',
    'VolumeAttributesClass',
  ],
  'storagemigration.k8s.io': ['StorageVersionMigration'],
}

/**
 * The names of StorageVersions: a group and a resource.
 * Source: apiserverinternal validation ValidateStorageVersionName.
 */
const storageVersionName: Format = (name) => {
  const dot = name.lastIndexOf('.')
  if (dot < 0) return ['name must be in the form of <group>.<resource>']
  return [
    ...dns1123Subdomain(name.slice(0, dot)).map((fault) => `the group segment ${fault}`),
    ...dns1035Label(name.slice(dot + 1)).map((fault) => `the resource segment ${fault}`),
  ]
}

/** Kinds with names of their own format, by group and kind. */
const OTHER_KINDS = new Map<string, (version: KubeVersion) => Format>([
  ['/Namespace', () => dns1123Label],
  ['/Service', serviceName],
  ['apps/StatefulSet', () => dns1123Label],
  ['coordination.k8s.io/LeaseCandidate', () => configMapKey],
  ['internal.apiserver.k8s.io/StorageVersion', () => storageVersionName],
])

const SUBDOMAIN: ReadonlyMap<string, readonly string[]> = new Map(Object.entries(SUBDOMAIN_KINDS))

/** Groups that the API server itself serves; all others belong to custom resources or to clients. */
const OWN_GROUPS = new Set([
  ...Object.keys(SUBDOMAIN_KINDS),
  'apiregistration.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'extensions',
  'internal.apiserver.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
])

/** Groups whose kinds are validated with apimachinery's ValidateObjectMeta alone, not with core's. */
const PLAIN_METADATA = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
  'coordination.k8s.io',
  'policy',
])

/**
 * True where core validation's ValidateObjectMeta checks a kind's metadata. Of Events, it checks those of events.k8s.io
 * alone (core validation ValidateEventCreate).
 */
export function hasCoreMetadata(group: string, kind: string): boolean {
  return isOwnGroup(group) && !PLAIN_METADATA.has(group) && !(group === '' && kind === 'Event')
}

/** True for an API group of Kubernetes itself. */
function isOwnGroup(group: string): boolean {
  return OWN_GROUPS.has(group)
}

/** The format of a kind's names. Custom resources have DNS subdomains (apiextensions customresource validator). */
export function nameFormat(group: string, kind: string, version: KubeVersion): Format {
  // Most objects are of these kinds.
  if (SUBDOMAIN.get(group)?.includes(kind) === true) return dns1123Subdomain
  const own = OTHER_KINDS.get(`${group}/${kind}`)
  if (own !== undefined) return own(version)
  return isOwnGroup(group) ? pathSegment : dns1123Subdomain
}

/** Names of these kinds are validated in a newer way since 1.35. */
const GENERATED_NAME_MINOR = 35

/**
 * True for kinds whose `generateName` is not validated by itself, but only the name that is made from it.
 * Source: apimachinery api/validation ValidateObjectMetaWithOpts.
 */
export function hasFreeGenerateName(group: string, kind: string, version: KubeVersion): boolean {
  if (version.minor < GENERATED_NAME_MINOR) return false
  return (group === '' && kind === 'ReplicationController') || (group === 'resource.k8s.io' && kind === 'DeviceClass')
}

/** Kinds whose generation the API server does not set when it creates an object (their strategies' PrepareForCreate). */
const OWN_GENERATION = new Set([
  '/ConfigMap',
  '/Endpoints',
  '/Event',
  '/LimitRange',
  '/Namespace',
  '/Node',
  '/PersistentVolume',
  '/PersistentVolumeClaim',
  '/ResourceQuota',
  '/Secret',
  '/Service',
  '/ServiceAccount',
  'autoscaling/HorizontalPodAutoscaler',
  'coordination.k8s.io/Lease',
  'events.k8s.io/Event',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'rbac.authorization.k8s.io/Role',
  'rbac.authorization.k8s.io/RoleBinding',
  'storage.k8s.io/StorageClass',
])

/** True if the generation in a file is taken over, so that it must not be negative. */
export function keepsGeneration(group: string, kind: string): boolean {
  return OWN_GENERATION.has(`${group}/${kind}`)
}
