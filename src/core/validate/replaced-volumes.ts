import type { Finding } from '../diagnostics/finding.ts'
import { isObject, type Json, type JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'

const VOLUMES = ['spec', 'template', 'spec', 'volumes']
const CLAIMS = ['spec', 'volumeClaimTemplates']

/**
 * Drops findings on missing fields of volumes that a claim template of their StatefulSet replaces: the API server
 * decodes such a volume, but does not validate it. Source: apps validation ValidateStatefulSetSpec.
 *
 * @param findings those of the schema
 */
export function withoutReplacedVolumes(data: JsonObject, findings: Finding[]): Finding[] {
  if (data['kind'] !== 'StatefulSet' || !findings.some(isInVolume)) return findings
  const claims = valueAt(data, CLAIMS)
  const names = new Set((Array.isArray(claims) ? claims : []).map((claim) => valueAt(claim, ['metadata', 'name'])))
  return findings.filter((found) => !isInVolume(found) || !names.has(nameOf(data, found)))
}

function isInVolume({ code, path }: Finding): boolean {
  // The name of a volume is not a field of its source.
  return code === 'FIELD_REQUIRED' && path.length > VOLUMES.length + 2 && VOLUMES.every((step, i) => path[i] === step)
}

function nameOf(data: JsonObject, { path }: Finding): Json | undefined {
  const volume = valueAt(data, path.slice(0, VOLUMES.length + 1))
  return isObject(volume) ? (valueAt(volume, ['name']) ?? null) : null
}
