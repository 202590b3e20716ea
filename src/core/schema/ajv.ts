import { Ajv } from 'ajv'
import { AJV_OPTIONS, type Validator } from './ajv-errors.ts'

/**
 * Compiles a JSON Schema (draft 7) of our own. Only used when the program runs from its sources: the build replaces
 * every module that calls this by the compiled schema (`src/build/validators.mjs`).
 */
export function compile(schema: object): Validator {
  return new Ajv(AJV_OPTIONS).compile(schema)
}
