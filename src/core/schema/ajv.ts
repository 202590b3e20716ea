import { Ajv } from 'ajv'
import { AJV_OPTIONS, type Validator } from './ajv-errors.ts'

/**
 * Turns a JSON Schema (draft 7) of our own into code. Only where the program runs from its sources: the build puts code
 * that it made of the schemas in the place of every module that calls this (`src/build/validators.mjs`).
 */
export function compile(schema: object): Validator {
  return new Ajv(AJV_OPTIONS).compile(schema)
}
