import { parseDuration } from '../../../kube/duration.ts'
import { fieldsOfText } from '../../../text/trim-space.ts'

/**
 * Parses a cron schedule as Kubernetes does: five fields, or a descriptor such as `@daily` or `@every 1h30m`.
 * Source: robfig/cron v3 ParseStandard, which batch validation validateScheduleFormat calls.
 *
 * @returns the fault of the schedule; undefined if it is valid
 */
export function cronFault(schedule: string): string | undefined {
  if (schedule.startsWith('@')) return descriptorFault(schedule)
  const fields = fieldsOfText(schedule)
  if (fields.length !== FIELDS.length) {
    return `expected exactly ${FIELDS.length} fields, found ${fields.length}: [${fields.join(' ')}]`
  }
  for (const [i, bounds] of FIELDS.entries()) {
    const fault = fieldFault(fields[i] as string, bounds)
    if (fault !== undefined) return `${bounds.name}: ${fault}`
  }
  return undefined
}

interface Bounds {
  name: string
  min: number
  max: number
  names?: readonly string[]
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const FIELDS: readonly Bounds[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day of month', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'day of week', min: 0, max: 6, names: DAYS },
]

const DESCRIPTORS = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'])

function descriptorFault(schedule: string): string | undefined {
  if (DESCRIPTORS.has(schedule)) return undefined
  if (!schedule.startsWith('@every ')) return `unrecognized descriptor: ${schedule}`
  const duration = schedule.slice('@every '.length)
  return parseDuration(duration) !== undefined
    ? undefined
    : `failed to parse duration ${schedule}: write it as 1h30m, for example`
}

/** A comma-separated list of ranges; empty parts are skipped. */
function fieldFault(field: string, bounds: Bounds): string | undefined {
  for (const range of field.split(',')) {
    const fault = range === '' ? undefined : rangeFault(range, bounds)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** `*`, `N`, `N-M` or one of these with `/step`. */
function rangeFault(range: string, bounds: Bounds): string | undefined {
  const [span = '', step, ...moreSteps] = range.split('/')
  const [low = '', high, ...moreHyphens] = span.split('-')
  let start: number | string = bounds.min
  let end: number | string = bounds.max
  if (low !== '*' && low !== '?') {
    start = readNumber(low, bounds)
    if (moreHyphens.length > 0) return `too many hyphens: ${range}`
    if (high !== undefined) end = readNumber(high, bounds)
    else if (step === undefined) end = start
  }
  if (typeof start === 'string') return start
  if (typeof end === 'string') return end
  if (moreSteps.length > 0) return `too many slashes: ${range}`
  const every = step === undefined ? 1 : readNumber(step, { name: '', min: 0, max: 0 })
  return typeof every === 'string' ? every : boundsFault(range, { start, end, every }, bounds)
}

function boundsFault(
  range: string,
  read: { start: number; end: number; every: number },
  bounds: Bounds,
): string | undefined {
  const { start, end, every } = read
  if (start < bounds.min) return `beginning of range (${start}) below minimum (${bounds.min}): ${range}`
  if (end > bounds.max) return `end of range (${end}) above maximum (${bounds.max}): ${range}`
  if (start > end) return `beginning of range (${start}) beyond end of range (${end}): ${range}`
  return every === 0 ? `step of range should be a positive number: ${range}` : undefined
}

/** The number that a number, or the name of a month or day, stands for; a fault for any other text. */
function readNumber(text: string, bounds: Bounds): number | string {
  const name = bounds.names?.indexOf(text.toLowerCase()) ?? -1
  if (name >= 0) return name + bounds.min
  if (/^-[0-9]+$/.test(text)) return `negative number (${text}) not allowed`
  if (!/^\+?[0-9]{1,18}$/.test(text)) return `failed to parse int from ${text === '' ? 'an empty text' : text}`
  return Number(text)
}
