/**
 * The name formats of Kubernetes. Each function takes a value and returns what is wrong with it, one phrase per
 * fault, empty when nothing is. Lengths count bytes, as the API server's Go does.
 * Source: k8s.io/apimachinery/pkg/util/validation and pkg/api/validate/content.
 */

import { memoizeByText } from '../text/memoize.ts'

const LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/
const LABEL_UNDERSCORE = /^_?[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?$/
const SUBDOMAIN = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/
const DNS1035 = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/
const QUALIFIED_PART = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/
const C_IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/
const ENV_NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/
const RELAXED_ENV_NAME = /^[ -<>-~]*$/
const CONFIG_KEY = /^[-._a-zA-Z0-9]+$/
const HTTP_HEADER = /^[-A-Za-z0-9]+$/
const HTTP_PATH = /^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/
const GROUP_VERSION = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\/v\d+(?:(?:alpha|beta)\d+)?$/
const PERCENT = /^[0-9]+%$/

const LABEL_CHARS = "lower case letters, digits and '-', beginning and ending with a letter or digit"
const SUBDOMAIN_CHARS =
  "lower case letters, digits, '-' and '.', every part beginning and ending with a letter or digit"

/** Length in bytes of UTF-8. */
export function byteLength(value: string): number {
  let bytes = 0
  for (let i = 0; i < value.length; i++) {
    const c = value.charCodeAt(i)
    if (c < 0x80) bytes += 1
    else if (c < 0x800) bytes += 2
    else if (c >= 0xd800 && c < 0xdc00) {
      bytes += 4
      i++
    } else bytes += 3
  }
  return bytes
}

/** The phrase for a value longer than `max` bytes, or nothing. */
export function tooLong(value: string, max: number): string[] {
  // No UTF-16 code unit has more than three bytes, so that short values need not be counted.
  if (value.length * 3 <= max || byteLength(value) <= max) return []
  return [`must be no more than ${max} characters`]
}

function isSubdomain(value: string, label: RegExp): boolean {
  // One pattern for all parts is fast, but would fill the stack on a hostile text.
  if (label === LABEL && value.length < 1000) return SUBDOMAIN.test(value)
  return value.split('.').every((part) => label.test(part))
}

/** Whether a text is an API version with its group, such as `resource.k8s.io/v1beta1`. */
export function isGroupVersion(value: string): boolean {
  return GROUP_VERSION.test(value)
}

/** A lowercase RFC 1123 label: container, volume and namespace names. `IsDNS1123Label`. */
export function dns1123Label(value: string): string[] {
  const faults = tooLong(value, 63)
  if (LABEL.test(value)) return faults
  if (isSubdomain(value, LABEL)) return [...faults, 'must not contain dots']
  return [...faults, `must be a lowercase RFC 1123 label: ${LABEL_CHARS} (such as 'my-name' or '123-abc')`]
}

/** A lowercase RFC 1123 subdomain: names of most objects. `IsDNS1123Subdomain`. */
export function dns1123Subdomain(value: string): string[] {
  const faults = tooLong(value, 253)
  if (isSubdomain(value, LABEL)) return faults
  return [...faults, `must be a lowercase RFC 1123 subdomain: ${SUBDOMAIN_CHARS} (such as 'example.com')`]
}

/** As a subdomain, but parts may hold and begin with '_': DNS search domains. `IsDNS1123SubdomainWithUnderscore`. */
export function dns1123SubdomainWithUnderscore(value: string): string[] {
  const faults = tooLong(value, 253)
  if (isSubdomain(value, LABEL_UNDERSCORE)) return faults
  return [...faults, `must be a lowercase RFC 1123 subdomain, in which '_' is allowed too: ${SUBDOMAIN_CHARS}`]
}

/** A DNS-1035 label: Service names. `IsDNS1035Label`. */
export function dns1035Label(value: string): string[] {
  const faults = tooLong(value, 63)
  if (DNS1035.test(value)) return faults
  const chars = "lower case letters, digits and '-', beginning with a letter and ending with a letter or digit"
  return [...faults, `must be a DNS-1035 label: ${chars} (such as 'my-name' or 'abc-123')`]
}

/** A host with a leading `*.`: Ingress and certificate hosts. `IsWildcardDNS1123Subdomain`. */
export function wildcardDns1123Subdomain(value: string): string[] {
  const faults = tooLong(value, 253)
  if (value.startsWith('*.') && isSubdomain(value.slice(2), LABEL)) return faults
  return [...faults, "must be a wildcard DNS-1123 subdomain: '*.' followed by a subdomain (such as '*.example.com')"]
}

/** A label key, annotation key, resource name and the like: `name` or `prefix/name`. `IsQualifiedName`. */
export function qualifiedName(value: string): string[] {
  return isQualifiedName(value) ? [] : qualifiedNameFaults(value)
}

const isQualifiedName = memoizeByText((value) => qualifiedNameFaults(value).length === 0)

function qualifiedNameFaults(value: string): string[] {
  const chars = "letters, digits, '-', '_' and '.', beginning and ending with a letter or digit"
  const parts = value.split('/')
  if (parts.length > 2) {
    return [`must be a name of ${chars}, with at most one DNS subdomain prefix and '/' (such as 'example.com/MyName')`]
  }
  const faults: string[] = []
  const name = parts[parts.length - 1] as string
  if (parts.length === 2) {
    const prefix = parts[0] as string
    if (prefix === '') faults.push('prefix part must be non-empty')
    else for (const fault of dns1123Subdomain(prefix)) faults.push(`prefix part ${fault}`)
  }
  if (name === '') return [...faults, 'name part must be non-empty']
  for (const fault of tooLong(name, 63)) faults.push(`name part ${fault}`)
  if (!QUALIFIED_PART.test(name)) faults.push(`name part must consist of ${chars} (such as 'MyName' or 'my.name')`)
  return faults
}

/** A label's value; empty is fine. `IsValidLabelValue`. */
export function labelValue(value: string): string[] {
  const faults = tooLong(value, 63)
  if (value === '' || QUALIFIED_PART.test(value)) return faults
  const chars = "letters, digits, '-', '_' and '.', beginning and ending with a letter or digit"
  return [...faults, `must be a valid label value: empty, or ${chars} (such as 'my_value' or '12345')`]
}

/** The name of a port (IANA service name). `IsValidPortName`. */
export function portName(value: string): string[] {
  const faults = tooLong(value, 15)
  if (!/^[-a-z0-9]+$/.test(value)) faults.push('must contain only lower case letters, digits and hyphens (a-z, 0-9, -)')
  if (!/[a-z]/.test(value)) faults.push('must contain at least one letter (a-z)')
  if (value.includes('--')) faults.push('must not contain consecutive hyphens')
  if (value.startsWith('-') || value.endsWith('-')) faults.push('must not begin or end with a hyphen')
  return faults
}

/** A port's number. `IsValidPortNum`. */
export function portNumber(value: number): string[] {
  return inRange(value, 1, 65535)
}

/** A whole number between two bounds, both inclusive. `IsInRange`. */
export function inRange(value: number, min: number, max: number): string[] {
  return value >= min && value <= max ? [] : [`must be between ${min} and ${max}, inclusive`]
}

/** A numeric Unix user or group. `IsValidUserID`, `IsValidGroupID`: up to 2^31-1. */
export function unixId(value: number): string[] {
  return inRange(value, 0, 2147483647)
}

/** An environment variable as before relaxed validation. `IsEnvVarName`. */
export function envVarName(value: string): string[] {
  if (ENV_NAME.test(value)) return parentDirectory(value)
  const chars = "letters, digits, '_', '-' and '.', not beginning with a digit"
  return [`must be a valid environment variable name: ${chars} (such as 'MY_ENV')`, ...parentDirectory(value)]
}

/** An environment variable under relaxed validation (KEP-4369). `IsRelaxedEnvVarName`. */
export function relaxedEnvVarName(value: string): string[] {
  if (value === '') return ['environment variable name must be non-empty']
  if (RELAXED_ENV_NAME.test(value)) return []
  return ["must be a valid environment variable name: printable ASCII characters other than '='"]
}

/** A key of a ConfigMap or Secret. `IsConfigMapKey`. */
export function configMapKey(value: string): string[] {
  const faults = tooLong(value, 253)
  if (!CONFIG_KEY.test(value)) {
    faults.push("must be a valid config key: letters, digits, '-', '_' and '.' (such as 'key.name' or 'KEY_NAME')")
  }
  return [...faults, ...parentDirectory(value)]
}

/** An identifier as in C. `IsCIdentifier`. */
export function cIdentifier(value: string): string[] {
  if (C_IDENTIFIER.test(value)) return []
  return ["must be a valid C identifier: letters, digits and '_', not beginning with a digit (such as 'my_name')"]
}

/** The name of an HTTP header. `IsHTTPHeaderName`. */
export function httpHeaderName(value: string): string[] {
  return HTTP_HEADER.test(value) ? [] : ["must be a valid HTTP header name: letters, digits and '-' (such as 'X-Name')"]
}

/** A whole percentage. `IsValidPercent`. */
export function percent(value: string): string[] {
  return PERCENT.test(value) ? [] : ["must be a percentage: digits followed by '%' (such as '25%')"]
}

/** `domain/path`: job failure reasons, finalizers and the like. `IsDomainPrefixedPath`. */
export function domainPrefixedPath(value: string): string[] {
  const slash = value.indexOf('/')
  if (slash <= 0 || slash === value.length - 1) return ["must be a domain-prefixed path (such as 'acme.io/foo')"]
  const faults = dns1123Subdomain(value.slice(0, slash))
  if (!HTTP_PATH.test(value.slice(slash + 1))) faults.push('must have only characters of a URL path after the first /')
  return faults
}

function parentDirectory(value: string): string[] {
  if (value === '.' || value === '..') return [`must not be '${value}'`]
  return value.startsWith('..') ? ["must not start with '..'"] : []
}

/** The name of a CSI driver in other objects, in any case. Source: core validation ValidateCSIDriverName. */
export function csiDriverName(value: string): string[] {
  return [...tooLong(value, 63), ...dns1123Subdomain(value.toLowerCase())]
}

/**
 * A base of generated names, with a letter for a trailing dash, which is valid in a base because something follows it.
 * Source: apimachinery api/validation maskTrailingDash.
 */
export function maskTrailingDash(base: string): string {
  return base.length > 1 && base.endsWith('-') ? `${base.slice(0, -2)}a` : base
}
