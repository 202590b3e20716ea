import { byteLength, csiDriverName, dns1123Label, dns1123Subdomain } from '../../../kube/names.ts'
import { isObject, type Json } from '../../../json/json.ts'
import { gateOn } from '../../pod/gates.ts'
import { isExtended } from '../../pod/resources/names.ts'
import { celExpression } from '../cluster/cel.ts'
import type { Field } from '../field.ts'
import { gatedField } from '../gated.ts'
import { atMost, distinct } from '../lists.ts'
import { annotations } from '../metadata/annotations.ts'
import { labels } from '../metadata/labels.ts'
import { fullyQualifiedAttribute } from './names.ts'
import { deviceToleration } from './taints.ts'

const CODE = 'DEVICE_FIELD'
/** Entries. Source: resource DeviceRequestsMaxSize and so on. */
const MAX = { requests: 32, constraints: 32, config: 32, selectors: 32, alternatives: 8 }
/** Bytes of an expression, and of a driver's parameters. */
const MAX_EXPRESSION = 10 * 1024
const MAX_PARAMETERS = 10 * 1024

/** Source: resource validation ValidateResourceClaim. */
export function resourceClaim(object: Field): void {
  deviceClaim(object.get('spec', 'devices'))
}

const TEMPLATE_METADATA = new Set(['annotations', 'labels'])

/** Source: resource validation ValidateResourceClaimTemplate; core validation ValidateTemplateObjectMeta. */
export function resourceClaimTemplate(object: Field): void {
  const metadata = object.get('spec', 'metadata')
  labels(metadata.get('labels'))
  annotations(metadata.get('annotations'))
  for (const [key, field] of metadata.entries()) {
    if (!TEMPLATE_METADATA.has(key) && !isZero(field)) field.forbidden(CODE, 'cannot be set')
  }
  deviceClaim(object.get('spec', 'spec', 'devices'))
}

/** True for the zero value of a field of Go's ObjectMeta, which an empty list is not. */
function isZero(field: Field): boolean {
  return !field.present || field.value === '' || (field.value === 0 && field.step === 'generation')
}

/** Source: resource validation ValidateDeviceClass; registry deviceclass strategy dropDisabledFields. */
export function deviceClass(object: Field): void {
  const spec = object.get('spec')
  selectors(spec.get('selectors'))
  const config = spec.get('config')
  if (atMost(config, MAX.config, CODE)) for (const item of config.items()) opaque(item)
  const name = gatedField(spec.get('extendedResourceName'), 'DRAExtendedResource', 34)
  if (name.text !== undefined && !isExtended(name.text)) name.invalid(CODE, 'must be a valid extended resource name')
}

/** Source: resource validation validateDeviceClaim. */
function deviceClaim(devices: Field): void {
  const [requests, constraints, config] = [devices.get('requests'), devices.get('constraints'), devices.get('config')]
  const names = requestNames(requests)
  if (atMost(requests, MAX.requests, CODE)) {
    for (const request of requests.items()) deviceRequest(request)
    distinct(requests.items(), CODE, (request) => request.get('name').text)
  }
  if (atMost(constraints, MAX.constraints, CODE))
    for (const constraint of constraints.items()) deviceConstraint(constraint, names)
  if (!atMost(config, MAX.config, CODE)) return
  for (const item of config.items()) {
    requestReferences(item.get('requests'), names)
    opaque(item)
  }
}

/** Names of requests, and `REQUEST/NAME` for each of their alternatives. */
function requestNames(requests: Field): ReadonlySet<string> {
  const names = new Set<string>()
  for (const request of requests.items()) {
    const name = request.get('name').text ?? ''
    names.add(name)
    for (const alternative of request.get('firstAvailable').items())
      names.add(`${name}/${alternative.get('name').text ?? ''}`)
  }
  return names
}

/**
 * A request for devices; in v1beta1 it has the fields itself that are below `exactly` in later versions.
 * Source: resource validation validateDeviceRequest; registry resourceclaim strategy dropDisabledFields.
 */
function deviceRequest(request: Field): void {
  request.get('name').requiredFormat(CODE, dns1123Label)
  const alternatives = gatedField(request.get('firstAvailable'), 'DRAPrioritizedList', 33)
  const flat = request.ctx.version === 'v1beta1'
  const exactly = flat ? request : request.get('exactly')
  const hasExactly = flat ? !request.get('deviceClassName').empty : exactly.present
  const one = 'exactly one of `exactly` or `firstAvailable` is required'
  if (alternatives.empty && !hasExactly) {
    request.required(
      'FIELD_REQUIRED',
      flat ? 'exactly one of `deviceClassName` or `firstAvailable` must be specified' : one,
    )
  } else if (!alternatives.empty && hasExactly)
    request.invalid(CODE, `${one}, but multiple fields are set`, { shown: null })
  else if (hasExactly) exactRequest(exactly)
  else if (atMost(alternatives, MAX.alternatives, CODE)) {
    for (const alternative of alternatives.items()) {
      alternative.get('name').requiredFormat(CODE, dns1123Label)
      exactRequest(alternative)
    }
    distinct(alternatives.items(), CODE, (alternative) => alternative.get('name').text)
  }
}

