import type { DiagnosticCode } from '../../../diagnostics/codes.ts'
import { canonicalIp, cidr, hasHostBits, ipAddress, parseCidr, parseIp } from '../../../kube/ip.ts'
import type { KubeVersion } from '../../../kube/version.ts'
import type { Field } from '../field.ts'

/** StrictIPCIDRValidation is on by default since 1.36 (KEP-4858). */
const STRICT_MINOR = 36

/**
 * What is wrong with an IP address of a field that once was read leniently.
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

/** The same for a CIDR. Source: apimachinery util/validation IsValidCIDRForLegacyField. */
export function legacyCidrFaults(text: string, version: KubeVersion): readonly string[] {
  return version.minor >= STRICT_MINOR ? strictCidrFaults(text) : cidr(text)
}

/** What is wrong with a CIDR: it cannot be read, or is ambiguous. */
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

/** What is wrong with a CIDR that has to be written in the one way. Source: apimachinery util/validation IsValidCIDR. */
export function canonicalCidrFaults(text: string): readonly string[] {
  const faults = strictCidrFaults(text)
  const block = faults.length === 0 ? parseCidr(text) : undefined
  if (block === undefined) return faults
  const wanted = `${canonicalIp(block.address)}/${block.prefix}`
  return text === wanted ? [] : [`must be in canonical form ("${wanted}")`]
}

/** The same for an IP address. Source: apimachinery util/validation IsValidIP. */
export function canonicalIpFaults(text: string): readonly string[] {
  const address = parseIp(text)
  const faults = address === undefined ? ipAddress(text) : strictIpFaults(text)
  if (address === undefined || faults.length > 0) return faults
  const wanted = canonicalIp(address)
  return text === wanted ? [] : [`must be in canonical form ("${wanted}")`]
}

/** Reports a CIDR that the version does not take; absent is none. */
export function legacyCidr(field: Field, code: DiagnosticCode): void {
  field.formatStrict(code, (text) => legacyCidrFaults(text, field.ctx.kubeVersion))
}
