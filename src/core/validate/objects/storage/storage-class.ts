import { byteLength, dns1123Label, labelValue, qualifiedName } from '../../../kube/names.ts'
import type { Field, Format } from '../field.ts'
import { distinct, textsOf } from '../lists.ts'
import { labels } from '../metadata/labels.ts'
import { resourceLimits, tolerations } from '../pod-parts.ts'

const CODE = 'STORAGE_FIELD'
/** Entries and bytes of parameters. Source: storage validation constants. */
const MAX_PARAMETERS = 512
const MAX_BYTES = 256 * 1024

/** A provisioner's or driver's name, in any case. Source: storage validation validateProvisioner. */
export const provisioner: Format = (name) => qualifiedName(name.toLowerCase())

/** Source: storage validation ValidateStorageClass. */
export function storageClass(object: Field): void {
  object.get('provisioner').requiredFormat(CODE, provisioner)
  parameters(object.get('parameters'))
  // An explicit empty reclaimPolicy is accepted; an empty volumeBindingMode is not.
  object.get('reclaimPolicy').oneOf(CODE, ['Delete', 'Retain'])
  object.get('volumeBindingMode').oneOfStrict(CODE, ['Immediate', 'WaitForFirstConsumer'])
  topologies(
    object
      .get('allowedTopologies')
      .items()
      .map((term) => term.get('matchLabelExpressions')),
  )
}

/** Parameters for a driver: how many, and how many bytes. Source: storage validation validateParameters. */
export function parameters(map: Field): void {
  const entries = map.entries()
  if (entries.length > MAX_PARAMETERS)
    return map.report(CODE, `Too long: may not have more than ${MAX_PARAMETERS} entries`)
  let bytes = 0
  for (const [key, value] of entries) {
    if (key === '') map.invalid(CODE, 'field can not be empty', { shown: key })
    bytes += byteLength(key) + byteLength(value.text ?? '')
  }
  if (bytes > MAX_BYTES) map.report(CODE, `Too long: may not be more than ${MAX_BYTES} bytes`)
}

/** Source: core validation ValidateTopologySelectorTerm, validateTopologySelectorLabelRequirement. */
function topologyTerm(list: Field): void {
  const expressions = list.items()
  for (const expression of expressions) {
    const [key, values] = [expression.get('key'), expression.get('values')]
    key.requiredFormat(CODE, qualifiedName)
    values.nonEmpty()
    for (const value of values.items()) value.formatStrict(CODE, labelValue)
    distinct(values.items(), CODE)
  }
  const keys = expressions.map((expression) => expression.get('key'))
  distinct(keys, CODE)
}

/**
 * Reports terms that are equal, and empty ones, which the API server takes for duplicates of nothing.
 * Source: storage validation validateAllowedTopologies.
 */
function topologies(terms: readonly Field[]): void {
  for (const term of terms) topologyTerm(term)
  for (const term of terms) if (term.empty) term.duplicate(CODE, '')
  distinct(terms, CODE, topologyKey)
}

/** A text that is equal for equal terms: keys with their values, in any order. Undefined for an empty term. */
function topologyKey(term: Field): string | undefined {
  const parts = term.items().map((one) => JSON.stringify([one.get('key').text, textsOf(one.get('values')).toSorted()]))
  return parts.length === 0 ? undefined : parts.toSorted().join(' ')
}

/**
 * Source: node validation ValidateRuntimeClass. Messages of the API server name the node selector's map, not its keys.
 */
export function runtimeClass(object: Field): void {
  object.get('handler').requiredFormat('CLUSTER_FIELD', dns1123Label)
  const overhead = object.get('overhead', 'podFixed')
  if (overhead.present) resourceLimits(overhead)
  labels(object.get('scheduling', 'nodeSelector'))
  tolerations(object.get('scheduling', 'tolerations'))
}
