import { parseDuration } from '../../kube/duration.ts'
import { byteLength } from '../../kube/names.ts'
import { parseCidr, parseIp } from '../../kube/ip.ts'
import { parseRequestUri } from './uri.ts'

/**
 * The first minor version that validates the formats of names, `k8s-short-name` and `k8s-long-name`: one after the
 * version that introduced them, as the API server validates what the version before knows, too.
 * Source: apiextensions-apiserver pkg/apiserver/validation/validation.go NewSchemaValidator.
 */
const NAMES_SINCE = 35

/**
 * Whether the API server validates a format; others are ignored.
 * Source: apiextensions-apiserver pkg/apiserver/validation/formats.go supportedVersionedFormats.
 */
export function isKnownFormat(format: string, minor: number): boolean {
  const name = normalized(format)
  return Object.hasOwn(FORMATS, name) && (minor >= NAMES_SINCE || !name.startsWith('k8s'))
}

/**
 * Whether a text is valid in a format; true for unknown formats.
 *
 * @param minor the minor version of Kubernetes, which counts for `uri`; see parseRequestUri
 */
export function matchesFormat(format: string, text: string, minor?: number): boolean {
  return FORMATS[normalized(format)]?.(text, minor) ?? true
}

/** Dashes in names of formats do not count. Source: kube-openapi strfmt DefaultNameNormalizer. */
function normalized(format: string): string {
  return format.replaceAll('-', '')
}

const pattern = (regexp: RegExp) => (text: string) => regexp.test(text)

/** False for texts of more than `most` characters, which bounds the time that patterns take. */
const short = (most: number, test: (text: string) => boolean) => (text: string) => text.length <= most && test(text)

const NAME = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?'

/**
 * Source: kube-openapi pkg/validation/strfmt (default.go, date.go, time.go, duration.go, bson.go,
 * kubernetes-extensions.go) and its third_party/govalidator.
 */
