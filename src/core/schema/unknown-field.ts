import type { Finding } from '../diagnostics/finding.ts'
import { formatJsonPath } from '../json/json.ts'
import { didYouMean } from '../diagnostics/did-you-mean.ts'
import { type KubeSchema, own } from './kube-schema.ts'
import { ownersOf, type SchemaWalk } from './walk.ts'

/** The finding on a field that its definition does not have: too new, removed, misspelt or misplaced. */
export function unknownField(walk: SchemaWalk, definition: string, field: string): Finding {
  const finding: Finding = {
    code: 'FIELD_UNKNOWN',
    path: [...walk.path, field],
    on: 'key',
    message: `unknown field ${quote(field)}`,
  }
  const changed = fieldHistory(walk.schema, definition, field)
  if (changed !== undefined) return { ...finding, ...changed }
  const hint = spellingHint(walk, definition, field) ?? placeHint(walk, field)
  return hint === undefined ? finding : { ...finding, hint }
}

/** The message and hint for a field that other versions of Kubernetes have. */
function fieldHistory(
  schema: KubeSchema,
  definition: string,
  field: string,
): { message: string; hint: string } | undefined {
  const fields = own(schema.history().fields, definition)
  const span = fields && own(fields, field)
  if (span === undefined) return undefined
  const { minor } = schema.version
  const [first, last] = span
  if (first > minor) {
    return {
      message: `field ${quote(field)} is not in Kubernetes 1.${minor}: it is known since 1.${first}`,
      hint: `remove it, or choose --kubernetes-version 1.${first} or newer`,
    }
  }
  return {
    message: `field ${quote(field)} is not in Kubernetes 1.${minor}: it was removed in 1.${last + 1}`,
    hint: 'remove it',
  }
}

function spellingHint(walk: SchemaWalk, definition: string, field: string): string | undefined {
  const known = walk.schema.definition(definition)
  const meant = known && didYouMean(field, known[0].keys())
  return meant === undefined ? undefined : `did you mean ${quote(meant)}?`
}

/**
 * The hint that a field is misplaced: an enclosing object has it, or an object beside it, so that its indentation is
 * most likely wrong.
 */
function placeHint(walk: SchemaWalk, field: string): string | undefined {
  const owners = ownersOf(walk)
  const here = owners.at(-1)
  const inner = here && childWith(walk, here.name, field)
  if (inner !== undefined) return `it belongs under ${formatJsonPath([...walk.path, inner])}`
  for (const owner of owners.slice(0, -1).toReversed()) {
    const definition = walk.schema.definition(owner.name)
    if (definition === undefined || !definition[0].has(field)) continue
    const place = formatJsonPath(walk.path.slice(0, owner.depth))
    return place === '' ? 'it belongs at the top level of the object' : `it belongs under ${place}`
  }
  return undefined
}

function childWith(walk: SchemaWalk, name: string, field: string): string | undefined {
  for (const [child, type] of walk.schema.definition(name)?.[0] ?? []) {
    if (child === 'status' || child === 'metadata' || type.startsWith('[') || type.startsWith('{')) continue
    if (walk.schema.definition(type)?.[0].has(field) === true) return child
  }
  return undefined
}

/** A text from the input in quotes, cut where it is long. */
function quote(word: string): string {
  return JSON.stringify(word.length > 80 ? `${word.slice(0, 77)}...` : word)
}
