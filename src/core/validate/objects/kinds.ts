import type { PodRules } from '../pod-context.ts'
import { mutatingBinding, mutatingPolicy, validatingBinding, validatingPolicy } from './cluster/admission-policy.ts'
import { signingRequest, trustBundle } from './cluster/certificates.ts'
import { customResourceDefinition } from './cluster/crd.ts'
import { coreEvent, newEvent } from './cluster/event.ts'
import { flowSchema, priorityLevel } from './cluster/flow-control.ts'
import { lease, leaseCandidate } from './cluster/lease.ts'
import { namespace } from './cluster/namespace.ts'
import { node } from './cluster/node.ts'
import { limitRange, resourceQuota } from './cluster/quota.ts'
import { clusterRole, clusterRoleBinding, role, roleBinding } from './cluster/rbac.ts'
import {
  localSubjectAccessReview,
  selfSubjectAccessReview,
  selfSubjectRulesReview,
  subjectAccessReview,
  tokenReview,
} from './cluster/reviews.ts'
import {
  apiService,
  controllerRevision,
  podBinding,
  priorityClass,
  serviceAccount,
  storageVersionMigration,
} from './cluster/settings.ts'
import { webhookConfiguration } from './cluster/webhook.ts'
import { configMap, secret } from './config/config.ts'
import type { Field } from './field.ts'
import { endpoints, endpointSlice } from './network/endpoints.ts'
import { ingress, ingressClass } from './network/ingress.ts'
import { networkPolicy } from './network/network-policy.ts'
import { ipAddressObject, serviceCidr } from './network/service-cidr.ts'
import { service } from './network/service.ts'
import { deviceClass, resourceClaim, resourceClaimTemplate } from './resource/claim.ts'
import { resourceSlice } from './resource/slice.ts'
import { deviceTaintRule } from './resource/taints.ts'
import { claim } from './storage/claim.ts'
import { csiDriver, csiNode, csiStorageCapacity, volumeAttachment, volumeAttributesClass } from './storage/csi.ts'
import { runtimeClass, storageClass } from './storage/storage-class.ts'
import { persistentVolume } from './storage/volume.ts'
import { autoscaler, autoscalerV1 } from './workloads/autoscaler.ts'
import { cronJob } from './workloads/cronjob.ts'
import { daemonSet } from './workloads/daemonset.ts'
import { deployment, replicaSet } from './workloads/deployment.ts'
import { podDisruptionBudget } from './workloads/disruption-budget.ts'
import { job } from './workloads/job.ts'
import { pod, podTemplateObject } from './workloads/pod.ts'
import { replicationController } from './workloads/replicationcontroller.ts'
import { statefulSet } from './workloads/statefulset.ts'

/** The rules of one kind beyond its metadata. */
export type KindRules = (object: Field, podRules: PodRules) => void

const ADMISSION = 'admissionregistration.k8s.io'
const DEVICES = 'resource.k8s.io'

/**
 * Rules by `apiVersion/kind`. Only versions that a supported version of Kubernetes serves are listed: older ones had
 * other defaults.
 */
