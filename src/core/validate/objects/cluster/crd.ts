import { isEqual } from '../../../json/equality.ts'
import { emptyObject, isObject, type Json } from '../../../json/json.ts'
import { byteLength, dns1035Label, dns1123Subdomain } from '../../../kube/names.ts'
import { describe } from '../../../schema/scalars.ts'
import { parseRequestUri } from '../../../schema/custom/uri.ts'
import type { Field, Format } from '../field.ts'
import { schemaPath } from './crd-field-path.ts'
import { crdSchema } from './crd-schema.ts'
import { clientConfig, reviewVersions } from './webhook.ts'

const CODE = 'CRD_FIELD'

/** Source: apiextensions validation ValidateCustomResourceDefinition. */
export function customResourceDefinition(object: Field): void {
  const spec = object.get('spec')
  objectName(object)
  group(spec.get('group'))
  const scope = spec.get('scope')
  scope.requiredOneOf(CODE, ['Cluster', 'Namespaced'])
  names(spec.get('names'))
  if (spec.get('preserveUnknownFields').isTrue) {
    const hint = 'set x-kubernetes-preserve-unknown-fields in the schema instead'
    spec.get('preserveUnknownFields').invalid(CODE, 'must be false', { hint })
  }
  versions(spec)
  conversion(spec.get('conversion'))
  approval(object)
}

const APPROVED = 'api-approved.kubernetes.io'

/**
 * Groups of the Kubernetes project need an approval.
 * Source: apiextensions validation validateAPIApproval (KEP-1111).
 */
function approval(object: Field): void {
  const { text } = object.get('spec', 'group')
  if (text === undefined || !/(?:^|\.)(?:k8s|kubernetes)\.io$/.test(text)) return
  const annotation = object.get('metadata', 'annotations', APPROVED)
  if (annotation.empty) {
    const hint = 'use a group of your own, or set it to "unapproved" for experiments'
    annotation.required(CODE, 'protected groups must have an approval annotation', hint)
  } else if (annotation.text?.startsWith('unapproved') === false && !isApproval(annotation)) {
    annotation.invalid(CODE, 'protected groups must have a URL here, or a text that starts with "unapproved"')
  }
}

/** Whether the text is a URL with a host. Source: apiextensions pkg/apihelpers GetAPIApprovalState. */
function isApproval({ text = '', ctx }: Field): boolean {
  const url = parseRequestUri(text, ctx.kubeVersion.minor)
  return url !== undefined && url.scheme !== '' && url.host !== ''
}

/** The name must be `PLURAL.GROUP`. */
function objectName(object: Field): void {
  const name = object.get('metadata', 'name')
  const wanted = `${object.get('spec', 'names', 'plural').text ?? ''}.${object.get('spec', 'group').text ?? ''}`
  if (name.text === undefined || name.text === '' || name.text === wanted) return
  name.invalid(CODE, 'must be spec.names.plural+"."+spec.group', { hint: `name it ${wanted}` })
}

function group(field: Field): void {
  field.requiredFormat(CODE, dns1123Subdomain)
  if (!field.empty && field.text?.includes('.') === false)
    field.invalid(CODE, 'should be a domain with at least one dot')
}

const lowerLabel: Format = (name) => dns1035Label(name.toLowerCase())

/** Names of kinds may contain capital letters. Absent `singular` and `listKind` get defaults. */
function names(field: Field): void {
  field.get('plural').requiredFormat(CODE, dns1035Label)
  field.get('kind').requiredFormat(CODE, lowerLabel)
  field.get('singular').format(CODE, dns1035Label)
  field.get('listKind').format(CODE, lowerLabel)
  const kind = field.get('kind').text
  if (kind !== undefined && field.get('listKind').empty && lowerLabel(kind).length === 0) {
    const faults = lowerLabel(`${kind}List`)
    const hint = 'set listKind to a shorter name'
    if (faults.length > 0) field.get('listKind').invalid(CODE, faults.join('; '), { shown: `${kind}List`, hint })
  }
  if (kind !== undefined && kind !== '' && kind === field.get('listKind').text) {
    field.get('listKind').invalid(CODE, 'kind and listKind may not be the same')
  }
  for (const list of ['shortNames', 'categories']) {
    for (const item of field.get(list).items()) item.formatStrict(CODE, dns1035Label)
  }
}

