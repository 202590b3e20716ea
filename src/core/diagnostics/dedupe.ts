import type { DiagnosticCode } from './codes.ts'
import type { Diagnostic } from './diagnostic.ts'

/** Errors in templates and parameter values occur for every workload that uses them. */
const OF_TEMPLATES: ReadonlySet<DiagnosticCode> = new Set([
  'PARAM_UNKNOWN',
  'PARAM_INVALID',
  'PARAM_REQUIRED',
  'TEMPLATE_INVALID',
])

/** The same diagnostics, with those that occur for several workloads reported once, for the first of them. */
export function dedupeDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const counts = new Map<string, number>()
  for (const one of diagnostics) {
    const key = keyOf(one)
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const reported = new Set<string>()
  return diagnostics.flatMap((one): Diagnostic[] => {
    const key = keyOf(one)
    if (key === undefined) return [one]
    if (reported.has(key)) return []
    reported.add(key)
    const others = (counts.get(key) ?? 1) - 1
    if (others === 0) return [one]
    return [{ ...one, message: `${one.message}; the same for ${others} other workload${others === 1 ? '' : 's'}` }]
  })
}

/** The same diagnostics, each once: several parts of a run may find the same at the same place. */
export function uniqueDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Set<string>()
  return diagnostics.filter(({ code, message, at }) => {
    const key = JSON.stringify([code, message, at?.source.label, at?.source.before.bytes, at?.range])
    return seen.size < seen.add(key).size
  })
}

function keyOf({ code, message, at }: Diagnostic): string | undefined {
  if (!OF_TEMPLATES.has(code)) return undefined
  return JSON.stringify([code, message, at?.source.label, at?.source.before.bytes, at?.range])
}
