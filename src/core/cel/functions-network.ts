import { canonicalIp, type IpAddress, parseCidr, parseIp } from '../kube/ip.ts'
import { parseRequestUri, type UrlParts } from '../schema/custom/uri.ts'
import type { CelFunction, FunctionTable } from './function-types.ts'
import { CelError, CelList, CelMadeMap, CelOpaque, fail, type Value } from './values.ts'

interface Block {
  readonly bytes: readonly number[]
  readonly prefix: number
}

/** The bytes of an address: four or sixteen. */
function bytesOf({ family, bytes }: IpAddress): readonly number[] {
  return family === 4 ? bytes.slice(12) : bytes
}

function readIp(text: string): readonly number[] | undefined {
  const address = parseIp(text)
  return address?.strict === true ? bytesOf(address) : undefined
}

function readCidr(text: string): Block | undefined {
  const cidr = parseCidr(text)
  return cidr?.strict === true ? { bytes: bytesOf(cidr.address), prefix: cidr.prefix } : undefined
}

function ipValue(bytes: readonly number[]): CelOpaque {
  return new CelOpaque('net.IP', bytes, addressText(bytes))
}

function cidrValue(block: Block): CelOpaque {
  return new CelOpaque('net.CIDR', block, `${addressText(block.bytes)}/${block.prefix}`)
}

/** An address in its canonical form. */
function addressText(bytes: readonly number[]): string {
  return bytes.length === 4 ? bytes.join('.') : canonicalIp({ family: 6, bytes })
}

function opaque<T>(value: Value | undefined, type: string): T | undefined {
  return value instanceof CelOpaque && value.type === type ? (value.data as T) : undefined
}

/** A function that parses a text; it throws CelError if `read` returns undefined. */
function fromText(read: (text: string, minor: number | undefined) => Value | undefined, what: string): CelFunction {
  return ([text], { minor }) => {
    if (typeof text !== 'string') return undefined
    const value = read(text, minor)
    if (value === undefined)
      throw new CelError(`${what} ${JSON.stringify(text)} parse error during conversion from string`)
    return value
  }
}

function ofIp(test: (bytes: readonly number[]) => Value): CelFunction {
  return ([value]) => {
    const bytes = opaque<readonly number[]>(value, 'net.IP')
    return bytes === undefined ? undefined : test(bytes)
  }
}

const isV4 = (bytes: readonly number[]): boolean => bytes.length === 4
const isUnspecified = (bytes: readonly number[]): boolean => bytes.every((byte) => byte === 0)
const isLoopback = (bytes: readonly number[]): boolean =>
  isV4(bytes) ? bytes[0] === 127 : bytes.every((byte, i) => byte === (i === 15 ? 1 : 0))
const isMulticast = ([first = 0, ...rest]: readonly number[]): boolean =>
  rest.length === 3 ? first >= 224 && first < 240 : first === 255
const isLinkLocal = (bytes: readonly number[]): boolean =>
  isV4(bytes) ? bytes[0] === 169 && bytes[1] === 254 : bytes[0] === 0xfe && ((bytes[1] as number) & 0xc0) === 0x80
const isLinkLocalMulticast = (bytes: readonly number[]): boolean =>
  isV4(bytes)
    ? bytes[0] === 224 && bytes[1] === 0 && bytes[2] === 0
    : bytes[0] === 0xff && ((bytes[1] as number) & 0x0f) === 2
const isBroadcast = (bytes: readonly number[]): boolean => isV4(bytes) && bytes.every((byte) => byte === 255)

/** Source: Go net/netip Addr.IsGlobalUnicast. */
function isGlobal(bytes: readonly number[]): boolean {
  return (
    !isUnspecified(bytes) && !isBroadcast(bytes) && !isLoopback(bytes) && !isMulticast(bytes) && !isLinkLocal(bytes)
  )
}

function isInside(block: Block, bytes: readonly number[]): boolean {
  if (block.bytes.length !== bytes.length) return false
  return bytes.every((byte, i) => {
    const mask = (0xff00 >> Math.max(0, Math.min(8, block.prefix - i * 8))) & 0xff
    return (byte & mask) === ((block.bytes[i] as number) & mask)
  })
}

function masked({ bytes, prefix }: Block): Block {
  return { bytes: bytes.map((byte, i) => byte & ((0xff00 >> Math.max(0, Math.min(8, prefix - i * 8))) & 0xff)), prefix }
}

const containsIp: CelFunction = ([value, other]) => {
  const block = opaque<Block>(value, 'net.CIDR')
  const bytes =
    typeof other === 'string'
      ? (readIp(other) ?? fail(`IP Address ${JSON.stringify(other)} parse error during conversion from string`))
      : opaque<readonly number[]>(other, 'net.IP')
  return block === undefined || bytes === undefined ? undefined : isInside(block, bytes)
}

