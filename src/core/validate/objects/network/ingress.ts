import { parseIp } from '../../../kube/ip.ts'
import {
  dns1123Label,
  dns1123Subdomain,
  domainPrefixedPath,
  portName,
  wildcardDns1123Subdomain,
} from '../../../kube/names.ts'
import type { Field } from '../field.ts'
import { pathSegment, serviceName } from '../metadata/names.ts'
import { portInRange } from '../numbers.ts'

const CODE = 'INGRESS_FIELD'
const CLASS_ANNOTATION = 'kubernetes.io/ingress.class'
const MAX_CONTROLLER = 250

/** Source: networking validation ValidateIngressCreate. */
export function ingress(object: Field): void {
  const spec = object.get('spec')
  const defaultBackend = spec.get('defaultBackend')
  const rules = spec.get('rules')
  if (rules.empty && !defaultBackend.present) {
    spec.invalid(CODE, 'either `defaultBackend` or `rules` must be specified', { shown: null })
  }
  if (defaultBackend.present) backend(defaultBackend)
  for (const rule of rules.items()) oneRule(rule)
  for (const tls of spec.get('tls').items()) {
    for (const host of tls.get('hosts').items()) hostName(host)
    tls.get('secretName').format(CODE, dns1123Subdomain)
  }
  const className = spec.get('ingressClassName')
  className.formatStrict(CODE, dns1123Subdomain)
  classAnnotation(object, className)
}

/** The API server names the annotation `annotations.kubernetes.io/ingress.class`. */
function classAnnotation(object: Field, className: Field): void {
  const annotation = object.get('metadata', 'annotations', CLASS_ANNOTATION)
  const text = object.get('metadata', 'annotations').entryText(CLASS_ANNOTATION)
  if (text === undefined) return
  annotation.report('DEPRECATED_FIELD', `annotation "${CLASS_ANNOTATION}" is deprecated`, {
    on: 'key',
    hint: "use 'spec.ingressClassName' instead",
  })
  if (className.text === undefined || className.text === text) return
  const printed = object.get('annotations', CLASS_ANNOTATION)
  const more = { shown: text, at: annotation.path }
  printed.invalid(CODE, 'must match `ingressClassName` when both are specified', more)
}

function oneRule(rule: Field): void {
  const host = rule.get('host')
  if (host.text !== undefined && parseIp(host.text) !== undefined)
    host.invalid(CODE, 'must be a DNS name, not an IP address')
  if (!host.empty) hostName(host)
  const http = rule.get('http')
  if (!http.present) return
  const paths = http.get('paths')
  paths.nonEmpty()
  for (const path of paths.items()) onePath(path)
}

function hostName(host: Field): void {
  const { text } = host
  if (text === undefined) return
  host.reportFaults(CODE, text.includes('*') ? wildcardDns1123Subdomain(text) : dns1123Subdomain(text))
}

const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix']
const BAD_PARTS = ['//', '/./', '/../', '%2f', '%2F']
const BAD_ENDS = ['/..', '/.']

/** Source: networking validation validateHTTPIngressPath. */
function onePath(item: Field): void {
  const type = item.get('pathType')
  const path = item.get('path')
  if (!type.present) {
    type.required('FIELD_REQUIRED', 'pathType must be specified', 'add pathType: Prefix, or Exact')
    return
  }
  type.oneOfStrict(CODE, PATH_TYPES)
  const text = path.text ?? (path.present ? undefined : '')
  if (text !== undefined && PATH_TYPES.includes(type.text ?? ''))
    pathText(path, text, type.text !== 'ImplementationSpecific')
  backend(item.get('backend'))
}

function pathText(path: Field, text: string, strict: boolean): void {
  if (!text.startsWith('/') && (strict || text !== '')) path.invalid(CODE, 'must be an absolute path', { shown: text })
  if (!strict) return
  for (const part of BAD_PARTS) if (text.includes(part)) path.invalid(CODE, `must not contain '${part}'`)
  for (const end of BAD_ENDS) if (text.endsWith(end)) path.invalid(CODE, `cannot end with '${end}'`)
}

/** Source: networking validation validateIngressBackend. */
function backend(field: Field): void {
  const resource = field.get('resource')
  const service = field.get('service')
  if (resource.present && service.present)
    field.invalid(CODE, 'cannot set both resource and service backends', { shown: '' })
  else if (resource.present) typedReference(resource)
  else if (service.present) backendService(field, service)
  else if (!field.present || typeof field.value === 'object') {
    const hint = 'write service: with name and port; serviceName and servicePort belong to older versions'
    field.invalid(CODE, 'resource or service backend is required', { shown: '', hint })
  }
}

function backendService(field: Field, service: Field): void {
  service.get('name').requiredFormat(CODE, serviceName(field.ctx.kubeVersion))
  const name = service.get('port', 'name')
  const number = service.get('port', 'number')
  const hasNumber = number.present && number.value !== 0
  if (!name.empty && hasNumber) field.invalid(CODE, 'cannot set both port name & port number', { shown: '' })
  else if (!name.empty) name.format(CODE, portName)
  else if (hasNumber) portInRange(number, CODE)
  else field.required(CODE, 'port name or number is required')
}

function typedReference(reference: Field): void {
  reference.get('apiGroup').formatStrict(CODE, dns1123Subdomain)
  for (const key of ['kind', 'name']) reference.get(key).requiredFormat(CODE, pathSegment)
}

/** Source: networking validation ValidateIngressClass. */
export function ingressClass(object: Field): void {
  const controller = object.get('spec', 'controller')
  const { text } = controller
  if (controller.empty) controller.required('FIELD_REQUIRED')
  else if (text !== undefined && text.length > MAX_CONTROLLER) {
    controller.report(CODE, `Too long: may not be more than ${MAX_CONTROLLER} bytes`)
  } else controller.format(CODE, domainPrefixedPath)
  const parameters = object.get('spec', 'parameters')
  if (parameters.present) classParameters(parameters)
}

function classParameters(parameters: Field): void {
  typedReference(parameters)
  const scope = parameters.get('scope')
  const namespace = parameters.get('namespace')
  scope.oneOfStrict(CODE, ['Cluster', 'Namespace'])
  if (scope.text === 'Namespace') {
    if (!namespace.present) namespace.required('FIELD_REQUIRED', "`parameters.scope` is set to 'Namespace'")
    else namespace.formatStrict(CODE, dns1123Label)
  } else if (namespace.present && (!scope.present || scope.text === 'Cluster')) {
    namespace.forbidden(CODE, "`parameters.scope` is set to 'Cluster'")
  }
}
