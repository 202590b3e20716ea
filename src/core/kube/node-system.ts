import { isObject, type Json, type JsonPath } from '../json/json.ts'
import { valueAt } from './workload.ts'

const LABEL = 'kubernetes.io/os'
const TERMS: JsonPath = [
  'affinity',
  'nodeAffinity',
  'requiredDuringSchedulingIgnoredDuringExecution',
  'nodeSelectorTerms',
]

/**
 * Where a pod spec says that its pods run on Windows nodes only, by `nodeSelector` or by required node affinity; undefined
 * where it does not. Of node selector terms one is enough for a node, so each of them must ask for Windows.
 */
export function windowsNodesPath(spec: Json | undefined): JsonPath | undefined {
  const selector = ['nodeSelector', LABEL]
  if (valueAt(spec, selector) === 'windows') return selector
  const terms = valueAt(spec, TERMS)
  return Array.isArray(terms) && terms.length > 0 && terms.every(asksForWindows) ? TERMS : undefined
}

function asksForWindows(term: Json): boolean {
  const expressions = valueAt(term, ['matchExpressions'])
  return (
    Array.isArray(expressions) &&
    expressions.some((expression) => {
      if (!isObject(expression) || expression['key'] !== LABEL || expression['operator'] !== 'In') return false
      const values = expression['values']
      return Array.isArray(values) && values.length > 0 && values.every((value) => value === 'windows')
    })
  )
}
