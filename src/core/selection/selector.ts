import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { orderTemplates } from './order.ts'
import { pathInObject } from '../kube/pod-template.ts'
import type { Workload } from '../kube/workload.ts'
import { policyStatement } from './match-policy.ts'
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import type { Template } from '../template/template.ts'
import type { SourceText } from '../text/source.ts'
import { readAnnotations } from './annotations.ts'
import type { Catalog } from './catalog.ts'
import { readNamespaces } from './namespaces.ts'
import {
  NOTHING_SAID,
  type ChosenSidecar,
  type Level,
  type Origin,
  type Picked,
  type Selection,
  type SetMode,
  type SetValue,
  type Statement,
} from './selection.ts'
import type { SelectionOptions } from './selection-options.ts'

/** The sidecar that is used when none is chosen anywhere. */
export const DEFAULT_SIDECAR = 'logging'

/** What the levels look at. */
interface Sources {
  catalog: Catalog
  options: SelectionOptions
  flags: Statement
  namespaces: ReadonlyMap<string, Statement>
}

/** The name under which `SelectionOptions.modes` has the mode of all other sidecars. */
const ALL = ''

const DEFAULT_ORIGIN: Origin = { level: 'default', text: 'the built-in default' }

/**
 * The precedence, from the strongest level to the weakest. The first level that says which sidecars a workload gets
 * decides that; a parameter's value, and how a sidecar runs, come from the first level that gives one.
 */
export const PRECEDENCE: readonly { level: Level; says: (workload: Workload, sources: Sources) => Statement }[] = [
  { level: 'flag', says: (_, { flags }) => flags },
  {
    level: 'pod-template',
    says: (object, { catalog }) =>
      readAnnotations({ object, metadata: pathInObject(object, ['metadata']), level: 'pod-template' }, catalog),
  },
  {
    level: 'workload',
    // A Pod is its own template.
    says: (object, { catalog }) =>
      object.templatePath.length === 0
        ? NOTHING_SAID
        : readAnnotations({ object, metadata: ['metadata'], level: 'workload' }, catalog),
  },
  { level: 'namespace', says: ({ ref }, { namespaces }) => namespaces.get(ref.namespace || 'default') ?? NOTHING_SAID },
  {
    level: 'policy',
    says: (workload, { options: { policy } }) =>
      policy === undefined ? NOTHING_SAID : policyStatement(policy, workload),
  },
  { level: 'default', says: (_, { options }) => (options.withoutDefault === true ? NO_DEFAULT : DEFAULT_STATEMENT) },
]

const DEFAULT_STATEMENT: Statement = {
  ...NOTHING_SAID,
  sidecars: { picks: [{ name: DEFAULT_SIDECAR, origin: DEFAULT_ORIGIN }], origin: DEFAULT_ORIGIN },
}

const NO_DEFAULT: Statement = { ...NOTHING_SAID, sidecars: { picks: [], origin: DEFAULT_ORIGIN } }

/** Levels that describe all that a workload shall have, so that what they no longer name is taken out. */
const DECLARATIVE: ReadonlySet<Level> = new Set<Level>(['pod-template', 'workload', 'namespace', 'policy'])

/** Levels at which a workload gets no sidecars without having asked for that. */
const WITHOUT_OPTING_OUT: ReadonlySet<Level> = new Set<Level>(['policy', 'default'])

/** Decides which sidecars workloads get. */
export interface Selector {
  select(workload: Workload): Selection
  /** Names chosen for any workload so far. */
  readonly used: ReadonlySet<string>
}

/** Makes the selector of a run; what is wrong with flags and Namespace objects is reported once, here. */
export function createSelector(
  inputs: readonly SourceText[],
  catalog: Catalog,
  options: SelectionOptions,
): { selector: Selector; diagnostics: Diagnostic[] } {
  const { statements, diagnostics } = readNamespaces([...(options.context ?? []), ...inputs], catalog)
  const flags = flagStatement(options, catalog)
  const sources: Sources = { catalog, options, flags: { ...flags, diagnostics: [] }, namespaces: statements }
  const used = new Set<string>()
  const order = rememberOrder()
  /** Most workloads say nothing of their own, and get what their namespace and the run say. */
  const alike = new Map<Statement, Selection>()
  const select = (workload: Workload): Selection => {
    const said = PRECEDENCE.map(({ says }) => says(workload, sources))
    const [, template, own, namespace = NOTHING_SAID, policy] = said
    const isAlike = template === NOTHING_SAID && own === NOTHING_SAID && policy === NOTHING_SAID
    const selection = (isAlike ? alike.get(namespace) : undefined) ?? settle(said, catalog, order)
    if (isAlike) alike.set(namespace, selection)
    for (const { template } of selection.chosen) used.add(template.name)
    return selection
  }
  return { selector: { select, used }, diagnostics: [...diagnostics, ...flags.diagnostics] }
}

