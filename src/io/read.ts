import { constants } from 'node:fs'
import { diagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { ProgressHook } from '../core/options.ts'
import { decodeText } from '../core/text/decode.ts'
import { SourceText } from '../core/text/source.ts'
import type { InputFile } from './expand.ts'
import type { Host } from './host.ts'
import { PartReader } from './parts.ts'
import { errorCode, reason } from './trouble.ts'

/** What a file was like when it was read; two equal stamps mean that nobody wrote it in between. */
export interface Stamp {
  size: number
  mtimeMs: number
  ino: number
}

/** An input that was read and is text, or a part of a long one, behind which its next part follows. `stamp` is there for regular files, which can be written back. */
export interface LoadedFile {
  source: SourceText
  file: InputFile
  stamp: Stamp | undefined
}

export interface Loaded {
  files: readonly LoadedFile[]
  diagnostics: readonly Diagnostic[]
}

/** The name of standard input in messages. */
export const STDIN_LABEL = '<stdin>'

/** The stamp in what a file system tells of a file. */
export function stampOf({ size, mtimeMs, ino }: Stamp): Stamp {
  return { size, mtimeMs, ino }
}

export function sameStamp(a: Stamp, b: Stamp): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ino === b.ino
}

/** Bytes of a long file that are read at once. */
const PIECE = 1 << 20

/** To open a pipe that nobody writes to would wait for ever; this opens it at once. Windows has no such pipes. */
const AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/**
 * Reads a file into `add`; its stamp, or that it was written in between. Pipes and devices have no stamp, and are read
 * only where they were named outright.
 */
function readFile(fs: Host['fs'], { path, regular }: { path: string; regular: boolean }, add: (piece: Uint8Array) => void): Stamp | 'changed' | 'special' | undefined {
  const fd = fs.openSync(path, regular ? AT_ONCE : 'r')
  try {
    const before = fs.fstatSync(fd)
    if (regular && !before.isFile() && !before.isDirectory()) return 'special'
    let count = 0
    if (before.isFile() && before.size > PIECE) {
      const piece = Buffer.allocUnsafe(PIECE)
      for (;;) {
        const length = fs.readSync(fd, piece, 0, PIECE, null)
        if (length === 0) break
        add(piece.subarray(0, length))
        count += length
      }
    } else {
      const bytes = fs.readFileSync(fd)
      add(bytes)
      count = bytes.length
    }
    if (!before.isFile()) return undefined
    const after = fs.fstatSync(fd)
    return sameStamp(before, after) && count === after.size ? stampOf(after) : 'changed'
  } finally {
    fs.closeSync(fd)
  }
}

/** Takes the pieces of an input, each only good until the next, and makes its texts of them. */
interface Reader {
  add(piece: Uint8Array): void
  finish(): SourceText[] | Diagnostic
}

/** Makes an input one text, however long it is. */
function wholeReader(label: string): Reader {
  const pieces: Uint8Array[] = []
  return {
    add: (piece) => void pieces.push(Buffer.from(piece)),
    finish() {
      const [first = Buffer.alloc(0), another] = pieces
      const decoded = decodeText(label, another === undefined ? first : Buffer.concat(pieces))
      return decoded.ok ? [decoded.source] : decoded.diagnostic
    },
  }
}

function labelOf(file: InputFile): string {
  return file.kind === 'stdin' ? STDIN_LABEL : file.label
}

function at(label: string): { at: { source: SourceText; range: { start: number; end: number } } } {
  return { at: { source: new SourceText(label, ''), range: { start: 0, end: 0 } } }
}

async function loadOne(host: Host, file: InputFile, { countDocuments }: LoadOptions): Promise<LoadedFile[] | Diagnostic> {
  const label = labelOf(file)
  const reader = countDocuments === undefined ? wholeReader(label) : new PartReader(label, countDocuments)
  try {
    let stamp: Stamp | 'changed' | 'special' | undefined
    if (file.kind === 'stdin') for await (const piece of host.stdin.read()) reader.add(piece)
    else stamp = readFile(host.fs, file, (piece) => { reader.add(piece) })
    if (stamp === 'changed') return diagnostic('IO_CHANGED', 'the file was written while it was read', at(label))
    if (stamp === 'special') return diagnostic('IO_UNREADABLE', 'cannot be read: it is a pipe, socket or device', at(label))
    const texts = reader.finish()
    return Array.isArray(texts) ? texts.map((source) => ({ source, file, stamp })) : texts
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return diagnostic('IO_NOT_FOUND', 'there is no such file', at(label))
    return diagnostic('IO_UNREADABLE', `cannot be read: ${reason(error)}`, at(label))
  }
}

export interface LoadOptions {
  onProgress?: ProgressHook | undefined
  /** How many documents a text has. Given, a long input is loaded as several texts, each of whole documents. */
  countDocuments?: ((source: SourceText) => number) | undefined
}

/** Reads and decodes inputs, in order. Trouble with one does not hide another's. */
export async function loadInputs(host: Host, files: readonly InputFile[], options: LoadOptions = {}): Promise<Loaded> {
  const loaded: LoadedFile[] = []
  const diagnostics: Diagnostic[] = []
  for (const [n, file] of files.entries()) {
    options.onProgress?.('reading', n + 1, files.length, labelOf(file))
    const one = await loadOne(host, file, options)
    if (Array.isArray(one)) loaded.push(...one)
    else diagnostics.push(one)
  }
  return { files: loaded, diagnostics }
}

/** How many characters were read. */
export function sizeOf({ files }: Loaded): number {
  return files.reduce((size, { source }) => size + source.text.length, 0)
}
