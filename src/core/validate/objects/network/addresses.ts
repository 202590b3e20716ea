import type { DiagnosticCode } from '../../../diagnostics/codes.ts'
import { canonicalIp, cidr, hasHostBits, ipAddress, parseCidr, parseIp } from '../../../kube/ip.ts'
import type { KubeVersion } from '../../../kube/version.ts'
import type { Field } from '../field.ts'

/** StrictIPCIDRValidation is on by default since 1.36 (KEP-4858). */
const STRICT_MINOR = 36

/**
 * Faults of an IP address in a field that older versions of Kubernetes validate leniently.
 * Source: apimachinery util/validation IsValidIPForLegacyField.
 */
export function legacyIpFaults(text: string, { minor }: KubeVersion): readonly string[] {
  const faults = ipAddress(text)
  return faults.length === 0 && minor >= STRICT_MINOR ? strictIpFaults(text) : faults
}

function strictIpFaults(text: string): readonly string[] {
  if (parseIp(text)?.strict !== false) return []
  return [text.includes(':') ? 'must not be an IPv4-mapped IPv6 address' : 'must not have leading 0s']
}

/** Faults of a CIDR in such a field. Source: apimachinery util/validation IsValidCIDRForLegacyField. */
export function legacyCidrFaults(text: string, version: KubeVersion): readonly string[] {
  return version.minor >= STRICT_MINOR ? strictCidrFaults(text) : cidr(text)
}

/** Faults of a CIDR that is invalid or ambiguous. */
function strictCidrFaults(text: string): readonly string[] {
  const block = parseCidr(text)
  if (block === undefined) return cidr(text)
  const faults: string[] = []
  if (!block.strict) {
    const mapped = text.includes(':') && block.address.family === 4
    faults.push(mapped ? 'must not have an IPv4-mapped IPv6 address' : 'must not have leading 0s')
  }
  if (hasHostBits(block)) faults.push('must not have bits set beyond the prefix length')
  return faults
}

/** Faults of a CIDR that must be in canonical form. Source: apimachinery util/validation IsValidCIDR. */
export function canonicalCidrFaults(text: string): readonly string[] {
  const faults = strictCidrFaults(text)
  const block = faults.length === 0 ? parseCidr(text) : undefined
  if (block === undefined) return faults
  const wanted = `${canonicalIp(block.address)}/${block.prefix}`
  return text === wanted ? [] : [`must be in canonical form ("${wanted}")`]
}

/** Faults of an IP address that must be in canonical form. Source: apimachinery util/validation IsValidIP. */
export function canonicalIpFaults(text: string): readonly string[] {
  const address = parseIp(text)
  const faults = address === undefined ? ipAddress(text) : strictIpFaults(text)
  if (address === undefined || faults.length > 0) return faults
  const wanted = canonicalIp(address)
  return text === wanted ? [] : [`must be in canonical form ("${wanted}")`]
}

/** Reports a CIDR that the version of Kubernetes rejects; an absent one is valid. */
export function legacyCidr(field: Field, code: DiagnosticCode): void {
  const { text } = field
  if (text === undefined) return
  const faults = legacyCidrFaults(text, field.ctx.kubeVersion)
  if (faults.length > 0) field.invalid(code, faults.join('; '))
  else unusualCidr(field, code)
}

/** Warnings about forms of addresses are sent for all kinds since 1.33, and before for Services (KEP-4858). */
const UNUSUAL_MINOR = 33

/**
 * Warns of an IP address that the version accepts in a form that is ambiguous, or not canonical.
 * Source: apimachinery util/validation GetWarningsForIP.
 */
export function unusualIp(field: Field, code: DiagnosticCode): void {
  const address = parseIp(field.text ?? '')
  if (address !== undefined) unusual(field, code, strictIpFaults(field.text ?? ''), canonicalIp(address))
}

/** Source: apimachinery util/validation GetWarningsForCIDR. */
export function unusualCidr(field: Field, code: DiagnosticCode): void {
  const block = parseCidr(field.text ?? '')
  if (block === undefined) return
  const faults = strictCidrFaults(field.text ?? '')
  unusual(field, code, faults, `${canonicalIp(block.address)}/${block.prefix}`)
}

function unusual(field: Field, code: DiagnosticCode, faults: readonly string[], canonical: string): void {
  const { minor } = field.ctx.kubeVersion
  if (minor < UNUSUAL_MINOR && field.ctx.kind !== 'Service') return
  if (faults.length > 0) {
    const detail = `${faults.join('; ')}, which is an error from 1.${STRICT_MINOR}`
    if (minor < STRICT_MINOR) field.invalid(code, detail, { severity: 'warning' })
  } else if (field.text?.includes(':') === true && field.text !== canonical) {
    field.invalid(code, `should be in canonical form ("${canonical}")`, { severity: 'warning' })
  }
}
