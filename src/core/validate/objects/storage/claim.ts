import { dns1123Label, dns1123Subdomain } from '../../../kube/names.ts'
import { isWholeQuantity, parseQuantity, quantitySign } from '../../../kube/quantity.ts'
import type { Field } from '../field.ts'
import { gatedField } from '../gated.ts'
import { labelSelector } from '../selector.ts'

const CODE = 'CLAIM_FIELD'
const VOLUME_MODES = ['Block', 'Filesystem'] as const

/** A PersistentVolumeClaim. Source: core validation ValidatePersistentVolumeClaim. */
export function claim(object: Field): void {
  const spec = object.get('spec')
  commonSpec(spec)
  const ref = isKeptReference(spec.get('dataSourceRef')) ? spec.get('dataSourceRef') : undefined
  const source = spec.get('dataSource')
  sources(spec, source.present && (ref !== undefined || isKeptSource(source)) ? source : undefined, ref)
}

/** A claim in the template of another object. Source: core validation ValidatePersistentVolumeClaimSpec. */
export function claimSpec(spec: Field): void {
  commonSpec(spec)
  const [source, ref] = [spec.get('dataSource'), spec.get('dataSourceRef')]
  sources(spec, source.present ? source : undefined, ref.present ? ref : undefined)
}

/** All but the sources of data. */
function commonSpec(spec: Field): void {
  accessModes(spec.get('accessModes'), CODE, 'at least 1 access mode is required')
  labelSelector(spec.get('selector'))
  storageRequest(spec)
  spec.get('storageClassName').format(CODE, dns1123Subdomain)
  spec.get('volumeMode').oneOfStrict(CODE, VOLUME_MODES)
  attributesClassName(spec).format(CODE, dns1123Subdomain)
}

/** The VolumeAttributesClass of a claim or a volume (KEP-3751). Source: core validation; pkg/api dropDisabledFields. */
export function attributesClassName(spec: Field): Field {
  return gatedField(spec.get('volumeAttributesClassName'), 'VolumeAttributesClass', 29)
}

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']

/**
 * Access modes of claims and volumes: known ones, and ReadWriteOncePod alone. Paths in messages of the API server have
 * no index.
 */
export function accessModes(list: Field, code: 'CLAIM_FIELD' | 'VOLUME_FIELD', detail = ''): void {
  list.nonEmpty(detail, 'add accessModes: [ReadWriteOnce], for example')
  const modes = list.items().filter((mode) => mode.text !== undefined)
  for (const mode of modes) {
    if (!ACCESS_MODES.includes(mode.text ?? '')) {
      list.unsupported(code, ACCESS_MODES, { shown: mode.text ?? '', at: mode.path })
    }
  }
  const known = new Set(modes.map((mode) => mode.text).filter((mode) => ACCESS_MODES.includes(mode ?? '')))
  if (known.has('ReadWriteOncePod') && known.size > 1) {
    list.forbidden(code, 'may not use ReadWriteOncePod with other access modes')
  }
}

/** The storage that a claim requests, which messages of the API server name without `requests`. */
function storageRequest(spec: Field): void {
  const printed = spec.get('resources', 'storage')
  const storage = spec.get('resources', 'requests', 'storage')
  const at = { at: storage.path }
  if (!storage.present) {
    printed.report('FIELD_REQUIRED', 'Required value', {
      ...at,
      hint: 'add resources.requests.storage: 1Gi, for example',
    })
    return
  }
  const quantity = parseQuantity(storage.value)
  if (quantity === undefined) return
  const shown = storage.value ?? null
  if (quantitySign(quantity) <= 0) printed.invalid(CODE, 'must be greater than zero', { ...at, shown })
  else if (!isWholeQuantity(quantity)) {
    const message = `fractional byte value ${JSON.stringify(storage.value)} is rounded; use a whole number of bytes`
    storage.report('IGNORED_FIELD', message)
  }
}

/**
 * The API server silently drops a dataSourceRef to another namespace while the gate CrossNamespaceVolumeDataSource is
 * off, as it is by default (KEP-3294). Source: pkg/api/persistentvolumeclaim DropDisabledFields.
 */
function isKeptReference(ref: Field): boolean {
  return ref.present && ref.get('namespace').empty
}

/**
 * The API server silently drops a dataSource of a claim, not of a claim template, that is neither a claim nor a snapshot,
 * unless there is a dataSourceRef.
 * Source: pkg/api/persistentvolumeclaim EnforceDataSourceBackwardsCompatibility.
 */
function isKeptSource(source: Field): boolean {
  const group = source.get('apiGroup').text ?? ''
  const kind = source.get('kind').text
  if (group === '') return kind === 'PersistentVolumeClaim'
  return group === 'snapshot.storage.k8s.io' && kind === 'VolumeSnapshot'
}

/** Source: core validation validateDataSource and validateDataSourceRef. */
function dataSource(source: Field): void {
  for (const key of ['name', 'kind']) source.get(key).nonEmpty()
  const group = source.get('apiGroup')
  if (group.empty && source.get('kind').text !== 'PersistentVolumeClaim') {
    const detail = "must be 'PersistentVolumeClaim' when referencing the default apiGroup"
    source.invalid(CODE, detail, { shown: source.get('kind').value ?? '', at: source.get('kind').path })
  }
  group.format(CODE, dns1123Subdomain)
}

/** `dataSource` and `dataSourceRef` may both be given only if they are equal. */
function sources(spec: Field, source: Field | undefined, ref: Field | undefined): void {
  if (source !== undefined) dataSource(source)
  if (ref === undefined) return
  dataSource(ref)
  ref.get('namespace').format(CODE, dns1123Label)
  if (source === undefined) return
  const shown = 'dataSource'
  if (!ref.get('namespace').empty) {
    spec.invalid(CODE, 'may not be specified when dataSourceRef.namespace is specified', { shown, at: source.path })
  } else if (['apiGroup', 'kind', 'name'].some((key) => source.get(key).value !== ref.get(key).value)) {
    spec.invalid(CODE, 'must match dataSourceRef', { shown, at: source.path })
  }
}
