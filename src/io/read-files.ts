import { constants } from 'node:fs'
import { LIMITS } from '../core/common/limits.ts'
import { diagnostic, type Diagnostic, fileLocation } from '../core/diagnostics/diagnostic.ts'
import type { ProgressHook } from '../core/diagnostics/progress.ts'
import { undecodable } from '../core/diagnostics/undecodable.ts'
import { decodeText } from '../core/text/decode.ts'
import type { SourceText } from '../core/text/source.ts'
import type { InputFile } from './discover.ts'
import type { Host } from './host.ts'
import type { ChunkReader, Chunking } from './chunked-input.ts'
import { errorCode, systemReason, StoreError } from './errors.ts'

/** Identity and times of a file when it was read; two equal identities mean that it was not written in between. */
export interface FileIdentity {
  size: number
  mtimeMs: number
  ino: number
}

/** An input that was read and is text, or a part of a long one, followed by its next part. `identity` is set for regular files, which can be written. */
export interface LoadedFile {
  source: SourceText
  file: InputFile
  identity: FileIdentity | undefined
}

export interface Loaded {
  files: readonly LoadedFile[]
  /** The number of bytes that were read. */
  size: number
  diagnostics: readonly Diagnostic[]
}

/** The name of standard input in messages. */
export const STDIN_LABEL = '<stdin>'

/** The identity in the status of a file. */
export function fileIdentity({ size, mtimeMs, ino }: FileIdentity): FileIdentity {
  return { size, mtimeMs, ino }
}

export function isSameFile(a: FileIdentity, b: FileIdentity): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ino === b.ino
}

/** Inputs of fewer bytes are never split into parts. */
const LONG = 8 << 20

/** Number of bytes of a long file that are read at once. */
const PIECE = 1 << 20

/** Opening a pipe without a writer would block for ever; this flag opens it at once. Windows has no such pipes. */
const AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** The pieces of an open file, each valid until the next; of a file that grows, not all. */
function* piecesOf(fs: Host['fs'], fd: number, stat: { isFile(): boolean; size: number }): Generator<Uint8Array> {
  const piece = Buffer.allocUnsafe(PIECE)
  const most = stat.isFile() ? stat.size : Infinity
  for (let size = 0; size <= most;) {
    const length = fs.readSync(fd, piece, 0, PIECE, null)
    if (length === 0) return
    size += length
    yield piece.subarray(0, length)
  }
}

/** The texts of an input, or why its bytes are not text, and its size in bytes. */
interface Taken {
  texts: SourceText[] | Diagnostic
  size: number
}

/** Decodes the pieces of an input into one text, or, if a long one is split, one for each part. Reads no further than the limits. */
async function take(
  label: string,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  parting: Chunking | undefined,
  sizes: Host['sizes'],
): Promise<Taken> {
  let held: Uint8Array[] = []
  let size = 0
  let reader: ChunkReader | undefined
  const most = sizes?.document ?? LIMITS.documentSize.value
  const mostInAll = sizes?.input ?? LIMITS.inputSize.value
  for await (const piece of pieces) {
    size += piece.length
    if (reader === undefined) held.push(new Uint8Array(piece))
    else reader.add(piece)
    if (parting === undefined && size > most) return { texts: await beyond(label, 'document', most), size }
    if (size > mostInAll) return { texts: await beyond(label, 'input', mostInAll), size }
    if (reader?.hasFailed === true) break
    if (reader !== undefined || parting === undefined || size < (sizes?.long ?? LONG)) continue
    const { ChunkReader } = await import('./chunked-input.ts')
    reader = new ChunkReader(label, parting, await parting.store())
    for (const one of held) reader.add(one)
    held = []
  }
  if (reader !== undefined) return { texts: reader.finish(), size }
  const [first = new Uint8Array(0), another] = held
  return takeWhole(label, another === undefined ? first : Buffer.concat(held))
}

function takeWhole(label: string, bytes: Uint8Array): Taken {
  const decoded = decodeText(label, bytes)
  return { texts: decoded.ok ? [decoded.source] : undecodable(decoded.error), size: bytes.length }
}

