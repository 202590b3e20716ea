import { byteLength, qualifiedName } from '../../../kube/names.ts'
import type { Field } from '../field.ts'

/** Most bytes of all keys and values together. Source: apimachinery api/validation TotalAnnotationSizeLimitB. */
const MAX_BYTES = 256 * 1024

/**
 * Annotations: every key a qualified name in any case, all together at most 256 KiB.
 * Source: apimachinery api/validation ValidateAnnotations.
 *
 * @param printed the field that messages of the API server name for the map, if another
 */
export function annotations(map: Field, printed: Field = map): void {
  let bytes = 0
  for (const key of map.keys()) {
    bytes += byteLength(key) + byteLength(map.get(key).text ?? '')
    const faults = qualifiedName(key.toLowerCase())
    if (faults.length === 0) continue
    const detail = `annotation key: ${faults.join('; ')}`
    printed.invalid('METADATA_ANNOTATION', detail, { shown: key, at: map.get(key).path, on: 'key' })
  }
  if (bytes > MAX_BYTES) {
    printed.report('METADATA_ANNOTATION', `Too long: ${bytes} bytes; may not be more than ${MAX_BYTES} bytes`, {
      at: map.path,
      on: 'key',
      hint: 'use kubectl apply --server-side for objects this large, or move the data into a ConfigMap',
    })
  }
}
