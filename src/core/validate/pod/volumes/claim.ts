import { dns1123Label, dns1123Subdomain, qualifiedName } from '../../../kube/names.ts'
import { parseQuantity, quantitySign } from '../../../kube/quantity.ts'
import { checkLabels, labelSelector } from '../scheduling/selector.ts'
import { at, forbidden, invalid, type PartRule, type PodScope, required, unsupported } from '../scope.ts'
import { format, oneOfStrict } from '../text-rules.ts'
import { childOf, entriesOf, isSet, type Part, partOf, textOf, textsOf, valueOf } from '../values.ts'

const CODE = 'CLAIM_TEMPLATE_INVALID'
const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']

/**
 * The claim of a generic ephemeral volume.
 * Source: `validateEphemeralVolumeSource`, `ValidatePersistentVolumeClaimTemplate`.
 */
export const claimTemplate: PartRule = (source, pod) => {
  const template = partOf(source, 'volumeClaimTemplate')
  if (template === undefined) {
    if (!isSet(source.data, 'volumeClaimTemplate'))
      required(pod, at(source.path, 'volumeClaimTemplate'), 'volumeClaimTemplate is required here')
    return
  }
  const metadata = partOf(template, 'metadata')
  if (metadata !== undefined) checkMetadata(metadata, pod)
  claimSpec({ data: childOf(template.data, 'spec') ?? {}, path: at(template.path, 'spec') }, pod)
}

/** A zero value counts as absent. Source: `ValidateTemplateObjectMeta`, `validateFieldAllowList`. */
function checkMetadata(metadata: Part, pod: PodScope): void {
  for (const [key, value] of Object.entries(metadata.data)) {
    if (key === 'labels' || key === 'annotations' || value === null || value === '') continue
    if (key === 'generation' && value === 0) continue
    const message = `${key} cannot be set: only labels and annotations can`
    forbidden(pod, CODE, at(metadata.path, key), message)
  }
  checkLabels(metadata, 'labels', CODE, pod)
  for (const [key] of entriesOf(metadata.data, 'annotations')) {
    const path = at(metadata.path, 'annotations', key)
    invalid(pod, CODE, path, key, qualifiedName(key.toLowerCase()))
  }
}

/** Source: `ValidatePersistentVolumeClaimSpec`. */
const claimSpec: PartRule = (spec, pod) => {
  checkAccessModes(spec, pod)
  checkStorage(spec, pod)
  const selector = partOf(spec, 'selector')
  if (selector !== undefined) labelSelector(selector, pod)
  format(spec, 'storageClassName', CODE, dns1123Subdomain, pod)
  format(spec, 'volumeAttributesClassName', CODE, dns1123Subdomain, pod)
  oneOfStrict(spec, 'volumeMode', CODE, ['Block', 'Filesystem'], pod)
  checkDataSources(spec, pod)
}

function checkAccessModes(spec: Part, pod: PodScope): void {
  const value = valueOf(spec.data, 'accessModes')
  const path = at(spec.path, 'accessModes')
  const modes = textsOf(spec, 'accessModes')
  if (value !== undefined && !Array.isArray(value)) return
  if (modes.length === 0) required(pod, path, 'at least 1 access mode is required')
  for (const mode of modes) {
    if (!ACCESS_MODES.includes(mode.value)) unsupported(pod, CODE, mode.path, mode.value, ACCESS_MODES)
  }
  const known = new Set(modes.map((mode) => mode.value).filter((mode) => ACCESS_MODES.includes(mode)))
  if (known.size > 1 && known.has('ReadWriteOncePod')) {
    const message = 'may not use ReadWriteOncePod with other access modes'
    pod.report({ code: CODE, path, message })
  }
}

function checkStorage(spec: Part, pod: PodScope): void {
  const requests = childOf(childOf(spec.data, 'resources') ?? {}, 'requests')
  const path = at(spec.path, 'resources', 'requests', 'storage')
  const value = requests && Object.hasOwn(requests, 'storage') ? requests.storage : undefined
  if (value === undefined) return required(pod, path, 'a claim must request storage', 'add resources.requests.storage')
  const quantity = parseQuantity(value)
  if (quantity === undefined || quantitySign(quantity) > 0) return
  invalid(pod, CODE, path, value, ['must be greater than zero'])
}

/** Source: `validateDataSource`, `validateDataSourceRef`. */
function checkDataSources(spec: Part, pod: PodScope): void {
  const source = partOf(spec, 'dataSource')
  const ref = partOf(spec, 'dataSourceRef')
  for (const part of [source, ref]) {
    if (part !== undefined) checkDataSource(part, pod)
  }
  if (source === undefined || ref === undefined) return
  const same = ['apiGroup', 'kind', 'name'].every((key) => valueOf(source.data, key) === valueOf(ref.data, key))
  const message = textOf(ref.data, 'namespace')
    ? 'may not be specified when dataSourceRef.namespace is specified'
    : 'must match dataSourceRef'
  if (!same || textOf(ref.data, 'namespace')) forbidden(pod, CODE, source.path, message)
}

function checkDataSource(part: Part, pod: PodScope): void {
  for (const field of ['name', 'kind']) {
    if (textOf(part.data, field) === '') required(pod, at(part.path, field), `a data source needs a ${field}`)
  }
  const group = textOf(part.data, 'apiGroup')
  const kind = textOf(part.data, 'kind')
  if (group === '' && kind && kind !== 'PersistentVolumeClaim') {
    const fault = "must be 'PersistentVolumeClaim' when referencing the default apiGroup"
    invalid(pod, CODE, at(part.path, 'kind'), kind, [fault], 'set apiGroup')
  }
  format(part, 'apiGroup', CODE, dns1123Subdomain, pod)
  format(part, 'namespace', CODE, dns1123Label, pod)
}
