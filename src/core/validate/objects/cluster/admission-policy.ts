import { RESERVED_WORDS } from '../../../cel/reserved-words.ts'
import { trimSpace } from '../../../text/trim-space.ts'
import { byteLength, dns1035Label, dns1123Subdomain, qualifiedName } from '../../../kube/names.ts'
import type { CelEnvironment, ComposedVariable } from '../../../cel/environment.ts'
import type { Field } from '../field.ts'
import { atMost, distinct, stringOf, textsOf } from '../lists.ts'
import { pathSegment } from '../metadata/names.ts'
import { labelSelector } from '../selector.ts'
import { celExpression } from './cel.ts'
import { matchConditions, operationRule } from './webhook.ts'

const CODE = 'POLICY_FIELD'
const MAX_ANNOTATIONS = 20
/** Bytes of an audit annotation's expression. */
const MAX_EXPRESSION = 5 * 1024

/** Variables of every policy. Source: apiserver admission/plugin/cel mustBuildEnvs. */
const VARIABLES = ['object', 'oldObject', 'request', 'namespaceObject'] as const

/** What else the expressions of a policy may refer to. */
interface Scope {
  readonly params: boolean
  /** Whether the types `Object` and `JSONPatch` exist, as in policies that change objects. */
  readonly hasPatchTypes: boolean
  /** The last of the policy's variables; each links to the one before it. */
  readonly composed: ComposedVariable | undefined
}

function environment(scope: Scope, results: CelEnvironment['results'], authorizer = true): CelEnvironment {
  const variables = [
    ...VARIABLES,
    ...(scope.params ? (['params'] as const) : []),
    ...(authorizer ? (['authorizer'] as const) : []),
  ]
  const { composed, hasPatchTypes } = scope
  return { variables, composed, hasPatchTypes, ...(results === undefined ? {} : { results }) }
}

/** Source: admissionregistration validation validateValidatingAdmissionPolicySpec. */
export function validatingPolicy(object: Field): void {
  const spec = object.get('spec')
  const scope = policy(spec, false)
  const [validations, annotations] = [spec.get('validations'), spec.get('auditAnnotations')]
  if (validations.empty && annotations.empty) {
    const detail = 'validations or auditAnnotations must contain at least one item'
    validations.required('FIELD_REQUIRED', detail)
    annotations.required('FIELD_REQUIRED', detail)
  }
  for (const item of validations.items()) validation(item, scope)
  atMost(annotations, MAX_ANNOTATIONS, CODE)
  for (const item of annotations.items()) auditAnnotation(item, nameOf(object.get('metadata')), scope)
  const keys = annotations.items().map((item) => item.get('key'))
  distinct(keys, CODE, stringOf)
}

/** The name, or one like that which the API server makes. Source: apiserver storage/names SimpleNameGenerator. */
function nameOf(metadata: Field): string {
  const { text: name = '' } = metadata.get('name')
  const { text: base = '' } = metadata.get('generateName')
  return name === '' && base !== '' ? `${base.slice(0, 58)}xxxxx` : name
}

/** Validates what both kinds of policies share. Returns the scope of their expressions. */
function policy(spec: Field, hasPatchTypes: boolean): Scope {
  spec.get('failurePolicy').oneOfStrict(CODE, ['Fail', 'Ignore'])
  const params = spec.get('paramKind')
  if (params.present) paramKind(params)
  const constraints = spec.get('matchConstraints')
  if (constraints.present) {
    matchResources(constraints)
    constraints.get('resourceRules').nonEmpty()
  } else constraints.required('FIELD_REQUIRED')
  matchConditions(
    spec.get('matchConditions'),
    environment({ params: params.present, hasPatchTypes: false, composed: undefined }, ['bool']),
  )
  const scope = { params: params.present, hasPatchTypes }
  // Variables do not have the types for patches.
  return { ...scope, composed: variables(spec.get('variables'), { ...scope, hasPatchTypes: false }) }
}

