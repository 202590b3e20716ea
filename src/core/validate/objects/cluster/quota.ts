import { qualifiedName } from '../../../kube/names.ts'
import {
  compareQuantities,
  MAX_MILLI_VALUE,
  milliValue,
  parseAmount,
  type Quantity,
  wholeValue,
} from '../../../kube/quantity.ts'
import { containerResourceName, isOvercommitAllowed, OBJECT_COUNTS } from '../../pod/resources/names.ts'
import type { Field } from '../field.ts'
import { resourceAmount } from '../numbers.ts'

const CODE = 'QUOTA_FIELD'

const COMPUTE = ['cpu', 'limits.cpu', 'limits.memory', 'memory', 'requests.cpu', 'requests.memory']
const EPHEMERAL = ['ephemeral-storage', 'limits.ephemeral-storage', 'requests.ephemeral-storage']
/** Source: core helper standardQuotaResources. */
const QUOTA_RESOURCES = new Set([...OBJECT_COUNTS, ...COMPUTE, ...EPHEMERAL, 'requests.storage'])
/** Source: core helper standardResources. */
const RESOURCES = new Set([...QUOTA_RESOURCES, 'storage'])

function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-') || name.startsWith('requests.hugepages-')
}

/** Source: core validation ValidateResourceQuotaSpec. */
export function resourceQuota(object: Field): void {
  const spec = object.get('spec')
  const hard = spec.get('hard')
  for (const [name, amount] of hard.entries()) {
    resourceName(amount, name, QUOTA_RESOURCES, 'must be a standard resource for quota')
    resourceAmount(amount, name, CODE)
  }
  const names = hard.entries().map(([name]) => name)
  scopes(spec.get('scopes'), names)
  const requirements = spec.get('scopeSelector', 'matchExpressions').items()
  for (const item of requirements) scopeRequirement(spec, item, names)
  conflicts(
    spec.get('scopes'),
    requirements.map((item) => item.get('scopeName')),
  )
}

function resourceName(field: Field, name: string, standard: ReadonlySet<string>, detail: string): void {
  const faults = qualifiedName(name)
  if (faults.length > 0) field.invalid(CODE, faults.join('; '), { shown: name, on: 'key' })
  else if (!name.includes('/') && !standard.has(name) && !isHugePages(name)) {
    field.invalid(CODE, detail, { shown: name, on: 'key' })
  }
}

const SCOPES = new Set([
  'BestEffort',
  'CrossNamespacePodAffinity',
  'NotBestEffort',
  'NotTerminating',
  'PriorityClass',
  'Terminating',
  'VolumeAttributesClass',
])
const CONFLICTS = [
  ['BestEffort', 'NotBestEffort'],
  ['NotTerminating', 'Terminating'],
] as const

/** The scope VolumeAttributesClass came with 1.33 (KEP-3751). */
const VOLUME_SCOPE_MINOR = 33

/** Source: core helper IsStandardResourceQuotaScope. */
function isScope(name: string, { ctx }: Field): boolean {
  return SCOPES.has(name) && (name !== 'VolumeAttributesClass' || ctx.kubeVersion.minor >= VOLUME_SCOPE_MINOR)
}

/** Source: core helper IsResourceQuotaScopeValidForResource. */
function scopeFits(scope: string, resource: string): boolean {
  if (!QUOTA_RESOURCES.has(resource) && !isHugePages(resource)) return true
  if (scope === 'BestEffort') return resource === 'pods'
  if (scope === 'VolumeAttributesClass') return resource === 'persistentvolumeclaims' || resource === 'requests.storage'
  return !SCOPES.has(scope) || resource === 'pods' || COMPUTE.includes(resource)
}

/** Source: core validation validateResourceQuotaScopes. Paths in its messages have no index. */
function scopes(list: Field, resources: readonly string[]): void {
  const given = list.items().filter((scope) => scope.text !== undefined)
  for (const scope of given) {
    const more = { shown: scope.text ?? '', at: scope.path }
    if (!isScope(scope.text ?? '', list)) list.invalid(CODE, 'unsupported scope', more)
    else if (resources.some((name) => !scopeFits(scope.text ?? '', name))) {
      list.invalid(CODE, 'unsupported scope applied to resource', more)
    }
  }
  conflicts(list, given)
}

/** Reports scopes that exclude each other, at `printed` as the API server does. */
function conflicts(printed: Field, scopes: readonly Field[]): void {
  for (const pair of CONFLICTS) {
    const [one, other] = pair.map((name) => scopes.find((scope) => scope.text === name))
    if (one !== undefined && other !== undefined)
      printed.invalid(CODE, 'conflicting scopes', { shown: [...pair], at: other.path })
  }
}

const EXISTS_ONLY = new Set([
  'BestEffort',
  'CrossNamespacePodAffinity',
  'NotBestEffort',
  'NotTerminating',
  'Terminating',
])

