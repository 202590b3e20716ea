import { labelValue, qualifiedName } from '../../kube/names.ts'
import { isObject, type Json } from '../../json/json.ts'
import type { Field } from './field.ts'

const WITH_VALUES = ['In', 'NotIn']
const WITHOUT_VALUES = ['Exists', 'DoesNotExist']

/**
 * A label selector's keys, operators and values.
 * Source: apimachinery meta/v1/validation ValidateLabelSelector.
 *
 * @returns false when something was reported, so that nothing should be concluded from the selector
 */
export function labelSelector(selector: Field): boolean {
  let good = true
  const fault = (field: Field, detail: string, at = field, shown?: string): void => {
    good = false
    field.invalid('SELECTOR_INVALID', detail, { at: at.path, ...(shown === undefined ? {} : { shown }) })
  }
  const matchLabels = selector.get('matchLabels')
  for (const key of matchLabels.keys()) {
    const value = matchLabels.get(key)
    const keyFaults = qualifiedName(key)
    if (keyFaults.length > 0) fault(matchLabels, `label key: ${keyFaults.join('; ')}`, value, key)
    const faults = value.text === undefined ? [] : labelValue(value.text)
    if (faults.length > 0) fault(matchLabels, `label value: ${faults.join('; ')}`, value, value.text)
  }
  for (const expression of selector.get('matchExpressions').items())
    requirement(expression, fault, () => (good = false))
  return good
}

function requirement(expression: Field, fault: (field: Field, detail: string) => void, bad: () => void): void {
  const operator = expression.get('operator')
  const values = expression.get('values')
  const count = values.items().length
  if (operator.empty || (operator.text !== undefined && ![...WITH_VALUES, ...WITHOUT_VALUES].includes(operator.text))) {
    fault(operator, 'not a valid selector operator; use In, NotIn, Exists or DoesNotExist')
  } else if (WITH_VALUES.includes(operator.text ?? '') && count === 0) {
    bad()
    values.required('SELECTOR_INVALID', "must be specified when `operator` is 'In' or 'NotIn'")
  } else if (WITHOUT_VALUES.includes(operator.text ?? '') && count > 0) {
    bad()
    values.forbidden('SELECTOR_INVALID', "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")
  }
  const key = expression.get('key')
  const keyFaults = key.present && key.text === undefined ? [] : qualifiedName(key.text ?? '')
  if (keyFaults.length > 0) fault(key, `label key: ${keyFaults.join('; ')}`)
  for (const value of values.items()) {
    const faults = value.text === undefined ? [] : labelValue(value.text)
    if (faults.length > 0) fault(value, `label value: ${faults.join('; ')}`)
  }
}

/**
 * True if a selector matches labels. A value that is not a string counts as matching.
 * Source: apimachinery labels.Requirement.Matches. An absent selector matches nothing, an empty one everything.
 */
export function selectorMatches(selector: Field, labels: ReadonlyMap<string, Json>): boolean {
  if (!selector.present) return false
  const matchLabels = selector.get('matchLabels')
  for (const key of matchLabels.keys()) {
    const label = matchLabels.get(key)
    const text = label.present ? label.text : ''
    if (text !== undefined && !isText(labels, key, [text])) return false
  }
  return selector
    .get('matchExpressions')
    .items()
    .every((expression) => expressionMatches(expression, labels))
}

function expressionMatches(expression: Field, labels: ReadonlyMap<string, Json>): boolean {
  const key = expression.get('key').text ?? ''
  const values = expression
    .get('values')
    .items()
    .map((value) => value.text ?? '')
  switch (expression.get('operator').text) {
    case 'In':
      return isText(labels, key, values)
    case 'NotIn':
      return !labels.has(key) || !isText(labels, key, values)
    case 'Exists':
      return labels.has(key)
    case 'DoesNotExist':
      return !labels.has(key)
    default:
      return true
  }
}

/** True if a label has one of the texts. A label of another type, which the schema reports, counts as matching. */
function isText(labels: ReadonlyMap<string, Json>, key: string, texts: readonly string[]): boolean {
  if (!labels.has(key)) return false
  const value = labels.get(key) ?? ''
  return typeof value !== 'string' || texts.includes(value)
}

/** The labels of an object's metadata as a map. */
export function labelsOf(metadata: Field): Map<string, Json> {
  const { value } = metadata.get('labels')
  return new Map(isObject(value) ? Object.entries(value) : [])
}
