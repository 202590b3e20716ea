import { Evaluator } from '../../../src/core/cel/evaluate.ts'
import { parseCel, type Expr } from '../../../src/core/cel/parse.ts'
import {
  Budget,
  CelList,
  CelMadeMap,
  CelMap,
  CelMessage,
  CelOptional,
  type Value,
} from '../../../src/core/cel/values.ts'
import { patternCompiler } from '../../../src/core/common/re2.ts'
import { isObject, type Json, type JsonObject } from '../../../src/core/json/json.ts'

/** The parts of a policy that decide what happens to a Pod. */
interface PolicySpec {
  matchConditions: { name: string; expression: string }[]
  variables: { name: string; expression: string }[]
  mutations: { jsonPatch: { expression: string } }[]
}

/** What a policy made of a Pod. */
export interface Admitted {
  pod: JsonObject
  /** Steps of evaluation, by mutation. */
  steps: number[]
}

const PARSED = new Map<string, Expr>()

function parsed(text: string): Expr {
  const known = PARSED.get(text)
  if (known !== undefined) return known
  const read = parseCel(text)
  if ('kind' in read) throw new Error(`${read.kind}: ${read.message} in ${text}`)
  PARSED.set(text, read.expr)
  return read.expr
}

const PATTERNS = patternCompiler()
const STEPS = 5_000_000

/** Runs a policy on a Pod as the API server does, reinvocations included: as often as it changes something, twice at least. */
export function admit(
  policy: JsonObject,
  pod: JsonObject,
  namespace: JsonObject = { metadata: { name: 'default' } },
): Admitted {
  const spec = policy['spec'] as unknown as PolicySpec
  let object = structuredClone(pod)
  const steps: number[] = []
  const first = runOnce(spec, object, namespace, steps)
  object = first
  const again = runOnce(spec, object, namespace, [])
  if (JSON.stringify(again) !== JSON.stringify(object)) throw new Error('a second invocation changes the Pod')
  return { pod: object, steps }
}

function runOnce(spec: PolicySpec, pod: JsonObject, namespace: JsonObject, steps: number[]): JsonObject {
  for (const { name, expression } of spec.matchConditions) {
    const holds = evaluate(expression, [], pod, namespace, new Budget(STEPS))
    if (typeof holds !== 'boolean') throw new Error(`${name} is no bool`)
    if (!holds) return pod
  }
  let object = pod
  for (const { jsonPatch } of spec.mutations) {
    const budget = new Budget(STEPS)
    const patch = evaluate(jsonPatch.expression, spec.variables, object, namespace, budget)
    if (!(patch instanceof CelList)) throw new Error('a patch is no list')
    object = apply(object, patch.items)
    steps.push(STEPS - budget.left)
  }
  return object
}

function evaluate(
  text: string,
  variables: PolicySpec['variables'],
  pod: JsonObject,
  namespace: JsonObject,
  budget: Budget,
): Value {
  const evaluator = new Evaluator({ budget, compilePattern: PATTERNS })
  const object = toValue(pod)
  const names = new Map<string, Value>([
    ['object', object],
    ['namespaceObject', toValue(namespace)],
    ['request', toValue({ namespace: (namespace['metadata'] as JsonObject)['name'] as string, operation: 'CREATE' })],
  ])
  const scope = { get: (name: string): Value | undefined => names.get(name) }
  names.set('variables', new Variables(variables, (expression) => evaluator.run(parsed(expression), scope)))
  return evaluator.run(parsed(text), scope)
}

/** The value of one variable of a policy, for a Pod. */
export function evaluateVariable(policy: JsonObject, name: string, pod: JsonObject): Value {
  const spec = policy['spec'] as unknown as PolicySpec
  return evaluate(`variables.${name}`, spec.variables, pod, { metadata: { name: 'default' } }, new Budget(STEPS))
}

/** The variables of a policy, each evaluated when it is asked for. */
class Variables extends CelMap {
  readonly #list: PolicySpec['variables']
  readonly #run: (expression: string) => Value
  readonly #known = new Map<string, Value>()
  constructor(list: PolicySpec['variables'], run: (expression: string) => Value) {
    super()
    this.#list = list
    this.#run = run
  }
  get size(): number {
    return this.#list.length
  }
  get(key: Value): Value | undefined {
    const name = String(key)
    if (!this.#known.has(name)) {
      const found = this.#list.find((one) => one.name === name)
      if (found === undefined) return undefined
      this.#known.set(name, this.#run(found.expression))
    }
    return this.#known.get(name)
  }
  keys(): readonly Value[] {
    return this.#list.map(({ name }) => name)
  }
}

export function toValue(json: Json): Value {
  if (Array.isArray(json)) return new CelList(json.map(toValue))
  if (isObject(json)) return new CelMadeMap(Object.entries(json).map(([key, value]) => [key, toValue(value)] as const))
  return typeof json === 'number' && Number.isInteger(json) ? BigInt(json) : json
}

export function toJson(value: Value): Json {
  if (value instanceof CelOptional) throw new Error('an optional is no JSON')
  if (value instanceof CelList) return value.items.map(toJson)
  if (value instanceof CelMap)
    return Object.fromEntries(value.keys().map((key) => [String(key), toJson(value.get(key) as Value)]))
  return typeof value === 'bigint' ? Number(value) : (value as Json)
}

/** Applies a JSON patch of `add` operations (RFC 6902). */
function apply(pod: JsonObject, operations: readonly Value[]): JsonObject {
  const out = structuredClone(pod)
  for (const one of operations) {
    if (!(one instanceof CelMessage) || one.type !== 'JSONPatch' || one.get('op') !== 'add')
      throw new Error('not an add')
    const steps = String(one.get('path'))
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    const last = steps.pop() as string
    let holder: Json = out
    for (const step of steps) {
      const inner: Json | undefined = Array.isArray(holder) ? holder[Number(step)] : (holder as JsonObject)[step]
      if (typeof inner !== 'object' || inner === null) throw new Error(`nothing at ${String(one.get('path'))}`)
      holder = inner
    }
    const value = toJson(one.get('value') as Value)
    if (!Array.isArray(holder)) (holder as JsonObject)[last] = value
    else if (last === '-') holder.push(value)
    else if (/^\d+$/.test(last) && Number(last) <= holder.length) holder.splice(Number(last), 0, value)
    else throw new Error(`no such index: ${String(one.get('path'))}`)
  }
  return out
}
