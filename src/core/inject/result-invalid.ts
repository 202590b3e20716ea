import { windowsNodesPath } from '../kube/node-system.ts'
import { diagnostic, type Diagnostic, type SourceLocation } from '../diagnostics/diagnostic.ts'
import type { Finding } from '../diagnostics/finding.ts'
import { isObject, type Json, type JsonObject, type JsonPath } from '../json/json.ts'
import { valueAt, type KubeObject } from '../kube/workload.ts'
import { itemKeyOf } from '../validate/findings.ts'
import { locate } from '../yaml/read/construct.ts'
import type { Requester } from './requested-by.ts'

/** The code of a finding about a field that the pod's operating system does not support. */
const OS_CONFLICT = 'POD_OS_CONFLICT'

/** The sidecars that requested a field of the result; none for a field of the user's. */
export type RequestersOf = (path: JsonPath) => readonly Requester[]

/** The errors for what Kubernetes would reject in a result, one for each cause. */
export function invalidResult(
  caused: readonly Finding[],
  before: KubeObject,
  after: JsonObject,
  requestersOf: RequestersOf,
): Diagnostic[] {
  const ofSystem = caused.filter(({ code }) => code === OS_CONFLICT)
  const others = caused.filter(({ code }) => code !== OS_CONFLICT)
  return [
    ...(ofSystem.length === 0 ? [] : [wrongSystem(ofSystem, before, after, requestersOf)]),
    ...others.map((finding) => invalidField(finding, before, after, requestersOf(finding.path))),
  ]
}

/** One error for all fields of sidecars for Linux in a pod for Windows, or the other way round. */
function wrongSystem(
  findings: readonly Finding[],
  before: KubeObject,
  after: JsonObject,
  requestersOf: RequestersOf,
): Diagnostic {
  const [first] = findings as [Finding]
  const requesters = distinct(findings.flatMap(({ path }) => requestersOf(path)))
  const fields = [...new Set(findings.map(({ path }) => String(path.at(-1))))].join(', ')
  const system = / for a (\w+) pod$/.exec(first.message)?.[1] ?? 'other'
  const place = systemPath(first.path, after)
  // The API server does not check nodeSelector and affinity, but the node does not start such a container.
  const who = place.at(-1) === 'name' ? 'Kubernetes would reject it' : 'its nodes would not run it'
  const message = `${withSidecars(requesters)}, ${who}: a ${system} pod cannot set ${fields}`
  return report(message, place, before, after, {
    related: requesters,
    hint: 'exclude this workload: set its annotation sidecarctl.dev/inject to "false"',
  })
}

/** The path at which a pod says which operating system it is for. */
function systemPath(path: JsonPath, data: JsonObject): JsonPath {
  const spec = path.slice(0, path.lastIndexOf('spec') + 1)
  const field = [...spec, 'os', 'name']
  if (valueAt(data, field) !== undefined) return field
  return [...spec, ...(windowsNodesPath(valueAt(data, spec)) ?? ['nodeSelector'])]
}

function invalidField(
  { code, path, message, hint, related }: Finding,
  before: KubeObject,
  after: JsonObject,
  requesters: readonly Requester[],
): Diagnostic {
  const places = [path, ...(related ?? []).map((other) => other.path)]
  const place = places.find((one) => pathBefore(one, before.data, after).isWhole) ?? path
  const parameters = requesters.flatMap(({ name, parameters: names }) =>
    names.map((parameter) => `${name}.${parameter}`),
  )
  const ownHint =
    parameters.length === 0 ? undefined : parameterHint(code, place === path || places.length > 1, parameters)
  return report(`${withSidecars(requesters)}, Kubernetes would reject it: ${message}`, place, before, after, {
    path,
    related: requesters,
    hint: hint ?? ownHint,
  })
}

function parameterHint(code: string, isTheirs: boolean, parameters: readonly string[]): string {
  const names = parameters.join(' or ')
  return code === 'RESOURCE_POD_LEVEL' && isTheirs
    ? `raise the resources of the pod, or lower ${names}`
    : `change ${names}`
}

/** `with sidecar "a"`, `with sidecars "a" and "b"` */
function withSidecars(requesters: readonly Requester[]): string {
  const names = [...new Set(requesters.map(({ name }) => `"${name}"`))]
  if (names.length === 0) return 'with the sidecars'
  return names.length === 1
    ? `with sidecar ${names[0]}`
    : `with sidecars ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

function distinct(requesters: readonly Requester[]): Requester[] {
  return requesters.filter(({ name }, n) => requesters.findIndex((other) => other.name === name) === n)
}

function report(
  message: string,
  place: JsonPath,
  before: KubeObject,
  after: JsonObject,
  { path = place, related, hint }: { path?: JsonPath; related: readonly Requester[]; hint: string | undefined },
): Diagnostic {
  const { doc, ref } = before
  return diagnostic('RESULT_INVALID', message, {
    at: placeBefore(place, before, after),
    document: doc.index,
    resource: ref,
    path,
    hint,
    ...(related.length > 0 && {
      related: related.map(({ name, at }) => ({ message: `requested by sidecar "${name}" here`, at })),
    }),
  })
}

/** The location in the input of a field of the result, or of its closest parent there. */
function placeBefore(path: JsonPath, before: KubeObject, after: JsonObject): SourceLocation {
  const { doc, node } = before
  const known = pathBefore(path, before.data, after)
  return { source: doc.source, range: locate(node, known.path) }
}

/**
 * The path in the input of a field of the result, since items of lists may have other indexes there.
 * @returns as much of the path as exists, and whether that is all of it
 */
function pathBefore(path: JsonPath, before: JsonObject, after: JsonObject): { path: JsonPath; isWhole: boolean } {
  const found: (string | number)[] = []
  let [was, is]: [Json | undefined, Json | undefined] = [before, after]
  for (const step of path) {
    let known: string | number = step
    if (typeof step === 'number') {
      const item: Json | undefined = Array.isArray(is) ? is[step] : undefined
      const key = item === undefined ? undefined : itemKeyOf(item)
      known = Array.isArray(was) && key !== undefined ? was.findIndex((other) => itemKeyOf(other) === key) : step
      was = Array.isArray(was) ? was[known] : undefined
      is = item
    } else {
      was = isObject(was) && Object.hasOwn(was, step) ? was[step] : undefined
      is = isObject(is) && Object.hasOwn(is, step) ? is[step] : undefined
    }
    if (was === undefined) return { path: found, isWhole: false }
    found.push(known)
  }
  return { path: found, isWhole: true }
}
