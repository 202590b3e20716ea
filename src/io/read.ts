import { diagnostic, type Diagnostic } from '../core/diagnostic.ts'
import type { ProgressHook } from '../core/options.ts'
import { decodeText } from '../core/text/decode.ts'
import { SourceText } from '../core/text/source.ts'
import type { InputFile } from './expand.ts'
import type { Host } from './host.ts'
import { errorCode, reason } from './trouble.ts'

/** What a file was like when it was read; two equal stamps mean that nobody wrote it in between. */
export interface Stamp {
  size: number
  mtimeMs: number
  ino: number
}

/** An input that was read and is text. `stamp` is there for regular files, which can be written back. */
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

interface Bytes {
  bytes: Uint8Array
  stamp: Stamp | undefined
}

export function sameStamp(a: Stamp, b: Stamp): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.ino === b.ino
}

function readRegular(fs: Host['fs'], path: string): Bytes | 'changed' {
  const fd = fs.openSync(path, 'r')
  try {
    const before = fs.fstatSync(fd)
    const bytes = fs.readFileSync(fd)
    if (!before.isFile()) return { bytes, stamp: undefined }
    const after = fs.fstatSync(fd)
    return sameStamp(before, after) && bytes.length === after.size
      ? { bytes, stamp: stampOf(after) }
      : 'changed'
  } finally {
    fs.closeSync(fd)
  }
}

function labelOf(file: InputFile): string {
  return file.kind === 'stdin' ? STDIN_LABEL : file.label
}

function at(label: string): { at: { source: SourceText; range: { start: number; end: number } } } {
  return { at: { source: new SourceText(label, ''), range: { start: 0, end: 0 } } }
}

async function loadOne(host: Host, file: InputFile): Promise<LoadedFile | Diagnostic> {
  const label = labelOf(file)
  try {
    const read =
      file.kind === 'stdin' ? { bytes: await host.stdin.read(), stamp: undefined } : readRegular(host.fs, file.path)
    if (read === 'changed') return diagnostic('IO_CHANGED', 'the file was written while it was read', at(label))
    const decoded = decodeText(label, read.bytes)
    return decoded.ok ? { source: decoded.source, file, stamp: read.stamp } : decoded.diagnostic
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return diagnostic('IO_NOT_FOUND', 'there is no such file', at(label))
    return diagnostic('IO_UNREADABLE', `cannot be read: ${reason(error)}`, at(label))
  }
}

/** Reads and decodes inputs, in order. Trouble with one does not hide another's. */
export async function loadInputs(host: Host, files: readonly InputFile[], onProgress?: ProgressHook): Promise<Loaded> {
  const loaded: LoadedFile[] = []
  const diagnostics: Diagnostic[] = []
  for (const [n, file] of files.entries()) {
    onProgress?.('reading', n + 1, files.length, labelOf(file))
    const one = await loadOne(host, file)
    if ('source' in one) loaded.push(one)
    else diagnostics.push(one)
  }
  return { files: loaded, diagnostics }
}
