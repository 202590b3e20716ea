import { percent } from '../../../kube/names.ts'
import type { Field } from '../field.ts'

type Code = 'WORKLOAD_ROLLING_UPDATE' | 'DISRUPTION_BUDGET'

/**
 * A count or a percentage: a number of 0 or more, or digits with `%`.
 * Source: apps validation ValidatePositiveIntOrPercent.
 */
export function intOrPercent(field: Field, code: Code = 'WORKLOAD_ROLLING_UPDATE'): void {
  field.nonNegative('NUMBER_NEGATIVE')
  const faults = field.text === undefined ? [] : percent(field.text)
  if (faults.length === 0) return
  const count = /^[0-9]+$/.test(field.text ?? '')
  const hint = count
    ? `write ${field.text}% for a share, or ${field.text} without quotes for a count of pods`
    : undefined
  field.invalid(code, faults.join('; '), { hint })
}

/** Source: apps validation IsNotMoreThan100Percent. */
export function atMost100Percent(field: Field, code: Code = 'WORKLOAD_ROLLING_UPDATE'): void {
  const { text } = field
  if (text !== undefined && percent(text).length === 0 && amount(field, 0) > 100) {
    field.invalid(code, 'must not be greater than 100%')
  }
}

/**
 * A count of pods or a percentage, as a number; other texts count as 0.
 * Source: apps validation getIntOrPercentValue.
 * @param absent the value of an absent field
 */
export function amount(field: Field, absent: number): number {
  if (!field.present) return absent
  if (field.number !== undefined) return field.number
  const match = /^([0-9]+)%?$/.exec(field.text ?? '')
  return match === null ? 0 : Number(match[1])
}

/** Reports those of the named fields, counts or seconds, that are negative. */
export function counts(spec: Field, ...names: string[]): void {
  for (const name of names) spec.get(name).nonNegative('NUMBER_NEGATIVE')
}
