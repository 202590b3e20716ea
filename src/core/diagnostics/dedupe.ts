import type { DiagnosticCode } from './codes.ts'
import type { Diagnostic } from './diagnostic.ts'

/** Problems with templates, parameter values and the policy occur for every workload that uses them. */
const OF_TEMPLATES: ReadonlySet<DiagnosticCode> = new Set([
  'PARAM_UNKNOWN',
  'PARAM_INVALID',
  'PARAM_REQUIRED',
  'TEMPLATE_INVALID',
  'IMAGE_NOT_PINNED',
  'INIT_CONTAINER_UNKNOWN',
  'START_IGNORED',
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
    if (one.code === 'PARAM_REQUIRED')
      return [{ ...one, related: [...(one.related ?? []), ...alike(one, key, diagnostics)] }]
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

/** Maximum number of workloads that are named. */
const MAX_NAMED = 100

/** The other workloads that require the same parameter. */
function alike(
  first: Diagnostic,
  key: string | undefined,
  all: readonly Diagnostic[],
): NonNullable<Diagnostic['related']> {
  const others = all.filter((one) => one !== first && keyOf(one) === key)
  return others.slice(0, MAX_NAMED).flatMap(({ at, resource }, n) => {
    if (at === undefined || resource === undefined) return []
    const rest =
      n + 1 === MAX_NAMED && others.length > MAX_NAMED ? `, and ${others.length - MAX_NAMED} more workloads` : ''
    const { kind, namespace, name } = resource
    const message = `${kind} ${namespace === '' ? '' : `${namespace}/`}${name} requires it too${rest}`
    return [{ message, at, isBrief: true as const }]
  })
}

function keyOf({ code, message, at }: Diagnostic): string | undefined {
  if (!OF_TEMPLATES.has(code)) return undefined
  // It is about each workload, whose place says nothing more.
  if (code === 'PARAM_REQUIRED') return JSON.stringify([code, message])
  return JSON.stringify([code, message, at?.source.label, at?.source.before.bytes, at?.range])
}
