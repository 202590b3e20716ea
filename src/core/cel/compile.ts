import { checkTypes } from './checker/check.ts'
import { programFault } from './checker/constants.ts'
import { type CheckedType, type DeclaredType, DYN_TYPE, listOf, mapOf, typeText } from './checker/checked-type.ts'
import { type CelNode, expand } from './checker/expand.ts'
import { NotCompiled } from './checker/type-bindings.ts'
import { estimateCost } from './cost/estimate.ts'
import { deviceType, SELECTOR_COST_LIMIT } from './device.ts'
import type { CelCompiler, CelEnvironment, CelVariable, ComposedVariable } from './environment.ts'
import { parseCel } from './parse.ts'
import { CelTypeFault } from './checker/type-fault.ts'

const TOO_COMPLEX = 'too complex, exceeds cost limit'

/**
 * Makes the compiler of expressions in admission policies, webhooks and device selectors: syntax, names, functions,
 * types, and the cost of device selectors.
 * Source: apiserver pkg/admission/plugin/cel/compile.go and composition.go.
 *
 * @param minor the minor version of Kubernetes
 */
export function celCompiler(minor: number): CelCompiler {
  const policies = new PolicyCompiler(minor)
  return (text, environment) => {
    const { results, variables } = environment
    const compiled = policies.compile(text, environment)
    if (compiled === undefined) return []
    if (typeof compiled === 'string') return [compiled]
    const found = typeText(compiled.type as CheckedType)
    if (results === undefined || (results as readonly string[]).includes(found)) {
      const isCostly =
        variables.includes('device') && estimateCost(compiled, deviceType(minor), minor, 'device') > SELECTOR_COST_LIMIT
      return isCostly ? [TOO_COMPLEX] : []
    }
    return [`must evaluate to ${results.join(' or ')} but got ${found}`]
  }
}

class PolicyCompiler {
  readonly #minor: number
  readonly #composed = new WeakMap<ComposedVariable, CheckedType>()

  constructor(minor: number) {
    this.#minor = minor
  }

  /** The expression with its types, or why it does not compile; undefined if that cannot be decided. */
  compile(text: string, environment: CelEnvironment): CelNode | string | undefined {
    const parsed = parseCel(text)
    if ('kind' in parsed) return parsed.message
    try {
      const isSelector = environment.variables.includes('device')
      const node = expand(parsed.expr, this.#minor, isSelector)
      checkTypes(node, this.#scope(environment), this.#minor, { ...environment, isSelector })
      const fault = programFault(node)
      return fault === undefined ? node : `program instantiation failed: ${fault}`
    } catch (error) {
      if (error instanceof CelTypeFault) return error.message
      if (error instanceof NotCompiled || error instanceof RangeError) return undefined
      throw error
    }
  }

  #scope(environment: CelEnvironment): ReadonlyMap<string, CheckedType> {
    const { variables, composed } = environment
    const scope = new Map<string, CheckedType>(
      variables.map((name) => [name, name === 'device' ? deviceType(this.#minor).type : VARIABLES[name]]),
    )
    if (scope.has('authorizer')) scope.set('authorizer.requestResource', RESOURCE_CHECK)
    if (composed !== undefined) {
      // Variables may use the authorizer even where the expression may not.
      const inner = { ...environment, variables: [...new Set([...variables, 'authorizer' as const])] }
      scope.set(
        'variables',
        object((name) => this.#composedType(name, composed, inner)),
      )
    }
    return scope
  }

  #composedType(name: string, latest: ComposedVariable, environment: CelEnvironment): CheckedType | undefined {
    let at: ComposedVariable | undefined = latest
    while (at !== undefined && at.name !== name) at = at.before
    if (at === undefined) return undefined
    const known = this.#composed.get(at)
    if (known !== undefined) return known
    const compiled = this.compile(at.expression, { ...environment, composed: at.before })
    // A variable that does not compile has the type dyn.
    const kept = typeof compiled === 'object' ? plainType(compiled.type as CheckedType) : DYN_TYPE
    this.#composed.set(at, kept)
    return kept
  }
}

/**
 * The type of a policy's variable, in which types that cannot be declared become dyn.
 * Source: composition.go convertCelTypeToDeclType.
 */
function plainType(type: CheckedType): CheckedType {
  if (type.kind === 'list') return listOf(plainType(type.params[0] as CheckedType))
  if (type.kind === 'map')
    return mapOf(plainType(type.params[0] as CheckedType), plainType(type.params[1] as CheckedType))
  return ['object', 'opaque', 'struct', 'type', 'param'].includes(type.kind) ? DYN_TYPE : type
}

function object(fieldType: (name: string) => CheckedType | undefined): CheckedType {
  const declared: DeclaredType = {
    type: DYN_TYPE,
    maxElements: 0n,
    minSerializedSize: 2n,
    field: (name) => {
      const type = fieldType(name)
      return type && { ...declared, type }
    },
  }
  return { kind: 'object', declared }
}

function withFields(fields: Readonly<Record<string, CheckedType>>): CheckedType {
  return object((name) => (Object.hasOwn(fields, name) ? fields[name] : undefined))
}

const TEXT: CheckedType = { kind: 'string' }
const TEXTS = listOf(TEXT)
const TIME: CheckedType = { kind: 'timestamp' }
const INT: CheckedType = { kind: 'int' }
const GROUP_VERSION_KIND = withFields({ group: TEXT, version: TEXT, kind: TEXT })
const GROUP_VERSION_RESOURCE = withFields({ group: TEXT, version: TEXT, resource: TEXT })
const RESOURCE_CHECK: CheckedType = { kind: 'struct', name: 'kubernetes.authorization.ResourceCheck' }

/** Source: apiserver pkg/admission/plugin/cel/compile.go BuildRequestType, BuildNamespaceType, createEnvForOpts. */
const VARIABLES: Readonly<Record<Exclude<CelVariable, 'device'>, CheckedType>> = {
  object: DYN_TYPE,
  oldObject: DYN_TYPE,
  params: DYN_TYPE,
  authorizer: { kind: 'struct', name: 'kubernetes.authorization.Authorizer' },
  request: withFields({
    kind: GROUP_VERSION_KIND,
    resource: GROUP_VERSION_RESOURCE,
    subResource: TEXT,
    requestKind: GROUP_VERSION_KIND,
    requestResource: GROUP_VERSION_RESOURCE,
    requestSubResource: TEXT,
    name: TEXT,
    namespace: TEXT,
    operation: TEXT,
    userInfo: withFields({ username: TEXT, uid: TEXT, groups: TEXTS, extra: mapOf(TEXT, TEXTS) }),
    dryRun: { kind: 'bool' },
    options: DYN_TYPE,
  }),
  namespaceObject: withFields({
    metadata: withFields({
      name: TEXT,
      generateName: TEXT,
      namespace: TEXT,
      labels: mapOf(TEXT, TEXT),
      annotations: mapOf(TEXT, TEXT),
      UID: TEXT,
      creationTimestamp: TIME,
      deletionGracePeriodSeconds: INT,
      deletionTimestamp: TIME,
      generation: INT,
      resourceVersion: TEXT,
      finalizers: TEXTS,
    }),
    spec: withFields({ finalizers: TEXTS }),
    status: withFields({
      conditions: listOf(
        withFields({ status: TEXT, type: TEXT, lastTransitionTime: TIME, message: TEXT, reason: TEXT }),
      ),
      phase: TEXT,
    }),
  }),
}
