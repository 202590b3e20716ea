import { encodeText } from './decode.ts'
import type { TextEdit } from './edit.ts'
import { SourceText } from './source.ts'

const BOM = '\uFEFF'
/** Bytes of a piece, and what is too little room to begin with another text. */
const PIECE = 1 << 18
const ROOM = 16

/** The UTF-8 of texts that follow one another, a piece at a time; each is good until the next is asked for. */
export function* encodePieces(texts: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  const buffer = new Uint8Array(PIECE)
  let filled = 0
  for (const text of texts) {
    for (let at = 0; at < text.length;) {
      const { read, written } = encoder.encodeInto(at === 0 ? text : text.slice(at), buffer.subarray(filled))
      at += read
      filled += written
      if (at === text.length && filled < PIECE - ROOM) break
      yield buffer.subarray(0, filled)
      filled = 0
    }
  }
  if (filled > 0) yield buffer.subarray(0, filled)
}

/** What a text became: an input, or one part of a long one. */
export interface TextPart {
  source: SourceText
  output: string
  /** By which the output comes from the source; absent where that is not known. */
  readonly edits?: readonly TextEdit[]
  /** The output piece by piece; absent where it is held anyway. */
  pieces?(): Iterable<string>
}

/** The bytes of an input as its parts have become, a piece at a time; each is good until the next is asked for. */
export function* encodeParts(parts: readonly TextPart[]): Generator<Uint8Array> {
  const [first, another] = parts
  if (first === undefined) return
  const {
    source: { encoding, bom },
  } = first
  if (another === undefined && !first.source.isStored) yield encodeText(first.output, encoding, bom)
  else yield* encodePieces(piecesOf(parts))
}

/** An input of several parts is UTF-8. */
function* piecesOf(parts: readonly TextPart[]): Generator<string> {
  if (parts[0]?.source.bom === true) yield BOM
  for (const part of parts) yield* part.pieces?.() ?? [part.output]
}

/** The bytes as they were read. */
export function encodeSources(sources: readonly SourceText[]): Generator<Uint8Array> {
  return encodeParts(
    sources.map((source) => ({
      source,
      get output() {
        return source.text
      },
    })),
  )
}

/** The consecutive parts of each input, from the parts of several inputs. */
export function groupParts<T extends { source: SourceText }>(all: readonly T[]): [T, ...T[]][] {
  const groups: [T, ...T[]][] = []
  for (const one of all) {
    const last = one.source.isContinued ? groups.at(-1) : undefined
    if (last === undefined) groups.push([one])
    else last.push(one)
  }
  return groups
}

/** An input of one or more parts as one text. */
export function joinParts(parts: readonly [{ source: SourceText }, ...{ source: SourceText }[]]): SourceText {
  const [
    {
      source: { label, encoding, bom },
    },
  ] = parts
  return !parts[0].source.isStored
    ? parts[0].source
    : new SourceText(label, parts.map(({ source }) => source.text).join(''), encoding, bom)
}