/** Source: core validation validateScopedResourceSelectorRequirement. */
function scopeRequirement(spec: Field, item: Field, resources: readonly string[]): void {
  const printed = spec.get('scopeSelector', 'matchExpressions')
  const scope = item.get('scopeName').text ?? ''
  const operator = item.get('operator').text ?? ''
  const values = item.get('values')
  const fault = (key: string, detail: string): void => {
    printed.get(key).report(CODE, `Invalid value: ${detail}`, { at: item.get(key).path })
  }
  if (!isScope(scope, item)) fault('scopeName', 'unsupported scope')
  else if (resources.some((name) => !scopeFits(scope, name)))
    fault('scopeName', 'unsupported scope applied to resource')
  if (EXISTS_ONLY.has(scope) && operator !== 'Exists') fault('operator', `must be 'Exists' when scope is ${scope}`)
  if (operator === 'In' || operator === 'NotIn') {
    if (values.empty)
      fault('values', "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector")
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (!values.empty)
      fault('values', "must be no value when `operator` is 'Exists' or 'DoesNotExist' for scope selector")
  } else fault('operator', 'not a valid selector operator')
}

const LIMIT_TYPES = new Set(['Container', 'PersistentVolumeClaim', 'Pod'])
const AMOUNTS = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const

/** Source: core validation ValidateLimitRange. */
export function limitRange(object: Field): void {
  const types = new Set<string>()
  for (const limit of object.get('spec', 'limits').items()) {
    const type = limit.get('type')
    const name = type.text ?? ''
    if (type.empty || type.text !== undefined) limitType(type, name)
    if (types.has(name)) type.duplicate(CODE)
    types.add(name)
    limitAmounts(limit, name)
  }
}

function limitType(type: Field, name: string): void {
  const faults = qualifiedName(name)
  if (faults.length > 0) type.invalid(CODE, faults.join('; '), { shown: name })
  else if (!name.includes('/') && !LIMIT_TYPES.has(name))
    type.invalid(CODE, 'must be a standard limit type or fully qualified')
}

function limitAmounts(limit: Field, type: string): void {
  for (const key of AMOUNTS) {
    const map = limit.get(key)
    if (type === 'Pod' && (key === 'default' || key === 'defaultRequest')) {
      if (!map.empty) map.forbidden(CODE, "may not be specified when `type` is 'Pod'")
      continue
    }
    const compute = type === 'Pod' || type === 'Container'
    for (const [name, field] of map.entries()) {
      if (compute) containerResource(field, name)
      else resourceName(field, name, RESOURCES, 'must be a standard resource type or fully qualified')
    }
  }
  if (type === 'PersistentVolumeClaim' && !limit.get('min').has('storage') && !limit.get('max').has('storage')) {
    const detail = 'either minimum or maximum storage value is required, but neither was provided'
    limit.get('limits').report('FIELD_REQUIRED', `Required value: ${detail}`, { at: limit.path })
  }
  amountOrder(limit, type)
}

function containerResource(field: Field, name: string): void {
  field.reportFaults(CODE, containerResourceName(name), { shown: name, on: 'key' })
}

/** Pairs of amounts and where a violation is reported: for each resource, the first is at most the second. */
const ORDER = [
  ['min', 'max', 'min'],
  ['min', 'defaultRequest', 'defaultRequest'],
  ['defaultRequest', 'max', 'defaultRequest'],
  ['defaultRequest', 'default', 'defaultRequest'],
  ['min', 'default', 'default'],
  ['default', 'max', 'default'],
] as const

/** Source: core validation ValidateLimitRange. */
function amountOrder(limit: Field, type: string): void {
  const names = new Set(AMOUNTS.flatMap((key) => limit.get(key).keys()))
  for (const name of names) {
    const amounts = readAmounts(limit, name, type)
    for (const [low, high, at] of ORDER) {
      const [a, b] = [amounts[low], amounts[high]]
      if (a === undefined || b === undefined || compareQuantities(a, b) <= 0) continue
      limit.get(at, name).invalid(CODE, `${low} value is greater than ${high} value`)
    }
    ratio(limit.get('maxLimitRequestRatio', name), amounts)
    const { default: most, defaultRequest: least } = amounts
    if (
      !isOvercommitAllowed(name) &&
      most !== undefined &&
      least !== undefined &&
      compareQuantities(most, least) !== 0
    ) {
      limit.get('defaultRequest', name).invalid(CODE, `default value is not equal to defaultRequest value for ${name}`)
    }
  }
}

type Amounts = { [key in (typeof AMOUNTS)[number]]?: Quantity | undefined }

/** The amounts of one resource, for containers with their defaults. Source: core/v1 SetDefaults_LimitRangeItem. */
function readAmounts(limit: Field, name: string, type: string): Amounts {
  const amounts: Amounts = {}
  for (const key of AMOUNTS) {
    if (type === 'Pod' && key.startsWith('default')) continue
    if (limit.get(key).keys().includes(name)) amounts[key] = parseAmount(limit.get(key, name).value)
  }
  if (type === 'Container') {
    amounts.default ??= amounts.max
    amounts.defaultRequest ??= amounts.default ?? amounts.min
  }
  return amounts
}

const ONE: Quantity = { nanos: 1_000_000_000n }

function ratio(field: Field, { maxLimitRequestRatio: max, min: low, max: high }: Amounts): void {
  if (max === undefined) return
  if (compareQuantities(max, ONE) < 0) field.invalid(CODE, 'ratio is less than 1')
  if (low === undefined || high === undefined) return
  const fine = [max, low, high].every((quantity) => wholeValue(quantity) < MAX_MILLI_VALUE)
  const value = (quantity: Quantity): number => Number(fine ? milliValue(quantity) : wholeValue(quantity))
  const limit = value(high) / value(low)
  if (value(max) / (fine ? 1000 : 1) > limit) field.invalid(CODE, `ratio is greater than max/min = ${limit.toFixed(6)}`)
}
