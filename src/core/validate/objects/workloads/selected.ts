import { textOf, type Json } from '../../../json/json.ts'
import type { Field } from '../field.ts'
import { labelSelector, labelsOf, selectorMatches } from '../selector.ts'

/**
 * The selector of a Deployment, ReplicaSet, StatefulSet or DaemonSet: given, not empty, and matching the template's
 * labels.
 * Source: apps validation ValidateDeploymentSpec, ValidateReplicaSetSpec, ValidateStatefulSetSpec.
 */
export function requiredSelector(spec: Field): void {
  const selector = spec.get('selector')
  if (!selector.present) {
    selector.required('SELECTOR_REQUIRED', '', addSelectorHint(spec))
    return
  }
  const good = labelSelector(selector)
  if (isEmptySelector(selector)) emptySelector(selector)
  else if (good) matchesTemplate(selector, spec.get('template'))
}

/**
 * A DaemonSet's selector: the API server does not require one, but an absent selector matches no labels, not even the
 * template's.
 * Source: apps validation ValidateDaemonSetSpec.
 */
export function daemonSetSelector(spec: Field): void {
  const selector = spec.get('selector')
  if (selector.present) return requiredSelector(spec)
  const printed = spec.get('template', 'metadata', 'labels')
  const hint = addSelectorHint(spec)
  printed.report('SELECTOR_MISMATCH', 'the DaemonSet has no selector, which matches no labels', {
    at: selector.path,
    hint,
  })
}

function isEmptySelector(selector: Field): boolean {
  return selector.get('matchLabels').empty && selector.get('matchExpressions').empty
}

function emptySelector(selector: Field): void {
  const detail = `empty selector is invalid for ${selector.ctx.kind.toLowerCase()}`
  selector.invalid('SELECTOR_REQUIRED', detail, { hint: 'give it matchLabels that the template has too' })
}

/** Reports a selector that the template's labels do not satisfy, at the labels, as the API server does. */
export function matchesTemplate(
  selector: Field,
  template: Field,
  labels: ReadonlyMap<string, Json> = labelsOf(template.get('metadata')),
): void {
  if (selectorMatches(selector, labels)) return
  const printed = template.get('metadata', 'labels')
  printed.report(
    'SELECTOR_MISMATCH',
    `Invalid value: ${shown(labels)}: \`selector\` does not match template \`labels\``,
    {
      hint: 'give the template every label that spec.selector requires',
      related: [{ path: selector.path, message: 'the selector' }],
    },
  )
}

function shown(labels: ReadonlyMap<string, Json>): string {
  const text = JSON.stringify(Object.fromEntries(labels))
  return text.length > 120 ? `${text.slice(0, 120)}…` : text
}

function addSelectorHint(spec: Field): string | undefined {
  const labels = labelsOf(spec.get('template', 'metadata'))
  if (labels.size === 0) return 'add spec.selector.matchLabels, and the same labels to the template'
  const list = [...labels].slice(0, 3).map(([key, value]) => `${key}: ${textOf(value)}`)
  return `add spec.selector.matchLabels with labels of the template (${list.join(', ')})`
}
