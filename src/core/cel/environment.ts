/** What an expression in CEL may name, and what it must come to. */
export interface CelEnvironment {
  /** Names of variables, of types that are not known before an object comes: `object`, `params` and so on. */
  readonly variables: readonly string[]
  /** Names of the fields of `variables`, where a policy has any. */
  readonly composed?: readonly string[]
  /** The types that the result may have; absent for any. */
  readonly results?: readonly CelResult[]
}

/** `object` is a value of a type that the expression makes itself: `Object{...}`, `JSONPatch{...}`. */
export type CelResult = 'bool' | 'string' | 'null' | 'list' | 'map' | 'object'

/** Says why the API server would not compile an expression; none where it would, or where that cannot be told. */
export type CelCompiler = (expression: string, environment: CelEnvironment) => readonly string[]
