import type { ErrorObject, Options, ValidateFunction } from 'ajv'

/** A violation of a JSON Schema. */
export interface SchemaProblem {
  path: readonly (string | number)[]
  message: string
  /** For an unknown field: the fields that the schema knows there. */
  known?: readonly string[]
  /** The number or boolean of a value that must be a string, so that quotes are missing. */
  unquoted?: number | boolean
}

/** A compiled JSON Schema: returns true for valid data, else sets `errors`. */
export type Validator = Pick<ValidateFunction, 'errors'> & ((data: unknown) => unknown)

/** The options with which ajv compiles the schemas of our own formats, at build time and in tests. */
export const AJV_OPTIONS: Options = {
  allErrors: true,
  // Messages name known fields and descriptions of values, which come from the schema.
  verbose: true,
  strict: true,
  allowUnionTypes: true,
  // Equal parts of a schema become one function, which makes the code smaller.
  inlineRefs: false,
}

const MAX_PROBLEMS = 50

/** The violations of a schema, in its order; at most 50. */
export function schemaProblems(validate: Validator, data: unknown): SchemaProblem[] {
  if (validate(data) === true) return []
  // That a branch of a condition fails is clear from the violation in it.
  return (validate.errors ?? [])
    .filter(({ keyword }) => keyword !== 'if')
    .slice(0, MAX_PROBLEMS)
    .map(describe)
}

function describe(error: ErrorObject): SchemaProblem {
  const path = error.instancePath.split('/').slice(1).map(step)
  const { additionalProperty, missingProperty, allowedValues, allowedValue } = error.params as Record<string, unknown>
  if (typeof additionalProperty === 'string') {
    const properties = (error.parentSchema as { properties?: object } | undefined)?.properties ?? {}
    const known = Object.keys(properties).filter((name) => !name.startsWith('$'))
    return { path: [...path, additionalProperty], message: `unknown field "${additionalProperty}"`, known }
  }
  if (typeof missingProperty === 'string')
    return { path: [...path, missingProperty], message: 'this field is required' }
  if (Array.isArray(allowedValues)) return { path, message: `this must be one of ${allowedValues.join(', ')}` }
  if (typeof allowedValue === 'string') return { path, message: `this must be ${allowedValue}` }
  // In the schemas of our formats, `$comment` describes patterns and lists of types in words.
  const noun = (error.parentSchema as { $comment?: string } | undefined)?.$comment
  const unquoted = unquotedOf(error)
  if (unquoted !== undefined) return { path, message: `this must be ${noun ?? 'a string'}`, unquoted }
  if (error.keyword === 'type') return { path, message: `this must be ${noun ?? typeNoun(error.params)}` }
  if (error.keyword === 'pattern' && noun !== undefined) return { path, message: `this must be ${noun}` }
  return { path, message: `this ${limitText(error) ?? error.message ?? 'is not valid'}` }
}

const TYPE_NOUNS: Readonly<Record<string, string>> = {
  string: 'a string',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
}

/** What a value of one JSON type is called in messages. */
function typeNoun(params: ErrorObject['params']): string {
  const { type } = params as { type?: unknown }
  return TYPE_NOUNS[String(type)] ?? `of type ${String(type)}`
}

/** What a limit on a length, count or number demands; undefined for other keywords. */
function limitText({ keyword, params }: ErrorObject): string | undefined {
  const limit = Number((params as { limit?: unknown }).limit)
  switch (keyword) {
    case 'minLength':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} characters`
    case 'maxLength':
      return `must have at most ${limit} characters`
    case 'minItems':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} items`
    case 'maxItems':
      return `must have at most ${limit} items`
    case 'minProperties':
      return limit === 1 ? 'must not be empty' : `must have at least ${limit} fields`
    case 'minimum':
      return `must be at least ${limit}`
    case 'maximum':
      return `must be at most ${limit}`
    default:
      return undefined
  }
}

/** The value of an error, if it is a number or boolean where only a string is allowed. */
function unquotedOf({ keyword, params, data }: ErrorObject): number | boolean | undefined {
  if (keyword !== 'type' || (params as { type?: unknown }).type !== 'string') return undefined
  return typeof data === 'number' || typeof data === 'boolean' ? data : undefined
}

/** A step of a JSON pointer. Digits are taken for an index, as no field of our formats has a number for a name. */
function step(text: string): string | number {
  const name = text.replaceAll('~1', '/').replaceAll('~0', '~')
  return /^(?:0|[1-9]\d{0,8})$/.test(name) ? Number(name) : name
}
