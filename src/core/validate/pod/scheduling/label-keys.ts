import type { DiagnosticCode } from '../../../diagnostics/codes.ts'
import { qualifiedName } from '../../../kube/names.ts'
import { at, forbidden, invalid, type PodScope } from '../scope.ts'
import { childOf, entriesOf, isSet, itemsOf, type Part, partOf, textOf, textsOf } from '../values.ts'

/**
 * Keys whose values come from the pod's own labels (KEP-3633, KEP-3243).
 * Source: `ValidateMatchLabelKeysAndMismatchLabelKeys`.
 */
export function checkLabelKeys(term: Part, code: DiagnosticCode, pod: PodScope): void {
  for (const field of ['matchLabelKeys', 'mismatchLabelKeys']) {
    const keys = textsOf(term, field)
    if (keys.length > 0 && !isSet(term.data, 'labelSelector')) {
      forbidden(pod, code, at(term.path, field), `${field} must not be specified when labelSelector is not set`)
    } else {
      for (const { value, path } of keys) invalid(pod, code, path, value, qualifiedName(value))
    }
  }
  const mismatched = new Set(textsOf(term, 'mismatchLabelKeys').map((key) => key.value))
  const twice = keysUsedTwice(term, pod)
  for (const { value, path } of textsOf(term, 'matchLabelKeys')) {
    if (twice.has(value)) invalid(pod, code, path, value, ['exists in both matchLabelKeys and labelSelector'])
    if (mismatched.has(value)) invalid(pod, code, path, value, ['exists in both matchLabelKeys and mismatchLabelKeys'])
  }
}

/**
 * Keys that occur twice in the selector as the API server validates it: in a Pod it has first added an expression for
 * each of the matchLabelKeys whose label the pod has; in a template it has not.
 */
function keysUsedTwice(term: Part, pod: PodScope): Set<string> {
  const selector = partOf(term, 'labelSelector')
  const twice = new Set<string>()
  if (selector === undefined) return twice
  const used = new Set(entriesOf(selector.data, 'matchLabels').map(([key]) => key))
  const expressions = itemsOf(selector, 'matchExpressions').map((expression) => textOf(expression.data, 'key') ?? '')
  const labels = childOf(pod.metadata.data, 'labels') ?? {}
  const added = textsOf(term, 'matchLabelKeys').map((key) => key.value)
  const generated = pod.isPod ? added.filter((key) => Object.hasOwn(labels, key)) : []
  for (const key of [...expressions, ...generated]) {
    if (used.has(key)) twice.add(key)
    used.add(key)
  }
  return twice
}

/**
 * `checkLabelKeys` for topology spread constraints in versions that do not merge the keys into the selector.
 * Source: `ValidateMatchLabelKeysInTopologySpread`.
 */
export function checkLabelKeysLegacy(term: Part, code: DiagnosticCode, pod: PodScope): void {
  const keys = textsOf(term, 'matchLabelKeys')
  const selector = partOf(term, 'labelSelector')
  if (keys.length > 0 && !isSet(term.data, 'labelSelector')) {
    const message = 'matchLabelKeys must not be specified when labelSelector is not set'
    forbidden(pod, code, at(term.path, 'matchLabelKeys'), message)
  }
  const used = new Set<string>()
  if (selector !== undefined) {
    for (const [key] of entriesOf(selector.data, 'matchLabels')) used.add(key)
    for (const expression of itemsOf(selector, 'matchExpressions')) used.add(textOf(expression.data, 'key') ?? '')
  }
  for (const { value, path } of keys) {
    const faults = qualifiedName(value)
    if (used.has(value)) faults.push('exists in both matchLabelKeys and labelSelector')
    invalid(pod, code, path, value, faults)
  }
}
