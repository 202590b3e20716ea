/** A deprecated or removed API. Versions are minor versions of Kubernetes 1. */
export interface Deprecation {
  apiVersion: string
  kinds: readonly string[]
  /** The first minor that warns about it. */
  deprecated: number
  /** The first minor that no longer serves it; undefined where no removal is planned. */
  removed: number | undefined
  /** The replacement: an apiVersion, followed by a kind if that differs; undefined where nothing replaced it. */
  use: string | undefined
}

const WORKLOADS = ['Deployment', 'DaemonSet', 'ReplicaSet']
const RBAC = ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding']
const WEBHOOKS = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']
const REVIEWS = ['LocalSubjectAccessReview', 'SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview']
const MUTATING_POLICIES = ['MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding']
const POLICIES = ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']
const STORAGE = ['CSIDriver', 'CSINode', 'StorageClass', 'VolumeAttachment']
const FLOW = ['FlowSchema', 'PriorityLevelConfiguration']
const ADDRESSES = ['IPAddress', 'ServiceCIDR']
const CLAIMS = ['DeviceClass', 'ResourceClaim', 'ResourceClaimTemplate', 'ResourceSlice']

const row = (
  apiVersion: string,
  kinds: readonly string[],
  deprecated: number,
  removed: number | undefined,
  use?: string,
): Deprecation => ({ apiVersion, kinds, deprecated, removed, use })

/**
 * Source: Kubernetes' "Deprecated API Migration Guide" and, for what it leaves out, the lifecycle marks of k8s.io/api
 * (prerelease-lifecycle-gen: an alpha or beta is deprecated three minor versions after its introduction, and removed
 * three later).
 */