const containsCidr: CelFunction = ([value, other]) => {
  const block = opaque<Block>(value, 'net.CIDR')
  const inner =
    typeof other === 'string'
      ? (readCidr(other) ?? fail('network address parse error during conversion from string'))
      : opaque<Block>(other, 'net.CIDR')
  if (block === undefined || inner === undefined) return undefined
  return block.prefix <= inner.prefix && isInside(block, inner.bytes)
}

function ofUrl(part: (url: UrlParts) => Value): CelFunction {
  return ([value]) => {
    const url = opaque<UrlParts>(value, 'kubernetes.URL')
    return url === undefined ? undefined : part(url)
  }
}

const urlOf = (text: string, minor: number | undefined): Value | undefined => {
  const cut = text.indexOf('#')
  const url = parseRequestUri(text, minor)
  if (url === undefined) return undefined
  const whole = cut < 0 ? url : parseRequestUri(text.slice(0, cut), minor)
  return whole === undefined ? undefined : new CelOpaque('kubernetes.URL', whole, text)
}

/** The host without its port, and without brackets. */
function hostname(host: string): string {
  if (host.startsWith('[')) return host.slice(1, host.indexOf(']'))
  return host.includes(':') ? host.slice(0, host.indexOf(':')) : host
}

function port(host: string): string {
  return /:([0-9]*)$/.exec(host.startsWith('[') ? host.slice(host.indexOf(']') + 1) : host)?.[1] ?? ''
}

/** A path as written, or escaped again if it has characters that must be. Source: Go net/url EscapedPath. */
function escapedPath({ path }: UrlParts): string {
  if (/^[A-Za-z0-9\-._~!$&'()*+,;=:@/%[\]]*$/.test(path)) return path
  return path.replaceAll(/%[0-9A-Fa-f]{2}|[^]/gu, (part) => {
    if (part.length === 3 && part.startsWith('%')) {
      const char = String.fromCharCode(Number.parseInt(part.slice(1), 16))
      return PLAIN_IN_PATH.test(char) ? char : part.toUpperCase()
    }
    return PLAIN_IN_PATH.test(part) ? part : percentEncoded(part)
  })
}

const PLAIN_IN_PATH = /^[A-Za-z0-9\-._~$&+,/:;=@]$/

function percentEncoded(char: string): string {
  const bytes = Array.from(new TextEncoder().encode(char), (byte) => byte.toString(16).toUpperCase().padStart(2, '0'))
  return bytes.map((hex) => `%${hex}`).join('')
}

function queryMap({ query }: UrlParts): CelMadeMap {
  const values = new Map<string, Value[]>()
  for (const [key, value] of new URLSearchParams(query)) values.set(key, [...(values.get(key) ?? []), value])
  return new CelMadeMap([...values].map(([key, list]) => [key, new CelList(list)]))
}

const cidrToIp: CelFunction = ([value]) => {
  const block = opaque<Block>(value, 'net.CIDR')
  return block && ipValue(block.bytes)
}

/** Source: apiserver pkg/cel/library/ip.go, cidr.go, urls.go. */
export const NETWORK_FUNCTIONS: FunctionTable = {
  ip: fromText((text) => {
    const bytes = readIp(text)
    return bytes && ipValue(bytes)
  }, 'IP Address'),
  isIP: ([text]) => (typeof text === 'string' ? readIp(text) !== undefined : undefined),
  'ip.isCanonical': fromText((text) => {
    const bytes = readIp(text)
    return bytes && addressText(bytes) === text
  }, 'IP Address'),
  '.family': ofIp((bytes) => (isV4(bytes) ? 4n : 6n)),
  '.isUnspecified': ofIp(isUnspecified),
  '.isLoopback': ofIp(isLoopback),
  '.isLinkLocalMulticast': ofIp(isLinkLocalMulticast),
  '.isLinkLocalUnicast': ofIp(isLinkLocal),
  '.isGlobalUnicast': ofIp(isGlobal),
  cidr: fromText((text) => {
    const block = readCidr(text)
    return block && cidrValue(block)
  }, 'network address'),
  isCIDR: ([text]) => (typeof text === 'string' ? readCidr(text) !== undefined : undefined),
  '.containsIP': containsIp,
  '.containsCIDR': containsCidr,
  '.ip': cidrToIp,
  '.prefixLength': ([value]) => {
    const block = opaque<Block>(value, 'net.CIDR')
    return block && BigInt(block.prefix)
  },
  '.masked': ([value]) => {
    const block = opaque<Block>(value, 'net.CIDR')
    return block && cidrValue(masked(block))
  },
  url: fromText(urlOf, 'URL'),
  isURL: ([text], { minor }) => (typeof text === 'string' ? urlOf(text, minor) !== undefined : undefined),
  '.getScheme': ofUrl(({ scheme }) => scheme),
  '.getHost': ofUrl(({ host }) => host),
  '.getHostname': ofUrl(({ host }) => hostname(host)),
  '.getPort': ofUrl(({ host }) => port(host)),
  '.getEscapedPath': ofUrl(escapedPath),
  '.getQuery': ofUrl(queryMap),
}
