/** What an expression in CEL may name, and what it must come to. */
export interface CelEnvironment {
  /** Names of variables: `object`, `params` and so on. */
  readonly variables: readonly CelVariable[]
  /** The latest of the fields of `variables`, where a policy has any. */
  readonly composed?: ComposedVariable | undefined
  /** Whether there are `Object{...}` and `JSONPatch{...}`, as in policies that change objects. */
  readonly hasPatchTypes?: boolean
  /** The types that the result may have; absent for any. */
  readonly results?: readonly CelResult[]
}

export type CelVariable = 'object' | 'oldObject' | 'params' | 'request' | 'namespaceObject' | 'authorizer' | 'device'

/** One of the variables of a policy, and those before it, which it may use. */
export interface ComposedVariable {
  readonly name: string
  readonly expression: string
  readonly before: ComposedVariable | undefined
}

/** `dyn` is a type that is not known before an object comes. */
export type CelResult = 'bool' | 'string' | 'null' | 'dyn' | 'Object' | 'list(JSONPatch)'

/** Says why the API server would not compile an expression; none where it would, or where that cannot be told. */
export type CelCompiler = (expression: string, environment: CelEnvironment) => readonly string[]
