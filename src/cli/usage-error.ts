/** The command line cannot be done as it stands; shown as one message, exit code 2. */
export class UsageError extends Error {
  /** One thing to do next. */
  readonly hint: string | undefined
  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}
