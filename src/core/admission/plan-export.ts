import { append } from '../common/append.ts'
import { diagnostic, hasErrors, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { decideMode, modeProblem } from '../desired/mode.ts'
import type { InjectOptions } from '../inject/options.ts'
import type { Addition, Rule } from '../selection/policy.ts'
import { openCatalog } from '../selection/catalog.ts'
import { orderTemplates } from '../selection/order.ts'
import { withSettings } from '../selection/sidecar-settings.ts'
import { flagStatement, unusedSettings } from '../selection/selector.ts'
import type { SetMode, SetValue, Statement } from '../selection/selection.ts'
import { validatePolicy } from '../selection/validate-policy.ts'
import { resolveTemplate } from '../template/resolve-template.ts'
import type { Sidecar, Template, TemplateContext } from '../template/template.ts'
import { allOf } from './cel-literal.ts'
import type { SelectedSidecar } from './admission-policy.ts'
import { variablePrefix } from './names.ts'
import { selectedExpression } from './pod-variables.ts'
import type { PolicyVariable } from './policy-variable.ts'
import { ruleExpression, workloadVariables } from './rule-expressions.ts'
import { sidecarParts, type SidecarParts } from './sidecar-parts.ts'
import { templateArgument } from '../common/template-argument.ts'
import { exportProblems } from './verdicts.ts'

/** What is exported: which sidecars, and which Pods get them. */
export interface ExportPlan {
  sidecars: readonly SelectedSidecar[]
  rules: readonly PolicyVariable[]
  diagnostics: readonly Diagnostic[]
  /** Differences between what is exported and what `inject` does, in sentences. */
  notes: readonly string[]
}

/** The most rules with values for one sidecar, as each combination of them makes another variant of it. */
const MOST_VALUED_RULES = 3

/**
 * Plans an export. Sidecars that are named on the command line are added to all Pods; otherwise the rules of the policy
 * file decide. There is a plan only if `diagnostics` has no errors.
 */
export async function planExport(options: InjectOptions): Promise<ExportPlan> {
  const { catalog, diagnostics } = await openCatalog(options)
  const flags = flagStatement(options, catalog)
  const all: Diagnostic[] = [...diagnostics, ...flags.diagnostics]
  const { policy } = options
  if (policy !== undefined) append(all, validatePolicy(policy, catalog))
  const rules = options.sidecars === undefined ? (policy?.rules ?? []) : []
  const names = options.sidecars ?? [...new Set(rules.flatMap(({ adds }) => adds.map(({ name }) => name)))]
  if (names.length === 0) {
    const hint = 'name them with --sidecar, or write rules that add some into the policy file'
    all.push(diagnostic('EXPORT_EMPTY', 'no sidecars to export', { hint }))
  }
  append(all, unusedSettings(options, catalog, new Set(names)))
  if (hasErrors(all)) return { sidecars: [], rules: [], diagnostics: all, notes: [] }
  append(all, rules.flatMap(containerProblem))
  const planner = new Planner(options, flags, rules)
  const ordered = orderTemplates(names.flatMap((name) => catalog.get(name) ?? []))
  append(all, ordered.diagnostics)
  const sidecars = ordered.templates.flatMap((template) => planner.sidecarsOf(template, ordered.templates))
  const variables = planner.ruleVariables()
  return {
    sidecars,
    rules: [...workloadVariables(variables), ...variables],
    diagnostics: [...all, ...planner.diagnostics],
    notes: planner.notes,
  }
}

/** The error for a rule that chooses app containers, which a policy cannot do. */
function containerProblem({ containers, origin: { text, at } }: Rule): Diagnostic[] {
  if (containers === undefined) return []
  const message = `${text} cannot be exported: it chooses app containers`
  const hint = 'choose them in the template, by app.containers, or leave such workloads to inject'
  return [diagnostic('EXPORT_IMPOSSIBLE', message, { hint, at })]
}

class Planner {
  readonly diagnostics: Diagnostic[] = []
  readonly notes: string[] = []
  readonly #options: InjectOptions
  readonly #flags: Statement
  readonly #rules: readonly Rule[]
  readonly #used = new Set<number>()

  constructor(options: InjectOptions, flags: Statement, rules: readonly Rule[]) {
    this.#options = options
    this.#flags = flags
    this.#rules = rules
  }

  /** The variables for the conditions of the rules that are used. */
  ruleVariables(): PolicyVariable[] {
    return [...this.#used]
      .sort((a, b) => a - b)
      .flatMap((n) => {
        const rule = this.#rules[n] as Rule
        const made = ruleExpression(rule)
        if ('problem' in made) {
          const { at } = rule.origin
          this.diagnostics.push(
            diagnostic('EXPORT_IMPOSSIBLE', `${rule.origin.text} cannot be exported: ${made.problem}`, {
              hint: made.hint,
              at,
            }),
          )
          return []
        }
        for (const note of made.notes) this.notes.push(`${rule.origin.text}: ${note}`)
        return [
          { name: ruleName(n), expression: `// The conditions of ${comment(rule.origin.text)}.\n${made.expression}` },
        ]
      })
  }

  /** A sidecar, or a variant of it for each combination of the rules that give it values. */
  sidecarsOf(template: Template, all: readonly Template[]): SelectedSidecar[] {
    const { name } = template
    const names = all.map((one) => one.name)
    const valued = [...this.#rules.keys()].filter((n) =>
      (this.#rules[n] as Rule).adds.some(
        (one) => one.name === name && (one.values.length > 0 || one.mode !== undefined || one.start !== undefined),
      ),
    )
    if (valued.length > MOST_VALUED_RULES) {
      const message = `more than ${MOST_VALUED_RULES} rules set parameters or modes of sidecar "${name}"`
      this.diagnostics.push(
        diagnostic('EXPORT_IMPOSSIBLE', message, { hint: 'set them in fewer rules, or for all workloads' }),
      )
      return []
    }
    const isUnreachable = (chosen: readonly number[]): boolean =>
      chosen.length === 0 &&
      valued.length > 0 &&
      this.#rules.every(({ adds }, n) => valued.includes(n) || !adds.some((one) => one.name === name))
    const choices = Array.from({ length: 2 ** valued.length }, (_, bits) =>
      valued.filter((_rule, n) => (bits >> n) % 2 === 1),
    )
    const wanted = this.#wanted(name)
    return choices.flatMap((chosen, n) => {
      const before = this.diagnostics.length
      const parts = this.#parts(template, chosen, n === 0 ? '' : `_V${n + 1}`)
      // Without the rules only a Pod that asks for the sidecar gets it. If values are missing then, inject reports an
      // error, too.
      if (parts === undefined && isUnreachable(chosen)) this.diagnostics.length = before
      if (parts === undefined) return []
      const hold = valued.map((rule) => `${chosen.includes(rule) ? '' : '!'}variables.${ruleName(rule)}`)
      return [{ parts, selected: allOf([selectedExpression(name, wanted, names), ...hold]) }]
    })
  }

  /**
   * CEL expression: whether the rules, in their order, give a sidecar to a Pod. A later rule may take away what an
   * earlier one adds.
   */
  #wanted(name: string): string {
    if (this.#options.sidecars !== undefined) return 'true'
    let known = 'false'
    for (const [n, { adds, excludes }] of this.#rules.entries()) {
      const isAdded = adds.some((one) => one.name === name)
      const isExcluded = excludes === 'all' || excludes.some((one) => one.name === name)
      if (!isAdded && !(isExcluded && known !== 'false')) continue
      this.#used.add(n)
      const holds = `variables.${ruleName(n)}`
      if (isAdded) known = known === 'false' ? holds : `(${known} || ${holds})`
      else known = `(${known} && !${holds})`
    }
    return known
  }

  #parts(template: Template, chosen: readonly number[], suffix: string): SidecarParts | undefined {
    for (const n of chosen) this.#used.add(n)
    const { name } = template
    const additions = chosen.flatMap((n) => (this.#rules[n] as Rule).adds.filter((one) => one.name === name))
    const { policy, kubeVersion } = this.#options
    const values: SetValue[] = [
      ...(policy?.values ?? []),
      ...additions.flatMap((one) => one.values),
      ...this.#flags.values,
    ].filter((value) => value.template === name)
    const modes: SetMode[] = [
      ...(policy?.modes ?? []),
      ...additions.flatMap((one) => one.mode ?? []),
      ...this.#flags.modes,
    ].filter((mode) => mode.template === name)
    const decision =
      template.spec['container'] === undefined
        ? ({ mode: 'classic' } as const)
        : decideMode(modes.at(-1)?.mode ?? template.mode, 'Pod', kubeVersion)
    if ('refused' in decision) {
      const { message, hint } = modeProblem(decision.refused, name, 'Pod', kubeVersion)
      this.diagnostics.push(diagnostic(decision.refused, message, { hint }))
      return undefined
    }
    const looked = new Set<string>()
    const { sidecar, diagnostics } = resolveTemplate(template, values, podContext(decision.mode, looked))
    const found = [...diagnostics, ...startProblem(template, additions, this.#flags)]
    append(this.diagnostics, found)
    if (sidecar === undefined || hasErrors(found)) return undefined
    const settings = policy?.sidecarSettings
    return this.#checked(
      template,
      settings === undefined ? sidecar : withSettings(sidecar, settings),
      decision.mode,
      looked,
      suffix,
    )
  }

  #checked(
    template: Template,
    sidecar: Sidecar,
    mode: 'native' | 'classic',
    looked: ReadonlySet<string>,
    suffix: string,
  ): SidecarParts | undefined {
    const problems = exportProblems(
      sidecar,
      templateArgument(template.name, template.place([]).source.label),
      looked,
      this.#options.kubeVersion,
    )
    for (const { code, message, hint } of problems)
      this.diagnostics.push(diagnostic(code, message, { hint, at: template.place(['metadata', 'name']) }))
    let isWrong = problems.length > 0
    const parts = sidecarParts(
      `${variablePrefix(sidecar.name)}${suffix}`,
      sidecar,
      mode,
      template,
      ({ code, message, hint }) => {
        isWrong = true
        this.diagnostics.push(diagnostic(code, message, { hint }))
      },
    )
    return isWrong ? undefined : parts
  }
}

/**
 * The error for a sidecar that does not start first: exported policies add sidecars before the init containers of a Pod
 * only, as `inject` does by default.
 */
function startProblem(
  { name, start: own, place }: Template,
  additions: readonly Addition[],
  flags: Statement,
): Diagnostic[] {
  const given = [...additions.flatMap(({ start }) => start ?? []), ...(flags.starts ?? [])]
  const last = given.findLast(({ template }) => template === name)
  const start = last?.place ?? own ?? 'first'
  if (start === 'first') return []
  const at = last === undefined ? place(['spec', 'start']) : last.from.at
  const message = `sidecar "${name}" cannot be exported: it is to start ${start}, and exported policies add sidecars before all init containers only`
  const hint = 'let it start first, or leave such workloads to inject'
  return [diagnostic('EXPORT_IMPOSSIBLE', message, { hint, at })]
}

function ruleName(n: number): string {
  return `rule_${n + 1}`
}

/** A text as printable ASCII on one line, for a comment. */
function comment(text: string): string {
  return text.replaceAll(/[^ -~]/g, '?')
}

/**
 * The values that a template may depend on for any Pod: its kind, and the mode of the sidecar. The names of others that
 * the template reads are added to `looked`.
 */
function podContext(mode: 'native' | 'classic', looked: Set<string>): TemplateContext {
  const unknown = <T>(name: string, value: T): PropertyDescriptor => ({
    enumerable: true,
    get: () => {
      looked.add(name)
      return value
    },
  })
  const workload = Object.defineProperties(
    { apiVersion: 'v1', kind: 'Pod', labels: {} },
    { name: unknown('workload.name', ''), namespace: unknown('workload.namespace', '') },
  ) as TemplateContext['workload']
  const app = Object.defineProperties(
    {},
    {
      container: unknown('app.container', ''),
      image: unknown('app.image', ''),
      port: unknown('app.port', undefined),
      portName: unknown('app.portName', undefined),
    },
  ) as TemplateContext['app']
  return { workload, app, mode }
}
