import { isEqual } from '../../../json/equality.ts'
import { isObject, type Json, type JsonObject } from '../../../json/json.ts'
import { dns1123Label, dns1123Subdomain } from '../../../kube/names.ts'
import type { Field } from '../field.ts'
import { stringOf, textsOf } from '../lists.ts'

const CODE = 'FLOW_CONTROL_FIELD'
const MAX_PRECEDENCE = 10_000
const MAX_QUEUES = 10_000_000
/** Most bits of the hash that assigns flows to queues. Source: apiserver util/shufflesharding MaxHashBits. */
const MAX_HASH_BITS = 60

/**
 * The status is not validated, as the API server drops it when the object is created.
 * Source: flowcontrol validation ValidateFlowSchema; registry flowschema strategy PrepareForCreate.
 */
export function flowSchema(object: Field): void {
  const spec = object.get('spec')
  fixedSchema(object)
  precedence(spec.get('matchingPrecedence'), object.get('metadata', 'name').text)
  const method = spec.get('distinguisherMethod')
  if (method.present) known(method.get('type'), ['ByNamespace', 'ByUser'])
  spec.get('priorityLevelConfiguration', 'name').requiredFormat(CODE, dns1123Subdomain)
  for (const rule of spec.get('rules').items()) policyRule(rule)
}

const EVERYTHING = {
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'], clusterScope: true }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
}

function groups(...names: string[]): Json[] {
  return names.map((name) => ({ kind: 'Group', group: { name } }))
}

/** Source: apiserver flowcontrol bootstrap MandatoryFlowSchemas. */
const FIXED_SCHEMAS = new Map<string, JsonObject>([
  [
    'exempt',
    {
      priorityLevelConfiguration: { name: 'exempt' },
      matchingPrecedence: 1,
      rules: [{ subjects: groups('system:masters'), ...EVERYTHING }],
    },
  ],
  [
    'catch-all',
    {
      priorityLevelConfiguration: { name: 'catch-all' },
      matchingPrecedence: 10_000,
      distinguisherMethod: { type: 'ByUser' },
      rules: [{ subjects: groups('system:unauthenticated', 'system:authenticated'), ...EVERYTHING }],
    },
  ],
])

/** The level of that name; of the one named `exempt` the contents of `exempt` may differ. */
const CATCH_ALL: JsonObject = {
  type: 'Limited',
  limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: 'Reject' } },
}

function fixedSchema(object: Field): void {
  const fixed = FIXED_SCHEMAS.get(object.get('metadata', 'name').text ?? '')
  if (fixed !== undefined) mustEqual(object.get('spec'), withoutEmpty(object.get('spec').value), fixed)
}

/** Source: flowcontrol validation ValidateIfMandatoryPriorityLevelConfigurationObject. */
function fixedLevel(object: Field): void {
  if (object.get('metadata', 'name').text !== 'catch-all') return
  const given = withoutEmpty(object.get('spec').value)
  const limited = isObject(given) ? given['limited'] : undefined
  if (isObject(limited)) limited['lendablePercent'] ??= 0
  mustEqual(object.get('spec'), given, CATCH_ALL)
}

function mustEqual(spec: Field, given: Json | undefined, fixed: JsonObject): void {
  if (!isEqual(given, fixed))
    spec.invalid(CODE, 'must equal the fixed value, as the API server itself needs the object')
}

/** A copy without what equals an absent field in Go: null, false, and empty texts, lists and maps. */
function withoutEmpty(value: Json | undefined): Json | undefined {
  if (value === undefined || value === null || value === false || value === '') return undefined
  if (typeof value !== 'object') return value
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => withoutEmpty(item) ?? {})
  const entries = Object.entries(value).flatMap(([key, entry]): [string, Json][] => {
    const kept = withoutEmpty(entry)
    return kept === undefined ? [] : [[key, kept]]
  })
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

/** Reports a text that is not one of those allowed; an absent one counts as empty. */
function known(field: Field, allowed: readonly string[]): void {
  const text = stringOf(field)
  if (text !== undefined && !allowed.includes(text)) field.unsupported(CODE, allowed, { shown: text })
}

