import { byteLength, dns1123Label, qualifiedName } from '../../../kube/names.ts'
import type { Field } from '../field.ts'

const CODE = 'STORAGE_FIELD'
/** Entries and bytes of parameters. Source: storage validation constants. */
const MAX_PARAMETERS = 512
const MAX_BYTES = 256 * 1024

/** Source: storage validation ValidateStorageClass. */
export function storageClass(object: Field): void {
  object.get('provisioner').requiredFormat(CODE, (name) => qualifiedName(name.toLowerCase()))
  parameters(object.get('parameters'))
  // An explicit empty reclaimPolicy is taken; an empty volumeBindingMode is not.
  object.get('reclaimPolicy').oneOf(CODE, ['Delete', 'Retain'])
  object.get('volumeBindingMode').oneOfStrict(CODE, ['Immediate', 'WaitForFirstConsumer'])
}

function parameters(map: Field): void {
  const entries = map.entries()
  if (entries.length > MAX_PARAMETERS) map.report(CODE, `Too long: may not have more than ${MAX_PARAMETERS} entries`)
  let bytes = 0
  for (const [key, value] of entries) {
    if (key === '') map.invalid(CODE, 'field can not be empty', { shown: key })
    bytes += byteLength(key) + byteLength(value.text ?? '')
  }
  if (bytes > MAX_BYTES) map.report(CODE, `Too long: may not be more than ${MAX_BYTES} bytes`)
}

/** Source: storage validation ValidateCSIDriver. */
export function csiDriver(object: Field): void {
  const spec = object.get('spec')
  spec.get('fsGroupPolicy').oneOfStrict(CODE, ['File', 'None', 'ReadWriteOnceWithFSType'])
  for (const mode of spec.get('volumeLifecycleModes').items()) {
    if (mode.text === undefined || mode.text === 'Ephemeral' || mode.text === 'Persistent') continue
    spec.get('volumeLifecycleModes').unsupported(CODE, ['Ephemeral', 'Persistent'], { shown: mode.text, at: mode.path })
  }
}

/** Source: node validation ValidateRuntimeClass. */
export function runtimeClass(object: Field): void {
  object.get('handler').requiredFormat('CLUSTER_FIELD', dns1123Label)
}
