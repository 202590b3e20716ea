import type { PodRules } from '../pod-context.ts'
import type { Field } from './field.ts'
import { claim } from './storage/claim.ts'
import { cronJob } from './workloads/cronjob.ts'
import { daemonSet } from './workloads/daemonset.ts'
import { deployment, replicaSet } from './workloads/deployment.ts'
import { job } from './workloads/job.ts'
import { pod, podTemplateObject } from './workloads/pod.ts'
import { replicationController } from './workloads/replicationcontroller.ts'
import { statefulSet } from './workloads/statefulset.ts'

/** The rules of one kind beyond its metadata. */
export type KindRules = (object: Field, podRules: PodRules) => void

/** By `apiVersion/kind`, as versions that are no longer served had other defaults. A new kind is a new row. */
const RULES = new Map<string, KindRules>([
  ['v1/PersistentVolumeClaim', claim],
  ['v1/Pod', pod],
  ['v1/PodTemplate', podTemplateObject],
  ['v1/ReplicationController', replicationController],
  ['apps/v1/DaemonSet', daemonSet],
  ['apps/v1/Deployment', deployment],
  ['apps/v1/ReplicaSet', replicaSet],
  ['apps/v1/StatefulSet', statefulSet],
  ['batch/v1/CronJob', cronJob],
  ['batch/v1/Job', job],
])

/** The rules of a kind, or undefined when it has none of its own here. */
export function kindRules(group: string, version: string, kind: string): KindRules | undefined {
  return RULES.get(`${group === '' ? '' : `${group}/`}${version}/${kind}`)
}
