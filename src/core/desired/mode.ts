import { wordSet } from '../common/words.ts'
import type { KubeVersion } from '../kube/version.ts'
import type { RunMode } from '../template/template.ts'

/** The Kubernetes minors from which native sidecars (KEP-753) are behind a gate, on by default, and stable. */
const ALPHA = 28
const BETA = 29
const STABLE = 33

/** Kinds whose pods must finish, which a classic sidecar prevents; Spark's driver is such a pod. */
const RUN_TO_COMPLETION = wordSet(`
  Job CronJob ScheduledJob SparkApplication ScheduledSparkApplication BroadcastJob AdvancedCronJob PyTorchJob TFJob
  MPIJob XGBoostJob PaddleJob JAXJob JobSet ScaledJob
`)

/** Why a sidecar cannot run: the version does not support its mode, or the pod would never finish. */
type ModeRefusal = 'MODE_UNSUPPORTED' | 'JOB_NEVER_ENDS'

export type ModeDecision = { mode: 'native' | 'classic' } | { refused: ModeRefusal }

/**
 * How a sidecar container runs:
 * - `native` is native, and refused before 1.28.
 * - `auto` is native from 1.33, where native sidecars are stable, and for Jobs from 1.29, where they are on by default.
 * - Otherwise it is classic, which is refused for Jobs, as it would keep them from finishing.
 */
export function decideMode(wanted: RunMode, kind: string, version: KubeVersion): ModeDecision {
  if (wanted === 'native') return version.minor < ALPHA ? { refused: 'MODE_UNSUPPORTED' } : { mode: 'native' }
  const isJob = RUN_TO_COMPLETION.has(kind)
  const native = wanted === 'auto' && version.minor >= (isJob ? BETA : STABLE)
  if (native) return { mode: 'native' }
  return isJob ? { refused: 'JOB_NEVER_ENDS' } : { mode: 'classic' }
}

/** The message and hint for a refusal. */
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
