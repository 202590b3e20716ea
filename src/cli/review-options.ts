import type { Host } from '../io/host.ts'
import { STATUS_FORMATS, type StatusFormat } from '../report/status.ts'
import { oneOf, resolveOptions, type RawOptions, type RunOptions } from './options.ts'
import { UsageError } from './usage-error.ts'

/** One check, status or explain, fully decided. Frozen. */
export interface ReviewOptions extends RunOptions {
  /** What `status` prints. Default: table. */
  readonly format: StatusFormat
  /** Write the files as they should be. Default: no. */
  readonly fix: boolean
}

/** Turns flags and arguments into one frozen, typed object; throws UsageError for what cannot be meant. */
export function resolveReviewOptions(raw: RawOptions, args: readonly string[], host: Host): ReviewOptions {
  const { output, ...rest } = raw
  const options = resolveOptions(rest, args, host)
  const fix = raw.fix === true
  if (fix && (options.paths.length === 0 || options.paths.includes('-'))) {
    throw new UsageError('--fix needs the files to edit', 'name files or folders')
  }
  return Object.freeze<ReviewOptions>({
    ...options,
    format: output === undefined ? 'table' : oneOf('-o/--output', output, STATUS_FORMATS),
    fix,
  })
}
