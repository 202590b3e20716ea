import { dirname } from 'node:path'
import { diagnostic, type Diagnostic, fileLocation } from '../core/diagnostics/diagnostic.ts'
import type { FileSystem } from './host.ts'
import { errorCode, systemReason } from './errors.ts'
import { linkStatOf } from './stat.ts'

/** A file to create. */
export interface NewFile {
  /** Its name in messages. */
  label: string
  /** Absolute. */
  path: string
  text: string
  /** Permissions. */
  mode: number
}

/**
 * Creates files. Unless forced, nothing is written if one of them already exists, and a file is never
 * written through a link.
 * @returns the errors; empty if all files were written
 */
export function createFiles(fs: FileSystem, files: readonly NewFile[], force: boolean): Diagnostic[] {
  const taken = files.filter(({ path }) => !force && linkStatOf(fs, path) !== undefined)
  if (taken.length > 0)
    return taken.map(({ label }) =>
      problem(label, 'IO_EXISTS', 'already exists, not overwritten', 'use --force to overwrite it'),
    )
  for (const file of files) {
    try {
      makeFolder(fs, dirname(file.path))
      if (force && linkStatOf(fs, file.path) !== undefined) fs.unlinkSync(file.path)
      const fd = fs.openSync(file.path, 'wx', file.mode)
      try {
        const bytes = Buffer.from(file.text)
        let done = 0
        while (done < bytes.length) done += fs.writeSync(fd, bytes, done)
        fs.fchmodSync(fd, file.mode)
      } finally {
        fs.closeSync(fd)
      }
    } catch (error) {
      return [problem(file.label, 'IO_WRITE_FAILED', `cannot be written: ${systemReason(error)}`)]
    }
  }
  return []
}

function makeFolder(fs: FileSystem, path: string): void {
  try {
    fs.mkdirSync(path, { recursive: true })
  } catch (error) {
    // That a file is in its place.
    throw errorCode(error) === 'EEXIST' ? Object.assign(new Error(path), { code: 'ENOTDIR' }) : error
  }
}

function problem(label: string, code: 'IO_EXISTS' | 'IO_WRITE_FAILED', message: string, hint?: string): Diagnostic {
  const at = fileLocation(label)
  return diagnostic(code, message, { at, hint })
}
