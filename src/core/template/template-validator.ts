import { compile } from '../schema/ajv.ts'
import { TEMPLATE_SCHEMA } from './template-schema.ts'

/** The JSON Schema of templates as code. Import it on demand: it is long, and of no use to a built-in template. */
export const validate = compile(TEMPLATE_SCHEMA)
