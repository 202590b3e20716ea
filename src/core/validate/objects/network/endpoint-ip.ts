import { parseIp } from '../../../kube/ip.ts'
import type { DiagnosticCode } from '../../../diagnostics/codes.ts'
import type { Field } from '../field.ts'
import { legacyIpFaults, unusualIp } from './addresses.ts'

/**
 * An address that other hosts can reach: of an endpoint, or an external IP of a Service.
 * Source: core validation ValidateEndpointIP.
 */
export function endpointIp(field: Field, code: DiagnosticCode): void {
  const { text } = field
  if (text === undefined) return
  const faults = legacyIpFaults(text, field.ctx.kubeVersion)
  const ip = parseIp(text)
  if (faults.length > 0 || ip === undefined) return field.invalid(code, faults.join('; '))
  const fault = ip.family === 4 ? faultOfV4(ip.bytes.slice(12)) : faultOfV6(ip.bytes)
  if (fault !== undefined) field.invalid(code, fault)
  else unusualIp(field, code)
}

const LOOPBACK = 'may not be in the loopback range (127.0.0.0/8, ::1/128)'
const LINK_LOCAL = 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'
const MULTICAST = 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'
const UNSPECIFIED = 'may not be unspecified'

function faultOfV4(bytes: readonly number[]): string | undefined {
  const [a, b, c] = bytes
  if (bytes.every((byte) => byte === 0)) return UNSPECIFIED
  if (a === 127) return LOOPBACK
  if (a === 169 && b === 254) return LINK_LOCAL
  return a === 224 && b === 0 && c === 0 ? MULTICAST : undefined
}

function faultOfV6(bytes: readonly number[]): string | undefined {
  const [a = 0, b = 0] = bytes
  if (bytes.every((byte) => byte === 0)) return UNSPECIFIED
  if (bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return LOOPBACK
  if (a === 0xfe && (b & 0xc0) === 0x80) return LINK_LOCAL
  return a === 0xff && (b & 0x0f) === 0x02 ? MULTICAST : undefined
}
