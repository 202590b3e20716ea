/** The variables and types that a CEL expression may use, and the types that its result may have. */
export interface CelEnvironment {
  /** The variables that it may use: `object`, `params` and so on. */
  readonly variables: readonly CelVariable[]
  /** The last of the policy's variables that it may use (`variables.NAME`); absent for none. */
  readonly composed?: ComposedVariable | undefined
  /** Whether the types `Object{...}` and `JSONPatch{...}` exist, as in policies that change objects. */
  readonly hasPatchTypes?: boolean
  /** Absent if the result may have any type. */
  readonly results?: readonly CelResult[]
}

export type CelVariable = 'object' | 'oldObject' | 'params' | 'request' | 'namespaceObject' | 'authorizer' | 'device'

/** A variable of a policy, linked to the one before it; it may use all before it. */
export interface ComposedVariable {
  readonly name: string
  readonly expression: string
  readonly before: ComposedVariable | undefined
}

/** A type of results; `any` is that of the attributes of devices, which is only known at evaluation. */
export type CelResult = 'bool' | 'string' | 'null' | 'any' | 'Object' | 'list(JSONPatch)'

/** Returns why the API server would not compile an expression; empty if it would, or if that cannot be decided. */
export type CelCompiler = (expression: string, environment: CelEnvironment) => readonly string[]
