import type { Finding } from '../diagnostics/finding.ts'
import type { KubeSchema } from './kube-schema.ts'

/** The state of a walk over an object: what it found, and where it is. */
export interface SchemaWalk {
  readonly schema: KubeSchema
  readonly findings: Finding[]
  readonly path: (string | number)[]
  /** The definition of the value at which the walk began, and the length of that value's path. */
  readonly root: { readonly name: string; readonly depth: number }
}

/** An object that encloses the place where a walk is. */
export interface Owner {
  /** Its definition. */
  readonly name: string
  /** The length of its path. */
  readonly depth: number
}

/**
 * The objects around the place where a walk is, the outermost first. They are computed when a hint needs them, not
 * kept.
 */
export function ownersOf({ schema, path, root }: SchemaWalk): Owner[] {
  const owners = [root]
  let shape = schema.shape(root.name).fields.get(path[root.depth] as string)
  for (let depth = root.depth + 1; shape !== undefined && depth <= path.length; depth++) {
    if (shape.kind === 'scalar') break
    if (shape.kind === 'object') {
      owners.push({ name: shape.name, depth })
      shape = schema.shape(shape.name).fields.get(path[depth] as string)
    } else shape = shape.item
  }
  return owners
}
