import type { KubeVersion } from '../kube/version.ts'
import type { RunMode } from '../template/template.ts'

/** First minors of native sidecars (KEP-753): behind a gate, on by default, stable. */
const ALPHA = 28
const BETA = 29
const STABLE = 33

/** Kinds whose pods must finish, which a classic sidecar prevents; Spark's driver is such a pod. */
const RUN_TO_COMPLETION: ReadonlySet<string> = new Set([
  'Job',
  'CronJob',
  'ScheduledJob',
  'SparkApplication',
  'ScheduledSparkApplication',
  'BroadcastJob',
  'AdvancedCronJob',
  'PyTorchJob',
  'TFJob',
  'MPIJob',
  'XGBoostJob',
  'PaddleJob',
  'JAXJob',
  'JobSet',
  'ScaledJob',
])

/** Why a sidecar cannot run: the version does not support its mode, or the pod would never finish. */
type ModeRefusal = 'MODE_UNSUPPORTED' | 'JOB_NEVER_ENDS'

export type ModeDecision = { mode: 'native' | 'classic' } | { refused: ModeRefusal }

/**
 * How a sidecar container runs. Asked for, it is as asked where the version has it; else native where it is stable
 * (1.33), and for Jobs as soon as it is on by default (1.29), as a classic sidecar would keep them from finishing.
 */
export function decideMode(wanted: RunMode, kind: string, version: KubeVersion): ModeDecision {
  if (wanted === 'native') return version.minor < ALPHA ? { refused: 'MODE_UNSUPPORTED' } : { mode: 'native' }
  const isJob = RUN_TO_COMPLETION.has(kind)
  const native = wanted === 'auto' && version.minor >= (isJob ? BETA : STABLE)
  if (native) return { mode: 'native' }
  return isJob ? { refused: 'JOB_NEVER_ENDS' } : { mode: 'classic' }
}

/** The message and hint for such a reason. */
export function modeProblem(
  refused: ModeRefusal,
  sidecar: string,
  kind: string,
  { minor }: KubeVersion,
): { message: string; hint: string } {
  if (refused === 'JOB_NEVER_ENDS') {
    const message = `as a classic container, sidecar "${sidecar}" would keep this ${kind} from finishing`
    return { message, hint: 'use a native sidecar (Kubernetes 1.29 and later), or exclude this workload' }
  }
  const message = `sidecar "${sidecar}" requires native sidecars, which are not supported in Kubernetes 1.${minor}`
  return { message, hint: 'use a later --kubernetes-version, or a classic sidecar' }
}
