import type { PodPlace } from '../../place.ts'
import { labelValue, qualifiedName } from '../../../kube/names.ts'
import { gateOn } from '../gates.ts'
import {
  at,
  duplicate,
  forbidden,
  invalid,
  named,
  type PodRule,
  type PodScope,
  required,
  unsupported,
} from '../scope.ts'
import { format, oneOf, oneOfStrict, requiredFormat, requiredOneOf } from '../text-rules.ts'
import { isSet, itemsOf, numberOf, type Part, partOf, textOf, valueOf } from '../values.ts'
import { checkLabelKeys, checkLabelKeysLegacy } from './label-keys.ts'
import { labelSelector } from './selector.ts'

const OPERATORS = ['Equal', 'Exists']
const EFFECTS = ['NoExecute', 'NoSchedule', 'PreferNoSchedule']

/** Taints that the pod tolerates. Source: `ValidateTolerations`. */
export const tolerations: PodRule = (pod) => {
  for (const toleration of itemsOf(pod.spec, 'tolerations')) checkToleration(toleration, pod)
}

/** Validates a toleration of a pod, or in an old annotation. */
export function checkToleration(toleration: Part, pod: PodScope): void {
  const code = 'TOLERATION_INVALID'
  const { data, path } = toleration
  const [key, operator, effect] = [textOf(data, 'key'), textOf(data, 'operator'), textOf(data, 'effect')]
  const value = textOf(data, 'value')
  format(toleration, 'key', code, qualifiedName, pod)
  if (key === '' && operator !== undefined && operator !== 'Exists') {
    const fault = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
    invalid(pod, code, at(path, 'operator'), operator, [fault], 'add the key, or use operator: Exists')
  }
  if (isSet(data, 'tolerationSeconds') && effect !== undefined && effect !== 'NoExecute') {
    invalid(pod, code, at(path, 'effect'), effect, ["must be 'NoExecute' when `tolerationSeconds` is set"])
  }
  checkOperator(toleration, operator, value, pod)
  oneOf(toleration, 'effect', code, EFFECTS, pod)
}

function checkOperator(toleration: Part, operator: string | undefined, value: string | undefined, pod: PodScope): void {
  const path = at(toleration.path, 'operator')
  if (operator === undefined || value === undefined) return
  if (operator === '' || operator === 'Equal') {
    invalid(named(pod, path), 'TOLERATION_INVALID', at(toleration.path, 'value'), value, labelValue(value))
  } else if (operator === 'Exists') {
    if (value === '') return
    const fault = "value must be empty when `operator` is 'Exists'"
    invalid(pod, 'TOLERATION_INVALID', path, value, [fault], 'remove the value, or use operator: Equal')
  } else if ((operator === 'Lt' || operator === 'Gt') && gateOn('TaintTolerationComparisonOperators', pod.minor)) {
    const faults = /^(?:0|-?[1-9][0-9]{0,18})$/.test(value) ? [] : ['must be a decimal integer of 64 bits']
    invalid(named(pod, path), 'TOLERATION_INVALID', at(toleration.path, 'value'), value, faults)
  } else unsupported(pod, 'TOLERATION_INVALID', path, operator, OPERATORS)
}

const SPREAD = 'TOPOLOGY_SPREAD_INVALID'

/** How pods spread over the cluster (KEP-895). Source: `validateTopologySpreadConstraints`. */
export const topologySpread: PodRule = (pod) => {
  const seen = new Map<string, PodPlace>()
  for (const constraint of itemsOf(pod.spec, 'topologySpreadConstraints')) {
    const { data, path } = constraint
    checkPositive(constraint, 'maxSkew', valueOf(data, 'maxSkew') ?? 0, pod)
    const key = textOf(data, 'topologyKey')
    const action = textOf(data, 'whenUnsatisfiable')
    if (key === '') required(pod, at(path, 'topologyKey'), 'topologyKey can not be empty', 'name a node label')
    requiredOneOf(constraint, 'whenUnsatisfiable', SPREAD, ['DoNotSchedule', 'ScheduleAnyway'], pod)
    const pair = `{${key}, ${action}}`
    const first = seen.get(pair)
    if (first !== undefined) {
      const message = `duplicate value "${pair}": one constraint per topologyKey and whenUnsatisfiable`
      duplicate(pod, SPREAD, path, message, first)
    }
    seen.set(pair, first ?? path)
    checkMinDomains(constraint, action, pod)
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'])
      oneOfStrict(constraint, field, SPREAD, ['Honor', 'Ignore'], pod)
    const selector = partOf(constraint, 'labelSelector')
    if (selector !== undefined) labelSelector(selector, pod)
    const merged = gateOn('MatchLabelKeysInPodTopologySpreadSelectorMerge', pod.minor)
    ;(merged ? checkLabelKeys : checkLabelKeysLegacy)(constraint, SPREAD, pod)
  }
}

function checkPositive(part: Part, field: string, value: unknown, pod: PodScope): void {
  if (typeof value !== 'number' || value > 0) return
  invalid(pod, SPREAD, at(part.path, field), value, ['must be greater than zero'])
}

function checkMinDomains(constraint: Part, action: string | undefined, pod: PodScope): void {
  const value = numberOf(constraint.data, 'minDomains')
  if (value === undefined) return
  checkPositive(constraint, 'minDomains', value, pod)
  if (action === undefined || action === 'DoNotSchedule') return
  const message = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`
  forbidden(pod, SPREAD, at(constraint.path, 'minDomains'), message)
}

/** Gates that keep a pod from being scheduled (KEP-3521). Source: `validateSchedulingGates`, `ValidatePodCreate`. */
export const schedulingGates: PodRule = (pod) => {
  const seen = new Map<string, PodPlace>()
  for (const gate of itemsOf(pod.spec, 'schedulingGates')) {
    const name = textOf(gate.data, 'name')
    const path = at(gate.path, 'name')
    const item = named(pod, gate.path)
    if (name === undefined) continue
    if (name === '') {
      required(item, path, 'a scheduling gate needs a name')
      continue
    }
    const first = seen.get(name)
    invalid(item, 'SCHEDULING_GATE_INVALID', path, name, qualifiedName(name))
    if (first !== undefined)
      duplicate(item, 'SCHEDULING_GATE_INVALID', path, `duplicate value "${name}" among scheduling gates`, first)
    seen.set(name, first ?? path)
  }
  if (!pod.isPod || itemsOf(pod.spec, 'schedulingGates').length === 0 || !textOf(pod.spec.data, 'nodeName')) return
  const message = 'nodeName cannot be set until all schedulingGates have been cleared'
  forbidden(pod, 'SCHEDULING_GATE_INVALID', at(pod.spec.path, 'nodeName'), message)
}

/** Conditions that make a pod ready (KEP-580). Source: `validateReadinessGates`. */
export const readinessGates: PodRule = (pod) => {
  for (const gate of itemsOf(pod.spec, 'readinessGates')) {
    const missing = 'a readiness gate needs a conditionType'
    requiredFormat(gate, 'conditionType', 'POD_NAME_INVALID', qualifiedName, missing, pod)
  }
}
