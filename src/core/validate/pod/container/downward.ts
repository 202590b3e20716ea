import { qualifiedName } from '../../../kube/names.ts'
import { parseQuantity, quantitySign } from '../../../kube/quantity.ts'
import { quantityText } from '../../../kube/quantity-text.ts'
import { at, invalid, named, type PodScope, required, unsupported } from '../scope.ts'
import { type Part, textOf, valueOf } from '../values.ts'

/** Fields of a pod by the names that clients may use, old ones included. Source: `ConvertDownwardAPIFieldLabel`. */
const KNOWN_LABELS = new Map([
  ['metadata.annotations', 'metadata.annotations'],
  ['metadata.labels', 'metadata.labels'],
  ['metadata.name', 'metadata.name'],
  ['metadata.namespace', 'metadata.namespace'],
  ['metadata.uid', 'metadata.uid'],
  ['spec.host', 'spec.nodeName'],
  ['spec.nodeName', 'spec.nodeName'],
  ['spec.restartPolicy', 'spec.restartPolicy'],
  ['spec.schedulerName', 'spec.schedulerName'],
  ['spec.serviceAccountName', 'spec.serviceAccountName'],
  ['status.hostIP', 'status.hostIP'],
  ['status.hostIPs', 'status.hostIPs'],
  ['status.phase', 'status.phase'],
  ['status.podIP', 'status.podIP'],
  ['status.podIPs', 'status.podIPs'],
])

/** Splits `metadata.labels['app']` as `SplitMaybeSubscriptedPath` does; undefined when there is no subscript. */
function splitSubscript(fieldPath: string): { field: string; key: string } | undefined {
  if (!fieldPath.endsWith("']")) return undefined
  const open = fieldPath.indexOf("['")
  if (open <= 0 || open > fieldPath.length - 4) return undefined
  return { field: fieldPath.slice(0, open), key: fieldPath.slice(open + 2, -2) }
}

/**
 * A reference to a field of the pod.
 * Source: `validateObjectFieldSelector`.
 * @param allowed the fields without a subscript that may be named
 */
export function fieldRef(ref: Part, allowed: readonly string[], pod: PodScope): void {
  const version = textOf(ref.data, 'apiVersion') || 'v1'
  const fieldPath = textOf(ref.data, 'fieldPath')
  const path = at(ref.path, 'fieldPath')
  if (fieldPath === undefined) return
  if (fieldPath === '') return required(pod, path, 'the field of the pod to read is required, such as metadata.name')
  if (version !== 'v1') {
    invalid(pod, 'FIELD_REF_INVALID', at(ref.path, 'apiVersion'), version, ['must be v1, the version of pods'])
    return
  }
  const owner = named(pod, ref.path)
  const subscript = splitSubscript(fieldPath)
  if (subscript === undefined) {
    const field = KNOWN_LABELS.get(fieldPath)
    if (field === undefined || !allowed.includes(field)) unsupported(pod, 'FIELD_REF_INVALID', path, fieldPath, allowed)
  } else if (subscript.field === 'metadata.labels') {
    invalid(owner, 'FIELD_REF_INVALID', path, fieldPath, qualifiedName(subscript.key))
  } else if (subscript.field === 'metadata.annotations') {
    invalid(owner, 'FIELD_REF_INVALID', path, fieldPath, qualifiedName(subscript.key.toLowerCase()))
  } else {
    const hint = "only metadata.labels['key'] and metadata.annotations['key'] have one"
    invalid(owner, 'FIELD_REF_INVALID', path, fieldPath, ['the field does not support a subscript'], hint)
  }
}

const CPU_DIVISORS = ['1m', '1']
const BYTE_DIVISORS = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei']

/**
 * Resources of a container that can be read, with the divisors each takes. The API server compares their texts, so
 * 1000 is one, since it is printed as 1k, but not 1024 or 1e3, which are printed as they are.
 * Source: `validateContainerResourceDivisor`.
 */
const RESOURCE_DIVISORS = new Map<string, readonly string[]>(
  ['limits', 'requests'].flatMap((list) => [
    [`${list}.cpu`, CPU_DIVISORS],
    [`${list}.ephemeral-storage`, BYTE_DIVISORS],
    [`${list}.memory`, BYTE_DIVISORS],
  ]),
)

/**
 * A reference to a limit or request of a container.
 * Source: `validateContainerResourceFieldSelector`.
 * @param inVolume whether it is in a volume, where it must name its container
 */
export function resourceFieldRef(ref: Part, inVolume: boolean, pod: PodScope): void {
  const resource = textOf(ref.data, 'resource')
  const container = textOf(ref.data, 'containerName')
  if (resource === undefined || container === undefined) return
  const hugePages = /^(?:limits|requests)\.hugepages-/.test(resource)
  const divisors = hugePages ? BYTE_DIVISORS : RESOURCE_DIVISORS.get(resource)
  if (inVolume && container === '') {
    required(pod, at(ref.path, 'containerName'), 'a volume belongs to no container, so resourceFieldRef must name one')
  } else if (resource === '') {
    required(pod, at(ref.path, 'resource'), 'the resource to read is required, such as limits.memory')
  } else if (divisors === undefined) {
    unsupported(pod, 'RESOURCE_REF_INVALID', at(ref.path, 'resource'), resource, [...RESOURCE_DIVISORS.keys()])
  }
  const divisor = valueOf(ref.data, 'divisor')
  const quantity = parseQuantity(divisor)
  if (divisors === undefined || divisor === undefined || quantity === undefined || quantitySign(quantity) === 0) return
  if (divisors.includes(quantityText(divisor) ?? '')) return
  unsupported(pod, 'RESOURCE_REF_INVALID', at(ref.path, 'divisor'), divisor, divisors)
}
