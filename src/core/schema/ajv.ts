import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'

/** One way in which data does not pass a JSON Schema. */
export interface SchemaProblem {
  path: readonly (string | number)[]
  message: string
  /** For a field that the schema does not know: the ones that it knows there. */
  known?: readonly string[]
}

const MAX_PROBLEMS = 50

/**
 * Compiles a JSON Schema (draft 7). The only user of ajv, which takes 20 ms to load: import this file by a
 * dynamic import, where a schema is needed.
 */
export function compileSchema(schema: object): (data: unknown) => SchemaProblem[] {
  const ajv = new Ajv({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true })
  const validate: ValidateFunction = ajv.compile(schema)
  return (data) => {
    if (validate(data)) return []
    // That a branch of a choice fails is said by what fails in it.
    return (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').slice(0, MAX_PROBLEMS).map(describe)
  }
}

function describe(error: ErrorObject): SchemaProblem {
  const path = error.instancePath.split('/').slice(1).map(step)
  const { additionalProperty, missingProperty, allowedValues } = error.params as Record<string, unknown>
  if (typeof additionalProperty === 'string') {
    const properties = (error.parentSchema as { properties?: object } | undefined)?.properties ?? {}
    const known = Object.keys(properties).filter((name) => !name.startsWith('$'))
    return { path: [...path, additionalProperty], message: `there is no field ${additionalProperty} here`, known }
  }
  if (typeof missingProperty === 'string') return { path: [...path, missingProperty], message: 'this is required' }
  if (Array.isArray(allowedValues)) return { path, message: `this must be one of ${allowedValues.join(', ')}` }
  // Our formats say in words what their patterns and lists of types say to machines.
  const noun = (error.parentSchema as { $comment?: string } | undefined)?.$comment
  if (noun !== undefined && (error.keyword === 'type' || error.keyword === 'pattern')) return { path, message: `this must be ${noun}` }
  return { path, message: `this ${error.message ?? 'is not valid'}` }
}

/** A step of a JSON pointer. Digits are taken for an index: no field of our formats is called by a number. */
function step(text: string): string | number {
  const name = text.replaceAll('~1', '/').replaceAll('~0', '~')
  return /^(?:0|[1-9]\d{0,8})$/.test(name) ? Number(name) : name
}
