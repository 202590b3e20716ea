import type { PodRules } from '../pod-context.ts'
import { customResourceDefinition } from './cluster/crd.ts'
import { limitRange, resourceQuota } from './cluster/quota.ts'
import { clusterRole, clusterRoleBinding, role, roleBinding } from './cluster/rbac.ts'
import { apiService, ipAddressObject, lease, namespace, priorityClass, serviceAccount } from './cluster/settings.ts'
import { webhookConfiguration } from './cluster/webhook.ts'
import { configMap, secret } from './config/config.ts'
import type { Field } from './field.ts'
import { endpoints, endpointSlice } from './network/endpoints.ts'
import { ingress, ingressClass } from './network/ingress.ts'
import { networkPolicy } from './network/network-policy.ts'
import { service } from './network/service.ts'
import { claim } from './storage/claim.ts'
import { csiDriver, runtimeClass, storageClass } from './storage/storage-class.ts'
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

/** By `apiVersion/kind`, as versions that are no longer served had other defaults. A new kind is a new row. */
const RULES = new Map<string, KindRules>([
  ['v1/ConfigMap', configMap],
  ['v1/Endpoints', endpoints],
  ['v1/LimitRange', limitRange],
  ['v1/Namespace', namespace],
  ['v1/PersistentVolume', persistentVolume],
  ['v1/PersistentVolumeClaim', claim],
  ['v1/Pod', pod],
  ['v1/PodTemplate', podTemplateObject],
  ['v1/ReplicationController', replicationController],
  ['v1/ResourceQuota', resourceQuota],
  ['v1/Secret', secret],
  ['v1/Service', service],
  ['v1/ServiceAccount', serviceAccount],
  ['admissionregistration.k8s.io/v1/MutatingWebhookConfiguration', webhookConfiguration],
  ['admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration', webhookConfiguration],
  ['apiextensions.k8s.io/v1/CustomResourceDefinition', customResourceDefinition],
  ['apiregistration.k8s.io/v1/APIService', apiService],
  ['apps/v1/DaemonSet', daemonSet],
  ['apps/v1/Deployment', deployment],
  ['apps/v1/ReplicaSet', replicaSet],
  ['apps/v1/StatefulSet', statefulSet],
  ['autoscaling/v1/HorizontalPodAutoscaler', autoscalerV1],
  ['autoscaling/v2/HorizontalPodAutoscaler', autoscaler],
  ['batch/v1/CronJob', cronJob],
  ['batch/v1/Job', job],
  ['coordination.k8s.io/v1/Lease', lease],
  ['discovery.k8s.io/v1/EndpointSlice', endpointSlice],
  ['networking.k8s.io/v1/Ingress', ingress],
  ['networking.k8s.io/v1/IngressClass', ingressClass],
  ['networking.k8s.io/v1/IPAddress', ipAddressObject],
  ['networking.k8s.io/v1/NetworkPolicy', networkPolicy],
  ['node.k8s.io/v1/RuntimeClass', runtimeClass],
  ['policy/v1/PodDisruptionBudget', podDisruptionBudget],
  ['rbac.authorization.k8s.io/v1/ClusterRole', clusterRole],
  ['rbac.authorization.k8s.io/v1/ClusterRoleBinding', clusterRoleBinding],
  ['rbac.authorization.k8s.io/v1/Role', role],
  ['rbac.authorization.k8s.io/v1/RoleBinding', roleBinding],
  ['scheduling.k8s.io/v1/PriorityClass', priorityClass],
  ['storage.k8s.io/v1/CSIDriver', csiDriver],
  ['storage.k8s.io/v1/StorageClass', storageClass],
])

/** The rules of a kind, or undefined when it has none of its own here. */
export function kindRules(group: string, version: string, kind: string): KindRules | undefined {
  return RULES.get(`${group === '' ? '' : `${group}/`}${version}/${kind}`)
}