/** Puts the statements of all levels, strongest first, together. */
function settle(said: readonly Statement[], catalog: Catalog, order: typeof orderTemplates): Selection {
  const decisive = said.find((statement) => statement.sidecars !== undefined)?.sidecars
  const { picks, origin } = decisive ?? { picks: [], origin: DEFAULT_ORIGIN }
  const weakestFirst = said.toReversed()
  const values = weakestFirst.flatMap((statement) => statement.values)
  const modes = weakestFirst.flatMap((statement) => statement.modes)
  const templates = picks.map(({ name }) => catalog.get(name) as Template)
  const ordered = order(templates)
  return {
    chosen: ordered.templates.map((template) => choose(template, picks, values, modes)),
    overrides: said.find(({ overrides }) => overrides !== undefined)?.overrides ?? [],
    origin,
    exclusive: DECLARATIVE.has(origin.level),
    reason: picks.length > 0 ? undefined : WITHOUT_OPTING_OUT.has(origin.level) ? 'no-sidecars' : 'opted-out',
    diagnostics: [...said.flatMap((statement) => statement.diagnostics), ...ordered.diagnostics],
  }
}

function choose(
  template: Template,
  picks: readonly Picked[],
  values: readonly SetValue[],
  modes: readonly SetMode[],
): ChosenSidecar {
  const { name } = template
  return {
    template,
    origin: picks.find((pick) => pick.name === name)?.origin ?? DEFAULT_ORIGIN,
    values: values.filter((value) => value.template === name),
    mode: modes.findLast((mode) => mode.template === name),
  }
}

/** Most workloads of a run get the same sidecars, whose order is computed once. */
function rememberOrder(): typeof orderTemplates {
  const known = new Map<string, ReturnType<typeof orderTemplates>>()
  return (templates) => {
    const key = templates.map((t) => t.name).join(',')
    const ordered = known.get(key) ?? orderTemplates(templates)
    known.set(key, ordered)
    return ordered
  }
}

/** What the command line says; names that do not exist are reported. */
function flagStatement({ sidecars, parameters, modes }: SelectionOptions, catalog: Catalog): Statement {
  const origin: Origin = { level: 'flag', text: '--sidecar' }
  const diagnostics: Diagnostic[] = []
  const known = (name: string, message: string): boolean => {
    if (catalog.has(name)) return true
    const hint = didYouMeanHint(name, catalog.names)
    diagnostics.push(diagnostic('SIDECAR_UNKNOWN', message, hint === undefined ? {} : { hint }))
    return false
  }
  const picks = [...new Set(sidecars ?? [])]
    .filter((name) => known(name, `unknown sidecar "${name}"`))
    .map((name) => ({ name, origin }))
  const unselected = new Set([...parameters.map((setting) => setting.template), ...(modes?.keys() ?? [])])
  unselected.delete(ALL)
  for (const name of unselected) known(name, `a value is set for unknown sidecar "${name}"`)
  const values = parameters.map((setting): SetValue => {
    const text = setting.origin ?? `--set ${setting.template}.${setting.name}`
    return { ...setting, origin: text, from: { level: 'flag', text } }
  })
  const all = (modes === undefined || modes.size === 0 ? [] : catalog.names).flatMap((name): SetMode[] => {
    const own = modes?.get(name)
    const mode = own ?? modes?.get(ALL)
    const text = own === undefined ? `--mode ${mode}` : `--mode ${name}=${mode}`
    return mode === undefined ? [] : [{ template: name, mode, from: { level: 'flag', text } }]
  })
  const said = { values, modes: all, diagnostics }
  return sidecars === undefined ? said : { ...said, sidecars: { picks, origin } }
}

/** A `--set` for a sidecar that no workload of the run gets would be ignored in silence. */
export function unusedSettings(options: SelectionOptions, catalog: Catalog, used: ReadonlySet<string>): Diagnostic[] {
  const settings = options.parameters.map((setting) => setting.template)
  const chosen = new Set([...used, ...(options.sidecars ?? (used.size === 0 ? [DEFAULT_SIDECAR] : []))])
  return [...new Set(settings)]
    .filter((name) => catalog.has(name) && !chosen.has(name))
    .map((name) =>
      diagnostic('PARAM_UNKNOWN', `a value is set for sidecar "${name}", which is not selected`, {
        hint: `select it with --sidecar ${name}`,
      }),
    )
}