/** Validates the variables, each of which may use those before it. Returns the last one. */
function variables(list: Field, scope: Omit<Scope, 'composed'>): ComposedVariable | undefined {
  let latest: ComposedVariable | undefined
  for (const variable of list.items()) {
    const name = variable.get('name')
    if (trimSpace(name.text ?? '') === '') name.required('FIELD_REQUIRED', 'name is not specified')
    else if (!isIdentifier(name.text ?? '')) name.invalid(CODE, 'name is not a valid CEL identifier')
    const expression = variable.get('expression')
    requiredExpression(expression, environment({ ...scope, composed: latest }, undefined))
    latest = { name: name.text ?? '', expression: expression.text ?? '', before: latest }
  }
  return latest
}

function isIdentifier(name: string): boolean {
  return /^[_a-zA-Z][_a-zA-Z0-9]*$/.test(name) && !RESERVED_WORDS.has(name)
}

function requiredExpression(field: Field, env: CelEnvironment): void {
  if (field.present && field.text === undefined) return
  if (trimSpace(field.text ?? '') === '') field.required('FIELD_REQUIRED', 'expression is not specified')
  else celExpression(field, CODE, env)
}

/** The documentation names Unauthorized as well, but the server rejects it. */
const REASONS = ['Forbidden', 'Invalid', 'RequestEntityTooLarge']

/** Source: admissionregistration validation validateValidation. */
function validation(item: Field, scope: Scope): void {
  requiredExpression(item.get('expression'), environment(scope, ['bool']))
  const expression = item.get('messageExpression')
  if (expression.text !== undefined && expression.text !== '') {
    if (trimSpace(expression.text) === '') expression.invalid(CODE, 'must be non-empty if specified')
    else celExpression(expression, CODE, environment(scope, ['string'], false))
  }
  const message = item.get('message')
  const trimmed = trimSpace(message.text ?? '')
  if ((message.text ?? '') !== '' && trimmed === '') message.invalid(CODE, 'message must be non-empty if specified')
  else if (/[\n\r]/.test(trimmed)) message.invalid(CODE, 'message must not contain line breaks')
  item.get('reason').oneOfStrict(CODE, REASONS)
}

/** Source: admissionregistration validation validateAuditAnnotation. */
function auditAnnotation(item: Field, name: string, scope: Scope): void {
  const key = item.get('key')
  key.reportFaults(CODE, qualifiedName(`${name}/${key.text ?? ''}`), { shown: key.text ?? '' })
  const value = item.get('valueExpression')
  const text = trimSpace(value.text ?? '')
  if (text === '') value.required('FIELD_REQUIRED', 'valueExpression is not specified')
  else if (byteLength(text) > MAX_EXPRESSION) value.required(CODE, `must not exceed ${MAX_EXPRESSION} bytes in length`)
  else celExpression(value, CODE, environment(scope, ['string', 'null']))
}

/** Source: admissionregistration validation validateParamKind. */
function paramKind(field: Field): void {
  field.get('apiVersion').requiredFormat(CODE, apiVersionFaults)
  field.get('kind').requiredFormat(CODE, (kind) => dns1035Label(kind.toLowerCase()))
}

function apiVersionFaults(text: string): readonly string[] {
  const parts = text === '/' ? [''] : text.split('/')
  if (parts.length > 2) return ['unexpected GroupVersion string']
  const version = parts[parts.length - 1] ?? ''
  const group = parts.length === 2 ? (parts[0] ?? '') : ''
  const faults = group === '' ? [] : dns1123Subdomain(group)
  return [...faults, ...(version === '' ? ['version must be specified'] : dns1035Label(version))]
}

/**
 * Source: admissionregistration validation validateMatchResources. Absent selectors and an absent matchPolicy get
 * defaults.
 */
function matchResources(field: Field): void {
  if (!field.present) return
  field.get('matchPolicy').oneOfStrict(CODE, ['Equivalent', 'Exact'])
  for (const key of ['namespaceSelector', 'objectSelector']) labelSelector(field.get(key))
  for (const list of ['resourceRules', 'excludeResourceRules']) {
    for (const rule of field.get(list).items()) {
      const names = rule.get('resourceNames').items()
      for (const name of names) name.formatStrict(CODE, pathSegment)
      distinct(names, CODE)
      operationRule(rule)
    }
  }
}

