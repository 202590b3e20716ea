import { dns1123Label } from '../../../kube/names.ts'
import { parseQuantity, quantitySign } from '../../../kube/quantity.ts'
import { containerResourceName } from '../../pod/resources/names.ts'
import type { Field } from '../field.ts'
import { gatedField } from '../gated.ts'
import { pathSegment } from '../metadata/names.ts'
import { nonNegativeQuantity } from '../numbers.ts'
import { annotatedBehavior, annotatedMetrics } from './autoscaler-annotations.ts'

const CODE = 'AUTOSCALER_FIELD'
const MAX_WINDOW = 3600
const MAX_PERIOD = 1800
/** The API versions of the target and of described objects are checked since 1.34. */
const TARGET_GROUP_MINOR = 34

/** Source: autoscaling validation validateHorizontalPodAutoscalerSpec. */
export function autoscaler(object: Field): void {
  const spec = object.get('spec')
  replicas(spec)
  target(spec.get('scaleTargetRef'))
  for (const item of spec.get('metrics').items()) metric(item)
  behavior(spec.get('behavior'))
}

function behavior(field: Field): void {
  for (const direction of ['scaleUp', 'scaleDown']) scalingRules(field.get(direction), direction)
}

/** The v1 form has a percentage of CPU instead of metrics; what else v2 has is in annotations. */
export function autoscalerV1(object: Field): void {
  const spec = object.get('spec')
  replicas(spec)
  target(spec.get('scaleTargetRef'))
  const share = spec.get('targetCPUUtilizationPercentage')
  if ((share.number ?? 1) < 1) share.invalid(CODE, 'must be greater than 0')
  for (const item of annotatedMetrics(object).items()) metric(item)
  behavior(annotatedBehavior(object))
}

/** minReplicas defaults to 1. Scaling to zero needs the gate HPAScaleToZero, which is off by default. */
function replicas(spec: Field): void {
  const min = spec.get('minReplicas')
  const max = spec.get('maxReplicas')
  if ((min.number ?? 1) < 1) min.invalid(CODE, 'must be greater than or equal to 1')
  const most = max.number ?? (max.present ? undefined : 0)
  if (most === undefined) return
  if (most < 1) max.invalid(CODE, 'must be greater than 0', { shown: most })
  if (most < (min.number ?? 1)) max.invalid(CODE, 'must be greater than or equal to `minReplicas`', { shown: most })
}

/** Only a ReplicationController may be scaled without an API group. */
function target(reference: Field): void {
  crossVersionReference(reference, reference.get('kind').text === 'ReplicationController')
}

/** Source: autoscaling validation ValidateCrossVersionObjectReference. */
function crossVersionReference(reference: Field, isCoreAllowed: boolean): void {
  for (const key of ['kind', 'name']) reference.get(key).requiredFormat(CODE, pathSegment)
  if (reference.ctx.kubeVersion.minor < TARGET_GROUP_MINOR) return
  const version = reference.get('apiVersion')
  const text = version.text ?? (version.present ? undefined : '')
  if (text === undefined) return
  if (text.split('/').length > 2) return version.invalid(CODE, `unexpected GroupVersion string: ${text}`)
  if (isCoreAllowed || (text.includes('/') && !text.startsWith('/'))) return
  const hint = 'write apiVersion: apps/v1 for a Deployment'
  version.invalid(CODE, 'apiVersion must specify API group', { shown: text, hint })
}

/** Absent policies get defaults; an empty list is an error. Source: autoscaling validation validateScalingRules. */
function scalingRules(rules: Field, direction: string): void {
  if (!rules.present) return
  const window = rules.get('stabilizationWindowSeconds')
  if ((window.number ?? 0) < 0) window.invalid(CODE, 'must be greater than or equal to zero')
  if ((window.number ?? 0) > MAX_WINDOW) window.invalid(CODE, `must be less than or equal to ${MAX_WINDOW}`)
  rules.get('selectPolicy').oneOfStrict(CODE, ['Disabled', 'Max', 'Min'])
  const policies = rules.get('policies')
  if (policies.present && policies.empty) {
    const hint = `remove policies to keep the default of ${direction}`
    policies.required('FIELD_REQUIRED', 'must specify at least one Policy', hint)
  }
  for (const policy of policies.items()) scalingPolicy(policy)
  // KEP-4951. Source: registry horizontalpodautoscaler strategy dropDisabledFields.
  const tolerance = gatedField(rules.get('tolerance'), 'HPAConfigurableTolerance', 33)
  nonNegativeQuantity(tolerance, CODE)
}

