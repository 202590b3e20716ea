import type { Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { plural } from './plural.ts'

/** Numbers of errors and other findings that are omitted. */
export interface OmittedFindings {
  errors: number
  others: number
}

/**
 * Counts the findings to show, in their order: the first `max` errors and the first `max` others, so that no number of
 * warnings hides an error, and each is decided on as it comes.
 */
export class FindingLimit {
  readonly omitted: OmittedFindings = { errors: 0, others: 0 }
  readonly #room: OmittedFindings

  constructor(max: number) {
    this.#room = { errors: max, others: max }
  }

  /** Counts a finding, and says whether it is shown. */
  admits({ severity }: Pick<Diagnostic, 'severity'>): boolean {
    const which = severity === 'error' ? 'errors' : 'others'
    const isShown = this.#room[which]-- > 0
    if (!isShown) this.omitted[which]++
    return isShown
  }
}

/** The text about omitted findings: `999 more findings (998 errors) not shown`. Empty if there are none. */
export function omittedText({ errors, others }: OmittedFindings): string {
  if (errors + others === 0) return ''
  return `${plural(errors + others, 'more finding')}${errors > 0 ? ` (${plural(errors, 'error')})` : ''} not shown; use --max-findings 0 to show all`
}
