import type { FileResult, WorkloadOutcome } from '../result.ts'
import { applyEdits, type TextEdit } from '../text/edit.ts'
import type { SourceText } from '../text/source.ts'

/** Characters of a text that is not kept beside its edits. */
const LARGE = 1 << 20

/** A changed input. A large text is made whenever it is asked for, so that not all of a long input's are there at once. */
export class EditedFile implements FileResult {
  readonly source: SourceText
  readonly workloads: readonly WorkloadOutcome[]
  readonly #edits: readonly TextEdit[]
  #made: string | undefined

  constructor(source: SourceText, workloads: readonly WorkloadOutcome[], edits: readonly TextEdit[]) {
    this.source = source
    this.workloads = workloads
    this.#edits = edits
  }

  get output(): string {
    const text = this.#made ?? applyEdits(this.source.text, this.#edits)
    if (text.length < LARGE) this.#made = text
    return text
  }
}
