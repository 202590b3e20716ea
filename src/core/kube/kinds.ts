import type { JsonPath } from '../json/json.ts'

/** A kind whose objects hold a pod template. */
export interface WorkloadKind {
  /** API group: empty for core. Any version of it counts. */
  group: string
  kind: string
  /** Lower-case plural with group, as `kubectl get -o name` prints it: `deployment.apps`. */
  shortName: string
  /**
   * Path of the pod template (the map with `metadata` and `spec`); empty for a Pod, which is its own. A step `*` is
   * every item of a list.
   */
  templatePath: JsonPath
  /** True where the object may do without its pod template, or without containers in it; such a one is left alone. */
  optional?: true
  /**
   * True where `templatePath` leads to a map that is the pod spec itself, with `annotations` and `labels` of the pods
   * in it: there is no `metadata` and no `spec`.
   */
  inline?: true
}

const TEMPLATE: JsonPath = ['spec', 'template']

function row(group: string, kind: string, templatePath: JsonPath = TEMPLATE): WorkloadKind {
  return { group, kind, shortName: kind.toLowerCase() + (group === '' ? '' : `.${group}`), templatePath }
}

/** Kubernetes' own workload kinds, old groups included. A new kind is a new row. */
export const WORKLOAD_KINDS: readonly WorkloadKind[] = [
  row('', 'Pod', []),
  row('', 'PodTemplate', ['template']),
  row('', 'ReplicationController'),
  row('apps', 'Deployment'),
  row('apps', 'DaemonSet'),
  row('apps', 'StatefulSet'),
  row('apps', 'ReplicaSet'),
  row('batch', 'Job'),
  row('batch', 'CronJob', ['spec', 'jobTemplate', 'spec', 'template']),
  row('batch', 'ScheduledJob', ['spec', 'jobTemplate', 'spec', 'template']),
  row('extensions', 'Deployment'),
  row('extensions', 'DaemonSet'),
  row('extensions', 'ReplicaSet'),
  row('extensions', 'Job'),
]

/** A row for a kind of another project than Kubernetes: its pod template may be absent. */
export function workloadKindRow(group: string, kind: string, templatePath: JsonPath = TEMPLATE): WorkloadKind {
  return { ...row(group, kind, templatePath), optional: true }
}

/** The same for a kind that has its pod spec inline. */
export function inlineKindRow(group: string, kind: string, podSpecPath: JsonPath): WorkloadKind {
  return { ...workloadKindRow(group, kind, podSpecPath), inline: true }
}

/** Kinds of Kubeflow's training operator, with the field that has their replicas by type (`pkg/apis/kubeflow.org/v1`). */
const TRAINING_JOBS: readonly (readonly [kind: string, field: string, replicas: readonly string[]])[] = [
  ['PyTorchJob', 'pytorchReplicaSpecs', ['Master', 'Worker']],
  ['TFJob', 'tfReplicaSpecs', ['Chief', 'Master', 'PS', 'Worker', 'Evaluator']],
  ['MPIJob', 'mpiReplicaSpecs', ['Launcher', 'Worker']],
  ['XGBoostJob', 'xgbReplicaSpecs', ['Master', 'Worker']],
  ['PaddleJob', 'paddleReplicaSpecs', ['Master', 'Worker']],
  ['JAXJob', 'jaxReplicaSpecs', ['Worker']],
]

/** Kinds of KubeRay, with the path of the cluster's spec (`ray-operator/apis/ray/v1`). */
const RAY_KINDS: readonly (readonly [kind: string, path: JsonPath])[] = [
  ['RayCluster', ['spec']],
  ['RayJob', ['spec', 'rayClusterSpec']],
  ['RayService', ['spec', 'rayClusterConfig']],
]

/**
 * Kinds of other projects that hold pod templates: Argo Rollouts, Knative Serving, OpenKruise, Spark on Kubernetes,
 * KServe, OpenShift, Kubeflow's training operator, JobSet, LeaderWorkerSet, Ray, KEDA, Volcano. Tasks of Tekton and steps of
 * Argo Workflows are no containers of a pod spec, so they have no row. A Rollout may point to a Deployment by `workloadRef` and have no template; a SparkApplication has two. Each
 * component of an InferenceService is a pod spec (`ComponentExtensionSpec` and `PodSpec`, both inline); where it has a
 * `model` and no containers, KServe makes them.
 */
