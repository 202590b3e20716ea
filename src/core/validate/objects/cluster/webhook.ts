import { trimSpace } from '../../../text/trim-space.ts'
import type { DiagnosticCode } from '../../../diagnostics/codes.ts'
import { dns1035Label, dns1123Subdomain, qualifiedName } from '../../../kube/names.ts'
import type { CelEnvironment } from '../../../cel/environment.ts'
import { parseAbsoluteUrl } from '../../../schema/custom/uri.ts'
import type { Field } from '../field.ts'
import { atMost, distinct, textsOf } from '../lists.ts'
import { portInRange } from '../numbers.ts'
import { labelSelector } from '../selector.ts'
import { celExpression } from './cel.ts'

const CODE = 'WEBHOOK_FIELD'
const MAX_TIMEOUT = 30

/**
 * Source: admissionregistration validation ValidateMutatingWebhookConfiguration,
 * ValidateValidatingWebhookConfiguration.
 */
export function webhookConfiguration(object: Field): void {
  const names = new Set<string>()
  for (const webhook of object.get('webhooks').items()) {
    const name = webhook.get('name')
    qualifiedWebhookName(name)
    if (name.text !== undefined && names.has(name.text)) name.duplicate(CODE)
    names.add(name.text ?? '')
    settings(webhook)
    for (const rule of webhook.get('rules').items()) operationRule(rule)
    for (const key of ['namespaceSelector', 'objectSelector']) labelSelector(webhook.get(key))
    clientConfig(webhook.get('clientConfig'))
    matchConditions(webhook.get('matchConditions'), {
      variables: ['object', 'oldObject', 'request', 'namespaceObject', 'authorizer'],
      results: ['bool'],
    })
  }
}

/** Source: apimachinery validation IsFullyQualifiedName. */
function qualifiedWebhookName(name: Field): void {
  const { text } = name
  if (name.empty) return name.required('FIELD_REQUIRED')
  if (text === undefined) return
  const faults = dns1123Subdomain(text)
  if (faults.length > 0) name.invalid(CODE, faults.join('; '))
  else if (text.split('.').length < 3)
    name.invalid(CODE, 'should be a domain with at least three segments separated by dots')
}

function settings(webhook: Field): void {
  reviewVersions(webhook.get('admissionReviewVersions'), CODE, 'must specify one of v1, v1beta1')
  webhook.get('failurePolicy').oneOfStrict(CODE, ['Fail', 'Ignore'])
  webhook.get('matchPolicy').oneOfStrict(CODE, ['Equivalent', 'Exact'])
  webhook.get('reinvocationPolicy').oneOfStrict(CODE, ['IfNeeded', 'Never'])
  const effects = webhook.get('sideEffects')
  if (!effects.present) effects.required('FIELD_REQUIRED', 'must specify one of None, NoneOnDryRun')
  else effects.oneOfStrict(CODE, ['None', 'NoneOnDryRun'])
  const timeout = webhook.get('timeoutSeconds')
  if (timeout.number !== undefined && (timeout.number < 1 || timeout.number > MAX_TIMEOUT)) {
    timeout.invalid(CODE, 'the timeout value must be between 1 and 30 seconds')
  }
}

/**
 * Versions of reviews that a webhook can read: distinct, with at least one that the API server supports.
 * Source: admissionregistration validation validateAdmissionReviewVersions; apiextensions validation
 * validateConversionReviewVersions.
 *
 * @param whenEmpty what to say of an empty list besides that it is required
 */
export function reviewVersions(list: Field, code: DiagnosticCode, whenEmpty = ''): void {
  if (list.empty) return list.required('FIELD_REQUIRED', whenEmpty)
  const seen = new Set<string>()
  for (const version of list.items()) {
    const { text } = version
    if (text === undefined) continue
    if (seen.has(text)) version.invalid(code, 'duplicate version')
    else version.formatStrict(code, dns1035Label)
    seen.add(text)
  }
  if (!seen.has('v1') && !seen.has('v1beta1')) list.invalid(code, 'must include at least one of v1, v1beta1')
}

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']

