import type { Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { plural } from './plural.ts'

/** The findings to show, in order. */
export interface LimitedFindings {
  shown: readonly Diagnostic[]
  /** Numbers of errors and other findings that are omitted. */
  omitted: { errors: number; others: number }
}

/** At most `max` findings: errors first, then others if there is room. They keep their order. */
export function limitFindings(found: readonly Diagnostic[], max: number): LimitedFindings {
  if (found.length <= max) return { shown: found, omitted: { errors: 0, others: 0 } }
  const all = found.reduce((count, one) => count + Number(isError(one)), 0)
  const room = { errors: Math.min(all, max), others: max - Math.min(all, max) }
  const shown = found.filter((one) => (isError(one) ? room.errors-- : room.others--) > 0)
  const errors = Math.max(0, all - max)
  return { shown, omitted: { errors, others: found.length - shown.length - errors } }
}

/** The text about omitted findings: `999 more findings (998 errors) not shown`. Empty if there are none. */
export function omittedText({ errors, others }: LimitedFindings['omitted']): string {
  if (errors + others === 0) return ''
  return `${plural(errors + others, 'more finding')}${errors > 0 ? ` (${plural(errors, 'error')})` : ''} not shown; use --max-findings 0 to show all`
}

function isError({ severity }: Diagnostic): boolean {
  return severity === 'error'
}