/** 0 and absent default to 1000. Source: flowcontrol/v1 SetDefaults_FlowSchemaSpec. */
function precedence(field: Field, name: string | undefined): void {
  const { number } = field
  if (number === undefined || number === 0) return
  if (number < 0) field.invalid(CODE, 'must be a positive value')
  if (number > MAX_PRECEDENCE) field.invalid(CODE, `must not be greater than ${MAX_PRECEDENCE}`)
  if (number === 1 && name !== 'exempt')
    field.invalid(CODE, "only the schema named 'exempt' may have matchingPrecedence 1")
}

/** Source: flowcontrol validation ValidateFlowSchemaPolicyRulesWithSubjects. */
function policyRule(rule: Field): void {
  const subjects = rule.get('subjects')
  subjects.nonEmpty('subjects must contain at least one value')
  for (const item of subjects.items()) subject(item)
  const [resources, urls] = [rule.get('resourceRules'), rule.get('nonResourceRules')]
  if (resources.empty && urls.empty) {
    rule.required('FIELD_REQUIRED', 'at least one of resourceRules and nonResourceRules has to be non-empty')
  }
  for (const item of resources.items()) resourceRule(item)
  for (const item of urls.items()) nonResourceRule(item)
}

const SUBJECTS = [
  ['Group', 'group'],
  ['ServiceAccount', 'serviceAccount'],
  ['User', 'user'],
] as const

/** Source: flowcontrol validation ValidateFlowSchemaSubject. */
function subject(item: Field): void {
  const kind = item.get('kind')
  const key = SUBJECTS.find(([name]) => name === kind.text)?.[1]
  if (key === undefined)
    return known(
      kind,
      SUBJECTS.map(([name]) => name),
    )
  for (const [name, other] of SUBJECTS) {
    if (other !== key && item.get(other).present)
      item.get(other).forbidden(CODE, `${other} is forbidden when subject kind is not '${name}'`)
  }
  const one = item.get(key)
  if (!one.present) return one.required('FIELD_REQUIRED', `${key} is required when subject kind is '${kind.text}'`)
  const name = one.get('name')
  name.nonEmpty()
  if (key !== 'serviceAccount') return
  if (name.text !== '*') name.format(CODE, dns1123Subdomain)
  one.get('namespace').requiredFormat(CODE, dns1123Label)
}

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'proxy', 'update', 'watch']

function verbs(list: Field): void {
  const given = textsOf(list)
  if (list.empty) list.required('FIELD_REQUIRED', 'verbs must contain at least one value')
  else if (given.includes('*')) alone(list, 'verbs')
  else if (given.some((verb) => !VERBS.includes(verb))) list.unsupported(CODE, VERBS)
}

/** Reports a list that contains `*` and something else; `what` names its items in the message. */
function alone(list: Field, what: string): void {
  const given = textsOf(list)
  if (given.length > 1 && given.includes('*')) list.invalid(CODE, `if '*' is present, must not specify other ${what}`)
}

/** Source: flowcontrol validation ValidateFlowSchemaResourcePolicyRule. */
function resourceRule(rule: Field): void {
  verbs(rule.get('verbs'))
  for (const [key, what] of [
    ['apiGroups', 'api group'],
    ['resources', 'resource'],
  ] as const) {
    const list = rule.get(key)
    if (list.empty) list.required('FIELD_REQUIRED', `resource rules must supply at least one ${what}`)
    else alone(list, `${what}s`)
  }
  const namespaces = rule.get('namespaces')
  if (namespaces.empty && !rule.get('clusterScope').isTrue) {
    namespaces.required(
      'FIELD_REQUIRED',
      'resource rules that are not cluster scoped must supply at least one namespace',
    )
  } else if (textsOf(namespaces).includes('*')) alone(namespaces, 'namespaces')
  else for (const namespace of namespaces.items()) namespace.formatStrict(CODE, dns1123Label)
}

/** Source: flowcontrol validation ValidateFlowSchemaNonResourcePolicyRule. */
function nonResourceRule(rule: Field): void {
  verbs(rule.get('verbs'))
  const urls = rule.get('nonResourceURLs')
  if (urls.empty) urls.required('FIELD_REQUIRED', 'nonResourceURLs must contain at least one value')
  else if (textsOf(urls).includes('*')) alone(urls, 'non-resource URLs')
  else for (const url of urls.items()) url.formatStrict(CODE, urlPath)
}

