import { getOrMake } from '../common/maps.ts'
import type { InjectOptions } from './options.ts'
import type { FileResult, WorkloadOutcome } from './result.ts'
import type { ServiceOutcome } from '../services/service-outcome.ts'
import { applyEdits, editedPieces, type TextEdit } from '../text/edit.ts'
import type { SourceText } from '../text/source.ts'

/** The length of a piece of output, in characters. */
const PIECE = 1 << 14

/**
 * A changed input, or a part of one. Where the text of the input is not in memory, its edits and output are not either.
 */
export class EditedFile implements FileResult {
  readonly source: SourceText
  readonly workloads: readonly WorkloadOutcome[]
  readonly services?: readonly ServiceOutcome[]
  readonly #edits: readonly TextEdit[] | (() => string)
  #made: string | undefined

  /**
   * @param edits the edits that turn the source into the output, or a function that loads them; empty where the two are
   *   equal
   */
  constructor(
    source: SourceText,
    workloads: readonly WorkloadOutcome[],
    edits: readonly TextEdit[] | (() => string),
    keepText: InjectOptions['keepText'],
    services: readonly ServiceOutcome[] = [],
  ) {
    this.source = source
    this.workloads = workloads
    if (services.length > 0) this.services = services
    const isHeld = typeof edits === 'function' || !source.isStored || keepText === undefined || edits.length === 0
    this.#edits = isHeld ? edits : keepText(packed(edits))
  }

  /** The same file with other outcomes. */
  with(workloads: readonly WorkloadOutcome[]): EditedFile {
    return new EditedFile(this.source, workloads, this.#edits, undefined, this.services)
  }

  get edits(): readonly TextEdit[] {
    return typeof this.#edits === 'function' ? unpacked(this.#edits()) : this.#edits
  }

  /** The output in pieces, of which only one is in memory at a time. */
  pieces(): Iterable<string> {
    return editedPieces(this.source.text, this.edits, PIECE)
  }

  get output(): string {
    if (this.#made !== undefined) return this.#made
    const text = applyEdits(this.source.text, this.edits)
    if (!this.source.isStored) this.#made = text
    return text
  }
}

/** Edits with every text only once, since most workloads of an input get the same. */
interface Packed {
  texts: string[]
  /** For each edit its start, its end, and the index of its text. */
  places: number[]
}

function packed(edits: readonly TextEdit[]): string {
  const numbers = new Map<string, number>()
  const places = edits.flatMap(({ start, end, text }) => {
    const number = getOrMake(numbers, text, () => numbers.size)
    return [start, end, number]
  })
  return JSON.stringify({ texts: [...numbers.keys()], places } satisfies Packed)
}

function unpacked(text: string): TextEdit[] {
  const { texts, places } = JSON.parse(text) as Packed
  return Array.from({ length: places.length / 3 }, (_, n) => ({
    start: places[3 * n] as number,
    end: places[3 * n + 1] as number,
    text: texts[places[3 * n + 2] as number] as string,
  }))
}
