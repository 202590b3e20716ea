import type { Field } from '../field.ts'
import { labelSelector } from '../selector.ts'
import { atMost100Percent, intOrPercent } from './rollout.ts'

const CODE = 'DISRUPTION_BUDGET'

/** Source: policy validation ValidatePodDisruptionBudgetSpec. */
export function podDisruptionBudget(object: Field): void {
  const spec = object.get('spec')
  const min = spec.get('minAvailable')
  const max = spec.get('maxUnavailable')
  if (min.present && max.present) {
    spec.invalid(CODE, 'minAvailable and maxUnavailable cannot be both set', { shown: max.value ?? null, at: max.path })
  }
  for (const field of [min, max]) {
    intOrPercent(field, CODE)
    atMost100Percent(field, CODE)
  }
  labelSelector(spec.get('selector'))
  spec.get('unhealthyPodEvictionPolicy').oneOfStrict(CODE, ['AlwaysAllow', 'IfHealthyBudget'])
}
