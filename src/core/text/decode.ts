import { SourceText, type PrecedingText, type Encoding } from './source.ts'

/** Why bytes are not text that kubectl reads. */
export interface DecodeError {
  /** The text up to the first byte that could not be decoded. */
  source: SourceText
  /** 0-based offset of that byte's place in the text of `source`: its end. */
  offset: number
  message: string
  hint: string
}

/** The text of an input, or why its bytes are not text. */
export type Decoded = { ok: true; source: SourceText } | { ok: false; error: DecodeError }

const BOM = '\uFEFF'
const HINT = 'save the file as UTF-8, or as UTF-16 with a byte order mark'

function startsWith(bytes: Uint8Array, ...prefix: number[]): boolean {
  return bytes.length >= prefix.length && prefix.every((byte, i) => bytes[i] === byte)
}

function swapPairs(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.length)
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    out[i] = bytes[i + 1] as number
    out[i + 1] = bytes[i] as number
  }
  return out
}

/** The length of the UTF-8 sequence at `at`, or 0 where the bytes are none (RFC 3629, table 3-7 of Unicode). */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number
  if (first < 0x80) return 1
  const length =
    first >= 0xc2 && first <= 0xdf ? 2 : first >= 0xe0 && first <= 0xef ? 3 : first >= 0xf0 && first <= 0xf4 ? 4 : 0
  if (length === 0) return 0
  const second = bytes[at + 1] ?? 0
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf
  if (second < low || second > high) return 0
  for (let i = 2; i < length; i++) {
    if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0
  }
  return length
}

/** 0-based position of the first byte that is not UTF-8; the length when all are. */
export function firstInvalidByte(bytes: Uint8Array): number {
  let at = 0
  while (at < bytes.length) {
    const length = sequenceLength(bytes, at)
    if (length === 0) return at
    at += length
  }
  return at
}

