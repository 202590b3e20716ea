import type { PodRules } from '../../pod-context.ts'
import type { Field } from '../field.ts'
import { rollbackRevision } from './converted.ts'
import { amount, atMost100Percent, counts, intOrPercent } from './rollout.ts'
import { requiredSelector } from './selected.ts'
import { podTemplate, runsForever } from './template.ts'

/** Default of progressDeadlineSeconds. Source: apps/v1 SetDefaults_Deployment. */
const PROGRESS_DEADLINE = 600
/** Defaults of maxUnavailable and maxSurge are 25%; only that they are not 0 matters here. */
const DEFAULT_SHARE = 25

/** Source: apps validation ValidateDeploymentSpec. */
export function deployment(object: Field, podRules: PodRules): void {
  const spec = object.get('spec')
  counts(spec, 'replicas', 'minReadySeconds', 'revisionHistoryLimit', 'progressDeadlineSeconds')
  requiredSelector(spec)
  podTemplate(spec.get('template'), podRules)
  runsForever(spec.get('template'))
  strategy(spec.get('strategy'))
  deadline(spec)
  rollbackRevision(object)
}

/** Source: apps validation ValidateReplicaSetSpec. */
export function replicaSet(object: Field, podRules: PodRules): void {
  const spec = object.get('spec')
  counts(spec, 'replicas', 'minReadySeconds')
  requiredSelector(spec)
  podTemplate(spec.get('template'), podRules)
  runsForever(spec.get('template'))
}

/** Source: apps validation ValidateDeploymentStrategy; the type defaults to RollingUpdate. */
function strategy(field: Field): void {
  const type = field.get('type')
  const rolling = field.get('rollingUpdate')
  if (type.empty || type.text === 'RollingUpdate') return rollingUpdate(rolling)
  if (type.text === 'Recreate') {
    if (!rolling.present) return
    rolling.forbidden(
      'WORKLOAD_STRATEGY',
      "may not be specified when strategy `type` is 'Recreate'",
      'remove rollingUpdate',
    )
  } else if (type.text !== undefined) {
    field.unsupported('WORKLOAD_STRATEGY', ['Recreate', 'RollingUpdate'], { shown: type.text, at: type.path })
  }
}

/** Source: apps validation ValidateRollingUpdateDeployment. */
function rollingUpdate(rolling: Field): void {
  const unavailable = rolling.get('maxUnavailable')
  const surge = rolling.get('maxSurge')
  intOrPercent(unavailable)
  intOrPercent(surge)
  if (amount(unavailable, DEFAULT_SHARE) === 0 && amount(surge, DEFAULT_SHARE) === 0) {
    const hint = 'raise one of the two, or no pod can be replaced'
    unavailable.invalid('WORKLOAD_ROLLING_UPDATE', 'may not be 0 when `maxSurge` is 0', { hint })
  }
  atMost100Percent(unavailable)
}

/** The deadline of a rollout must be longer than a pod needs to count as available. */
function deadline(spec: Field): void {
  const field = spec.get('progressDeadlineSeconds')
  const ready = spec.get('minReadySeconds')
  const seconds = field.number ?? (field.present ? undefined : PROGRESS_DEADLINE)
  if (seconds === undefined || seconds > (ready.number ?? 0)) return
  const by = field.present ? '' : ` (the default is ${PROGRESS_DEADLINE})`
  field.invalid('NUMBER_RANGE', `must be greater than minReadySeconds${by}`, {
    shown: seconds,
    at: field.present ? field.path : ready.path,
  })
}
