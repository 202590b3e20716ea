import { describe, expect, it } from 'vitest'
import { output, put, take, templates } from '../inject/run.ts'

const TAIL = { ...templates({ tail: 'container: {image: t}' }), sidecars: ['tail'] }

/** A text with pod templates at paths with `*` for an item of a list. */
function manifest(apiVersion: string, kind: string, paths: readonly string[]): string {
  const spec: Record<string, unknown> = {}
  for (const path of paths) {
    const steps = path.split('.')
    let at: Record<string, unknown> = spec
    for (const [n, step] of steps.entries()) {
      const isList = steps[n + 1] === '*'
      if (step === '*') continue
      const next = (at[step] ??= isList ? [{ name: 'x' }] : {})
      at = (Array.isArray(next) ? next[0] : next) as Record<string, unknown>
    }
    Object.assign(at, { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'app', image: 'a' }] } })
  }
  return JSON.stringify({ apiVersion, kind, metadata: { name: 'a' }, ...spec }, undefined, 2)
}

const ROWS: [string, string, string[]][] = [
  ['apps.openshift.io/v1', 'DeploymentConfig', ['spec.template']],
  ['apps.kruise.io/v1beta1', 'StatefulSet', ['spec.template']],
  ['apps.kruise.io/v1alpha1', 'DaemonSet', ['spec.template']],
  ['apps.kruise.io/v1alpha1', 'BroadcastJob', ['spec.template']],
  ['apps.kruise.io/v1alpha1', 'AdvancedCronJob', ['spec.template.jobTemplate.spec.template']],
  ['kubeflow.org/v1', 'PyTorchJob', ['spec.pytorchReplicaSpecs.Master.template', 'spec.pytorchReplicaSpecs.Worker.template']],
  ['kubeflow.org/v1', 'TFJob', ['spec.tfReplicaSpecs.PS.template', 'spec.tfReplicaSpecs.Worker.template']],
  ['kubeflow.org/v2beta1', 'MPIJob', ['spec.mpiReplicaSpecs.Launcher.template']],
  ['jobset.x-k8s.io/v1alpha2', 'JobSet', ['spec.replicatedJobs.*.template.spec.template']],
  ['leaderworkerset.x-k8s.io/v1', 'LeaderWorkerSet', ['spec.leaderWorkerTemplate.leaderTemplate', 'spec.leaderWorkerTemplate.workerTemplate']],
  ['ray.io/v1', 'RayCluster', ['spec.headGroupSpec.template', 'spec.workerGroupSpecs.*.template']],
  ['ray.io/v1', 'RayJob', ['spec.rayClusterSpec.headGroupSpec.template']],
  ['ray.io/v1', 'RayService', ['spec.rayClusterConfig.workerGroupSpecs.*.template']],
  ['keda.sh/v1alpha1', 'ScaledJob', ['spec.jobTargetRef.template']],
  ['batch.volcano.sh/v1alpha1', 'Job', ['spec.tasks.*.template']],
]

describe('kinds of other projects', () => {
  it.each(ROWS)('%s %s', async (apiVersion, kind, paths) => {
    const text = manifest(apiVersion, kind, paths)
    const result = await put(text, TAIL)
    expect(result.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(result.files[0]?.workloads.map(({ status }) => status)).toEqual(paths.map(() => 'injected'))
    expect(output(result).split('"name": "tail"')).toHaveLength(paths.length + 1)
    expect(output(await take(output(result), TAIL))).toBe(text)
  })
})
