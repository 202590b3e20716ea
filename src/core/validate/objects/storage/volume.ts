import { dns1123Subdomain } from '../../../kube/names.ts'
import { parseQuantity, quantitySign } from '../../../kube/quantity.ts'
import type { Field } from '../field.ts'
import { nodeSelector } from '../pod-parts.ts'
import { accessModes, attributesClassName } from './claim.ts'
import { SOURCES } from './volume-sources.ts'

const CODE = 'VOLUME_FIELD'

/** Source: core validation ValidatePersistentVolume. */
export function persistentVolume(object: Field): void {
  const spec = object.get('spec')
  accessModes(spec.get('accessModes'), CODE)
  capacity(spec.get('capacity'))
  spec.get('persistentVolumeReclaimPolicy').oneOf(CODE, ['Delete', 'Recycle', 'Retain'])
  sources(spec, object)
  spec.get('storageClassName').format(CODE, dns1123Subdomain)
  spec.get('volumeMode').oneOfStrict(CODE, ['Block', 'Filesystem'])
  attributesClass(spec)
  nodeAffinity(spec)
}

/**
 * A volume inside a VolumeAttachment: a CSI volume, without the fields that bind it to a claim.
 * Source: core validation ValidatePersistentVolumeSpec.
 */
export function inlineVolume(spec: Field): void {
  const inline = 'may not be specified in the context of inline volumes'
  for (const key of ['capacity', 'storageClassName']) {
    if (!spec.get(key).empty) spec.get(key).forbidden(CODE, inline)
  }
  for (const key of ['claimRef', 'nodeAffinity']) {
    if (spec.get(key).present) spec.get(key).forbidden(CODE, inline)
  }
  for (const [key, only] of [
    ['persistentVolumeReclaimPolicy', 'Retain'],
    ['volumeMode', 'Filesystem'],
  ] as const) {
    const { text } = spec.get(key)
    if (text !== undefined && text !== only && (text !== '' || key === 'volumeMode'))
      spec.get(key).forbidden(CODE, `may only be ${only} in the context of inline volumes`)
  }
  if (!spec.get('csi').present)
    spec.get('csi').required('FIELD_REQUIRED', 'has to be specified in the context of inline volumes')
  accessModes(spec.get('accessModes'), CODE)
  sources(spec, spec)
}

function capacity(field: Field): void {
  if (field.empty) {
    field.required('FIELD_REQUIRED', '', 'add capacity: with storage: 1Gi, for example')
    return
  }
  const entries = field.entries()
  if (!field.keys().includes('storage') || entries.length > 1) field.unsupported(CODE, ['storage'], { on: 'key' })
  for (const [key, amount] of entries) {
    const quantity = parseQuantity(amount.value)
    if (quantity === undefined) continue
    if (quantitySign(quantity) <= 0) amount.invalid(CODE, 'must be greater than zero', { shown: amount.value ?? key })
  }
}

/** The API server's own name for the path of one source. */
const PRINTED: Record<string, string> = { gcePersistentDisk: 'persistentDisk' }

/**
 * Exactly one source; of several, all but the first are forbidden, except that the API server accepts `flexVolume`
 * beside another one.
 */
function sources(spec: Field, volume: Field): void {
  const given = Object.keys(SOURCES).filter((name) => spec.get(name).present)
  if (given.length === 0) spec.required('FIELD_REQUIRED', 'must specify a volume type')
  for (const [i, name] of given.entries()) {
    if (i === 0 || name === 'flexVolume') SOURCES[name]?.(printed(spec, name), volume)
    else spec.get(name).forbidden(CODE, 'may not specify more than 1 volume type')
  }
  const path = spec.get('hostPath', 'path').text
  const policy = spec.get('persistentVolumeReclaimPolicy')
  if (path !== undefined && /^\/+(?:\.\/+)*\.?$/.test(path) && policy.text === 'Recycle') {
    policy.forbidden(CODE, "may not be 'recycle' for a hostPath mount of '/'")
  }
}

/** A source whose findings have the path that the API server prints and point at the source itself. */
function printed(spec: Field, name: string): Field {
  const field = spec.get(name)
  const shown = PRINTED[name]
  if (shown === undefined) return field
  const from = field.path
  const { ctx } = spec
  const renamed: Field['ctx'] = {
    ...ctx,
    report: (finding) =>
      ctx.report({
        ...finding,
        path: [...from.slice(0, -1), shown, ...finding.path.slice(from.length)],
        at: finding.at ?? finding.path,
      }),
  }
  return field.within(renamed)
}

/** Only CSI volumes may name a VolumeAttributesClass. */
function attributesClass(spec: Field): void {
  const name = attributesClassName(spec)
  if (!name.present) return
  if (name.text === '') name.required('FIELD_REQUIRED', 'an empty string is disallowed')
  else name.format(CODE, dns1123Subdomain)
  if (!spec.get('csi').present)
    spec.get('csi').required('FIELD_REQUIRED', 'has to be specified when using volumeAttributesClassName')
}

/** Source: core validation validateVolumeNodeAffinity. */
function nodeAffinity(spec: Field): void {
  const affinity = spec.get('nodeAffinity')
  const required = affinity.get('required')
  if (affinity.present) {
    if (required.present) nodeSelector(required)
    else required.required('FIELD_REQUIRED', 'must specify required node constraints')
  }
  if (spec.get('local').present && !required.present)
    affinity.required('FIELD_REQUIRED', 'Local volume requires node affinity')
}
