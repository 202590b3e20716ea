import type { Field } from '../field.ts'

/** What an expression in CEL may name, and what it must come to. */
export interface CelEnvironment {
  /** Names of variables: `object`, `params` and so on. */
  readonly variables: readonly string[]
  /** Names of the fields of `variables`, where the policy has any. */
  readonly composed?: readonly string[]
  /** The types that the result may have; undefined for any. */
  readonly results?: readonly CelType[]
}

export type CelType = 'bool' | 'string' | 'null' | 'list' | 'map' | 'object'

/**
 * Says why an expression does not compile; none when it does, or where that cannot be told.
 * @throws never: what is not understood is let pass
 */
export type CelCompiler = (expression: string, environment: CelEnvironment) => readonly string[]

let compiler: CelCompiler = () => []

/** Sets the compiler of expressions; until then none is compiled. */
export function useCelCompiler(compile: CelCompiler): void {
  compiler = compile
}

/** Reports an expression that does not compile. Source: apiserver cel, ErrorTypeInvalid. */
export function celExpression(field: Field, code: 'POLICY_FIELD' | 'DEVICE_FIELD' | 'WEBHOOK_FIELD', environment: CelEnvironment): void {
  const { text } = field
  if (text === undefined || text.trim() === '') return
  for (const fault of compiler(text, environment)) field.invalid(code, `compilation failed: ${fault}`)
}
