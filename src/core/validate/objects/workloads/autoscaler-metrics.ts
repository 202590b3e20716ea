import { dns1123Label } from '../../../kube/names.ts'
import { parseQuantity, quantitySign } from '../../../kube/quantity.ts'
import type { Field } from '../field.ts'
import { pathSegment } from '../metadata/names.ts'

const CODE = 'AUTOSCALER_FIELD'

interface Source {
  /** The field that holds a metric of this type. */
  field: string
  /** The amounts of which exactly one is set; of Pods, averageValue alone. */
  targets: readonly [string] | readonly [string, string]
  /** Whether the metric is identified by `metric.name`, as those of the metrics APIs are. */
  identified: boolean
}

const SOURCES = new Map<string, Source>([
  ['Object', { field: 'object', targets: ['averageValue', 'value'], identified: true }],
  ['External', { field: 'external', targets: ['averageValue', 'value'], identified: true }],
  ['Pods', { field: 'pods', targets: ['averageValue'], identified: true }],
  ['Resource', { field: 'resource', targets: ['averageUtilization', 'averageValue'], identified: false }],
  [
    'ContainerResource',
    { field: 'containerResource', targets: ['averageUtilization', 'averageValue'], identified: false },
  ],
])

/** Source: autoscaling validation validateMetricSpec. */
export function metric(spec: Field): void {
  const type = spec.get('type')
  if (type.empty) type.required('FIELD_REQUIRED', 'must specify a metric source type')
  else type.oneOf(CODE, [...SOURCES.keys()])
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

function metricSource(field: Field, source: Source): void {
  if (source.identified) field.get('metric', 'name').requiredFormat(CODE, pathSegment)
  else if (field.get('name').empty) field.get('name').required('FIELD_REQUIRED', 'must specify a resource name')
  if (source.field === 'containerResource') field.get('container').requiredFormat(CODE, dns1123Label)
  if (source.field === 'object') {
    for (const key of ['kind', 'name']) field.get('describedObject', key).requiredFormat(CODE, pathSegment)
  }
  const target = field.get('target')
  targetAmounts(target)
  const [one, other] = source.targets
  if (target.get(one).present) {
    if (other === undefined || !target.get(other).present) return
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
