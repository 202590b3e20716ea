import { dirname, resolve } from 'node:path'
import { diagnostic, hasErrors, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { isObject, type Json } from '../core/json/json.ts'
import type { RunResult } from '../core/inject/result.ts'
import type { Policy, Rule } from '../core/selection/policy.ts'
import type { Host } from '../io/host.ts'
import { isBelow } from '../io/path-text.ts'
import type { SidecarOptions } from './commands/sidecar-options.ts'
import type { LoadedPolicies, LoadedPolicy } from './policy.ts'
import type { ChangeOptions } from './staged.ts'

/** Maximum number of namespaces that are named. */
const MAX_NAMED = 5

type Options = SidecarOptions & Partial<ChangeOptions>

/**
 * Warns of the rules of policies that add sidecars to something they name, by namespace, name, labels or path, and that
 * match no workload: they are probably misspelt. Only where that is sure: the whole folder of a policy was looked at, and
 * nothing failed.
 */
export function unusedRules(
  { files, diagnostics }: RunResult,
  policies: LoadedPolicies,
  options: Options,
  { cwd }: Host,
): Diagnostic[] {
  if (!looksAtAll(options) || hasErrors(diagnostics)) return []
  const folders = options.paths.map((path) => resolve(cwd, path))
  return policies.used.flatMap((loaded) => {
    const { policy } = loaded
    if (policy === undefined || !isWithin(loaded, folders)) return []
    const own = files.filter(({ source }) => policies.of(source.label) === loaded)
    const namespaces = own.flatMap(({ workloads }) => workloads.map(({ resource }) => resource.namespace || 'default'))
    if (namespaces.length === 0) return []
    return unusedOf(policy).map((rule) => unused(rule, [...new Set(namespaces)].sort()))
  })
}

/** Whether a run looks at all workloads of the folders that it is given. */
function looksAtAll({ recursive, since, changed, exclude, namespace, selector, sidecars }: Options): boolean {
  const isNarrowed = [since, changed, namespace, selector, sidecars].some((option) => option !== undefined)
  return recursive && !isNarrowed && exclude.length === 0
}

/** Whether the folder of a policy file is one of some folders, or in one. */
function isWithin({ files: [policyFile] }: LoadedPolicy, folders: readonly string[]): boolean {
  if (policyFile?.file.kind !== 'file') return false
  const own = dirname(policyFile.file.path)
  return folders.some((folder) => own === folder || isBelow(folder, own))
}

function unusedOf({ rules = [], used }: Policy): readonly Rule[] {
  return rules.filter((rule) => rule.adds.length > 0 && namesOf(rule).length > 0 && !used.has(rule))
}

/** Conditions that name what is in one repository; kinds and annotations may hold for what is yet to come. */
const NAMING: ReadonlySet<string> = new Set(['namespaces', 'names', 'labels', 'paths'])

/** The conditions of a rule that name something, with their values as they are written. */
function namesOf({ match }: Rule): { condition: string; values: string[] }[] {
  return Object.entries(match)
    .filter(([condition]) => NAMING.has(condition))
    .map(([condition, value]) => ({ condition, values: written(value) }))
}

function written(value: Json): string[] {
  if (Array.isArray(value)) return value.map(String)
  return isObject(value) ? Object.entries(value).map(([key, text]) => `${key}=${String(text)}`) : [String(value)]
}

function unused(rule: Rule, namespaces: readonly string[]): Diagnostic {
  const names = namesOf(rule)
  const said = names.map(({ condition, values }) => `${condition} ${values.join(', ')}`).join('; ')
  const more = namespaces.length > MAX_NAMED ? ', ...' : ''
  const found = names.some(({ condition }) => condition === 'namespaces')
    ? `; namespaces found: ${namespaces.slice(0, MAX_NAMED).join(', ')}${more}`
    : ''
  return diagnostic('RULE_UNUSED', `${rule.origin.text} matches no workload`, {
    at: rule.origin.at,
    hint: `it asks for ${said}${found}`,
  })
}
