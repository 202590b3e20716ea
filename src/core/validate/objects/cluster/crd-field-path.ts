import { isObject, type JsonPath } from '../../../json/json.ts'
import type { Field } from '../field.ts'

/** A path of fields in a schema with the schema at its end, or why a text is not such a path. */
export type SchemaPath = { readonly path: JsonPath; readonly schema: Field } | { readonly fault: string }

/**
 * Reads `.spec.field` or `.spec['a field']` as the fieldPath of a rule and the jsonPath of a selectable field are read:
 * each step is a property of the schema, or a key of a map.
 * Source: apiextensions-apiserver pkg/apiserver/schema/cel/validation.go ValidFieldPath.
 *
 * @param allowBrackets whether steps may be written in brackets; those of a selectable field may not
 */
export function schemaPath(text: string, root: Field, allowBrackets = true): SchemaPath {
  const path: string[] = []
  let schema = root
  const tokens = tokensOf(text)
  for (let i = 0; i < tokens.length; i++) {
    const bracket = tokens[i] === '['
    if (!bracket && tokens[i] !== '.') return { fault: `expected [ or . but got: ${tokens[i]}` }
    if (bracket && !allowBrackets) return { fault: 'array notation is not allowed' }
    const name = bracket ? unquoted(tokens[++i]) : tokens[++i]
    if (name === undefined)
      return { fault: bracket ? 'expected a single quoted string in brackets' : 'unexpected end of JSON path' }
    if (bracket && tokens[++i] !== ']') return { fault: `expected ] but got ${tokens[i] ?? 'the end'}` }
    const next = step(schema, name)
    if (next === undefined) return { fault: 'does not refer to a valid field' }
    path.push(name)
    schema = next
  }
  return { path, schema }
}

function step(schema: Field, name: string): Field | undefined {
  if (!schema.get('properties').empty) {
    const property = schema.get('properties', name)
    return property.present ? property : undefined
  }
  // Any value is a field of a map without a schema for its values, but has no fields itself.
  const more = schema.get('additionalProperties')
  return isObject(more.value) || typeof more.value === 'boolean' ? more : undefined
}

/** Delimiters, quoted texts and what is between them. */
function tokensOf(text: string): string[] {
  return text.match(/'(?:[^'\\]|\\.)*'|[.[\]]|[^.[\]]+/g) ?? []
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  "'": "'",
  '\\': '\\',
}

function unquoted(token: string | undefined): string | undefined {
  if (token === undefined || !/^'[^]*'$/.test(token) || token.length < 2) return undefined
  let bad = false
  const text = token.slice(1, -1).replaceAll(/\\(.)/g, (_, char: string) => {
    const plain = Object.hasOwn(ESCAPES, char) ? ESCAPES[char] : undefined
    bad ||= plain === undefined
    return plain ?? ''
  })
  return bad ? undefined : text
}
