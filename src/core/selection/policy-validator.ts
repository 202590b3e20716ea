import { compile } from '../schema/ajv.ts'
import { POLICY_SCHEMA } from './policy-schema.ts'

/** The JSON Schema of policies as code. Import it on demand, as it is long. */
export const validate = compile(POLICY_SCHEMA)
