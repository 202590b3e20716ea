import { isObject, type JsonPath, type Json, type JsonObject } from '../../json/json.ts'
import type { Finding } from '../../diagnostics/finding.ts'
import { describe, wrongType } from '../scalars.ts'

const MAX_REPLICAS = 2 ** 31 - 1

/**
 * Findings on the replicas and the selector that the scale subresource of a version points to.
 * Source: apiextensions-apiserver pkg/registry/customresource/validator.go ValidateScaleSpec, ValidateScaleStatus.
 *
 * @param subresources those of the version
 * @param data the object, without its status if that is a subresource
 */
export function scaleFindings(subresources: Json | undefined, data: JsonObject): Finding[] {
  const scale = isObject(subresources) ? subresources['scale'] : undefined
  if (!isObject(scale)) return []
  const found: Finding[] = []
  for (const key of ['specReplicasPath', 'statusReplicasPath'] as const) {
    const path = scale[key]
    if (typeof path === 'string') pushFinding(found, replicas(path.replace(/^\./, '').split('.'), data))
  }
  const selector = scale['labelSelectorPath']
  if (typeof selector === 'string')
    pushFinding(found, nested(selector.replace(/^\./, '').split('.'), data, 'string').finding)
  return found
}

function pushFinding(found: Finding[], finding: Finding | undefined): void {
  if (finding !== undefined) found.push(finding)
}

function replicas(path: JsonPath, data: JsonObject): Finding | undefined {
  const { value, finding } = nested(path, data, 'integer')
  if (finding !== undefined || typeof value !== 'number') return finding
  if (value < 0) return { code: 'FIELD_RULE', path, message: `should be a non-negative integer, got ${value}` }
  if (value <= MAX_REPLICAS) return undefined
  return { code: 'FIELD_RULE', path, message: `should be less than or equal to ${MAX_REPLICAS}, got ${value}` }
}

/**
 * The value at a path, or a finding if it has another type; neither if it is absent.
 * Source: apimachinery unstructured NestedInt64, NestedString.
 */
function nested(path: JsonPath, data: JsonObject, type: 'integer' | 'string'): { value?: Json; finding?: Finding } {
  let at: Json = data
  for (const [i, step] of path.entries()) {
    if (!isObject(at)) {
      if (at === null && i > 0)
        return { finding: { code: 'FIELD_TYPE', path: path.slice(0, i), message: `expected map, got ${describe(at)}` } }
      return { finding: { ...wrongType('map', at as Exclude<Json, null>), path: path.slice(0, i) } }
    }
    if (!Object.hasOwn(at, step)) return {}
    at = at[step] as Json
  }
  const fits = type === 'string' ? typeof at === 'string' : Number.isInteger(at)
  if (fits) return { value: at }
  if (at === null) return { finding: { code: 'FIELD_TYPE', path, message: `expected ${type}, got null` } }
  return { finding: { ...wrongType(type, at), path } }
}
