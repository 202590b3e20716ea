/**
 * File names are bytes. Those that are not UTF-8 are kept in strings as Python does (PEP 383, surrogateescape): each byte
 * that belongs to no character becomes the lone surrogate U+DC00 + byte, so that the name can be turned back.
 */
const LONE = /(?<![\uD800-\uDBFF])[\uDC80-\uDCFF]/
const ESCAPED = 0xdc00

/** True for a name with bytes in it that are no characters. */
export function hasForeignBytes(path: string): boolean {
  return LONE.test(path)
}

/** The bytes of a name. */
export function pathBytes(path: string): Uint8Array {
  const encoder = new TextEncoder()
  if (!hasForeignBytes(path)) return encoder.encode(path)
  const pieces = path
    .split(new RegExp(`(${LONE.source})`))
    .map((piece) => (LONE.test(piece) ? Uint8Array.of(piece.charCodeAt(0) - ESCAPED) : encoder.encode(piece)))
  const bytes = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

/** The name for bytes. */
export function pathText(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  const decode = (from: number, to: number): string | undefined => {
    try {
      return decoder.decode(bytes.subarray(from, to))
    } catch {
      return undefined
    }
  }
  const whole = decode(0, bytes.length)
  if (whole !== undefined) return whole
  let text = ''
  for (let at = 0; at < bytes.length;) {
    // A character of UTF-8 has at most four bytes, and none begins with another.
    const size = [1, 2, 3, 4].find((length) => at + length <= bytes.length && decode(at, at + length) !== undefined)
    text += size === undefined ? String.fromCharCode(ESCAPED + (bytes[at] as number)) : decode(at, at + size)
    at += size ?? 1
  }
  return text
}
