/** How a sidecar runs, by the kind of its workload and the version of Kubernetes, and why it cannot. */
import { describe, expect, it } from 'vitest'
import { decideMode, modeProblem } from '../../../src/core/desired/mode.ts'

describe('a sidecar', () => {
  it.each<['auto' | 'native' | 'classic', string, number, string]>([
    ['auto', 'Deployment', 36, 'native'], ['auto', 'Deployment', 33, 'native'], ['auto', 'Deployment', 32, 'classic'], ['auto', 'Deployment', 20, 'classic'],
    ['auto', 'Job', 36, 'native'], ['auto', 'Job', 29, 'native'], ['auto', 'Job', 28, 'JOB_NEVER_ENDS'], ['auto', 'CronJob', 28, 'JOB_NEVER_ENDS'],
    ['classic', 'Deployment', 36, 'classic'], ['classic', 'Job', 36, 'JOB_NEVER_ENDS'],
    ['native', 'Deployment', 28, 'native'], ['native', 'Deployment', 27, 'MODE_UNSUPPORTED'], ['native', 'Job', 27, 'MODE_UNSUPPORTED'],
    ...['CronJob', 'ScheduledJob', 'SparkApplication', 'ScheduledSparkApplication', 'BroadcastJob', 'AdvancedCronJob', 'PyTorchJob', 'TFJob', 'MPIJob', 'XGBoostJob', 'PaddleJob', 'JAXJob', 'JobSet', 'ScaledJob']
      .map((kind): ['auto', string, number, string] => ['auto', kind, 29, 'native']),
  ])('%s in a %s of 1.%i: %s', (wanted, kind, minor, result) => {
    const decision = decideMode(wanted, kind, { minor })
    expect('mode' in decision ? decision.mode : decision.refused).toBe(result)
  })

  it.each([
    ['JOB_NEVER_ENDS', 'as a classic container, sidecar "ship" would keep this CronJob from finishing', 'use a native sidecar (Kubernetes 1.29 and later), or exclude this workload'],
    ['MODE_UNSUPPORTED', 'sidecar "ship" requires native sidecars, which are not supported in Kubernetes 1.27', 'use a later --kubernetes-version, or a classic sidecar'],
  ] as const)('%s: %s', (refused, message, hint) => {
    expect(modeProblem(refused, 'ship', 'CronJob', { minor: 27 })).toEqual({ message, hint })
  })
})
