import {
  addQuantities,
  compareQuantities,
  parseQuantity,
  quantitySign,
  type Quantity,
  wholeValue,
} from '../../../kube/quantity.ts'
import type { Field } from '../field.ts'
import { gatedField } from '../gated.ts'
import { atMost, distinct } from '../lists.ts'

const CODE = 'DEVICE_FIELD'
const MAX_OPTIONS = 10

/**
 * An amount that a device has, and how much of it a claim may ask for (KEP-5075).
 * Source: resource validation validateRequestPolicy.
 * @param shared whether the device allows several allocations, without which a request policy is forbidden
 */
export function deviceCapacity(field: Field, shared: boolean): void {
  const policy = gatedField(field.get('requestPolicy'), 'DRAConsumableCapacity', 34)
  if (!policy.present) return
  if (!shared) return policy.forbidden(CODE, 'allowMultipleAllocations must be true')
  const [values, range] = [policy.get('validValues'), policy.get('validRange')]
  if (!values.empty && range.present) {
    return policy.forbidden(
      CODE,
      'exactly one policy can be specified, cannot specify "validValues" and "validRange" at the same time',
    )
  }
  const given = !values.empty ? values : range.present ? range : undefined
  if (given === undefined) return
  const standard = quantityOf(policy.get('default'))
  const whole = parseQuantity(field.get('value').value)
  if (!policy.get('default').present)
    policy.get('default').required('FIELD_REQUIRED', `required when ${String(given.step)} is defined`)
  else if (standard !== undefined && whole !== undefined) {
    if (given === values) validValues(values, standard, whole)
    else validRange(range, standard, whole)
  }
}

function quantityOf(field: Field): Quantity | undefined {
  return field.present ? parseQuantity(field.value) : undefined
}

/** Source: resource validation validateRequestPolicyValidValues. */
function validValues(list: Field, standard: Quantity, whole: Quantity): void {
  const amounts = list.items().map((item) => parseQuantity(item.value))
  for (const [i, item] of list.items().entries()) {
    const [amount, before] = [amounts[i], amounts[i - 1]]
    if (amount === undefined) continue
    if (before !== undefined && compareQuantities(before, amount) > 0)
      item.invalid(CODE, 'values must be sorted in ascending order')
    if (compareQuantities(amount, whole) > 0) item.invalid(CODE, 'option is larger than capacity value')
  }
  if (atMost(list, MAX_OPTIONS, CODE)) distinct(list.items(), CODE, unitsOf)
  if (!amounts.some((amount) => amount !== undefined && compareQuantities(amount, standard) === 0)) {
    list.invalid(CODE, 'default value is not valid according to the requestPolicy')
  }
}

/** A quantity in whole units, rounded up, by which the API server compares options. */
function unitsOf(item: Field): string | undefined {
  const quantity = parseQuantity(item.value)
  return quantity === undefined ? undefined : String(wholeValue(quantity))
}

/** Steps count whole units, rounded up. Source: resource validation validateRequestPolicyRange. */
function validRange(range: Field, standard: Quantity, whole: Quantity): void {
  const [min, max, step] = ['min', 'max', 'step'].map((key) => quantityOf(range.get(key)))
  if (min === undefined) {
    if (!range.get('min').present) range.get('min').required('FIELD_REQUIRED', 'required when validRange is defined')
    return
  }
  const check = (low: Quantity | undefined, high: Quantity | undefined, key: string, detail: string): void => {
    if (low !== undefined && high !== undefined && compareQuantities(low, high) > 0)
      range.get(key).invalid(CODE, detail)
  }
  check(min, whole, 'min', 'min is larger than capacity value')
  check(min, standard, 'default', 'default is less than min')
  check(min, max, 'max', 'min is larger than max')
  check(max, whole, 'max', 'max is larger than capacity value')
  check(standard, max, 'default', 'default is more than max')
  if (step === undefined) return
  if (quantitySign(step) <= 0) return range.get('step').invalid(CODE, 'must be greater than zero')
  check(addQuantities(min, step), whole, 'step', 'one step is larger than capacity value')
  for (const amount of [standard, max]) {
    if (amount !== undefined && (wholeValue(amount) - wholeValue(min)) % wholeValue(step) !== 0n) {
      range.get('step').invalid(CODE, 'value is not a multiple of a given step from min')
    }
  }
}
