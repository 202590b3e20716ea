import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { isObject, type Json, type JsonObject } from '../json/json.ts'

/** Characters of an expression. Source: cel-go parser/options.go, expressionSizeCodePointLimit. */
export const MOST_CODE_POINTS = 100_000

/** Bytes of an object that etcd takes by default (`--max-request-bytes`), less some for what the API server adds. */
const MOST_BYTES = 1_500_000

/** What of a policy is longer than the API server takes. */
export function sizeProblems(policy: JsonObject): Diagnostic[] {
  const hint = 'export fewer sidecars at a time, each with a --name of its own'
  const spec = isObject(policy['spec']) ? policy['spec'] : {}
  const variables: Json[] = Array.isArray(spec['variables']) ? spec['variables'] : []
  const long = variables.filter(isObject).flatMap(({ name, expression }) => {
    const length = typeof expression === 'string' ? [...expression].length : 0
    return length <= MOST_CODE_POINTS
      ? []
      : [
          diagnostic(
            'EXPORT_IMPOSSIBLE',
            `the expression of ${String(name)} has ${length} characters, and ${MOST_CODE_POINTS} are allowed`,
            { hint },
          ),
        ]
  })
  const bytes = JSON.stringify(policy).length
  return bytes <= MOST_BYTES
    ? long
    : [
        ...long,
        diagnostic('EXPORT_IMPOSSIBLE', `the policy has ${bytes} bytes, and the API server stores ${MOST_BYTES}`, {
          hint,
        }),
      ]
}
