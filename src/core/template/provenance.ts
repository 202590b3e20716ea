import { isObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import { parseFieldPath, type FieldPath } from '../field-path/field-path.ts'
import { mergeKeyOf } from '../field-path/merge-keys.ts'
import { containerName, type Template } from './template.ts'
import { holds, readCondition } from './condition.ts'
import { DIRECTIVES } from './expand.ts'
import { cutPlaceholders, OPEN } from './placeholder.ts'

/** A part of a template, down to a single value. */
export interface ProvenancePart {
  /** Path in the template: `spec.container`. */
  path: JsonPath
  /** Parameters that decide it: by their values, or by a condition on them. */
  parameters: readonly string[]
}

/** The part of a template that made a field of a pod template. */
export interface Provenance extends ProvenancePart {
  /** What in it a parameter decided, in order: values, and items or fields that are there by a condition. */
  decided: readonly ProvenancePart[]
}

const ID = '#'

/** The owner of the container with a field: the sidecar or the app. */
type ContainerOwner = 'sidecar' | 'app'

/** Which part of a template makes which field of a pod template; `#` is the identity of an item. */
const SECTIONS: readonly (readonly [field: string, sections: readonly JsonPath[], whose?: ContainerOwner])[] = [
  ['metadata.labels', [['spec', 'pod', 'labels']]],
  [
    'metadata.annotations.kubectl.kubernetes.io/default-container',
    [
      ['spec', 'pod', 'annotations', 'kubectl.kubernetes.io/default-container'],
      ['spec', 'classic', 'startFirst'],
    ],
  ],
  ['metadata.annotations', [['spec', 'pod', 'annotations']]],
  [
    'spec.volumes.#',
    [
      ['spec', 'volumes'],
      ['spec', 'sharedFolders'],
    ],
  ],
  ['spec.containers.#.volumeMounts', [['spec', 'sharedFolders']]],
  ['spec.initContainers.#.volumeMounts', [['spec', 'sharedFolders']]],
  ['spec.containers.#.volumeMounts', [['spec', 'app', 'volumeMounts']], 'app'],
  ['spec.containers.#.env', [['spec', 'app', 'env']], 'app'],
  ['spec.containers.#.ports', [['spec', 'app', 'ports']], 'app'],
  ['spec.containers.#.lifecycle', [['spec', 'app', 'lifecycle']], 'app'],
  ['spec.containers.#', [['spec', 'container']], 'sidecar'],
  ['spec.initContainers.#', [['spec', 'container']], 'sidecar'],
  ['spec.initContainers.#', [['spec', 'initContainers']]],
  ['spec.imagePullSecrets', [['spec', 'pod', 'imagePullSecrets']]],
  ['spec.securityContext.fsGroup', [['spec', 'pod', 'fsGroup']]],
  [
    'spec.terminationGracePeriodSeconds',
    [
      ['spec', 'pod', 'minTerminationGracePeriodSeconds'],
      ['spec', 'classic', 'minTerminationGracePeriodSeconds'],
      ['spec', 'container', 'lifecycle', 'preStop', 'sleep', 'seconds'],
      ['spec', 'classic', 'lifecycle', 'preStop', 'sleep', 'seconds'],
    ],
  ],
  ['spec.serviceAccountName', [['spec', 'pod', 'serviceAccountName']]],
  ['spec.shareProcessNamespace', [['spec', 'pod', 'shareProcessNamespace']]],
]

/**
 * The part of a template that a field comes from.
 * @param field as in the record of a pod template: `spec.containers[logging]`
 * @param values of the parameters, which decide which conditions are false
 */
export function provenanceOf(
  template: Template,
  field: string,
  values: Readonly<Record<string, Json>> = {},
): Provenance | undefined {
  const address = parseFieldPath(field)
  if (address === undefined) return undefined
  const shape = address.map((step) => (typeof step === 'string' ? step : ID)).join('.')
  const candidates = SECTIONS.filter(
    ([known, , whose]) =>
      (shape === known || shape.startsWith(`${known}.`)) &&
      (whose === undefined || whose === containerOwnerOf(template, address)),
  ).flatMap(([known, paths]) => paths.flatMap((path) => narrow(template, path, address, known.split('.').length)))
  const [best] = candidates.toSorted((a, b) => b.path.length - a.path.length)
  if (best === undefined) return undefined
  const decided = partsIn(best.node, best.path, template, values)
  return { path: best.path, parameters: [...new Set(decided.flatMap((part) => part.parameters))], decided }
}

/** A renamed sidecar has a number after its name. */
function containerOwnerOf(template: Template, address: FieldPath): ContainerOwner {
  const item = address[2]
  const name = containerName(template)
  return typeof item === 'object' && (item.id === name || item.id.startsWith(`${name}-`)) ? 'sidecar' : 'app'
}

/**
 * A section, or what in it is as near as possible to the field: in a list the item with the field's name, below that
 * the fields of the same names, as far as they are written so.
 * @param known the number of path elements that name the section
 */
function narrow(
  template: Template,
  path: JsonPath,
  address: FieldPath,
  known: number,
): { path: JsonPath; node: Json }[] {
  let node = at(template, path)
  if (node === undefined) return []
  const found = [...path]
  if (Array.isArray(node)) {
    const last = address.at(-1)
    const id = typeof last === 'string' ? last : last?.id
    const index = node.findIndex(
      (item) => isObject(item) && ['name', 'volume', 'mountPath', 'path'].some((key) => item[key] === id),
    )
    return index < 0 ? [{ path, node }] : [{ path: [...path, index], node: node[index] as Json }]
  }
  let list = ''
  for (const step of address.slice(known)) {
    const key: string | number =
      typeof step === 'string' ? step : (node as Json[]).findIndex((item) => mergeKeyOf(list, item) === step.id)
    const next: Json | undefined = Array.isArray(node) ? node[Number(key)] : isObject(node) ? node[key] : undefined
    if (next === undefined) break
    found.push(key)
    node = next
    list = String(key)
  }
  return [{ path: found, node }]
}

function at(template: Template, path: JsonPath): Json | undefined {
  let node: Json | undefined = template.spec
  for (const step of path.slice(1)) node = isObject(node) && Object.hasOwn(node, step) ? node[step] : undefined
  return node
}

/** What in a part of a template depends on parameters, in order of appearance, as far as conditions on them hold. */
function partsIn(
  node: Json,
  path: JsonPath,
  template: Template,
  values: Readonly<Record<string, Json>>,
): ProvenancePart[] {
  if (typeof node === 'string') {
    const parameters = namesIn(node)
    return parameters.length === 0 ? [] : [{ path, parameters }]
  }
  if (Array.isArray(node)) return node.flatMap((item, n) => partsIn(item, [...path, n], template, values))
  if (!isObject(node)) return []
  const condition = conditionOf(node, template)
  const names = Object.keys(condition)
  const test = readCondition(condition)
  if (test !== undefined && !holds(test, (name) => values[name])) return []
  const inner = Object.keys(node)
    .filter((key) => key !== '$when')
    .flatMap((key) => partsIn(node[key] as Json, [...path, key], template, values))
  // What is made of a directive has no paths of its own in the result.
  const isMade = DIRECTIVES.some((key) => key !== '$when' && Object.hasOwn(node, key))
  if (!isMade && names.length === 0) return inner
  const parameters = [...new Set([...names, ...(isMade ? inner.flatMap((part) => part.parameters) : [])])]
  return [...(parameters.length === 0 ? [] : [{ path, parameters }]), ...(isMade ? [] : inner)]
}

/** The tests of a condition that are about parameters; those about the workload were true, since the field exists. */
function conditionOf(node: JsonObject, template: Template): JsonObject {
  const condition = node['$when']
  const own: JsonObject = Object.create(null)
  for (const [name, value] of isObject(condition) ? Object.entries(condition) : [])
    if (template.parameters.has(name)) own[name] = value
  return own
}

function namesIn(text: string): string[] {
  if (!text.includes(OPEN)) return []
  const cut = cutPlaceholders(text)
  const names = 'pieces' in cut ? cut.pieces.flatMap((piece) => ('name' in piece ? [piece.name] : [])) : []
  return [...new Set(names.flatMap((name) => (name.startsWith('params.') ? [name.slice('params.'.length)] : [])))]
}
