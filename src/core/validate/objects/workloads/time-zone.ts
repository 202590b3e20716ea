const PART = /^[A-Za-z.\-_0-9+]{1,14}$/

/**
 * What is wrong with an IANA time zone name, or undefined. The names are those the JavaScript engine knows.
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
  // Files of zones are found by their exact name; the engine also takes other spellings in upper or lower case.
  if (known !== name && known.toLowerCase() === name.toLowerCase()) return `unknown time zone ${name}; it is spelt ${known}`
  return undefined
}

function canonical(name: string): string | undefined {
  // The engine takes offsets such as +01 as well, which are no names.
  if (name.startsWith('+')) return undefined
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}
