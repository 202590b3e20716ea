import { type Json, emptyObject } from '../json/json.ts'
import { resolvePlain } from '../yaml/read/resolve.ts'

/** The plain data of a replaced scalar or empty collection, from its text in `was`. */
export function scalarOf(text: string): Json {
  const bare = text.trim().replace(/^&[\w-]+(?:[ \t]+|$)/, '')
  if (bare.startsWith('[')) return []
  if (bare.startsWith('{')) return emptyObject()
  const quoted = /^(["'])(auto)\1$/.exec(bare)?.[2]
  if (quoted !== undefined) return quoted
  const resolved = resolvePlain(bare === '!!null' ? '' : bare)
  return resolved.kind === 'null' ? null : resolved.value
}
