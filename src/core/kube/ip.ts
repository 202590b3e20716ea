import { append } from '../common/append.ts'
/** An IP address as Kubernetes reads it. */
export interface IpAddress {
  /** 4 also for an IPv4 address written inside IPv6 (`::ffff:1.2.3.4`), as Go's `To4` has it. */
  readonly family: 4 | 6
  /** 16 bytes; IPv4 is in the last four, after `::ffff:`. */
  readonly bytes: readonly number[]
  /** False when only the lenient reader takes it: leading zeros, or IPv4 inside IPv6. */
  readonly strict: boolean
}

/** An address block. */
export interface Cidr {
  readonly address: IpAddress
  /** Bits of the prefix, counted in the notation written. */
  readonly prefix: number
  readonly strict: boolean
}

const V4_IN_V6 = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]

/**
 * Reads an IPv4 or IPv6 address as `ParseIPSloppy` does: leading zeros in IPv4 are taken (as decimal), a zone is not.
 * Undefined if it is not an address.
 */
export function parseIp(value: string): IpAddress | undefined {
  if (value.length > 64) return undefined
  if (!value.includes(':')) {
    const v4 = parseV4(value)
    return v4 && { family: 4, bytes: [...V4_IN_V6, ...v4.bytes], strict: v4.strict }
  }
  const bytes = parseV6(value)
  if (bytes === undefined) return undefined
  const mapped = V4_IN_V6.every((byte, i) => bytes[i] === byte)
  const embedded = parseV4(value.slice(value.lastIndexOf(':') + 1))
  return { family: mapped ? 4 : 6, bytes, strict: !mapped && embedded?.strict !== false }
}

function parseV4(value: string): { bytes: number[]; strict: boolean } | undefined {
  const parts = value.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^[0-9]+$/.test(part) && Number(part) <= 255)) return undefined
  return { bytes: parts.map(Number), strict: parts.every((part) => part === '0' || !part.startsWith('0')) }
}

/** Sixteen bytes of an IPv6 address, with one `::` at most and perhaps an IPv4 address at its end. */
function parseV6(value: string): number[] | undefined {
  const halves = value.split('::')
  if (halves.length > 2) return undefined
  const head = readGroups(halves[0] as string, halves.length === 1)
  if (halves.length === 1) return head?.length === 16 ? head : undefined
  const tail = readGroups(halves[1] as string, true)
  if (head === undefined || tail === undefined || head.length + tail.length > 14) return undefined
  return [...head, ...Array.from({ length: 16 - head.length - tail.length }, () => 0), ...tail]
}

function readGroups(text: string, last: boolean): number[] | undefined {
  if (text === '') return []
  const bytes: number[] = []
  const groups = text.split(':')
  for (const [i, group] of groups.entries()) {
    if (group.includes('.')) {
      const v4 = last && i === groups.length - 1 ? parseV4(group) : undefined
      if (v4 === undefined) return undefined
      append(bytes, v4.bytes)
    } else {
      if (!/^[0-9A-Fa-f]{1,4}$/.test(group)) return undefined
      const number = Number.parseInt(group, 16)
      bytes.push(number >> 8, number & 0xff)
    }
  }
  return bytes
}

/** Reads `address/prefix` as `ParseCIDRSloppy` does; undefined if it is not a CIDR. */
export function parseCidr(value: string): Cidr | undefined {
  const slash = value.indexOf('/')
  if (slash < 0) return undefined
  const text = value.slice(0, slash)
  const address = parseIp(text)
  const digits = value.slice(slash + 1)
  if (address === undefined || !/^[0-9]{1,5}$/.test(digits)) return undefined
  const prefix = Number(digits)
  if (prefix > (text.includes(':') ? 128 : 32)) return undefined
  return { address, prefix, strict: address.strict && (digits === '0' || !digits.startsWith('0')) }
}

/** The one way to write an address: for IPv6 that of RFC 5952, as Go writes it. Of IPv4 inside IPv6 the IPv4 part. */
export function canonicalIp({ family, bytes }: Pick<IpAddress, 'family' | 'bytes'>): string {
  if (family === 4) return bytes.slice(12).join('.')
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  )
  // The longest run of zeros is left out, the first one of several; a single zero is not.
  const runs = groups.map((_, from) => {
    const end = groups.findIndex((group, i) => i >= from && group !== '0')
    return (end < 0 ? groups.length : end) - from
  })
  const longest = Math.max(...runs) // bounded: eight groups
  if (longest < 2) return groups.join(':')
  const from = runs.indexOf(longest)
  return `${groups.slice(0, from).join(':')}::${groups.slice(from + longest).join(':')}`
}

/** True if bits are set after the prefix, which makes the block ambiguous. */
export function hasHostBits(cidr: Cidr): boolean {
  const { address, prefix } = cidr
  // IPv4 follows twelve bytes; a prefix of 32 bits or less can only be meant for it.
  const bits = address.family === 4 && prefix <= 32 ? prefix + 96 : prefix
  return address.bytes.some((byte, i) => {
    const kept = Math.max(0, Math.min(8, bits - i * 8))
    return (byte & (0xff >> kept)) !== 0
  })
}

/** What is wrong with an IP address; empty when nothing is. `IsValidIP`. */
export function ipAddress(value: string): string[] {
  return parseIp(value) === undefined ? ['must be a valid IP address (such as 10.9.8.7 or 2001:db8::ffff)'] : []
}

/** What is wrong with a CIDR; empty when nothing is. `IsValidCIDR`. */
export function cidr(value: string): string[] {
  return parseCidr(value) === undefined ? ['must be a valid CIDR value (such as 10.9.8.0/24 or 2001:db8::/64)'] : []
}
