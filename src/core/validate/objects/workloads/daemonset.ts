import type { PodRules } from '../../pod-context.ts'
import type { Field } from '../field.ts'
import { templateGeneration } from './converted.ts'
import { amount, atMost100Percent, counts, intOrPercent } from './rollout.ts'
import { daemonSetSelector } from './selected.ts'
import { podTemplate, runsForever } from './template.ts'

/** Source: apps validation ValidateDaemonSetSpec. */
export function daemonSet(object: Field, podRules: PodRules): void {
  const spec = object.get('spec')
  daemonSetSelector(spec)
  podTemplate(spec.get('template'), podRules)
  runsForever(spec.get('template'))
  counts(spec, 'minReadySeconds', 'revisionHistoryLimit')
  updateStrategy(spec.get('updateStrategy'))
  templateGeneration(object)
}

/** Source: apps validation ValidateDaemonSetUpdateStrategy; the type defaults to RollingUpdate. */
function updateStrategy(field: Field): void {
  const type = field.get('type')
  if (type.empty || type.text === 'RollingUpdate') rollingUpdate(field.get('rollingUpdate'))
  else if (type.text !== undefined && type.text !== 'OnDelete') {
    field.unsupported('WORKLOAD_STRATEGY', ['RollingUpdate', 'OnDelete'], { shown: type.text, at: type.path })
  }
}

/**
 * Exactly one of maxUnavailable and maxSurge is not 0; they default to 1 and 0.
 * Source: apps validation ValidateRollingUpdateDaemonSet.
 */
function rollingUpdate(rolling: Field): void {
  const unavailable = rolling.get('maxUnavailable')
  const surge = rolling.get('maxSurge')
  for (const field of [unavailable, surge]) {
    intOrPercent(field)
    atMost100Percent(field)
  }
  const hasUnavailable = amount(unavailable, 1) !== 0
  const hasSurge = amount(surge, 0) !== 0
  if (hasUnavailable && hasSurge) {
    const hint = unavailable.present ? 'set one of the two to 0' : 'set maxUnavailable: 0; it is 1 by default'
    surge.invalid('WORKLOAD_ROLLING_UPDATE', 'may not be set when maxUnavailable is non-zero', { hint })
  } else if (!hasUnavailable && !hasSurge) {
    unavailable.required('WORKLOAD_ROLLING_UPDATE', 'cannot be 0 when maxSurge is 0')
  }
}
