import { parseIp } from '../../kube/ip.ts'

/** The parts of a URL as written; the host includes its port. */
export interface UrlParts {
  /** In lower case. */
  readonly scheme: string
  /** Whether there is user information before the host, which may be empty. */
  readonly hasUser: boolean
  readonly host: string
  /** Escaped as written. */
  readonly path: string
  readonly query: string
}

/** The first minor version of Kubernetes built with Go 1.26, which allows one colon only in hosts of HTTP. */
const STRICT_COLONS_SINCE = 36

/**
 * Parses an absolute URI or an absolute path as Go's `url.ParseRequestURI` does; undefined where it fails.
 * Source: Go net/url parse, getScheme, parseAuthority, parseHost, unescape.
 *
 * @param minor the minor version of Kubernetes; without it, hosts of HTTP may have several colons, as before 1.36
 */
export function parseRequestUri(text: string, minor = 0): UrlParts | undefined {
  // oxlint-disable-next-line no-control-regex -- these are what Go rejects
  if (text === '' || /[\u0000-\u001f\u007f]/.test(text)) return undefined
  const none = { scheme: '', hasUser: false, host: '', path: '', query: '' }
  if (text === '*') return { ...none, path: '*' }
  const split = splitScheme(text)
  if (split === undefined) return undefined
  const [scheme, rest] = split
  const [beforeQuery, query] = cut(rest, '?')
  if (!beforeQuery.startsWith('/')) return scheme === '' ? undefined : { ...none, scheme, query }
  // Without a scheme, a text that begins with two slashes is an absolute path without a host.
  const hasAuthority = scheme !== '' && beforeQuery.startsWith('//')
  const end = hasAuthority ? endOf(beforeQuery) : 0
  const path = beforeQuery.slice(end)
  if (hasBadEscape(path)) return undefined
  if (!hasAuthority) return { ...none, scheme, path, query }
  const oneColon = minor >= STRICT_COLONS_SINCE && (scheme === 'http' || scheme === 'https')
  const authority = parseAuthority(beforeQuery.slice(2, end), oneColon)
  return authority && { ...authority, scheme, path, query }
}

/**
 * Parses a URL as Go's `url.Parse` does if it has a scheme; undefined for others, and where that fails. The fragment is
 * what is after the first `#`, as written.
 */
export function parseAbsoluteUrl(text: string, minor: number): (UrlParts & { fragment: string }) | undefined {
  const [beforeFragment, fragment] = cut(text, '#')
  const url = parseRequestUri(beforeFragment, minor)
  return url === undefined || url.scheme === '' || hasBadEscape(fragment) ? undefined : { ...url, fragment }
}

/** Where the path begins after `//` and an authority. */
function endOf(text: string): number {
  const slash = text.indexOf('/', 2)
  return slash < 0 ? text.length : slash
}

function splitScheme(text: string): [scheme: string, rest: string] | undefined {
  const begin = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(text)?.[0]
  if (begin !== undefined) return [begin.slice(0, -1).toLowerCase(), text.slice(begin.length)]
  return text.startsWith(':') ? undefined : ['', text]
}

function cut(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** The user and the host with its port; undefined where the authority is not valid. */
function parseAuthority(authority: string, oneColon: boolean): Pick<UrlParts, 'hasUser' | 'host'> | undefined {
  const at = authority.lastIndexOf('@')
  const user = at < 0 ? '' : authority.slice(0, at)
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user) || hasBadEscape(user)) return undefined
  const host = authority.slice(at + 1)
  return isHost(host, oneColon) ? { hasUser: at >= 0, host } : undefined
}

function isHost(host: string, oneColon: boolean): boolean {
  const bracket = host.lastIndexOf('[')
  if (bracket > 0) return false
  if (bracket === 0) {
    const end = host.lastIndexOf(']')
    return end > 0 && isPort(host.slice(end + 1)) && isIpLiteral(host.slice(1, end))
  }
  const colon = oneColon ? host.indexOf(':') : host.lastIndexOf(':')
  return isHostText(host) && (colon < 0 || isPort(host.slice(colon)))
}

function isPort(text: string): boolean {
  return /^(?::[0-9]*)?$/.test(text)
}

/** Whether all characters are allowed in a host, where only `%` and bytes beyond ASCII may be escaped. */
function isHostText(text: string): boolean {
  return HOST_TEXT.test(text) && !hasBadEscape(text) && !/%(?!25|[89a-fA-F])/.test(text)
}

const HOST_TEXT = /^[A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"%\u0080-\uffff]*$/

/** An IPv6 address, perhaps with a zone after `%25`. Source: Go net/netip ParseAddr. */
function isIpLiteral(text: string): boolean {
  const zoneAt = text.indexOf('%25')
  const address = zoneAt < 0 ? text : text.slice(0, zoneAt)
  if (zoneAt >= 0 && !isZone(text.slice(zoneAt + 3))) return false
  if (!address.includes(':') || parseIp(address) === undefined) return false
  const last = address.slice(address.lastIndexOf(':') + 1)
  return !last.includes('.') || parseIp(last)?.strict === true
}

/** A name, in which characters that a host may have, `%` and blanks may be escaped. */
function isZone(text: string): boolean {
  if (text === '' || !HOST_TEXT.test(text) || hasBadEscape(text)) return false
  return [...text.matchAll(/%(..)/g)].every(([, hex = '']) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16))
    return char === ' ' || (char < '\u0080' && HOST_TEXT.test(char))
  })
}

function hasBadEscape(text: string): boolean {
  return /%(?![0-9a-fA-F]{2})/.test(text)
}
