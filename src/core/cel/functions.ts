import type { CallContext, CelFunction } from './function-types.ts'
import { CONVERSIONS } from './functions-convert.ts'
import { KUBERNETES_FUNCTIONS } from './functions-kubernetes.ts'
import { LIST_FUNCTIONS } from './functions-lists.ts'
import { NETWORK_FUNCTIONS } from './functions-network.ts'
import { TEXT_FUNCTIONS } from './functions-text.ts'
import { noOverload } from './operators.ts'
import { CelNotChecked, type Value } from './values.ts'

const FUNCTIONS: ReadonlyMap<string, CelFunction> = new Map(
  [CONVERSIONS, TEXT_FUNCTIONS, LIST_FUNCTIONS, NETWORK_FUNCTIONS, KUBERNETES_FUNCTIONS].flatMap((table) =>
    Object.entries(table),
  ),
)

/**
 * Calls a function by its name.
 * @param receiver of a member function; undefined for a global one
 * @throws CelNotChecked if there is no such function here
 * @throws CelError if the function fails, or does not accept these arguments
 */
export function callFunction(
  name: string,
  receiver: Value | undefined,
  args: readonly Value[],
  context: CallContext,
): Value {
  const found = FUNCTIONS.get(receiver === undefined ? name : `.${name}`)
  if (found === undefined) throw new CelNotChecked(`the function ${name} is not known`)
  const value = found(receiver === undefined ? args : [receiver, ...args], context)
  if (value === undefined) throw noOverload()
  return value
}
