import type { Field } from '../field.ts'

const CODE = 'CLUSTER_FIELD'

/** Source: registry authentication tokenreview Create. */
export function tokenReview(object: Field): void {
  const token = object.get('spec', 'token')
  token.nonEmpty('token is required for TokenReview in authentication')
}

/** Source: authorization validation ValidateSelfSubjectAccessReview. */
export function selfSubjectAccessReview(object: Field): void {
  attributes(object.get('spec'))
  emptyMetadata(object.get('metadata'), 'must be empty')
}

/** Source: registry authorization selfsubjectrulesreview Create. */
export function selfSubjectRulesReview(object: Field): void {
  const namespace = object.get('spec', 'namespace')
  namespace.nonEmpty('no namespace on request')
}

/** Source: authorization validation ValidateSubjectAccessReview. */
export function subjectAccessReview(object: Field): void {
  attributes(object.get('spec'))
  subject(object.get('spec'))
  emptyMetadata(object.get('metadata'), 'must be empty')
}

/**
 * An object without a namespace counts as one in `default`, where kubectl creates it.
 * Source: authorization validation ValidateLocalSubjectAccessReview.
 */
export function localSubjectAccessReview(object: Field): void {
  const spec = object.get('spec')
  attributes(spec)
  subject(spec)
  emptyMetadata(object.get('metadata'), 'must be empty except for namespace')
  const resource = spec.get('resourceAttributes')
  const namespace = object.get('metadata', 'namespace').text || 'default'
  if (resource.present && (resource.get('namespace').text ?? '') !== namespace)
    resource.get('namespace').invalid(CODE, 'must match metadata.namespace')
  const other = spec.get('nonResourceAttributes')
  if (other.present) other.invalid(CODE, 'disallowed on this kind of request')
}

/** Source: authorization validation ValidateSelfSubjectAccessReviewSpec. */
function attributes(spec: Field): void {
  const [resource, other] = [spec.get('resourceAttributes'), spec.get('nonResourceAttributes')]
  if (resource.present && other.present)
    other.invalid(CODE, 'cannot be specified in combination with resourceAttributes')
  if (!resource.present && !other.present)
    resource.invalid(CODE, 'exactly one of nonResourceAttributes or resourceAttributes must be specified')
  for (const key of ['fieldSelector', 'labelSelector']) selector(resource.get(key))
}

/** Source: authorization validation validateFieldSelectorAttributes, validateLabelSelectorAttributes. */
function selector(field: Field): void {
  if (!field.present) return
  const [raw, requirements] = [field.get('rawSelector'), field.get('requirements')]
  if (!raw.empty && !requirements.empty) raw.invalid(CODE, 'may not be specified at the same time as requirements')
  if (raw.empty && requirements.empty)
    requirements.required('FIELD_REQUIRED', 'requirements or rawSelector is required')
}

/** Source: authorization validation ValidateSubjectAccessReviewSpec. */
function subject(spec: Field): void {
  if (spec.get('user').empty && spec.get('groups').empty)
    spec.get('user').invalid(CODE, 'at least one of user or group must be specified', { shown: '' })
}

/** Fields that the API server sets or takes away itself. */
const IGNORED = new Set(['managedFields', 'namespace'])

function emptyMetadata(metadata: Field, detail: string): void {
  if (metadata.entries().some(([key, field]) => !IGNORED.has(key) && !field.empty)) metadata.invalid(CODE, detail)
}
