/** The error for an edit that is not possible without changing more than it should; `offset` is 0-based. */
export class EditError extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** The error for a layout of the user's that leaves no place for an edit; the hint says what to write instead. */
export class EditLayoutError extends EditError {
  readonly hint: string

  constructor(message: string, offset: number, hint: string) {
    super(message, offset)
    this.hint = hint
  }
}
