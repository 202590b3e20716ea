/** The command line is invalid; printed as one message, exit code 2. */
export class UsageError extends Error {
  /** What to do. */
  readonly hint: string | undefined
  constructor(message: string, hint?: string) {
    super(message)
    this.hint = hint
  }
}

/** A command that reads manifests got none; printed after the command's help, exit code 2. */
export class MissingInputError extends UsageError {
  constructor() {
    super('no PATH given and standard input is not a pipe')
  }
}
