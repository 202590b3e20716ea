import { TIME_ZONE_NAMES } from './time-zone-names.ts'

const PART = /^[A-Za-z.\-_0-9+]{1,14}$/

/**
 * What is wrong with an IANA time zone name, or undefined. The names are those that the JavaScript engine knows, in the
 * case of the database.
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