export const CUSTOM_WORKLOAD_KINDS: readonly WorkloadKind[] = [
  workloadKindRow('argoproj.io', 'Rollout'),
  workloadKindRow('serving.knative.dev', 'Service'),
  workloadKindRow('serving.knative.dev', 'Configuration'),
  workloadKindRow('apps.kruise.io', 'CloneSet'),
  workloadKindRow('apps.kruise.io', 'StatefulSet'),
  workloadKindRow('apps.kruise.io', 'DaemonSet'),
  workloadKindRow('apps.kruise.io', 'BroadcastJob'),
  workloadKindRow('apps.kruise.io', 'AdvancedCronJob', ['spec', 'template', 'jobTemplate', 'spec', 'template']),
  workloadKindRow('apps.kruise.io', 'AdvancedCronJob', [
    'spec',
    'template',
    'broadcastJobTemplate',
    'spec',
    'template',
  ]),
  workloadKindRow('apps.openshift.io', 'DeploymentConfig'),
  ...TRAINING_JOBS.flatMap(([kind, field, replicas]) =>
    replicas.map((replica) => workloadKindRow('kubeflow.org', kind, ['spec', field, replica, 'template'])),
  ),
  workloadKindRow('jobset.x-k8s.io', 'JobSet', ['spec', 'replicatedJobs', '*', 'template', 'spec', 'template']),
  workloadKindRow('leaderworkerset.x-k8s.io', 'LeaderWorkerSet', ['spec', 'leaderWorkerTemplate', 'leaderTemplate']),
  workloadKindRow('leaderworkerset.x-k8s.io', 'LeaderWorkerSet', ['spec', 'leaderWorkerTemplate', 'workerTemplate']),
  ...RAY_KINDS.flatMap(([kind, path]) => [
    workloadKindRow('ray.io', kind, [...path, 'headGroupSpec', 'template']),
    workloadKindRow('ray.io', kind, [...path, 'workerGroupSpecs', '*', 'template']),
  ]),
  workloadKindRow('keda.sh', 'ScaledJob', ['spec', 'jobTargetRef', 'template']),
  workloadKindRow('batch.volcano.sh', 'Job', ['spec', 'tasks', '*', 'template']),
  workloadKindRow('sparkoperator.k8s.io', 'SparkApplication', ['spec', 'driver', 'template']),
  workloadKindRow('sparkoperator.k8s.io', 'SparkApplication', ['spec', 'executor', 'template']),
  workloadKindRow('sparkoperator.k8s.io', 'ScheduledSparkApplication', ['spec', 'template', 'driver', 'template']),
  workloadKindRow('sparkoperator.k8s.io', 'ScheduledSparkApplication', ['spec', 'template', 'executor', 'template']),
  inlineKindRow('serving.kserve.io', 'InferenceService', ['spec', 'predictor']),
  inlineKindRow('serving.kserve.io', 'InferenceService', ['spec', 'transformer']),
  inlineKindRow('serving.kserve.io', 'InferenceService', ['spec', 'explainer']),
]

/** Splits `apps/v1` into group and version; core's `v1` has an empty group. */
export function splitApiVersion(apiVersion: string): { group: string; version: string } {
  const slash = apiVersion.indexOf('/')
  return slash < 0
    ? { group: '', version: apiVersion }
    : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) }
}

/** The row for an object's apiVersion and kind; undefined for foreign kinds, other groups' `Job` among them. */
export function workloadKind(
  apiVersion: string,
  kind: string,
  kinds: readonly WorkloadKind[] = WORKLOAD_KINDS,
): WorkloadKind | undefined {
  const { group } = splitApiVersion(apiVersion)
  return kinds.find((k) => k.kind === kind && k.group === group)
}

/** Whether a group is Kubernetes' own: without a domain, or of k8s.io. The kinds in it that hold a pod template are all known. */
export function isKubernetesKind(apiVersion: string): boolean {
  const { group } = splitApiVersion(apiVersion)
  return !group.includes('.') || /^[a-z-]+(?:\.(?:authorization|apiserver))?\.k8s\.io$/.test(group)
}
