import { isObject } from '../../../json/json.ts'
import { dns1035Label, dns1123Subdomain, portNumber } from '../../../kube/names.ts'
import type { Field } from '../field.ts'

const CODE = 'CLUSTER_FIELD'
/** Source: scheduling HighestUserDefinablePriority. */
const MAX_PRIORITY = 1_000_000_000
/** The classes of the system with their values. Source: scheduling/v1 SystemPriorityClasses. */
const SYSTEM_CLASSES = new Map([
  ['system-cluster-critical', 2_000_000_000],
  ['system-node-critical', 2_000_001_000],
])

/** Source: scheduling validation ValidatePriorityClass. */
export function priorityClass(object: Field): void {
  const name = object.get('metadata', 'name')
  const value = object.get('value').number ?? 0
  if (name.text?.startsWith('system-') === true) {
    const known = SYSTEM_CLASSES.get(name.text) === value && !object.get('globalDefault').isTrue
    const detail = "priority class names with 'system-' prefix are reserved for system use only"
    if (!known) name.report(CODE, `Forbidden: ${detail}`)
  } else if (value > MAX_PRIORITY) {
    object.get('value').report(CODE, `Forbidden: maximum allowed value of a user defined priority is ${MAX_PRIORITY}`)
  }
  object.get('preemptionPolicy').oneOfStrict(CODE, ['Never', 'PreemptLowerPriority'])
}

const ENFORCE_SECRETS = 'kubernetes.io/enforce-mountable-secrets'
const ENFORCE_SECRETS_MINOR = 32

/** Only the metadata of a ServiceAccount can be invalid. Source: registry/core/serviceaccount WarningsOnCreate. */
export function serviceAccount(object: Field): void {
  const annotation = object.get('metadata', 'annotations', ENFORCE_SECRETS)
  if (!annotation.present || object.ctx.kubeVersion.minor < ENFORCE_SECRETS_MINOR) return
  annotation.report('DEPRECATED_FIELD', 'deprecated in v1.32+', {
    on: 'key',
    hint: 'use separate namespaces to isolate access to mounted secrets',
  })
}

/** Source: kube-aggregator validation ValidateAPIService. */
export function apiService(object: Field): void {
  const spec = object.get('spec')
  const group = spec.get('group').text ?? ''
  const version = spec.get('version').text ?? ''
  const detail = `must be \`spec.version+"."+spec.group\`: ${version}.${group}`
  const [name, base] = [object.get('metadata', 'name'), object.get('metadata', 'generateName')]
  if (name.empty && !base.empty) base.invalid(CODE, `the generated name ${detail}`)
  if (!name.empty && name.text !== undefined && name.text !== `${version}.${group}`) name.invalid(CODE, detail)
  if (group === '' && version !== 'v1' && spec.get('group').empty)
    spec.get('group').required('FIELD_REQUIRED', 'only v1 may have an empty group')
  spec.get('group').format(CODE, dns1123Subdomain)
  spec.get('version').requiredFormat(CODE, dns1035Label)
  range(spec.get('groupPriorityMinimum'), 20_000)
  range(spec.get('versionPriority'), 1000)
  const service = spec.get('service')
  if (service.present) aggregatedService(spec, service)
  else if (spec.get('insecureSkipTLSVerify').isTrue || !spec.get('caBundle').empty) {
    spec.get('service').required(CODE, 'local APIServices may not have a caBundle or insecureSkipTLSVerify')
  }
}

function range(field: Field, max: number): void {
  const number = field.number ?? (field.present ? undefined : 0)
  if (number === undefined || (number > 0 && number <= max)) return
  field.invalid(CODE, `must be positive and at most ${max}`, { shown: number })
}

function aggregatedService(spec: Field, service: Field): void {
  for (const key of ['namespace', 'name']) service.get(key).nonEmpty()
  const port = service.get('port')
  if (port.number !== undefined && portNumber(port.number).length > 0) port.invalid(CODE, 'port is not valid')
  if (spec.get('insecureSkipTLSVerify').isTrue && !spec.get('caBundle').empty) {
    spec.get('insecureSkipTLSVerify').invalid(CODE, 'may not be true if caBundle is present')
  }
}

/** What a ControllerRevision holds must be a map since 1.34. */
const REVISION_MAP_MINOR = 34

/** Source: apps validation ValidateControllerRevisionCreate. */
export function controllerRevision(object: Field): void {
  const data = object.get('data')
  if (!data.present) data.required('FIELD_REQUIRED', 'data is mandatory')
  else if (!isObject(data.value) && object.ctx.kubeVersion.minor >= REVISION_MAP_MINOR) {
    data.required('FIELD_REQUIRED', 'data must be a valid JSON object')
  }
  object.get('revision').nonNegative('NUMBER_NEGATIVE')
}

/** Source: core validation ValidatePodBinding. */
export function podBinding(object: Field): void {
  const target = object.get('target')
  target.get('kind').oneOf(CODE, ['Node'])
  target.get('name').nonEmpty()
}

/** Source: storagemigration validation ValidateStorageVersionMigration. */
export function storageVersionMigration(object: Field): void {
  const resource = object.get('spec', 'resource', 'resource')
  resource.nonEmpty('resource is required')
}
