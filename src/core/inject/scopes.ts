import { addTo, getOrMake } from '../common/maps.ts'
import { readClusterRules } from './cluster-rules.ts'
import { append } from '../common/append.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { openCatalog, type Catalog } from '../selection/catalog.ts'
import { createSelector, type Selector } from '../selection/selector.ts'
import { validatePolicy } from '../selection/validate-policy.ts'
import type { SourceText } from '../text/source.ts'
import { objectValidator, type ObjectValidator } from '../validate/object-validator.ts'
import { ResultDetacher } from './detach-results.ts'
import type { RunContext } from './documents.ts'
import type { InjectOptions, InputSettings } from './options.ts'
import { kindsWith } from './read-input.ts'
import type { Operation } from './workload-result.ts'

/** Inputs of a run with the same settings, and the templates available to them. */
export interface Scope {
  options: InjectOptions
  catalog: Catalog
  inputs: readonly SourceText[]
}

/**
 * Groups the inputs of a run by their settings, and opens the templates of each. A run without inputs has one scope.
 */
export async function openScopes(
  inputs: readonly SourceText[],
  options: InjectOptions,
): Promise<{ scopes: Scope[]; diagnostics: Diagnostic[] }> {
  const groups = new Map<InputSettings | InjectOptions, SourceText[]>()
  for (const source of inputs) addTo(groups, options.settingsOf?.(source.label) ?? options, source)
  if (groups.size === 0) groups.set(options, [])
  const scopes: Scope[] = []
  const diagnostics: Diagnostic[] = []
  for (const [settings, own] of groups) {
    const merged = settings === options ? options : { ...options, ...settings }
    const { catalog, diagnostics: problems } = await openCatalog(merged)
    append(diagnostics, problems)
    scopes.push({ options: merged, catalog, inputs: own })
  }
  return { scopes, diagnostics }
}

/**
 * Creates the selector of a scope, which chooses sidecars for workloads, and reports problems of the policy and the
 * flags.
 */
export function openSelector(
  { options, catalog, inputs: own }: Scope,
  inputs: readonly SourceText[],
): { selector: Selector; diagnostics: Diagnostic[] } {
  const { selector, diagnostics } = createSelector(inputs, catalog, options, new Set(own))
  const problems = options.policy === undefined ? [] : validatePolicy(options.policy, catalog)
  return { selector, diagnostics: [...problems, ...diagnostics] }
}

/** Creates the context of each input, which all inputs of a scope share. */
export function contextsOf(
  scopes: readonly Scope[],
  operationOf: (scope: Scope) => Operation,
): (source: SourceText) => RunContext {
  const detacher = new ResultDetacher()
  const checkers = new Map<string, ObjectValidator>()
  const contexts = new Map<SourceText, RunContext>()
  const around = scopes[0]?.options.context ?? []
  const clusterRules = readClusterRules([...scopes.flatMap(({ inputs }) => inputs), ...around])
  for (const scope of scopes) {
    const { options } = scope
    const key = `1.${options.kubeVersion.minor} ${options.allowPlaceholders === true}`
    const checker = getOrMake(checkers, key, () => objectValidator(options))
    const kinds = kindsWith(options.policy?.kinds ?? [])
    const context = { operation: operationOf(scope), options, kinds, detacher, checker, clusterRules }
    for (const source of scope.inputs) contexts.set(source, context)
  }
  return (source) => contexts.get(source) as RunContext
}
