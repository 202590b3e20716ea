import { diagnostic, type Diagnostic, fileLocation } from '../core/diagnostics/diagnostic.ts'
import { encodeSources, type TextPart } from '../core/text/parts.ts'
import type { SourceText } from '../core/text/source.ts'
import { systemReason } from './errors.ts'
import type { FileIdentity, LoadedFile } from './read-files.ts'

/** A file and its new content, in one or more parts. */
export interface FileWrite {
  file: LoadedFile
  parts: readonly TextPart[]
}

/** The state of a change: the real path of the file, and its temporary files. */
export interface WriteStep {
  source: SourceText
  change: FileWrite
  /** The file itself, links followed. */
  target: string
  /** The temporary file with the complete new content; undefined before it is created and after it has replaced the target. */
  temporary: string | undefined
  /** The identity of the temporary file, which identifies it after it has replaced the target. */
  made: FileIdentity | undefined
  /** The original file under a second name, to restore it if a later file fails. */
  backup: string | undefined
  replaced: boolean
  /** Properties of the original file that the new one does not have, for messages. */
  lost: string[]
  /** Whether the original content must be restored on failure. */
  isBack: boolean
}

/** Ends the run with one diagnostic; all changes so far are rolled back. */
export class Refusal extends Error {
  readonly diagnostic: Diagnostic
  constructor(code: Diagnostic['code'], source: SourceText, message: string, hint?: string) {
    super(message)
    const at = fileLocation(source.label)
    this.diagnostic = diagnostic(code, message, { at, hint })
  }
}

/** The refusal of a file because of an error of the system. */
export function refusedBy(source: SourceText, what: string, error: unknown): Refusal {
  return new Refusal('IO_WRITE_FAILED', source, `${what}: ${systemReason(error)}`)
}

/** The bytes of the file as it was read. */
export function originalBytes({ change }: WriteStep): Generator<Uint8Array> {
  return encodeSources(change.parts.map(({ source }) => source))
}
