import { append } from '../../../common/append.ts'
import type { PodPlace } from '../../place.ts'
import { at, type PodRule, type PodScope } from '../scope.ts'
import { entriesOf, isSet, itemsOf, type Part, partOf, textOf } from '../values.ts'

/** Node labels that have a new name. Source: `GetNodeLabelDeprecatedMessage` in pkg/api/node/util.go. */
const OLD_LABELS = new Map([
  ['beta.kubernetes.io/arch', 'kubernetes.io/arch'],
  ['beta.kubernetes.io/os', 'kubernetes.io/os'],
  ['failure-domain.beta.kubernetes.io/region', 'topology.kubernetes.io/region'],
  ['failure-domain.beta.kubernetes.io/zone', 'topology.kubernetes.io/zone'],
  ['beta.kubernetes.io/instance-type', 'node.kubernetes.io/instance-type'],
])

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'

function checkLabel(key: string | undefined, path: PodPlace, on: 'key' | 'value', pod: PodScope): void {
  const replacement = key === undefined ? undefined : OLD_LABELS.get(key)
  if (replacement === undefined) return
  pod.report({
    code: 'NODE_LABEL_DEPRECATED',
    path,
    on,
    message: `node label ${key} is deprecated`,
    hint: `use ${replacement}`,
  })
}

/** Source: `warningsForPodSpecAndMeta`, `GetWarningsForNodeSelectorTerm`. */
export const oldNodeLabels: PodRule = (pod) => {
  for (const [key] of entriesOf(pod.spec.data, 'nodeSelector')) {
    checkLabel(key, at(pod.spec.path, 'nodeSelector', key), 'key', pod)
  }
  for (const constraint of itemsOf(pod.spec, 'topologySpreadConstraints')) {
    checkLabel(textOf(constraint.data, 'topologyKey'), at(constraint.path, 'topologyKey'), 'value', pod)
  }
  for (const term of nodeTerms(pod)) {
    for (const requirement of itemsOf(term, 'matchExpressions')) {
      checkLabel(textOf(requirement.data, 'key'), at(requirement.path, 'key'), 'value', pod)
    }
  }
}

function nodeTerms(pod: PodScope): Part[] {
  const affinity = partOf(pod.spec, 'affinity')
  const node = affinity && partOf(affinity, 'nodeAffinity')
  if (node === undefined) return []
  const hard = partOf(node, REQUIRED)
  const soft = itemsOf(node, PREFERRED).flatMap((term) => partOf(term, 'preference') ?? [])
  return [...(hard === undefined ? [] : itemsOf(hard, 'nodeSelectorTerms')), ...soft]
}

/** Warns of terms without a labelSelector, which match no pod. Source: `warningsForPodAffinityTerms`. */
export const missingSelectors: PodRule = (pod) => {
  const terms = [...itemsOf(pod.spec, 'topologySpreadConstraints')]
  const affinity = partOf(pod.spec, 'affinity')
  for (const field of affinity === undefined ? [] : ['podAffinity', 'podAntiAffinity']) {
    const part = affinity && partOf(affinity, field)
    if (part === undefined) continue
    append(terms, itemsOf(part, REQUIRED))
    append(
      terms,
      itemsOf(part, PREFERRED).flatMap((term) => partOf(term, 'podAffinityTerm') ?? []),
    )
  }
  for (const term of terms) {
    if (isSet(term.data, 'labelSelector')) continue
    const message = 'without a labelSelector this matches no pod'
    pod.report({
      code: 'SELECTOR_MISSING',
      path: at(term.path, 'labelSelector'),
      message,
      hint: 'add labelSelector.matchLabels',
    })
  }
}