/** 0-based index of the first surrogate without its partner, or -1. */
function loneSurrogate(text: string): number {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c < 0xd800 || c > 0xdfff) continue
    const next = text.charCodeAt(i + 1)
    if (c > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return i
    i++
  }
  return -1
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, '0').toUpperCase()}`
}

function decodeUtf16(label: string, bytes: Uint8Array, encoding: Encoding): Decoded {
  const refuse = (message: string, text: string): Decoded =>
    refused(new SourceText(label, text, encoding, true), text.length, message)
  const body = bytes.subarray(2)
  const text = new TextDecoder('utf-16le', { ignoreBOM: true }).decode(
    encoding === 'utf-16le' ? body.subarray(0, body.length & ~1) : swapPairs(body.subarray(0, body.length & ~1)),
  )
  // The decoder replaces a lone surrogate by U+FFFD, so a real U+FFFD in the text needs a look at the bytes.
  const bad = text.includes('\uFFFD') ? loneSurrogate(rawUnits(body, encoding)) : -1
  if (bad >= 0) {
    return refuse(`the text is not UTF-16: half a surrogate pair at byte ${2 * bad + 3}`, text.slice(0, bad))
  }
  if (body.length % 2 === 1) return refuse('the text is not UTF-16: it ends in the middle of a character', text)
  return withoutNul(new SourceText(label, text, encoding, true), (index) => 2 * index + 3)
}

function rawUnits(body: Uint8Array, encoding: Encoding): string {
  const [high, low] = encoding === 'utf-16le' ? [1, 0] : [0, 1]
  let out = ''
  for (let i = 0; i + 1 < body.length; i += 2) {
    out += String.fromCharCode(((body[i + high] as number) << 8) | (body[i + low] as number))
  }
  return out
}

function refused(source: SourceText, offset: number, message: string): Decoded {
  return { ok: false, error: { source, offset, message, hint: HINT } }
}

function withoutNul(source: SourceText, byteNumber: (index: number) => number): Decoded {
  const index = source.text.indexOf('\0')
  if (index < 0) return { ok: true, source }
  const head = new SourceText(source.label, source.text.slice(0, index), source.encoding, source.bom, source.before)
  return refused(head, index, `NUL at byte ${byteNumber(index)}: this is not text, or UTF-16 without a byte order mark`)
}

/**
 * Turns the bytes of an input into text: UTF-8 with or without byte order mark, UTF-16 of either order with one.
 * Refused with the 1-based number of the byte: anything that is not valid in its encoding, UTF-32,
 * and NUL, which YAML and JSON both forbid. kubectl itself replaces invalid bytes by U+FFFD; a file that is to come
 * out byte for byte cannot be treated so.
 * @param before what precedes these bytes, for a part of a long input other than the first
 */
export function decodeText(label: string, bytes: Uint8Array, before?: PrecedingText): Decoded {
  if (before !== undefined) return decodeUtf8(label, bytes, false, before)
  if (startsWith(bytes, 0xff, 0xfe, 0, 0) || startsWith(bytes, 0, 0, 0xfe, 0xff)) {
    return refused(new SourceText(label, ''), 0, 'the text is UTF-32, which kubectl does not read')
  }
  if (startsWith(bytes, 0xff, 0xfe)) return decodeUtf16(label, bytes, 'utf-16le')
  if (startsWith(bytes, 0xfe, 0xff)) return decodeUtf16(label, bytes, 'utf-16be')
  return decodeUtf8(label, bytes, startsWith(bytes, 0xef, 0xbb, 0xbf))
}

function decodeUtf8(label: string, bytes: Uint8Array, bom: boolean, before?: PrecedingText): Decoded {
  const body = bom ? bytes.subarray(3) : bytes
  const skipped = (before?.bytes ?? 0) + (bom ? 3 : 0)
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const text = decoder.decode(body)
  if (text.includes('\uFFFD')) {
    const bad = firstInvalidByte(body)
    if (bad < body.length) {
      const head = decoder.decode(body.subarray(0, bad))
      const message = `the text is not UTF-8: byte ${skipped + bad + 1} is ${hex(body[bad] as number)}`
      return refused(new SourceText(label, head, 'utf-8', bom, before), head.length, message)
    }
  }
  const bytesBefore = (index: number): number => new TextEncoder().encode(text.slice(0, index)).length
  return withoutNul(new SourceText(label, text, 'utf-8', bom, before), (index) => skipped + bytesBefore(index) + 1)
}

/** The text of a file that is held as a string, which can have a byte order mark. Refused as `decodeText` does. */
export function decodeString(label: string, text: string): Decoded {
  const bom = text.startsWith(BOM)
  const body = bom ? text.slice(1) : text
  const lone = loneSurrogate(body)
  if (lone >= 0) {
    const source = new SourceText(label, body.slice(0, lone), 'utf-8', bom)
    return refused(source, lone, `the text is not Unicode: half a surrogate pair at character ${lone + 1}`)
  }
  const at = body.indexOf('\0')
  if (at < 0) return { ok: true, source: new SourceText(label, body, 'utf-8', bom) }
  return refused(new SourceText(label, body.slice(0, at), 'utf-8', bom), at, `NUL at character ${at + 1}`)
}

/** The bytes of a text in an encoding, with its byte order mark where `bom`: the exact inverse of `decodeText`. */
export function encodeText(text: string, encoding: Encoding, bom: boolean): Uint8Array {
  const whole = bom ? BOM + text : text
  if (encoding === 'utf-8') return new TextEncoder().encode(whole)
  const out = new Uint8Array(whole.length * 2)
  const [high, low] = encoding === 'utf-16le' ? [1, 0] : [0, 1]
  for (let i = 0; i < whole.length; i++) {
    const unit = whole.charCodeAt(i)
    out[2 * i + high] = unit >> 8
    out[2 * i + low] = unit & 0xff
  }
  return out
}
