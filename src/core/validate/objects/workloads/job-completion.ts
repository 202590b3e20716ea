import type { Field } from '../field.ts'

const CODE = 'JOB_COMPLETION'
/** Source: the constants of batch validation. */
const MAX_PARALLELISM = 100_000
const MAX_FAILED_INDEXES = 100_000
const MANY_COMPLETIONS = 100_000
const LIMIT_WITH_MANY = 10_000

/**
 * Completion mode, and the counts that belong to Indexed Jobs only.
 * Source: batch validation validateJobSpec (KEP-2214, KEP-3850).
 */
export function completion(spec: Field, defaulted: boolean): void {
  const mode = spec.get('completionMode')
  const perIndex = spec.get('backoffLimitPerIndex')
  const maxFailed = spec.get('maxFailedIndexes')
  mode.oneOfStrict(CODE, ['NonIndexed', 'Indexed'])
  if (maxFailed.present && !perIndex.present) perIndex.required('FIELD_REQUIRED', 'when maxFailedIndexes is specified')
  if (mode.text === 'Indexed') {
    indexed(spec, defaulted)
    return
  }
  if (mode.present && mode.text !== 'NonIndexed') return
  for (const field of [perIndex, maxFailed]) {
    if (field.present) field.invalid(CODE, 'requires indexed completion mode', { hint: 'add completionMode: Indexed' })
  }
}

function indexed(spec: Field, defaulted: boolean): void {
  const completions = spec.get('completions')
  const parallelism = spec.get('parallelism')
  const maxFailed = spec.get('maxFailedIndexes')
  if (!completions.present && !(defaulted && !parallelism.present)) {
    completions.required('FIELD_REQUIRED', 'when completion mode is Indexed')
  }
  atMost(parallelism, MAX_PARALLELISM, ' when completion mode is Indexed')
  if (completions.number !== undefined && (maxFailed.number ?? 0) > completions.number) {
    maxFailed.invalid(CODE, 'must be less than or equal to completions')
  }
  atMost(maxFailed, MAX_FAILED_INDEXES, '')
  if ((completions.number ?? 0) <= MANY_COMPLETIONS || !spec.get('backoffLimitPerIndex').present) return
  const why = ` when completions are above ${MANY_COMPLETIONS} and used with backoff limit per index`
  if (!maxFailed.present)
    maxFailed.required('FIELD_REQUIRED', `must be specified when completions is above ${MANY_COMPLETIONS}`)
  atMost(parallelism, LIMIT_WITH_MANY, why)
  atMost(maxFailed, LIMIT_WITH_MANY, why)
}

function atMost(field: Field, max: number, why: string): void {
  if ((field.number ?? 0) > max) field.invalid(CODE, `must be less than or equal to ${max}${why}`)
}