/** Source: flowcontrol validation ValidateNonResourceURLPath. */
function urlPath(path: string): string[] {
  if (path === '') return ['must not be empty']
  if (path === '/') return []
  if (!path.startsWith('/')) return ['must start with slash']
  if (path.includes(' ')) return ['must not contain white-space']
  if (path.includes('//')) return ['must not contain double slash']
  const stars = path.split('*').length - 1
  return stars > 1 || (stars === 1 && !path.endsWith('/*')) ? ['wildcard can only do suffix matching'] : []
}

/** Source: flowcontrol validation ValidatePriorityLevelConfiguration. */
export function priorityLevel(object: Field): void {
  const spec = object.get('spec')
  const type = spec.get('type')
  const exempt = object.get('metadata', 'name').text === 'exempt'
  if (exempt !== (type.text === 'Exempt'))
    type.invalid(CODE, "type must be 'Exempt' if and only if name is 'exempt'", { shown: type.value ?? '' })
  const limited = spec.get('limited')
  fixedLevel(object)
  if (type.text === 'Exempt') {
    if (limited.present) limited.forbidden(CODE, 'must be nil if the type is not Limited')
    shares(spec.get('exempt'))
  } else if (type.text === 'Limited') {
    if (spec.get('exempt').present) spec.get('exempt').forbidden(CODE, 'must be nil if the type is Limited')
    if (limited.present) limitedLevel(limited)
    else limited.required('FIELD_REQUIRED', 'must not be empty when type is Limited')
  } else known(type, ['Exempt', 'Limited'])
}

/** The concurrency shares of a level, and how many of them it may lend; absent ones get defaults. */
function shares(level: Field): void {
  const own = level.get('nominalConcurrencyShares')
  if ((own.number ?? 0) < 0) own.invalid(CODE, 'must be a non-negative integer')
  const lent = level.get('lendablePercent')
  if (lent.number !== undefined && (lent.number < 0 || lent.number > 100))
    lent.invalid(CODE, 'must be between 0 and 100, inclusive')
}

/** Source: flowcontrol validation ValidateLimitedPriorityLevelConfiguration, ValidateLimitResponse. */
function limitedLevel(level: Field): void {
  shares(level)
  const borrowed = level.get('borrowingLimitPercent')
  if ((borrowed.number ?? 0) < 0) borrowed.invalid(CODE, 'if specified, must be a non-negative integer')
  const response = level.get('limitResponse')
  const queuing = response.get('queuing')
  const type = response.get('type')
  if (type.text === 'Reject') {
    if (queuing.present) queuing.forbidden(CODE, 'must be nil if limited.limitResponse.type is not Queue')
  } else if (type.text === 'Queue') {
    if (queuing.present) queues(queuing)
    else queuing.required('FIELD_REQUIRED', 'must not be empty if limited.limitResponse.type is Queue')
  } else known(type, ['Queue', 'Reject'])
}

/**
 * Source: flowcontrol validation ValidatePriorityLevelQueuingConfiguration; flowcontrol/v1
 * SetDefaults_QueuingConfiguration.
 */
function queues(queuing: Field): void {
  const value = (key: string, absent: number): number => queuing.get(key).number || absent
  const [count, hand, length] = [value('queues', 64), value('handSize', 8), value('queueLengthLimit', 50)]
  if (length <= 0) queuing.get('queueLengthLimit').invalid(CODE, 'must be positive')
  if (count <= 0) queuing.get('queues').invalid(CODE, 'must be positive')
  else if (count > MAX_QUEUES) queuing.get('queues').invalid(CODE, `must not be greater than ${MAX_QUEUES}`)
  const size = queuing.get('handSize')
  const bits = Math.ceil(Math.log2(count) * hand)
  if (hand <= 0) size.invalid(CODE, 'must be positive')
  else if (hand > count) size.invalid(CODE, `should not be greater than queues (${count})`, { shown: hand })
  else if (bits > MAX_HASH_BITS) {
    size.invalid(
      CODE,
      `required entropy bits of deckSize ${count} and handSize ${hand} should not be greater than ${MAX_HASH_BITS}`,
      { shown: hand },
    )
  }
}
