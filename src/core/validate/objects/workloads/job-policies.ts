import { qualifiedName } from '../../../kube/names.ts'
import type { Field } from '../field.ts'
import { atMost } from '../lists.ts'

const CODE = 'JOB_POLICY'
const MAX_RULES = 20
const MAX_EXIT_CODES = 255
const MAX_PATTERNS = 20
/** Bytes of succeededIndexes. */
const MAX_INDEXES = 64 * 1024
const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore']

/** Source: batch validation validatePodFailurePolicy (KEP-3329). */
export function podFailurePolicy(spec: Field): void {
  const rules = spec.get('podFailurePolicy', 'rules')
  atMost(rules, MAX_RULES, CODE)
  for (const rule of rules.items()) failureRule(rule, spec)
}

function failureRule(rule: Field, spec: Field): void {
  const action = rule.get('action')
  action.requiredOneOf(CODE, ACTIONS, `valid values: ${ACTIONS.join(', ')}`)
  if (action.text === 'FailIndex' && !spec.get('backoffLimitPerIndex').present) {
    action.invalid(CODE, 'requires the backoffLimitPerIndex to be set')
  }
  const codes = rule.get('onExitCodes')
  const conditions = rule.get('onPodConditions')
  if (codes.present) exitCodes(codes, spec)
  atMost(conditions, MAX_PATTERNS, CODE)
  for (const condition of conditions.items()) podCondition(condition)
  if (codes.present && !conditions.empty) {
    rule.report(CODE, 'Invalid value: specifying both onExitCodes and onPodConditions is not supported')
  } else if (!codes.present && conditions.empty) {
    rule.report(CODE, 'Invalid value: specifying one of onExitCodes and onPodConditions is required')
  }
}

function exitCodes(codes: Field, spec: Field): void {
  const operator = codes.get('operator')
  operator.requiredOneOf(CODE, ['In', 'NotIn'], 'valid values: In, NotIn')
  const container = codes.get('containerName')
  if (container.text !== undefined && !containerNames(spec).includes(container.text)) {
    container.invalid(CODE, 'must be one of the container or initContainer names in the pod template')
  }
  const values = codes.get('values')
  if (values.empty) values.invalid(CODE, 'at least one value is required')
  atMost(values, MAX_EXIT_CODES, CODE)
  exitCodeValues(values, operator.text === 'In')
}

function exitCodeValues(values: Field, nonZero: boolean): void {
  const seen = new Set<number>()
  let ordered = true
  let last = Number.NEGATIVE_INFINITY
  for (const value of values.items()) {
    const { number } = value
    if (number === undefined) continue
    if (nonZero && number === 0) value.invalid(CODE, 'must not be 0 for the In operator')
    if (seen.has(number)) value.duplicate(CODE)
    seen.add(number)
    if (number < last) ordered = false
    last = number
  }
  if (!ordered) values.invalid(CODE, 'must be ordered')
}

function containerNames(spec: Field): (string | undefined)[] {
  const pod = spec.get('template', 'spec')
  return ['containers', 'initContainers'].flatMap((list) =>
    pod
      .get(list)
      .items()
      .map((item) => item.get('name').text),
  )
}

function podCondition(condition: Field): void {
  const type = condition.get('type')
  type.reportFaults(CODE, type.present && type.text === undefined ? [] : qualifiedName(type.text ?? ''), {
    shown: type.value ?? '',
  })
  const status = condition.get('status')
  if (status.empty && !hasDefaultStatus(status))
    status.required('FIELD_REQUIRED', `valid values: ${STATUSES.join(', ')}`)
  else status.oneOf(CODE, STATUSES)
}

const STATUSES = ['False', 'True', 'Unknown']
/** The first version that sets the default in the templates of CronJobs, too (kubernetes/kubernetes#131525). */
const CRON_DEFAULT_MINOR = 34

/** Whether an absent or empty status becomes True. Source: batch/v1 SetDefaults_PodFailurePolicyOnPodConditionsPattern. */
function hasDefaultStatus({ ctx }: Field): boolean {
  return ctx.kind !== 'CronJob' || ctx.kubeVersion.minor >= CRON_DEFAULT_MINOR
}

/** Source: batch validation validateSuccessPolicy (KEP-3998). */
export function successPolicy(spec: Field): void {
  const policy = spec.get('successPolicy')
  if (!policy.present) return
  if (spec.get('completionMode').text !== 'Indexed') {
    policy.invalid(CODE, 'requires indexed completion mode', { hint: 'add completionMode: Indexed', on: 'key' })
    return
  }
  const rules = policy.get('rules')
  rules.nonEmpty('at least one rule must be specified when the successPolicy is specified')
  atMost(rules, MAX_RULES, CODE)
  const completions = spec.get('completions').number ?? 1
  for (const rule of rules.items()) successRule(rule, completions)
}

function successRule(rule: Field, completions: number): void {
  const count = rule.get('succeededCount')
  const indexes = rule.get('succeededIndexes')
  if (!count.present && !indexes.present) {
    rule.required('FIELD_REQUIRED', 'at least one of succeededCount or succeededIndexes must be specified')
  }
  count.nonNegative('NUMBER_NEGATIVE')
  const total = indexes.text === undefined ? undefined : indexTotal(indexes, completions)
  if (count.number === undefined) return
  if (count.number > completions) {
    count.invalid(CODE, `must be less than or equal to ${completions} (the number of specified completions)`)
  }
  if (total !== undefined && count.number > total) {
    count.invalid(CODE, `must be less than or equal to ${total} (the number of indexes in succeededIndexes)`)
  }
}

/** The number of indexes in a list such as `1,3-5`; 0 for any other text, which is reported. */
function indexTotal(field: Field, completions: number): number {
  const text = field.text ?? ''
  if (text.length > MAX_INDEXES) {
    field.report(CODE, `Too long: may not be more than ${MAX_INDEXES} bytes`)
    return 0
  }
  const result = countIndexes(text, completions)
  if (typeof result === 'number') return result
  field.invalid(CODE, `error parsing succeededIndexes: ${result}`)
  return 0
}

/** Source: batch validation validateIndexesFormat. */
function countIndexes(text: string, completions: number): number | string {
  if (text === '') return 0
  let total = 0
  let last = -1
  for (const interval of text.split(',')) {
    const limits = interval.split('-')
    if (limits.length > 2) return `${JSON.stringify(interval)} has more than two parts separated by '-'`
    if (!limits.every((limit) => /^\+?[0-9]+$/.test(limit)))
      return `cannot convert ${JSON.stringify(interval)} to indexes`
    const first = Number(limits[0])
    const end = Number(limits[limits.length - 1])
    if (first >= completions || end >= completions) return `too large index: ${JSON.stringify(interval)}`
    if (limits.length === 2 && first >= end) return `non-increasing order in ${JSON.stringify(interval)}`
    if (first <= last) return `non-increasing order, previous: ${last}, current: ${first}`
    total += end - first + 1
    last = end
  }
  return total
}

/** Source: batch validation validatePodReplacementPolicy (KEP-3939). */
export function replacementPolicy(spec: Field): void {
  const allowed = spec.get('podFailurePolicy').present ? ['Failed'] : ['Failed', 'TerminatingOrFailed']
  spec.get('podReplacementPolicy').oneOfStrict(CODE, allowed)
}