const FORMATS: Readonly<Record<string, (text: string, minor?: number) => boolean>> = {
  bsonobjectid: pattern(/^[0-9a-fA-F]{24}$/),
  uri: (text, minor) => parseRequestUri(text, minor) !== undefined,
  email: isEmail,
  hostname: isHostname,
  ipv4: (text) => text.includes('.') && parseIp(text) !== undefined,
  ipv6: (text) => text.includes(':') && parseIp(text) !== undefined,
  cidr: (text) => parseCidr(text) !== undefined,
  mac: isMac,
  uuid: pattern(/^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i),
  uuid3: pattern(/^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i),
  uuid4: pattern(/^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i),
  uuid5: pattern(/^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: isCreditCard,
  ssn: (text) => text.length === 11 && /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: pattern(/^#?(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/),
  rgbcolor: isRgbColor,
  byte: (text) => text.length > 0 && text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text),
  password: () => true,
  date: isDate,
  duration: (text) => isDuration(text),
  datetime: isDateTime,
  k8sshortname: short(63, pattern(new RegExp(`^${NAME}$`))),
  k8slongname: short(253, (text) => text.split('.').every((part) => new RegExp(`^${NAME}$`).test(part))),
}

function isHostname(text: string): boolean {
  // Within the function, as is every pattern with classes of Unicode: to read their tables takes a millisecond.
  const pattern =
    /^(?:[a-zA-Z0-9\p{S}\p{L}]-?[a-zA-Z0-9\p{S}\p{L}]{0,62}|(?:[a-zA-Z0-9\p{S}\p{L}](?:[a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?\.)+[a-zA-Z\p{L}]{2,63})$/u
  return byteLength(text) <= 255 && pattern.test(text) && text.split('.').every((part) => byteLength(part) <= 63)
}

/** `2006-01-02`, a day that exists. */
function isDate(text: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (parts === null) return false
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
  // A Date of year 0 to 99 would be one of the 20th century; 400 years later, the same years are leap years.
  return month >= 1 && month <= 12 && day >= 1 && day <= new Date(Date.UTC(year + 400, month, 0)).getUTCDate()
}

/** Lenient like strfmt: any character may precede the fraction, and the offset of the zone has no bounds. */
function isDateTime(text: string): boolean {
  const [date = '', time] = text.toLowerCase().split('t')
  if (time === undefined || !isDate(date)) return false
  const parts = /^([0-9]{2}):([0-9]{2}):([0-9]{2})(?:.[0-9]+)?(?:z|[+-][0-9]{2}:[0-9]{2})$/.exec(time)
  if (parts === null) return false
  const [hour = '', minute = '', second = ''] = parts.slice(1)
  return hour <= '23' && minute <= '59' && second <= '59'
}

const UNITS = new Set(['ns', 'us', '\u00b5s', 'ms', 's', 'm', 'h', 'd', 'w', 'hr', 'wk'])
/** Any word that begins with one of these is a unit. */
const UNIT_WORDS = ['nano', 'micro', 'milli', 'sec', 'min', 'hour', 'day', 'week']

/** A duration of Go, or a text with a number and a unit anywhere in it. Source: kube-openapi strfmt ParseDuration. */
function isDuration(text: string): boolean {
  if (parseDuration(text) !== undefined) return true
  // A pattern with the digits in it would scan a long run of them again from each of its positions.
  for (const { 0: unit, index } of text.matchAll(/[A-Za-z\u00b5]+/g)) {
    let before = index - 1
    while (before >= 0 && /[\t\n\f\r ]/.test(text[before] as string)) before--
    if (/[0-9]/.test(text[before] ?? '') && isUnit(unit.toLowerCase())) return true
  }
  return false
}

function isUnit(word: string): boolean {
  return UNITS.has(word) || UNIT_WORDS.some((begin) => word.startsWith(begin))
}

/** Six, eight or twenty bytes, with one kind of separator. Source: Go net.ParseMAC. */
function isMac(text: string): boolean {
  if (
    !/^(?:[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2})+|[0-9a-fA-F]{2}(?:-[0-9a-fA-F]{2})+|[0-9a-fA-F]{4}(?:\.[0-9a-fA-F]{4})+)$/.test(
      text,
    )
  )
    return false
  return [12, 16, 40].includes(text.replaceAll(/[:.-]/g, '').length)
}

function isIsbn10(text: string): boolean {
  const digits = withoutBlanks(text)
  if (!/^(?:[0-9]{9}X|[0-9]{10})$/.test(digits)) return false
  const sum = [...digits].reduce((total, digit, i) => total + (i + 1) * (digit === 'X' ? 10 : Number(digit)), 0)
  return sum % 11 === 0
}

function isIsbn13(text: string): boolean {
  const digits = withoutBlanks(text)
  if (!/^[0-9]{13}$/.test(digits)) return false
  const sum = Array.from(digits.slice(0, 12)).reduce(
    (total, digit, i) => total + (i % 2 === 0 ? 1 : 3) * Number(digit),
    0,
  )
  return Number(digits[12]) === (10 - (sum % 10)) % 10
}

function withoutBlanks(text: string): string {
  return text.replaceAll(/[\s-]+/g, '')
}

const CARD =
  /^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}|(?:2131|1800|35\d{3})\d{11})$/

function isCreditCard(text: string): boolean {
  const digits = text.replaceAll(/[^0-9]+/g, '')
  if (!CARD.test(digits)) return false
  const sum = [...digits].toReversed().reduce((total, digit, i) => {
    const doubled = i % 2 === 1 ? Number(digit) * 2 : Number(digit)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

function isRgbColor(text: string): boolean {
  const inner = /^rgb\(([^()]*)\)$/.exec(text)?.[1]?.split(',')
  return (
    inner?.length === 3 &&
    inner.every((part) => /^[\t\n\f\r ]*(?:0|[1-9]\d?|1\d\d?|2[0-4]\d|25[0-5])[\t\n\f\r ]*$/.test(part))
  )
}

/** `address`, or `Name <address>`. Source: Go net/mail ParseAddress, without its reading of comments. */
function isEmail(text: string): boolean {
  const named = /^([^<>]*)<([^<>]+)>\s*$/.exec(text)
  if (named !== null && !isPhrase(named[1] as string)) return false
  const address = (named?.[2] ?? text).trim()
  const at = address.lastIndexOf('@')
  if (at < 1) return false
  const [local, domain] = [address.slice(0, at), address.slice(at + 1)]
  return (
    (isDotAtom(local) || /^"(?:[^"\\\r\n]|\\.)*"$/.test(local)) && (isDotAtom(domain) || /^\[[^[\]\\]*\]$/.test(domain))
  )
}

/** The name before an address: words, in quotes where they have other characters. */
function isPhrase(text: string): boolean {
  const bare = text.replaceAll(/"(?:[^"\\\r\n]|\\.)*"/g, ' ')
  return /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.\s\u0080-\u{10ffff}-]*$/u.test(bare)
}

function isDotAtom(text: string): boolean {
  return text.split('.').every((atom) => /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\u0080-\u{10ffff}-]+$/u.test(atom))
}
