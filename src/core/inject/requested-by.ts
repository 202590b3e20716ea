import type { SourceLocation } from '../diagnostics/diagnostic.ts'
import type { JsonPath, JsonObject } from '../json/json.ts'
import { fromText, pathInObject, templateOf } from '../kube/pod-template.ts'
import { valueAt, type Workload } from '../kube/workload.ts'
import { formatFieldPath, type PathElement } from '../field-path/field-path.ts'
import { mergeKeyOf } from '../field-path/merge-keys.ts'
import type { FieldSource } from './result.ts'
import { provenanceOf } from '../template/provenance.ts'
import type { Template } from '../template/template.ts'

/** A sidecar that requested a field, and where its template does. */
export interface Requester {
  name: string
  at: SourceLocation
  /** Parameters that decide its value. */
  parameters: readonly string[]
}

/**
 * The sidecar that requested a field of a result, and where in its template, as closely as possible; undefined for a
 * field of the user's.
 * @param path of the field from the object's root
 * @param fields the owned fields, from the record
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
    const requester = requesterOf(
      fields.find(({ field }) => field === key),
      rest.slice(length),
      find,
    )
    if (requester !== undefined) return requester
  }
  // A finding about a whole map or list is about the part of it that is new.
  const whole = formatFieldPath(steps)
  return steps.length < 2
    ? undefined
    : requesterOf(
        fields.find(({ field }) => /^[.[]/.test(field.slice(whole.length)) && field.startsWith(whole)),
        [],
        find,
      )
}

/** The sidecar of a field, and where its template has a path below that field. */
function requesterOf(
  source: FieldSource | undefined,
  below: JsonPath,
  find: (name: string) => Template | undefined,
): Requester | undefined {
  const [name] = source?.sidecars ?? []
  const template = name === undefined ? undefined : find(name)
  const section = template === undefined || source === undefined ? undefined : provenanceOf(template, source.field)
  if (template === undefined || section === undefined) return undefined
  const path = [...section.path, ...below]
  const deciding = section.decided.filter((part) => isWithin(part.path, path) || isWithin(path, part.path))
  const parameters = [...new Set(deciding.flatMap((part) => part.parameters))]
  return { name: template.name, at: template.place(path), parameters }
}

/** True where a path is the other, or inside it. */
function isWithin(path: JsonPath, other: JsonPath): boolean {
  return other.every((step, n) => step === path[n])
}

/**
 * The sidecars that cause a finding about a field of a result: the one that requested it. For a total of the pod
 * (`spec.resources.requests.cpu`), those whose containers count in it.
 */
export function requestersOf(
  result: Workload,
  path: JsonPath,
  fields: readonly FieldSource[],
  find: (name: string) => Template | undefined,
): Requester[] {
  const own = requestedBy(result, path, fields, find)
  if (own !== undefined) return [own]
  const spec = pathInObject(result, ['spec'])
  const below = path.slice(spec.length)
  if (below[0] !== 'resources' || !isWithin(path, spec)) return []
  return ['containers', 'initContainers'].flatMap((list) => {
    const containers = valueAt(result.data, [...spec, list])
    if (!Array.isArray(containers)) return []
    return containers.flatMap((_, n) => {
      const part = [...spec, list, n, ...below]
      const found = valueAt(result.data, part) === undefined ? undefined : requestedBy(result, part, fields, find)
      return found ?? []
    })
  })
}

/** A path with the merge keys of list items instead of their indexes, up to the first item without one. */
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