function scalingPolicy(policy: Field): void {
  const type = policy.get('type')
  if (type.empty || (type.text !== 'Pods' && type.text !== 'Percent' && type.text !== undefined)) {
    type.unsupported(CODE, ['Percent', 'Pods'], { shown: type.text ?? '' })
  }
  for (const key of ['value', 'periodSeconds']) {
    const field = policy.get(key)
    const number = field.number ?? (field.present ? undefined : 0)
    if (number !== undefined && number <= 0) field.invalid(CODE, 'must be greater than zero', { shown: number })
  }
  const period = policy.get('periodSeconds')
  if ((period.number ?? 0) > MAX_PERIOD) period.invalid(CODE, `must be less than or equal to ${MAX_PERIOD}`)
}

interface Source {
  /** The field that holds a metric of this type. */
  field: string
  /** Fields of the target, one of which must be set; for Pods there is only averageValue. */
  targets: readonly [string] | readonly [string, string]
  /** Whether both fields of the target may be set. Source: autoscaling validation validateObjectSource. */
  both?: true
  /** Whether the metric is identified by `metric.name`, as those of the metrics APIs are. */
  identified: boolean
}

const SOURCES = new Map<string, Source>([
  ['Object', { field: 'object', targets: ['averageValue', 'value'], both: true, identified: true }],
  ['External', { field: 'external', targets: ['averageValue', 'value'], identified: true }],
  ['Pods', { field: 'pods', targets: ['averageValue'], identified: true }],
  ['Resource', { field: 'resource', targets: ['averageUtilization', 'averageValue'], identified: false }],
  [
    'ContainerResource',
    { field: 'containerResource', targets: ['averageUtilization', 'averageValue'], identified: false },
  ],
])

/** Source: autoscaling validation validateMetricSpec. */
function metric(spec: Field): void {
  const type = spec.get('type')
  type.requiredOneOf(CODE, [...SOURCES.keys()], 'must specify a metric source type')
  const wanted = SOURCES.get(type.text ?? '')
  const given = [...SOURCES.values()].filter((source) => spec.get(source.field).present)
  const first = given[0]
  if (first !== undefined) metricSource(spec.get(first.field), first)
  if (wanted !== undefined && !spec.get(wanted.field).present) {
    spec.get(wanted.field).required('FIELD_REQUIRED', 'must populate information for the given metric source')
  }
  if (given.length === 1) return
  for (const source of given) {
    if (source !== wanted) spec.get(source.field).forbidden(CODE, 'must populate the given metric source only')
  }
}

/** Source: autoscaling validation validateObjectSource, validateContainerResourceSource and those of the other types. */
function metricSource(field: Field, source: Source): void {
  const name = field.get('name')
  if (source.identified) field.get('metric', 'name').requiredFormat(CODE, pathSegment)
  else name.nonEmpty('must specify a resource name')
  if (source.field === 'containerResource') {
    name.format(CODE, containerResourceName)
    field.get('container').requiredFormat(CODE, dns1123Label)
  }
  if (source.field === 'object') crossVersionReference(field.get('describedObject'), true)
  targetAmounts(field.get('target'))
  targetChoice(field.get('target'), source)
}

/** Of the two amounts of an object, both may be set. */
function targetChoice(target: Field, { targets: [one, other], both }: Source): void {
  if (target.get(one).present) {
    if (other === undefined || both === true || !target.get(other).present) return
    target.get(other).forbidden(CODE, `may not set both ${one} and ${other}`)
  } else if (other === undefined || !target.get(other).present) {
    const choice = other === undefined ? one : `${one} or ${other}`
    target.get(one).required('FIELD_REQUIRED', `must set ${choice}`)
  }
}

/** Source: autoscaling validation validateMetricTarget. */
function targetAmounts(target: Field): void {
  const type = target.get('type')
  if (type.empty) type.required('FIELD_REQUIRED', 'must specify a metric target type')
  else if (type.text !== undefined && !['Utilization', 'Value', 'AverageValue'].includes(type.text)) {
    type.invalid(CODE, 'must be either Utilization, Value, or AverageValue')
  }
  for (const key of ['value', 'averageValue']) {
    const field = target.get(key)
    const quantity = field.present ? parseQuantity(field.value) : undefined
    if (quantity !== undefined && quantitySign(quantity) <= 0) field.invalid(CODE, 'must be positive')
  }
  const share = target.get('averageUtilization')
  if ((share.number ?? 1) < 1) share.invalid(CODE, 'must be greater than 0')
}