function versions(spec: Field): void {
  const list = spec.get('versions')
  const items = list.items()
  list.nonEmpty('must have at least one version')
  const seen = new Set<string>()
  for (const version of items) {
    version.get('name').requiredFormat(CODE, dns1035Label)
    const { text } = version.get('name')
    if (text !== undefined && seen.has(text)) {
      list.invalid(CODE, 'must contain unique version names', { shown: text, at: version.path })
    }
    seen.add(text ?? '')
    deprecation(version)
    versionSchema(version)
    printerColumns(version.get('additionalPrinterColumns'))
    subresources(version.get('subresources'))
    selectableFields(version)
  }
  const stored = items.filter((version) => version.get('storage').isTrue).length
  if (items.length > 0 && stored !== 1) {
    list.invalid(CODE, 'must have exactly one version marked as storage version', { shown: stored })
  }
  sharedFields(items)
}

/**
 * Versions with the same schema keep it apart from their selectable fields and the other way round, where only one of
 * the two is the same in all versions. The API server then finds selectable fields without a schema.
 * Source: apiextensions v1 Convert_v1_CustomResourceDefinitionSpec_To_apiextensions_CustomResourceDefinitionSpec;
 * validation validateCustomResourceDefinitionSpec, validateCustomResourceDefinitionVersion.
 */
function sharedFields(versions: readonly Field[]): void {
  const [schemas, fields] = ['schema', 'selectableFields'].map((key) => areSame(versions.map((one) => one.get(key))))
  if (schemas === fields) return
  const selectable = versions.map((version) => version.get('selectableFields')).find(({ empty }) => !empty)
  const detail = schemas === true ? 'the same schema' : 'the same selectable fields, but other schemas'
  selectable?.forbidden(CODE, `is not possible where all versions have ${detail}`)
}

function areSame(fields: readonly Field[]): boolean {
  const [first, ...others] = fields.map(({ value }) => withoutAbsent(value ?? null))
  return first !== undefined && others.every((other) => isEqual(first, other))
}

/** Keywords whose values are no part of the schema itself. */
const AS_WRITTEN: ReadonlySet<string> = new Set(['default', 'enum', 'example'])

/** A value without what is the same absent: nulls, empty lists and flags that are off. */
function withoutAbsent(value: Json): Json {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(withoutAbsent)
  if (!isObject(value)) return value === false || value === '' ? null : value
  const out = emptyObject()
  for (const key of Object.keys(value)) {
    const kept = AS_WRITTEN.has(key) ? (value[key] as Json) : withoutAbsent(value[key] as Json)
    if (kept !== null) out[key] = kept
  }
  return out
}

function versionSchema(version: Field): void {
  const schema = version.get('schema', 'openAPIV3Schema')
  if (!schema.present) schema.required('FIELD_REQUIRED', 'schemas are required')
  else crdSchema(schema, version.get('subresources', 'status').present)
}

/** Source: validateDeprecationWarning. */
function deprecation(version: Field): void {
  const warning = version.get('deprecationWarning')
  const { text } = warning
  if (text === undefined) return
  if (!version.get('deprecated').isTrue) return warning.invalid(CODE, 'can only be set for deprecated versions')
  if (byteLength(text) > 256) warning.invalid(CODE, 'must be <= 256 characters long')
  if (text === '') warning.invalid(CODE, 'must not be an empty string')
  if (/[^\P{C}]|[\p{Zl}\p{Zp}]|(?! )\p{Zs}/u.test(text))
    warning.invalid(CODE, 'must only contain printable UTF-8 characters')
}

