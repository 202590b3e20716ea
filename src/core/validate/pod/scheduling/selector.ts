import type { DiagnosticCode } from '../../../diagnostics/codes.ts'
import { labelValue, qualifiedName } from '../../../kube/names.ts'
import { at, forbidden, invalid, named, type PartRule, type PodScope, required } from '../scope.ts'
import { requiredFormat } from '../text-rules.ts'
import { entriesOf, itemsOf, listOf, type Part, textOf, textsOf, valueOf } from '../values.ts'

/** Labels under a field. Source: `ValidateLabels`. */
export function checkLabels(owner: Part, field: string, code: DiagnosticCode, pod: PodScope): void {
  const map = named(pod, at(owner.path, field))
  for (const [key, value] of entriesOf(owner.data, field)) {
    const path = at(owner.path, field, key)
    for (const fault of qualifiedName(key)) {
      map.report({ code, path, on: 'key', message: `invalid label key "${key}": ${fault}` })
    }
    if (typeof value === 'string') invalid(map, code, path, value, labelValue(value))
  }
}

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist']

/** A selector of labels. Source: `ValidateLabelSelector`. */
export const labelSelector: PartRule = (selector, pod) => {
  checkLabels(selector, 'matchLabels', 'SELECTOR_INVALID', pod)
  for (const term of itemsOf(selector, 'matchExpressions')) {
    checkOperator(term, OPERATORS, pod)
    checkKey(term, pod)
    checkValues(term, pod)
  }
}

/** The key of a requirement. Source: `ValidateLabelName`. */
export function checkKey(term: Part, pod: PodScope): void {
  requiredFormat(term, 'key', 'SELECTOR_INVALID', qualifiedName, 'the label key to look at is required', pod)
}

/** Values of a requirement are label values. */
export function checkValues(term: Part, pod: PodScope): void {
  for (const { value, path } of textsOf(term, 'values')) {
    invalid(pod, 'SELECTOR_INVALID', path, value, labelValue(value))
  }
}

/**
 * An operator, and the number of values it takes.
 * Source: `ValidateLabelSelectorRequirement`, `ValidateNodeSelectorRequirement`.
 */
export function checkOperator(term: Part, operators: readonly string[], pod: PodScope): void {
  const operator = textOf(term.data, 'operator')
  const values = valueOf(term.data, 'values')
  if (operator === undefined || (values !== undefined && !Array.isArray(values))) return
  const count = listOf(term.data, 'values').length
  const path = at(term.path, 'values')
  if (!operators.includes(operator)) {
    const hint = `use one of ${operators.join(', ')}`
    invalid(pod, 'SELECTOR_INVALID', at(term.path, 'operator'), operator, ['not a valid selector operator'], hint)
  } else if (operator === 'In' || operator === 'NotIn') {
    if (count === 0) required(pod, path, `values must be specified when operator is ${operator}`)
  } else if (operator === 'Gt' || operator === 'Lt') {
    if (count !== 1) required(pod, path, `exactly one value must be specified when operator is ${operator}`)
  } else if (count > 0) {
    forbidden(pod, 'SELECTOR_INVALID', path, `values may not be specified when operator is ${operator}`)
  }
}
