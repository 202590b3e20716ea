import { isObject, type JsonPath, type Json, type JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { CONTAINERS } from '../field-path/pod-fields.ts'

/** A field of a pod template with the wrong type. */
export interface FieldTypeProblem {
  message: string
  /** The path from the pod template. */
  path: JsonPath
  /** A value that would be right in quotes. */
  unquoted?: number | boolean
}

/**
 * The fields that keep a pod template from being edited: they are not the list or map that they must be. The template
 * must have a list of containers.
 */
export function fieldTypeProblems(template: JsonObject): FieldTypeProblem[] {
  const containers = valueAt(template, CONTAINERS) as Json[]
  return [
    ...typeProblems(template, EDITED, []),
    ...containers.flatMap((container, n): FieldTypeProblem[] => {
      const path = [...CONTAINERS, n]
      if (!isObject(container)) return [{ message: 'a container must be a map', path }]
      const { name } = container
      if (typeof name === 'number' || typeof name === 'boolean') {
        const message = `the name of a container must be a string, not a ${typeof name}`
        return [{ message, path: [...path, 'name'], unquoted: name }]
      }
      if (typeof name !== 'string' || name === '')
        return [{ message: 'a container needs a name', path: [...path, 'name'] }]
      return typeProblems(container, EDITED_OF_CONTAINER, path)
    }),
  ]
}

function typeProblems(object: JsonObject, fields: typeof EDITED, base: JsonPath): FieldTypeProblem[] {
  return fields.flatMap(([address, isList]): FieldTypeProblem[] => {
    const value = valueAt(object, address)
    if (value === undefined || value === null || (isList ? Array.isArray(value) : isObject(value))) return []
    return [{ message: `this must be a ${isList ? 'list' : 'map'}`, path: [...base, ...address] }]
  })
}

/** Maps (false) and lists (true) of a pod template that sidecars add to. */
const EDITED: readonly (readonly [readonly string[], boolean])[] = [
  [['metadata'], false],
  [['metadata', 'annotations'], false],
  [['metadata', 'labels'], false],
  [['spec', 'initContainers'], true],
  [['spec', 'volumes'], true],
  [['spec', 'imagePullSecrets'], true],
  [['spec', 'securityContext'], false],
]

/** The same for the app's containers. */
const EDITED_OF_CONTAINER: typeof EDITED = [
  [['env'], true],
  [['volumeMounts'], true],
  [['ports'], true],
  [['lifecycle'], false],
]