export const DEPRECATIONS: readonly Deprecation[] = [
  row('extensions/v1beta1', WORKLOADS, 9, 16, 'apps/v1'),
  row('extensions/v1beta1', ['NetworkPolicy'], 9, 16, 'networking.k8s.io/v1'),
  row('extensions/v1beta1', ['PodSecurityPolicy'], 10, 16),
  row('extensions/v1beta1', ['Ingress'], 14, 22, 'networking.k8s.io/v1'),
  row('extensions/v1beta1', ['Job'], 5, 6, 'batch/v1'),
  row('extensions/v1beta1', ['HorizontalPodAutoscaler'], 5, 8, 'autoscaling/v2'),
  row('apps/v1beta1', ['Deployment', 'StatefulSet', 'ControllerRevision'], 9, 16, 'apps/v1'),
  row('apps/v1beta2', [...WORKLOADS, 'StatefulSet', 'ControllerRevision'], 9, 16, 'apps/v1'),
  row('batch/v2alpha1', ['CronJob'], 8, 21, 'batch/v1'),
  row('admissionregistration.k8s.io/v1beta1', WEBHOOKS, 16, 22, 'admissionregistration.k8s.io/v1'),
  row('apiextensions.k8s.io/v1beta1', ['CustomResourceDefinition'], 16, 22, 'apiextensions.k8s.io/v1'),
  row('apiregistration.k8s.io/v1beta1', ['APIService'], 19, 22, 'apiregistration.k8s.io/v1'),
  row('authentication.k8s.io/v1beta1', ['TokenReview'], 19, 22, 'authentication.k8s.io/v1'),
  row('authorization.k8s.io/v1beta1', REVIEWS, 19, 22, 'authorization.k8s.io/v1'),
  row('certificates.k8s.io/v1beta1', ['CertificateSigningRequest'], 19, 22, 'certificates.k8s.io/v1'),
  row('coordination.k8s.io/v1beta1', ['Lease'], 19, 22, 'coordination.k8s.io/v1'),
  row('networking.k8s.io/v1beta1', ['Ingress', 'IngressClass'], 19, 22, 'networking.k8s.io/v1'),
  row('rbac.authorization.k8s.io/v1beta1', RBAC, 17, 22, 'rbac.authorization.k8s.io/v1'),
  row('rbac.authorization.k8s.io/v1alpha1', RBAC, 17, 22, 'rbac.authorization.k8s.io/v1'),
  row('scheduling.k8s.io/v1beta1', ['PriorityClass'], 14, 22, 'scheduling.k8s.io/v1'),
  row('scheduling.k8s.io/v1alpha1', ['PriorityClass'], 14, 22, 'scheduling.k8s.io/v1'),
  row('storage.k8s.io/v1beta1', STORAGE, 19, 22, 'storage.k8s.io/v1'),
  row('batch/v1beta1', ['CronJob'], 21, 25, 'batch/v1'),
  row('discovery.k8s.io/v1beta1', ['EndpointSlice'], 21, 25, 'discovery.k8s.io/v1'),
  row('events.k8s.io/v1beta1', ['Event'], 19, 25, 'events.k8s.io/v1'),
  row('autoscaling/v2beta1', ['HorizontalPodAutoscaler'], 22, 25, 'autoscaling/v2'),
  row('policy/v1beta1', ['PodDisruptionBudget'], 21, 25, 'policy/v1'),
  row('policy/v1beta1', ['PodSecurityPolicy'], 21, 25),
  row('node.k8s.io/v1beta1', ['RuntimeClass'], 22, 25, 'node.k8s.io/v1'),
  row('flowcontrol.apiserver.k8s.io/v1beta1', FLOW, 23, 26, 'flowcontrol.apiserver.k8s.io/v1'),
  row('autoscaling/v2beta2', ['HorizontalPodAutoscaler'], 23, 26, 'autoscaling/v2'),
  row('storage.k8s.io/v1beta1', ['CSIStorageCapacity'], 24, 27, 'storage.k8s.io/v1'),
  row('flowcontrol.apiserver.k8s.io/v1beta2', FLOW, 26, 29, 'flowcontrol.apiserver.k8s.io/v1'),
  row('flowcontrol.apiserver.k8s.io/v1beta3', FLOW, 29, 32, 'flowcontrol.apiserver.k8s.io/v1'),
  row('admissionregistration.k8s.io/v1alpha1', POLICIES, 29, 32, 'admissionregistration.k8s.io/v1'),
  row('admissionregistration.k8s.io/v1beta1', POLICIES, 31, 34, 'admissionregistration.k8s.io/v1'),
  row('admissionregistration.k8s.io/v1alpha1', MUTATING_POLICIES, 35, 38, 'admissionregistration.k8s.io/v1'),
  row('authentication.k8s.io/v1alpha1', ['SelfSubjectReview'], 29, 32, 'authentication.k8s.io/v1'),
  row('authentication.k8s.io/v1beta1', ['SelfSubjectReview'], 30, 33, 'authentication.k8s.io/v1'),
  row('certificates.k8s.io/v1alpha1', ['ClusterTrustBundle'], 34, 37, 'certificates.k8s.io/v1beta1'),
  row('coordination.k8s.io/v1alpha2', ['LeaseCandidate'], 35, 38, 'coordination.k8s.io/v1beta1'),
  row('coordination.k8s.io/v1beta1', ['LeaseCandidate'], 36, 39),
  row('networking.k8s.io/v1beta1', ADDRESSES, 34, 37, 'networking.k8s.io/v1'),
  row('storage.k8s.io/v1alpha1', ['VolumeAttributesClass'], 32, 35, 'storage.k8s.io/v1'),
  row('storage.k8s.io/v1beta1', ['VolumeAttributesClass'], 34, 37, 'storage.k8s.io/v1'),
  // Removed a version before its mark (kubernetes/kubernetes#134784).
  row('storagemigration.k8s.io/v1alpha1', ['StorageVersionMigration'], 33, 35, 'storagemigration.k8s.io/v1beta1'),
  row('resource.k8s.io/v1alpha3', ['DeviceTaintRule'], 36, 39, 'resource.k8s.io/v1beta2'),
  row('resource.k8s.io/v1beta1', CLAIMS, 35, 38, 'resource.k8s.io/v1'),
  row('resource.k8s.io/v1beta2', CLAIMS, 36, 39, 'resource.k8s.io/v1'),
  row('v1', ['ComponentStatus'], 19, undefined),
  row('v1', ['Endpoints'], 33, undefined, 'discovery.k8s.io/v1 EndpointSlice'),
]

/** The deprecation of a kind; undefined if it is not deprecated in any version of Kubernetes. */
export function deprecationOf(apiVersion: string, kind: string): Deprecation | undefined {
  return DEPRECATIONS.find((entry) => entry.apiVersion === apiVersion && entry.kinds.includes(kind))
}
