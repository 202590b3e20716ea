import { diffArrays } from 'diff'
import { encodeText } from '../core/text/decode.ts'
import type { SourceText } from '../core/text/source.ts'
import { paint } from './paint.ts'

/** A file before and after, and its path in the patch: relative, with `/`, without `a/` or `b/`. */
export interface FileChange {
  name: string
  source: SourceText
  output: string
}

/** One line of the comparison: kept, removed or added; `text` includes its line end. */
interface Line {
  sign: ' ' | '-' | '+'
  text: string
}

const CONTEXT = 3
/** Beyond this many edits in one document the exact comparison costs too much; then the document is replaced whole. */
const MAX_EDITS = 4000

function splitLines(text: string): string[] {
  const lines = text.split('\n').map((line) => `${line}\n`)
  const last = (lines.pop() as string).slice(0, -1)
  return last === '' ? lines : [...lines, last]
}

/** When every line of `few` is found in `many` in order, the lines of `many` with the missing ones signed. */
function subsequence(few: readonly string[], many: readonly string[], sign: '+' | '-'): Line[] | undefined {
  let next = 0
  const lines = many.map((text): Line => {
    const kept = next < few.length && few[next] === text
    if (kept) next++
    return { sign: kept ? ' ' : sign, text }
  })
  return next === few.length ? lines : undefined
}

function signed(sign: Line['sign']): (text: string) => Line {
  return (text) => ({ sign, text })
}

function compare(before: readonly string[], after: readonly string[]): Line[] {
  // Injecting only adds and undoing only removes, so this linear way is the usual one.
  const simple = subsequence(before, after, '+') ?? subsequence(after, before, '-')
  if (simple !== undefined) return simple
  const parts = diffArrays([...before], [...after], { maxEditLength: MAX_EDITS })
  if (parts === undefined) return [...before.map(signed('-')), ...after.map(signed('+'))]
  return parts.flatMap((part) => part.value.map(signed(part.added ? '+' : part.removed ? '-' : ' ')))
}

/** Groups of lines, each beginning at a document marker. */
function documents(lines: readonly string[]): string[][] {
  const groups: string[][] = [[]]
  for (const line of lines) {
    if (line.startsWith('---')) groups.push([])
    groups[groups.length - 1]?.push(line)
  }
  return groups
}

/** Compares document by document where both sides have as many, which keeps large streams linear. */
function compareTexts(before: string, after: string): Line[] {
  const [a, b] = [splitLines(before), splitLines(after)]
  const [x, y] = [documents(a), documents(b)]
  return x.length === y.length ? x.flatMap((group, i) => compare(group, y[i] as string[])) : compare(a, b)
}

/** Start and end (exclusive) of the stretches of lines to show: changes with their context, joined where they meet. */
function stretches(lines: readonly Line[]): { start: number; end: number }[] {
  const found: { start: number; end: number }[] = []
  for (const [i, line] of lines.entries()) {
    if (line.sign === ' ') continue
    const start = Math.max(0, i - CONTEXT)
    const end = Math.min(lines.length, i + CONTEXT + 1)
    const last = found[found.length - 1]
    if (last !== undefined && start <= last.end) last.end = end
    else found.push({ start, end })
  }
  return found
}

function lineRange(first: number, count: number): string {
  return count === 1 ? String(first) : `${count === 0 ? first - 1 : first},${count}`
}

type Colour = (sign: Line['sign'] | '@', text: string) => string

function hunks(lines: readonly Line[], colour: Colour): string[] {
  const out: string[] = []
  let [done, oldLine, newLine] = [0, 1, 1]
  const count = (from: number, to: number, without: Line['sign']): number => {
    let n = 0
    for (let i = from; i < to; i++) if (lines[i]?.sign !== without) n++
    return n
  }
  for (const { start, end } of stretches(lines)) {
    oldLine += count(done, start, '+')
    newLine += count(done, start, '-')
    const [oldCount, newCount] = [count(start, end, '+'), count(start, end, '-')]
    out.push(`${colour('@', `@@ -${lineRange(oldLine, oldCount)} +${lineRange(newLine, newCount)} @@`)}\n`)
    for (const { sign, text } of lines.slice(start, end)) {
      const ended = text.endsWith('\n')
      out.push(`${colour(sign, sign + (ended ? text.slice(0, -1) : text))}\n`)
      if (!ended) out.push('\\ No newline at end of file\n')
    }
    oldLine += oldCount
    newLine += newCount
    done = end
  }
  return out
}

const QUOTED: Readonly<Record<string, string | undefined>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
}

/** A path as git writes it in a patch: quoted when it holds control characters, quotes or other than ASCII. */
export function quotePath(path: string): string {
  const pieces = Array.from(new TextEncoder().encode(path), (byte) => {
    const c = String.fromCharCode(byte)
    return QUOTED[c] ?? (byte < 0x20 || byte > 0x7e ? `\\${byte.toString(8).padStart(3, '0')}` : c)
  })
  if (pieces.some((piece) => piece.length > 1)) return `"${pieces.join('')}"`
  // A tab ends a name that holds spaces; without it GNU patch takes the rest for a date.
  return path.includes(' ') ? `${path}\t` : path
}

/** Bytes as a string of characters U+0000 to U+00FF, so that lines can be compared whatever the encoding. */
function byteString(bytes: Uint8Array): string {
  const parts: string[] = []
  for (let i = 0; i < bytes.length; i += 8192) parts.push(String.fromCharCode(...bytes.subarray(i, i + 8192)))
  return parts.join('')
}

function stringBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0))
}

function filePatch(change: FileChange, color: boolean): Uint8Array {
  const { source, output } = change
  const style = paint(color)
  const colours = { '@': style.cyan, '+': style.green, '-': style.red, ' ': (text: string) => text } as const
  const colour: Colour = (sign, text) => colours[sign](text)
  const header = `${style.bold(`--- ${quotePath(`a/${change.name}`)}`)}\n${style.bold(`+++ ${quotePath(`b/${change.name}`)}`)}\n`
  const body = (before: string, after: string): string => header + hunks(compareTexts(before, after), colour).join('')
  if (source.encoding === 'utf-8') {
    const bom = source.bom ? '\uFEFF' : ''
    return new TextEncoder().encode(body(bom + source.text, bom + output))
  }
  // A patch is made of bytes: lines of a UTF-16 file end after the byte 0x0A, in the middle of a character.
  const bytes = (text: string): string => byteString(encodeText(text, source.encoding, source.bom))
  return stringBytes(body(bytes(source.text), bytes(output)))
}

/**
 * The changes as a patch for `git apply` and `patch -p1`. Headers are the traditional two lines without `diff --git`,
 * because git takes paths after the latter from the top of the repository, and without it from the working folder.
 */
export function patchBytes(changes: readonly FileChange[], color: boolean): Uint8Array {
  const parts = changes.filter((c) => c.output !== c.source.text).map((c) => filePatch(c, color))
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}
