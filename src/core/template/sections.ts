import { isObject, type FieldPath, type Json } from '../json.ts'
import { parseAddress, type Address } from '../plan/address.ts'
import { cutPlaceholders, OPEN } from './placeholder.ts'
import type { Template } from './types.ts'

/** The part of a template that made a field of a pod template. */
export interface Section {
  /** Path in the template: `spec.container`. */
  path: FieldPath
  /** Parameters whose values, or conditions on them, went into it. */
  parameters: readonly string[]
}

const ID = '#'

/** Which part of a template makes which field of a pod template; `#` is the identity of an item. */
const SECTIONS: readonly (readonly [field: string, sections: readonly FieldPath[]])[] = [
  ['metadata.labels', [['spec', 'pod', 'labels']]],
  ['metadata.annotations.kubectl.kubernetes.io/default-container', [
    ['spec', 'pod', 'annotations', 'kubectl.kubernetes.io/default-container'],
    ['spec', 'classic', 'startFirst'],
  ]],
  ['metadata.annotations', [['spec', 'pod', 'annotations']]],
  ['spec.volumes.#', [['spec', 'volumes'], ['spec', 'sharedFolders']]],
  ['spec.containers.#.volumeMounts', [['spec', 'app', 'volumeMounts'], ['spec', 'sharedFolders']]],
  ['spec.containers.#.env', [['spec', 'app', 'env']]],
  ['spec.containers.#.ports', [['spec', 'app', 'ports']]],
  ['spec.containers.#.lifecycle', [['spec', 'app', 'lifecycle']]],
  ['spec.containers.#', [['spec', 'container']]],
  ['spec.initContainers.#', [['spec', 'container'], ['spec', 'initContainers']]],
  ['spec.imagePullSecrets', [['spec', 'pod', 'imagePullSecrets']]],
  ['spec.securityContext.fsGroup', [['spec', 'pod', 'fsGroup']]],
  ['spec.terminationGracePeriodSeconds', [
    ['spec', 'pod', 'minTerminationGracePeriodSeconds'],
    ['spec', 'classic', 'minTerminationGracePeriodSeconds'],
  ]],
  ['spec.serviceAccountName', [['spec', 'pod', 'serviceAccountName']]],
  ['spec.shareProcessNamespace', [['spec', 'pod', 'shareProcessNamespace']]],
]

/**
 * The part of a template that a field comes from.
 * @param field as in the record of a pod template: `spec.containers[logging]`
 */
export function sectionOf(template: Template, field: string): Section | undefined {
  const address = parseAddress(field)
  if (address === undefined) return undefined
  const shape = address.map((step) => (typeof step === 'string' ? step : ID)).join('.')
  const row = SECTIONS.find(([known]) => shape === known || shape.startsWith(`${known}.`))
  const candidates = (row?.[1] ?? []).flatMap((path) => narrow(template, path, address))
  const [best] = candidates.toSorted((a, b) => b.path.length - a.path.length)
  return best === undefined ? undefined : { path: best.path, parameters: parametersIn(best.node, template) }
}

/** A section, or in a list the item with the field's name, where one is written so. */
function narrow(template: Template, path: FieldPath, address: Address): { path: FieldPath; node: Json }[] {
  const node = at(template, path)
  if (node === undefined) return []
  const last = address.at(-1)
  const id = typeof last === 'string' ? last : last?.id
  if (!Array.isArray(node)) return [{ path, node }]
  const index = node.findIndex((item) => isObject(item) && ['name', 'volume', 'mountPath', 'path'].some((key) => item[key] === id))
  return index < 0 ? [{ path, node }] : [{ path: [...path, index], node: node[index] as Json }]
}

function at(template: Template, path: FieldPath): Json | undefined {
  let node: Json | undefined = template.spec
  for (const step of path.slice(1)) node = isObject(node) && Object.hasOwn(node, step) ? node[step] : undefined
  return node
}

/** Names of the parameters in placeholders and conditions of a part of a template, in order of appearance. */
function parametersIn(node: Json, template: Template): string[] {
  const found = new Set<string>()
  const visit = (value: Json): void => {
    if (typeof value === 'string' && value.includes(OPEN)) {
      const cut = cutPlaceholders(value)
      for (const piece of 'pieces' in cut ? cut.pieces : []) {
        if ('name' in piece && piece.name.startsWith('params.')) found.add(piece.name.slice('params.'.length))
      }
    } else if (Array.isArray(value)) value.forEach(visit)
    else if (isObject(value)) {
      const condition = value['$when']
      if (isObject(condition)) for (const name of Object.keys(condition)) if (template.parameters.has(name)) found.add(name)
      Object.values(value).forEach(visit)
    }
  }
  visit(node)
  return [...found]
}
