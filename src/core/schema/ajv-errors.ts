import type { ErrorObject, Options, ValidateFunction } from 'ajv'

/** One way in which data does not pass a JSON Schema. */
export interface SchemaProblem {
  path: readonly (string | number)[]
  message: string
  /** For a field that the schema does not know: the ones that it knows there. */
  known?: readonly string[]
  /** A number or boolean where a text belongs. */
  unquoted?: number | boolean
}

/** A JSON Schema as code: whether data passes it, and where not, `errors`. */
export type Validator = Pick<ValidateFunction, 'errors'> & ((data: unknown) => unknown)

/** How ajv turns the schemas of our own formats into code, at build time and in tests. */
export const AJV_OPTIONS: Options = {
  allErrors: true,
  // The messages tell from the schema what is known and what a value must be.
  verbose: true,
  strict: true,
  allowUnionTypes: true,
  // Equal parts of a schema become one function, which makes less code.
  inlineRefs: false,
}

const MAX_PROBLEMS = 50

/** In what data does not pass, in the order of the schema, and at most 50. */
export function schemaProblems(validate: Validator, data: unknown): SchemaProblem[] {
  if (validate(data) === true) return []
  // That a branch of a choice fails is clear from what fails in it.
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
    return { path: [...path, additionalProperty], message: `there is no field ${additionalProperty} here`, known }
  }
  if (typeof missingProperty === 'string') return { path: [...path, missingProperty], message: 'this is required' }
  if (Array.isArray(allowedValues)) return { path, message: `this must be one of ${allowedValues.join(', ')}` }
  if (typeof allowedValue === 'string') return { path, message: `this must be ${allowedValue}` }
  // Our formats say in words what their patterns and lists of types say to machines.
  const noun = (error.parentSchema as { $comment?: string } | undefined)?.$comment
  const unquoted = unquotedOf(error)
  if (unquoted !== undefined) return { path, message: `this must be ${noun ?? 'a text'}`, unquoted }
  if (noun !== undefined && (error.keyword === 'type' || error.keyword === 'pattern'))
    return { path, message: `this must be ${noun}` }
  return { path, message: `this ${error.message ?? 'is not valid'}` }
}

/** The value of an error, if it is a number or boolean and only a text is allowed. */
function unquotedOf({ keyword, params, data }: ErrorObject): number | boolean | undefined {
  if (keyword !== 'type' || (params as { type?: unknown }).type !== 'string') return undefined
  return typeof data === 'number' || typeof data === 'boolean' ? data : undefined
}

/** A step of a JSON pointer. Digits are taken for an index: no field of our formats is called by a number. */
function step(text: string): string | number {
  const name = text.replaceAll('~1', '/').replaceAll('~0', '~')
  return /^(?:0|[1-9]\d{0,8})$/.test(name) ? Number(name) : name
}
