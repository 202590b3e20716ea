import type { SourceLocation } from '../diagnostics/diagnostic.ts'
import type { JsonPath, JsonObject } from '../json/json.ts'
import { fromText, templateOf } from '../kube/pod-template.ts'
import { valueAt, type Workload } from '../kube/workload.ts'
import { formatFieldPath, type PathElement } from '../field-path/field-path.ts'
import { mergeKeyOf } from '../field-path/merge-keys.ts'
import type { FieldSource } from './result.ts'
import { provenanceOf } from '../template/provenance.ts'
import type { Template } from '../template/template.ts'

/** A sidecar that asked for a field, and where its template does. */
export interface Requester {
  name: string
  at: SourceLocation
}

/**
 * Which sidecar asked for a field of a result, and where its template says so, as closely as it can be told.
 * @param path of the field from the object's root
 * @param fields the fields that are ours, as the record has them
 */
export function requestedBy(
  result: Workload,
  path: JsonPath,
  fields: readonly FieldSource[],
  find: (name: string) => Template | undefined,
): Requester | undefined {
  const { templatePath, workloadKind } = result
  if (!templatePath.every((step, n) => step === path[n])) return undefined
  const rest = fromText(path.slice(templatePath.length), workloadKind)
  const steps = addressOf(templateOf(result) as JsonObject, rest)
  for (let length = steps.length; length > 0; length--) {
    const key = formatFieldPath(steps.slice(0, length))
    const asker = requesterOf(
      fields.find(({ field }) => field === key),
      rest.slice(length),
      find,
    )
    if (asker !== undefined) return asker
  }
  // What is said of a whole map or list is about the part of it that was not there before.
  const whole = formatFieldPath(steps)
  return steps.length < 2
    ? undefined
    : requesterOf(
        fields.find(({ field }) => /^[.[]/.test(field.slice(whole.length)) && field.startsWith(whole)),
        [],
        find,
      )
}

/** The sidecar of a field, and the place of a path below it. */
function requesterOf(
  source: FieldSource | undefined,
  below: JsonPath,
  find: (name: string) => Template | undefined,
): Requester | undefined {
  const [name] = source?.sidecars ?? []
  const template = name === undefined ? undefined : find(name)
  const section = template === undefined || source === undefined ? undefined : provenanceOf(template, source.field)
  if (template === undefined || section === undefined) return undefined
  return { name: template.name, at: template.place([...section.path, ...below]) }
}

/** A path with the identities of list items in place of their numbers, as far as they have some. */
function addressOf(template: JsonObject, path: JsonPath): PathElement[] {
  const steps: PathElement[] = []
  for (const [n, step] of path.entries()) {
    if (typeof step === 'string') {
      steps.push(step)
      continue
    }
    const id = mergeKeyOf(String(path[n - 1]), valueAt(template, path.slice(0, n + 1)) ?? null)
    if (id === undefined) break
    steps.push({ id })
  }
  return steps
}