const RULES = new Map<string, KindRules>([
  ['v1/Binding', podBinding],
  ['v1/ConfigMap', configMap],
  ['v1/Endpoints', endpoints],
  ['v1/Event', coreEvent],
  ['v1/LimitRange', limitRange],
  ['v1/Namespace', namespace],
  ['v1/Node', node],
  ['v1/PersistentVolume', persistentVolume],
  ['v1/PersistentVolumeClaim', claim],
  ['v1/Pod', pod],
  ['v1/PodTemplate', podTemplateObject],
  ['v1/ReplicationController', replicationController],
  ['v1/ResourceQuota', resourceQuota],
  ['v1/Secret', secret],
  ['v1/Service', service],
  ['v1/ServiceAccount', serviceAccount],
  [`${ADMISSION}/v1/MutatingWebhookConfiguration`, webhookConfiguration],
  [`${ADMISSION}/v1/ValidatingWebhookConfiguration`, webhookConfiguration],
  ...['v1', 'v1beta1', 'v1alpha1'].flatMap((version): [string, KindRules][] => [
    [`${ADMISSION}/${version}/MutatingAdmissionPolicy`, mutatingPolicy],
    [`${ADMISSION}/${version}/MutatingAdmissionPolicyBinding`, mutatingBinding],
    [`${ADMISSION}/${version}/ValidatingAdmissionPolicy`, validatingPolicy],
    [`${ADMISSION}/${version}/ValidatingAdmissionPolicyBinding`, validatingBinding],
  ]),
  ['apiextensions.k8s.io/v1/CustomResourceDefinition', customResourceDefinition],
  ['apiregistration.k8s.io/v1/APIService', apiService],
  ['apps/v1/ControllerRevision', controllerRevision],
  ['apps/v1/DaemonSet', daemonSet],
  ['apps/v1/Deployment', deployment],
  ['apps/v1/ReplicaSet', replicaSet],
  ['apps/v1/StatefulSet', statefulSet],
  ['authentication.k8s.io/v1/TokenReview', tokenReview],
  ['authorization.k8s.io/v1/LocalSubjectAccessReview', localSubjectAccessReview],
  ['authorization.k8s.io/v1/SelfSubjectAccessReview', selfSubjectAccessReview],
  ['authorization.k8s.io/v1/SelfSubjectRulesReview', selfSubjectRulesReview],
  ['authorization.k8s.io/v1/SubjectAccessReview', subjectAccessReview],
  ['autoscaling/v1/HorizontalPodAutoscaler', autoscalerV1],
  ['autoscaling/v2/HorizontalPodAutoscaler', autoscaler],
  ['batch/v1/CronJob', cronJob],
  ['batch/v1/Job', job],
  ['certificates.k8s.io/v1/CertificateSigningRequest', signingRequest],
  ['certificates.k8s.io/v1alpha1/ClusterTrustBundle', trustBundle],
  ['certificates.k8s.io/v1beta1/ClusterTrustBundle', trustBundle],
  ['coordination.k8s.io/v1/Lease', lease],
  ['coordination.k8s.io/v1alpha2/LeaseCandidate', leaseCandidate],
  ['coordination.k8s.io/v1beta1/LeaseCandidate', leaseCandidate],
  ['discovery.k8s.io/v1/EndpointSlice', endpointSlice],
  ['events.k8s.io/v1/Event', newEvent],
  ['flowcontrol.apiserver.k8s.io/v1/FlowSchema', flowSchema],
  ['flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration', priorityLevel],
  ['flowcontrol.apiserver.k8s.io/v1beta3/FlowSchema', flowSchema],
  ['flowcontrol.apiserver.k8s.io/v1beta3/PriorityLevelConfiguration', priorityLevel],
  ['networking.k8s.io/v1/Ingress', ingress],
  ['networking.k8s.io/v1/IngressClass', ingressClass],
  ['networking.k8s.io/v1/NetworkPolicy', networkPolicy],
  ...['v1', 'v1beta1', 'v1alpha1'].flatMap((version): [string, KindRules][] => [
    [`networking.k8s.io/${version}/IPAddress`, ipAddressObject],
    [`networking.k8s.io/${version}/ServiceCIDR`, serviceCidr],
  ]),
  ['node.k8s.io/v1/RuntimeClass', runtimeClass],
  ['policy/v1/PodDisruptionBudget', podDisruptionBudget],
  ['rbac.authorization.k8s.io/v1/ClusterRole', clusterRole],
  ['rbac.authorization.k8s.io/v1/ClusterRoleBinding', clusterRoleBinding],
  ['rbac.authorization.k8s.io/v1/Role', role],
  ['rbac.authorization.k8s.io/v1/RoleBinding', roleBinding],
  ...['v1', 'v1beta2', 'v1beta1'].flatMap((version): [string, KindRules][] => [
    [`${DEVICES}/${version}/DeviceClass`, deviceClass],
    [`${DEVICES}/${version}/ResourceClaim`, resourceClaim],
    [`${DEVICES}/${version}/ResourceClaimTemplate`, resourceClaimTemplate],
    [`${DEVICES}/${version}/ResourceSlice`, resourceSlice],
  ]),
  [`${DEVICES}/v1alpha3/DeviceTaintRule`, deviceTaintRule],
  [`${DEVICES}/v1beta2/DeviceTaintRule`, deviceTaintRule],
  ['scheduling.k8s.io/v1/PriorityClass', priorityClass],
  ['storage.k8s.io/v1/CSIDriver', csiDriver],
  ['storage.k8s.io/v1/CSINode', csiNode],
  ['storage.k8s.io/v1/CSIStorageCapacity', csiStorageCapacity],
  ['storage.k8s.io/v1/StorageClass', storageClass],
  ['storage.k8s.io/v1/VolumeAttachment', volumeAttachment],
  ['storage.k8s.io/v1/VolumeAttributesClass', volumeAttributesClass],
  ['storage.k8s.io/v1alpha1/VolumeAttributesClass', volumeAttributesClass],
  ['storage.k8s.io/v1beta1/VolumeAttributesClass', volumeAttributesClass],
  ['storagemigration.k8s.io/v1beta1/StorageVersionMigration', storageVersionMigration],
])

/**
 * Kinds of which only schema and metadata are validated: those without further rules, and alpha kinds whose validation
 * still changes from version to version.
 */
export const SCHEMA_ONLY: ReadonlySet<string> = new Set([
  'v1/ComponentStatus',
  'authentication.k8s.io/v1/SelfSubjectReview',
  'authentication.k8s.io/v1alpha1/SelfSubjectReview',
  'authentication.k8s.io/v1beta1/SelfSubjectReview',
  'certificates.k8s.io/v1alpha1/PodCertificateRequest',
  'certificates.k8s.io/v1beta1/PodCertificateRequest',
  'coordination.k8s.io/v1alpha1/LeaseCandidate',
  'internal.apiserver.k8s.io/v1alpha1/StorageVersion',
  'resource.k8s.io/v1alpha3/DeviceClass',
  'resource.k8s.io/v1alpha3/PodSchedulingContext',
  'resource.k8s.io/v1alpha3/ResourceClaim',
  'resource.k8s.io/v1alpha3/ResourceClaimTemplate',
  'resource.k8s.io/v1alpha3/ResourcePoolStatusRequest',
  'resource.k8s.io/v1alpha3/ResourceSlice',
  'scheduling.k8s.io/v1alpha1/Workload',
  'scheduling.k8s.io/v1alpha2/PodGroup',
  'scheduling.k8s.io/v1alpha2/Workload',
  'storagemigration.k8s.io/v1alpha1/StorageVersionMigration',
])

/** The rules of a kind; undefined for one of which only schema and metadata are validated. */
export function kindRules(group: string, version: string, kind: string): KindRules | undefined {
  return RULES.get(`${group === '' ? '' : `${group}/`}${version}/${kind}`)
}
