import { dns1123Label, dns1123Subdomain, inRange, qualifiedName } from '../../../kube/names.ts'
import { at, invalid, type PartRule, type PodRule, type PodScope, required } from '../scope.ts'
import { childOf, itemsOf, listOf, numberOf, type Part, partOf, textOf, textsOf, valueOf } from '../values.ts'
import { checkLabelKeys } from './label-keys.ts'
import { checkKey, checkLabels, checkOperator, checkValues, labelSelector } from './selector.ts'

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'
const NODE_OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']

/** Source: `ValidatePodSpec`, `ValidateLabels`. */
export const nodeSelector: PodRule = (pod) => checkLabels(pod.spec, 'nodeSelector', 'SELECTOR_INVALID', pod)

/** Node and pod affinity. Source: `validateAffinity`. */
export const affinity: PodRule = (pod) => {
  const part = partOf(pod.spec, 'affinity')
  if (part === undefined) return
  const node = partOf(part, 'nodeAffinity')
  if (node !== undefined) nodeAffinity(node, pod)
  for (const field of ['podAffinity', 'podAntiAffinity']) {
    const terms = partOf(part, field)
    if (terms !== undefined) podAffinity(terms, pod)
  }
}

/** Source: `validateNodeAffinity`, `ValidateNodeSelector`, `ValidatePreferredSchedulingTerms`. */
function nodeAffinity(node: Part, pod: PodScope): void {
  const hard = partOf(node, REQUIRED)
  if (hard !== undefined) nodeSelectorTerms(hard, pod)
  for (const soft of itemsOf(node, PREFERRED)) {
    checkWeight(soft, pod)
    const term = partOf(soft, 'preference')
    // Values that are not valid label values are accepted in preferences.
    if (term !== undefined) nodeSelectorTerm(term, false, pod)
  }
}

/** A selector of nodes that must match. Source: `ValidateNodeSelector`. */
export const nodeSelectorTerms: PartRule = (selector, pod) => {
  const terms = valueOf(selector.data, 'nodeSelectorTerms')
  const readable = terms === undefined || Array.isArray(terms)
  if (readable && listOf(selector.data, 'nodeSelectorTerms').length === 0) {
    required(pod, at(selector.path, 'nodeSelectorTerms'), 'must have at least one node selector term')
  }
  for (const term of itemsOf(selector, 'nodeSelectorTerms')) nodeSelectorTerm(term, true, pod)
}

/** Source: `ValidateNodeSelectorTerm`, `ValidateNodeSelectorRequirement`. */
function nodeSelectorTerm(term: Part, strict: boolean, pod: PodScope): void {
  for (const requirement of itemsOf(term, 'matchExpressions')) {
    checkOperator(requirement, NODE_OPERATORS, pod)
    checkKey(requirement, pod)
    // Invalid values of required terms are rejected since 1.32.
    if (strict && pod.minor >= 32) checkValues(requirement, pod)
  }
  for (const requirement of itemsOf(term, 'matchFields')) nodeField(requirement, pod)
}

/** Source: `ValidateNodeFieldSelectorRequirement`. */
function nodeField(requirement: Part, pod: PodScope): void {
  const operator = textOf(requirement.data, 'operator')
  const key = textOf(requirement.data, 'key')
  const values = textsOf(requirement, 'values')
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length !== 1) {
      const message = `exactly one value must be specified when operator is ${operator} for a node field`
      required(pod, at(requirement.path, 'values'), message)
    }
  } else if (operator !== undefined) {
    const path = at(requirement.path, 'operator')
    invalid(pod, 'SELECTOR_INVALID', path, operator, ['not a valid selector operator'], 'use In or NotIn')
  }
  if (key !== undefined && key !== 'metadata.name') {
    const fault = 'not a valid field selector key'
    invalid(pod, 'SELECTOR_INVALID', at(requirement.path, 'key'), key, [fault], 'only metadata.name is known')
  } else if (key !== undefined) {
    for (const { value, path } of values) invalid(pod, 'SELECTOR_INVALID', path, value, dns1123Subdomain(value))
  }
}

function checkWeight(term: Part, pod: PodScope): void {
  const weight = valueOf(term.data, 'weight') ?? 0
  if (typeof weight !== 'number') return
  invalid(pod, 'AFFINITY_INVALID', at(term.path, 'weight'), numberOf(term.data, 'weight') ?? 0, inRange(weight, 1, 100))
}

/** Source: `validatePodAffinityTerms`, `validateWeightedPodAffinityTerms`. */
function podAffinity(terms: Part, pod: PodScope): void {
  for (const term of itemsOf(terms, REQUIRED)) podAffinityTerm(term, pod)
  for (const weighted of itemsOf(terms, PREFERRED)) {
    checkWeight(weighted, pod)
    const data = childOf(weighted.data, 'podAffinityTerm')
    const readable = data !== undefined || valueOf(weighted.data, 'podAffinityTerm') === undefined
    if (readable) podAffinityTerm({ data: data ?? {}, path: at(weighted.path, 'podAffinityTerm') }, pod)
  }
}

/** Source: `validatePodAffinityTerm`. */
function podAffinityTerm(term: Part, pod: PodScope): void {
  for (const field of ['labelSelector', 'namespaceSelector']) {
    const selector = partOf(term, field)
    if (selector !== undefined) labelSelector(selector, pod)
  }
  for (const { value, path } of textsOf(term, 'namespaces')) {
    invalid(pod, 'AFFINITY_INVALID', path, value, dns1123Label(value))
  }
  checkLabelKeys(term, 'AFFINITY_INVALID', pod)
  const key = textOf(term.data, 'topologyKey')
  const path = at(term.path, 'topologyKey')
  if (key === '')
    required(pod, path, 'topologyKey can not be empty', 'name a node label, such as kubernetes.io/hostname')
  else if (key !== undefined) invalid(pod, 'AFFINITY_INVALID', path, key, qualifiedName(key))
}
