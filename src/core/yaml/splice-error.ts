/** An edit that cannot be made without touching more than it should; `offset` says where. */
export class SpliceError extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}
