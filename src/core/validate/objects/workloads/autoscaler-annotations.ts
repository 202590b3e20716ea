import { emptyObject, isObject, type Json, type JsonObject, parseJson } from '../../../json/json.ts'
import { parseQuantity } from '../../../kube/quantity.ts'
import { Field } from '../field.ts'

const PREFIX = 'autoscaling.alpha.kubernetes.io/'

/** A type as Go decodes JSON into it: keys in any case, unknown ones left out, null as if absent. */
type Type = 'text' | 'integer' | 'quantity' | 'any' | readonly [Type] | { readonly [field: string]: Type }

const REFERENCE: Type = { kind: 'text', name: 'text', apiVersion: 'text' }
const RESOURCE = { name: 'text', targetAverageUtilization: 'integer', targetAverageValue: 'quantity' } as const

/** Source: autoscaling/v1 MetricSpec. */
const METRICS: Type = [
  {
    type: 'text',
    object: {
      target: REFERENCE,
      metricName: 'text',
      targetValue: 'quantity',
      averageValue: 'quantity',
      selector: 'any',
    },
    pods: { metricName: 'text', targetAverageValue: 'quantity', selector: 'any' },
    resource: RESOURCE,
    containerResource: { ...RESOURCE, container: 'text' },
    external: { metricName: 'text', targetValue: 'quantity', targetAverageValue: 'quantity', metricSelector: 'any' },
  },
]

const SCALING: Type = {
  stabilizationWindowSeconds: 'integer',
  selectPolicy: 'text',
  policies: [{ type: 'text', value: 'integer', periodSeconds: 'integer' }],
  tolerance: 'quantity',
}

/** Source: autoscaling HorizontalPodAutoscalerBehavior. */
const BEHAVIOR: Type = { scaleUp: SCALING, scaleDown: SCALING }

/**
 * The metrics that an annotation of an autoscaling/v1 autoscaler holds, as a list of those of v2; absent without one,
 * or where it is not well formed, which the API server ignores.
 * Source: autoscaling/v1 Convert_v1_HorizontalPodAutoscaler_To_autoscaling_HorizontalPodAutoscaler.
 */
export function annotatedMetrics(object: Field): Field {
  return decoded(object, 'metrics', METRICS, (list) => (Array.isArray(list) ? list.map(asMetric) : undefined))
}

/** The same for its behavior. Directions do not get default policies. */
export function annotatedBehavior(object: Field): Field {
  return decoded(object, 'behavior', BEHAVIOR, (behavior) => {
    if (!isObject(behavior)) return undefined
    const directions = Object.entries(behavior)
    return Object.fromEntries(
      directions.map(([key, rules]) => [key, isObject(rules) ? { policies: [], ...rules } : rules]),
    )
  })
}

/** The value of an annotation as a field whose findings point at the annotation. */
function decoded(object: Field, name: string, type: Type, convert: (value: Json) => Json | undefined): Field {
  const annotations = object.get('metadata', 'annotations')
  const key = PREFIX + name
  const value = decode(parseJson(annotations.get(key).text ?? ''), type)
  const { ctx } = annotations
  const at = annotations.get(key).path
  const report: typeof ctx.report = (finding) => ctx.report({ ...finding, at })
  return new Field({ ...ctx, report }, annotations, key, value === undefined ? undefined : convert(value))
}

const SCALARS: Readonly<Record<string, (value: Json) => boolean>> = {
  any: () => true,
  integer: (value) => Number.isInteger(value) && Math.abs(Number(value) + 0.5) < 2 ** 31,
  quantity: (value) => parseQuantity(value) !== undefined,
  text: (value) => typeof value === 'string',
}

/** A value as Go decodes it into a type; undefined where it cannot. */
function decode(value: Json | undefined, type: Type): Json | undefined {
  if (value === undefined || value === null) return value
  if (typeof type === 'string') return SCALARS[type]?.(value) === true ? value : undefined
  if (isList(type)) {
    const items = Array.isArray(value) ? value.map((item) => decode(item, type[0])) : [undefined]
    return items.includes(undefined) ? undefined : (items as Json[])
  }
  return isObject(value) ? decodeMap(value, type) : undefined
}

function isList(type: Exclude<Type, string>): type is readonly [Type] {
  return Array.isArray(type)
}

function decodeMap(value: JsonObject, fields: { readonly [field: string]: Type }): JsonObject | undefined {
  const result = emptyObject()
  for (const [name, entry] of Object.entries(value)) {
    const field = Object.keys(fields).find((one) => one.toLowerCase() === name.toLowerCase())
    const one = field === undefined ? null : decode(entry, fields[field] as Type)
    if (one === undefined) return undefined
    if (field !== undefined && one !== null) result[field] = one
  }
  return result
}

/** A metric of v1 as one of v2. Source: autoscaling/v1 Convert_v1_MetricSpec_To_autoscaling_MetricSpec and others. */
function asMetric(metric: Json): Json {
  if (!isObject(metric)) return {}
  const entries = Object.entries(metric).map(([key, source]) => [
    key,
    isObject(source) ? asSource(key, source) : source,
  ])
  return Object.fromEntries(entries) as JsonObject
}

function asSource(key: string, source: JsonObject): JsonObject {
  const { name, container, metricName, target, targetValue, averageValue, targetAverageValue } = source
  const utilization = source['targetAverageUtilization']
  const identified = { metric: { name: metricName ?? '' } }
  if (key === 'object') {
    // A value that is a plain field in v1 is set in v2, even if it is 0.
    const amounts = { type: averageValue === undefined ? 'Value' : 'AverageValue', value: targetValue ?? '0' }
    return { ...identified, describedObject: target ?? {}, target: { ...amounts, averageValue: averageValue ?? null } }
  }
  if (key === 'pods')
    return { ...identified, target: { type: 'AverageValue', averageValue: targetAverageValue ?? '0' } }
  if (key === 'external') {
    const type = targetValue === undefined ? 'AverageValue' : 'Value'
    return { ...identified, target: { type, value: targetValue ?? null, averageValue: targetAverageValue ?? null } }
  }
  const type = utilization === undefined ? 'AverageValue' : 'Utilization'
  const amounts = { type, averageUtilization: utilization ?? null, averageValue: targetAverageValue ?? null }
  return { name: name ?? '', container: container ?? '', target: amounts }
}