const MAX_SELECTABLE = 8

/** Source: ValidateCustomResourceSelectableFields. */
function selectableFields(version: Field): void {
  const list = version.get('selectableFields')
  const seen = new Set<string>()
  for (const field of list.items()) {
    const path = field.get('jsonPath')
    if (path.empty || path.text === undefined) {
      path.nonEmpty()
      continue
    }
    const found = schemaPath(path.text, version.get('schema', 'openAPIV3Schema'), false)
    if ('fault' in found) {
      path.invalid(CODE, `is an invalid path: ${found.fault}`)
      continue
    }
    if (found.path[0] === 'metadata') path.invalid(CODE, 'must not point to fields in metadata')
    if (!['string', 'boolean', 'integer'].includes(found.schema.get('type').text ?? '')) {
      path.invalid(CODE, 'must point to a field of type string, boolean or integer')
    }
    const key = JSON.stringify(found.path)
    if (seen.has(key)) path.duplicate(CODE)
    seen.add(key)
  }
  if (seen.size > MAX_SELECTABLE) list.report(CODE, `Too many: ${seen.size}: must have at most ${MAX_SELECTABLE} items`)
}

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string']
const COLUMN_FORMATS = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password']

function printerColumns(list: Field): void {
  for (const column of list.items()) {
    for (const key of ['name', 'type', 'jsonPath']) column.get(key).nonEmpty()
    column.get('type').oneOf(CODE, COLUMN_TYPES)
    column.get('format').oneOf(CODE, COLUMN_FORMATS)
    const path = column.get('jsonPath')
    if (path.text !== undefined && path.text !== '' && !path.text.startsWith('.')) {
      path.invalid(CODE, 'must be a simple json path starting with .')
    }
  }
}

/** Source: ValidateCustomResourceDefinitionSubresources. */
function subresources(field: Field): void {
  emptyStatus(field.get('status'))
  const scale = field.get('scale')
  if (!scale.present) return
  for (const [key, root] of [
    ['specReplicasPath', '.spec.'],
    ['statusReplicasPath', '.status.'],
  ] as const) {
    const path = scale.get(key)
    if (path.empty) path.required('FIELD_REQUIRED')
    else if (path.text?.startsWith(root) === false)
      path.invalid(CODE, `should be a json path under ${root.slice(0, -1)}`)
  }
  const selector = scale.get('labelSelectorPath')
  if (!selector.empty && selector.text !== undefined && !/^\.(?:spec|status)\./.test(selector.text)) {
    selector.invalid(CODE, 'should be a json path under either .spec or .status')
  }
}

/** The status subresource has no fields, which the schema of Kubernetes does not say. */
function emptyStatus(status: Field): void {
  if (!status.present) return
  if (!isObject(status.value)) status.report('FIELD_TYPE', `expected map, got ${describe(status.value as Json)}`)
  for (const key of status.keys())
    status.get(key).report('FIELD_UNKNOWN', `unknown field ${JSON.stringify(key.slice(0, 80))}`, { on: 'key' })
}

/** Source: validateCustomResourceConversion. */
function conversion(field: Field): void {
  const strategy = field.get('strategy')
  const webhook = field.get('webhook')
  const config = webhook.get('clientConfig')
  const versions = webhook.get('conversionReviewVersions')
  if (field.present && strategy.empty) strategy.required('FIELD_REQUIRED')
  strategy.oneOf(CODE, ['None', 'Webhook'])
  if (strategy.text !== 'Webhook') {
    for (const one of [config, versions]) {
      if (one === versions ? !one.empty : one.present)
        one.forbidden(CODE, 'should not be set when strategy is not set to Webhook')
    }
    return
  }
  if (!config.present) config.required('FIELD_REQUIRED', 'required when strategy is set to Webhook')
  else clientConfig(config, CODE)
  reviewVersions(versions, CODE)
}
