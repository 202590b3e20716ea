/** The parts of a URL as written; the host includes its port. */
export interface UrlParts {
  readonly scheme: string
  readonly host: string
  /** Escaped as written. */
  readonly path: string
  readonly query: string
}

/** Whether Go's `url.ParseRequestURI` accepts a text: an absolute URI or an absolute path. */
export function isRequestUri(text: string): boolean {
  return parseRequestUri(text) !== undefined
}

/**
 * Parses a URL as Go's `url.ParseRequestURI` does; undefined where it fails.
 * Source: Go net/url parse, getScheme, parseAuthority, parseHost, unescape.
 */
export function parseRequestUri(text: string): UrlParts | undefined {
  // oxlint-disable-next-line no-control-regex -- these are what Go rejects
  if (text === '' || /[\u0000-\u001f\u007f]/.test(text)) return undefined
  if (text === '*') return { scheme: '', host: '', path: '*', query: '' }
  const split = splitScheme(text)
  if (split === undefined) return undefined
  const [scheme, rest] = split
  const [beforeQuery, query] = cut(rest, '?')
  if (!beforeQuery.startsWith('/')) return scheme === '' ? undefined : { scheme, host: '', path: '', query }
  // Without a scheme, a text that begins with two slashes is an absolute path without a host.
  const hasAuthority = scheme !== '' && beforeQuery.startsWith('//')
  const end = hasAuthority ? endOf(beforeQuery) : 0
  const host = hasAuthority ? parseAuthority(beforeQuery.slice(2, end)) : ''
  const path = beforeQuery.slice(end)
  if (host === undefined || hasBadEscape(path)) return undefined
  return { scheme: scheme.toLowerCase(), host, path, query }
}

/** Where the path begins after `//` and an authority. */
function endOf(text: string): number {
  const slash = text.indexOf('/', 2)
  return slash < 0 ? text.length : slash
}

function splitScheme(text: string): [scheme: string, rest: string] | undefined {
  const begin = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(text)?.[0]
  if (begin !== undefined) return [begin.slice(0, -1), text.slice(begin.length)]
  return text.startsWith(':') ? undefined : ['', text]
}

function cut(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** The host with its port, undefined where the authority is not valid. */
function parseAuthority(authority: string): string | undefined {
  const at = authority.lastIndexOf('@')
  const user = at < 0 ? '' : authority.slice(0, at)
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user) || hasBadEscape(user)) return undefined
  const host = authority.slice(at + 1)
  return isHost(host) ? host : undefined
}

function isHost(host: string): boolean {
  const end = host.startsWith('[') ? host.lastIndexOf(']') : host.lastIndexOf(':') - 1
  if (host.startsWith('[') && end < 0) return false
  const port = end < 0 && !host.startsWith(':') ? '' : host.slice(end + 1)
  if (!/^(?::[0-9]*)?$/.test(port)) return false
  if (hasBadEscape(host) || /%(?!25|[89a-fA-F])/.test(host)) return false
  return /^[A-Za-z0-9\-._~!$&'()*+,;=:[\]<>"%\u0080-\uffff]*$/.test(host)
}

function hasBadEscape(text: string): boolean {
  return /%(?![0-9a-fA-F]{2})/.test(text)
}
