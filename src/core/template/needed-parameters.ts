import type { Json } from '../json/json.ts'
import { holds } from './condition.ts'
import type { ParameterSpec, Template } from './template.ts'

/** The parameters that need a value and have none, where some are given; each counts as given for those after it. */
export function neededParameters(
  { parameters }: Template,
  given: ReadonlyMap<string, Json> = new Map(),
): ParameterSpec[] {
  const values = new Map(given)
  const lookup = (name: string): Json | undefined => values.get(name) ?? parameters.get(name)?.default
  const needed: ParameterSpec[] = []
  for (const spec of parameters.values()) {
    const isNeeded = spec.required || (spec.requiredWhen !== undefined && holds(spec.requiredWhen, lookup))
    if (!isNeeded || lookup(spec.name) !== undefined) continue
    needed.push(spec)
    if (spec.example !== undefined) values.set(spec.name, spec.example)
  }
  return needed
}