const MODES = ['All', 'ExactCount']

/** Source: resource validation validateExactDeviceRequest, validateDeviceAllocationMode; its defaults. */
function exactRequest(request: Field): void {
  request.get('deviceClassName').requiredFormat(CODE, dns1123Subdomain)
  selectors(request.get('selectors'))
  const mode = request.get('allocationMode')
  const count = request.get('count')
  mode.oneOf(CODE, MODES)
  if (mode.text === 'All') {
    if ((count.number ?? 0) !== 0) count.invalid(CODE, "must not be specified when allocationMode is 'All'")
  } else if ((mode.empty || mode.text === 'ExactCount') && (count.number ?? 0) < 0)
    count.invalid(CODE, 'must be greater than zero')
  const tolerations = gatedField(request.get('tolerations'), 'DRADeviceTaints', 33)
  for (const toleration of tolerations.items()) deviceToleration(toleration)
}

/** Source: resource validation validateSelector. */
function selectors(list: Field): void {
  if (!atMost(list, MAX.selectors, CODE)) return
  for (const selector of list.items()) {
    const cel = selector.get('cel')
    const expression = cel.get('expression')
    if (!cel.present) cel.required('FIELD_REQUIRED')
    else if (expression.empty) expression.required('FIELD_REQUIRED')
    else if (byteLength(expression.text ?? '') > MAX_EXPRESSION)
      expression.report(CODE, `Too long: may not be more than ${MAX_EXPRESSION} bytes`)
    else celExpression(expression, CODE, { variables: ['device'], results: ['bool', 'any'] })
  }
}

/**
 * The API server accepts both attributes, and then looks at the first one only.
 * Source: resource validation validateDeviceConstraint.
 */
function deviceConstraint(constraint: Field, names: ReadonlySet<string>): void {
  requestReferences(constraint.get('requests'), names)
  const [match, differ] = [constraint.get('matchAttribute'), distinctAttribute(constraint)]
  if (match.present) match.formatStrict(CODE, fullyQualifiedAttribute)
  else if (differ.present) differ.formatStrict(CODE, fullyQualifiedAttribute)
  else if (gateOn('DRAConsumableCapacity', constraint.ctx.kubeVersion.minor))
    constraint.required('FIELD_REQUIRED', 'exactly one of "matchAttribute" or "distinctAttribute" is required')
  else match.required('FIELD_REQUIRED')
}

/** 1.34 does not drop the attribute while its gate is off (kubernetes/kubernetes#134962). */
const FORGOTTEN_MINOR = 34

function distinctAttribute(constraint: Field): Field {
  const field = constraint.get('distinctAttribute')
  return constraint.ctx.kubeVersion.minor === FORGOTTEN_MINOR ? field : gatedField(field, 'DRAConsumableCapacity', 35)
}

/** Source: resource validation validateRequestNameRef. */
function requestReferences(list: Field, names: ReadonlySet<string>): void {
  if (!atMost(list, MAX.requests, CODE)) return
  for (const item of list.items()) {
    if (item.text === undefined || names.has(item.text)) continue
    item.invalid(
      CODE,
      "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'",
    )
  }
  distinct(list.items(), CODE)
}

/** Parameters for a driver. Source: resource validation validateDeviceConfiguration, validateRawExtension. */
function opaque(config: Field): void {
  const field = config.get('opaque')
  if (!field.present) return field.required('FIELD_REQUIRED')
  field.get('driver').requiredFormat(CODE, csiDriverName)
  const parameters = field.get('parameters')
  if (!parameters.present) return parameters.required('FIELD_REQUIRED')
  if (!isObject(parameters.value)) parameters.invalid(CODE, 'must be a valid JSON object', { shown: '<value omitted>' })
  else if (jsonLength(parameters.value) > MAX_PARAMETERS) {
    parameters.report(CODE, `Too long: may not be more than ${MAX_PARAMETERS} bytes`)
  }
}

/** Bytes of a value as kubectl sends it: in JSON as Go writes it, which escapes some characters with six bytes. */
function jsonLength(value: Json): number {
  return byteLength(JSON.stringify(value).replaceAll(/[<>&\u2028\u2029]/g, '\\u0000'))
}