/** Source: admissionregistration validation validateRuleWithOperations. */
export function operationRule(rule: Field): void {
  for (const key of ['operations', 'apiGroups', 'apiVersions', 'resources']) {
    const list = rule.get(key)
    list.nonEmpty()
    const values = list.items().map((item) => item.text)
    if (key !== 'resources' && values.includes('*') && values.length > 1) {
      list.invalid(CODE, `if '*' is present, must not specify other ${key}`)
    }
  }
  for (const operation of rule.get('operations').items()) operation.oneOfStrict(CODE, OPERATIONS)
  for (const version of rule.get('apiVersions').items()) if (version.text === '') version.required('FIELD_REQUIRED')
  ruleResources(rule.get('resources'))
  rule.get('scope').oneOfStrict(CODE, ['*', 'Cluster', 'Namespaced'])
}

/**
 * Reports resources and subresources that another entry with `*` covers already.
 * Source: admissionregistration validation validateResources.
 */
function ruleResources(list: Field): void {
  const allOf = new Set<string>()
  const ofAll = new Set<string>()
  let last = ''
  for (const item of list.items()) {
    const { text } = item
    if (text === undefined) continue
    if (text === '') {
      item.required('FIELD_REQUIRED')
      continue
    }
    const slash = text.indexOf('/')
    if (slash < 0) {
      last = text
      continue
    }
    const [resource, sub] = [text.slice(0, slash), text.slice(slash + 1)]
    if (allOf.has(resource)) item.invalid(CODE, `if '${resource}/*' is present, must not specify ${text}`)
    if (ofAll.has(sub)) item.invalid(CODE, `if '*/${sub}' is present, must not specify ${text}`)
    if (sub === '*') allOf.add(resource)
    if (resource === '*') ofAll.add(sub)
  }
  const given = textsOf(list)
  if (given.length > 1 && given.includes('*/*'))
    list.invalid(CODE, "if '*/*' is present, must not specify other resources")
  // The API server considers only the last resource without a slash.
  if (given.includes('*') && last !== '*' && last !== '') {
    list.invalid(CODE, "if '*' is present, must not specify other resources without subresources")
  }
}

/** A URL or a Service, not both. Source: apiserver util/webhook ValidateWebhookURL, ValidateWebhookService. */
export function clientConfig(config: Field, code: DiagnosticCode = CODE): void {
  const url = config.get('url')
  const service = config.get('service')
  if (url.present === service.present) {
    config.required('FIELD_REQUIRED', 'exactly one of url or service is required')
    return
  }
  if (service.present) return webhookService(service, code)
  const { text } = url
  if (text !== undefined && !isWebhookUrl(text, url.ctx.kubeVersion.minor)) {
    url.invalid(
      code,
      "must be a valid https URL with a host and without user, query and fragment (such as 'https://example.com/path')",
    )
  }
}

/** Whether a text is a URL of HTTPS with a host and perhaps a path; an empty query or fragment does not count. */
function isWebhookUrl(text: string, minor: number): boolean {
  const url = parseAbsoluteUrl(text, minor)
  return url?.scheme === 'https' && url.host !== '' && !url.hasUser && url.query === '' && url.fragment === ''
}

function webhookService(service: Field, code: DiagnosticCode): void {
  for (const key of ['name', 'namespace']) service.get(key).nonEmpty()
  portInRange(service.get('port'), code)
  const path = service.get('path')
  if (path.text === undefined || path.text === '' || path.text === '/') return
  if (!path.text.startsWith('/')) return path.invalid(code, "must start with a '/'")
  for (const [i, segment] of path.text.slice(1).replace(/\/$/, '').split('/').entries()) {
    if (segment === '') path.invalid(code, `segment[${i}] may not be empty`)
    else for (const fault of dns1123Subdomain(segment)) path.invalid(code, `segment[${i}]: ${fault}`)
  }
}

const MAX_CONDITIONS = 64

/** Source: admissionregistration validation validateMatchConditions. */
export function matchConditions(list: Field, environment: CelEnvironment): void {
  atMost(list, MAX_CONDITIONS, CODE)
  for (const condition of list.items()) {
    const [name, expression] = [condition.get('name'), condition.get('expression')]
    name.requiredFormat(CODE, qualifiedName)
    if (expression.present ? expression.text !== undefined && trimSpace(expression.text) === '' : true)
      expression.required('FIELD_REQUIRED')
    else celExpression(expression, CODE, environment)
  }
  const names = list.items().map((condition) => condition.get('name'))
  distinct(names, CODE, ({ text }) => text || undefined)
}