/** True for a file that is read at once, as it is too short for any limit but those of a test. */
function isShort(stat: { isFile(): boolean; size: number }, sizes: Host['sizes']): boolean {
  return stat.isFile() && stat.size < LONG && sizes === undefined
}

/** The bytes of an open file; of one that grew, one byte more than it had. */
function readWhole(fs: Host['fs'], fd: number, size: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(size + 1)
  let done = 0
  for (let count = -1; count !== 0 && done < bytes.length; done += count)
    count = fs.readSync(fd, bytes, done, bytes.length - done, null)
  return bytes.subarray(0, done)
}

async function beyond(label: string, what: 'document' | 'input', most: number): Promise<Diagnostic> {
  const { tooLarge } = await import('./chunked-input.ts')
  return tooLarge(label, what, most)
}

/**
 * Reads a file and its identity, or finds that it changed meanwhile. Pipes and devices have no identity and are read only if
 * the user named them.
 */
async function readFile(
  { fs, sizes }: Host,
  { path, regular, label }: Extract<InputFile, { kind: 'file' }>,
  parting: Chunking | undefined,
): Promise<(Taken & { identity: FileIdentity | 'changed' | undefined }) | 'special'> {
  const fd = fs.openSync(path, regular ? AT_ONCE : 'r')
  try {
    const before = fs.fstatSync(fd)
    if (regular && !before.isFile() && !before.isDirectory()) return 'special'
    const { texts, size } = isShort(before, sizes)
      ? takeWhole(label, readWhole(fs, fd, before.size))
      : await take(label, piecesOf(fs, fd, before), parting, sizes)
    if (!before.isFile()) return { texts, size, identity: undefined }
    const after = fs.fstatSync(fd)
    const identity = isSameFile(before, after) && size === after.size ? fileIdentity(after) : 'changed'
    return { texts, size, identity }
  } finally {
    fs.closeSync(fd)
  }
}

function labelOf(file: InputFile): string {
  return file.kind === 'stdin' ? STDIN_LABEL : file.label
}

function at(label: string): { at: { source: SourceText; range: { start: number; end: number } } } {
  return { at: fileLocation(label) }
}

interface One {
  files: LoadedFile[]
  size: number
}

async function loadOne(host: Host, file: InputFile, { parting }: LoadOptions): Promise<One | Diagnostic> {
  const label = labelOf(file)
  try {
    const read =
      file.kind === 'stdin'
        ? { ...(await take(label, host.stdin.read(), parting, host.sizes)), identity: undefined }
        : await readFile(host, file, parting)
    if (read === 'special')
      return diagnostic('IO_UNREADABLE', 'cannot be read: it is a pipe, socket or device', at(label))
    const { texts, size, identity } = read
    if (!Array.isArray(texts)) return texts
    if (identity === 'changed') return diagnostic('IO_CHANGED', 'the file changed while it was being read', at(label))
    return { files: texts.map((source) => ({ source, file, identity })), size }
  } catch (error) {
    if (error instanceof StoreError) throw error
    if (errorCode(error) === 'ENOENT') return diagnostic('IO_NOT_FOUND', 'no such file', at(label))
    return diagnostic('IO_UNREADABLE', `cannot be read: ${systemReason(error)}`, at(label))
  }
}

export interface LoadOptions {
  onProgress?: ProgressHook | undefined
  /** If set, a long input is loaded as several texts of whole documents. */
  parting?: Chunking | undefined
}

/** Reads and decodes inputs, in order. An error in one does not hide those of others. */
export async function loadInputs(host: Host, files: readonly InputFile[], options: LoadOptions = {}): Promise<Loaded> {
  const loaded: LoadedFile[] = []
  const diagnostics: Diagnostic[] = []
  let size = 0
  for (const [n, file] of files.entries()) {
    options.onProgress?.('reading', n + 1, files.length, labelOf(file))
    const one = await loadOne(host, file, options)
    if ('code' in one) diagnostics.push(one)
    else {
      for (const each of one.files) loaded.push(each)
      size += one.size
    }
  }
  return { files: loaded, diagnostics, size }
}
