import { byteLength } from '../../../kube/names.ts'
import type { PodRules } from '../../pod-context.ts'
import type { Field } from '../field.ts'
import { effectiveName } from '../metadata/index.ts'
import { cronFault } from './cron.ts'
import { jobSpec } from './job.ts'
import { counts } from './rollout.ts'
import { TIME_ZONE_NAMES } from './time-zone-names.ts'

/** Jobs get 11 more characters, and their names must fit a label of 63. Source: ValidateCronJobCreate. */
const MAX_NAME = 52

/** Source: batch validation ValidateCronJobCreate. */
export function cronJob(object: Field, podRules: PodRules): void {
  const spec = object.get('spec')
  nameLength(object)
  schedule(spec.get('schedule'))
  timeZone(spec.get('timeZone'))
  spec.get('concurrencyPolicy').oneOf('CRONJOB_FIELD', ['Allow', 'Forbid', 'Replace'])
  counts(spec, 'startingDeadlineSeconds', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit')
  const jobTemplate = spec.get('jobTemplate', 'spec')
  jobSpec(jobTemplate, podRules, false)
  ownSelector(jobTemplate)
}

function nameLength(object: Field): void {
  const name = effectiveName(object.ctx)
  if (name === undefined || byteLength(name) <= MAX_NAME) return
  const field = object.get('metadata', 'name')
  const at = field.empty ? object.get('metadata', 'generateName').path : field.path
  field.invalid('METADATA_NAME', `must be no more than ${MAX_NAME} characters`, { shown: name, at })
}

function schedule(field: Field): void {
  if (field.empty)
    return field.required('FIELD_REQUIRED', '', 'write five cron fields, such as "0 3 * * *", or "@daily"')
  const { text } = field
  if (text === undefined) return
  if (text.includes('TZ')) {
    const hint = 'move the time zone to spec.timeZone'
    return field.invalid('CRONJOB_SCHEDULE', 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead', {
      hint,
    })
  }
  const fault = cronFault(text)
  if (fault === undefined) return
  const hint = scheduleHint(text)
  field.invalid('CRONJOB_SCHEDULE', fault, { hint })
}

function scheduleHint(text: string): string | undefined {
  const fields = text.trim().split(/\s+/)
  if (fields.length === 6) return 'Kubernetes has no field for seconds; remove the first field'
  if (fields.length === 5 && /7/.test(fields[4] ?? '')) return 'Sunday is 0, not 7'
  return 'write five fields: minute, hour, day of month, month, day of week'
}

function timeZone(field: Field): void {
  if (field.text === undefined) return
  const fault = timeZoneFault(field.text)
  if (fault !== undefined) field.invalid('CRONJOB_TIME_ZONE', fault)
}

/**
 * The job template has no selector, because each Job of a CronJob gets a generated one.
 * Source: batch validation ValidateJobTemplateSpec.
 */
function ownSelector(spec: Field): void {
  if (spec.get('selector').present) {
    const hint = 'remove the selector'
    spec.get('selector').invalid('JOB_SELECTOR', '`selector` will be auto-generated', { hint, on: 'key' })
  }
  if (spec.get('manualSelector').isTrue) spec.get('manualSelector').unsupported('JOB_SELECTOR', ['nil', 'false'])
}

const PART = /^[A-Za-z.\-_0-9+]{1,14}$/

/**
 * The fault of an IANA time zone name; undefined if it is valid. Valid names are those that the JavaScript engine
 * knows, in the case of the database.
 * Source: batch validation validateTimeZone.
 */
export function timeZoneFault(name: string): string | undefined {
  if (name === '') return 'timeZone must be nil or a non-empty string'
  const parts = name.split('/')
  if (parts.some((part) => part === '.' || part === '..' || part.startsWith('-') || !PART.test(part))) {
    return `unknown time zone ${name}`
  }
  if (name.toLowerCase() === 'local') return 'timeZone must be an explicit time zone such as Europe/Paris'
  const known = canonical(name)
  if (known === undefined) return `unknown time zone ${name}`
  if (known === name || TIME_ZONE_NAMES.has(name)) return undefined
  const lower = name.toLowerCase()
  const meant = [known, ...TIME_ZONE_NAMES].find((other) => other.toLowerCase() === lower)
  return meant === undefined ? undefined : `unknown time zone ${name}; it is spelt ${meant}`
}

function canonical(name: string): string | undefined {
  // The engine takes offsets such as +01 as well, which are not names.
  if (name.startsWith('+')) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}