const PATCH_TYPES = [
  ['ApplyConfiguration', 'applyConfiguration'],
  ['JSONPatch', 'jsonPatch'],
] as const

/** Source: admissionregistration validation validateMutatingAdmissionPolicySpec. */
export function mutatingPolicy(object: Field): void {
  const spec = object.get('spec')
  const scope = policy(spec, true)
  mutatedOperations(spec.get('matchConstraints'))
  const mutations = spec.get('mutations')
  mutations.nonEmpty('mutations must contain at least one item')
  for (const item of mutations.items()) mutation(item, scope)
  spec.get('reinvocationPolicy').requiredOneOf(CODE, ['IfNeeded', 'Never'])
}

const MUTATED = ['*', 'CONNECT', 'CREATE', 'UPDATE']

/** A request to delete has no object to change. Source: admissionregistration validation supportedMutatingOperations. */
function mutatedOperations(resources: Field): void {
  for (const rule of resources.get('resourceRules').items()) {
    for (const operation of rule.get('operations').items())
      if (operation.text === 'DELETE') operation.unsupported(CODE, MUTATED)
  }
}

/** Source: admissionregistration validation validateMutation. */
function mutation(item: Field, scope: Scope): void {
  const type = item.get('patchType')
  const key = PATCH_TYPES.find(([name]) => name === type.text)?.[1]
  if (key === undefined) {
    const text = stringOf(type)
    if (text === '') type.required('FIELD_REQUIRED')
    else if (text !== undefined)
      type.unsupported(
        CODE,
        PATCH_TYPES.map(([name]) => name),
      )
    return
  }
  for (const [, other] of PATCH_TYPES) {
    if (other !== key && item.get(other).present)
      item.get(other).forbidden(CODE, `must not be specified when patchType is ${type.text}`)
  }
  const patch = item.get(key)
  if (!patch.present) return patch.required('FIELD_REQUIRED', `must be specified when patchType is ${type.text}`)
  const results = key === 'jsonPatch' ? (['list(JSONPatch)'] as const) : (['Object'] as const)
  requiredExpression(patch.get('expression'), environment(scope, results))
}

/** Source: admissionregistration validation validateValidatingAdmissionPolicyBindingSpec. */
export function validatingBinding(object: Field): void {
  binding(object)
  const actions = object.get('spec', 'validationActions')
  actions.nonEmpty('at least one validation action is required')
  for (const action of actions.items()) action.oneOfStrict(CODE, ['Audit', 'Deny', 'Warn'])
  distinct(actions.items(), CODE)
  const given = textsOf(actions)
  if (given.includes('Deny') && given.includes('Warn')) actions.invalid(CODE, 'must not contain both Deny and Warn')
}

/** Source: admissionregistration validation validateMutatingAdmissionPolicyBindingSpec. */
export function mutatingBinding(object: Field): void {
  binding(object)
  mutatedOperations(object.get('spec', 'matchResources'))
}

function binding(object: Field): void {
  const spec = object.get('spec')
  spec.get('policyName').requiredFormat(CODE, dns1123Subdomain)
  paramRef(spec.get('paramRef'))
  matchResources(spec.get('matchResources'))
}

/** Source: admissionregistration validation validateParamRef. */
function paramRef(field: Field): void {
  if (!field.present) return
  const [name, selector] = [field.get('name'), field.get('selector')]
  name.format(CODE, pathSegment)
  labelSelector(selector)
  if (!name.empty && selector.present) {
    for (const one of [name, selector]) one.forbidden(CODE, 'name and selector are mutually exclusive')
  } else if (name.empty && !selector.present)
    field.required('FIELD_REQUIRED', 'one of name or selector must be specified')
  field.get('parameterNotFoundAction').requiredOneOf(CODE, ['Allow', 'Deny'])
}
