/** An edit that cannot be made without touching more than it should; `offset` says where. */
export class EditError extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** Where the way that the user wrote something leaves no place for an entry; the hint says how to write it. */
export class EditLayoutError extends EditError {
  readonly hint: string

  constructor(message: string, offset: number, hint: string) {
    super(message, offset)
    this.hint = hint
  }
}
