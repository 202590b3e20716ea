import { getOrMake } from '../common/maps.ts'
import { diagnostic, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { orderTemplates } from './order.ts'
import { pathInObject } from '../kube/pod-template.ts'
import type { Workload } from '../kube/workload.ts'
import { policyStatement } from './match-policy.ts'
import { didYouMeanHint } from '../diagnostics/did-you-mean.ts'
import type { Template } from '../template/template.ts'
import type { SourceText } from '../text/source.ts'
import { templateOf } from '../kube/pod-template.ts'
import { recordOf } from '../ownership/record-text.ts'
import { readAnnotations } from './annotations.ts'
import type { Catalog } from './catalog.ts'
import { ALL, namedSettings, settingText, type NamedSetting } from './named-settings.ts'
import { readNamespaces } from './namespaces.ts'
import {
  NOTHING_SAID,
  type ChosenSidecar,
  type Level,
  type Origin,
  type Picked,
  type Selection,
  type SetMode,
  type SetStart,
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
  /** By the names of the sidecars that a workload has, joined: alike workloads share a statement and its selection. */
  injected: Map<string, Statement>
}

/** The origin of the default sidecar. */
export const DEFAULT_ORIGIN: Origin = { level: 'default', text: 'the built-in default' }

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
  { level: 'default', says: defaultStatement },
]

const DEFAULT_STATEMENT: Statement = {
  ...NOTHING_SAID,
  sidecars: { picks: [{ name: DEFAULT_SIDECAR, origin: DEFAULT_ORIGIN }], origin: DEFAULT_ORIGIN },
}

const REFUSED_STATEMENT: Statement = {
  ...NOTHING_SAID,
  sidecars: { picks: [], origin: { level: 'default', text: 'nothing, as no sidecar is selected' } },
}

/** The statement that applies if no level selects sidecars. */
function defaultStatement(workload: Workload, { options: { whenUnchosen }, injected }: Sources): Statement {
  if (whenUnchosen === 'refuse') return REFUSED_STATEMENT
  if (whenUnchosen !== 'injected') return DEFAULT_STATEMENT
  const names = [...recordOf(templateOf(workload) ?? null).sidecars.keys()]
  return getOrMake(injected, names.join(), () => injectedStatement(names))
}

const INJECTED_TEXT = 'the record of what is injected'

function injectedStatement(names: readonly string[]): Statement {
  const origin: Origin = { level: 'default', text: INJECTED_TEXT }
  return { ...NOTHING_SAID, sidecars: { picks: names.map((name) => ({ name, origin })), origin } }
}

/** Why nothing is chosen. */
function reasonOf(origin: Origin): Selection['reason'] {
  if (origin.text === INJECTED_TEXT) return 'not-injected'
  return origin.level === 'policy' || origin.level === 'default' ? 'no-sidecars' : 'opted-out'
}

/** Levels that describe all sidecars of a workload: those that they no longer name are removed. */
const DECLARATIVE: ReadonlySet<Level> = new Set<Level>(['pod-template', 'workload', 'namespace', 'policy'])

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
  own: ReadonlySet<SourceText> = new Set(inputs),
): { selector: Selector; diagnostics: Diagnostic[] } {
  const isInput = new Set(inputs)
  const { statements, diagnostics } = readNamespaces(
    [...(options.context ?? []), ...inputs],
    catalog,
    (source) => own.has(source) || !isInput.has(source),
  )
  const flags = flagStatement(options, catalog)
  const sources: Sources = {
    catalog,
    options,
    flags: { ...flags, diagnostics: [] },
    namespaces: statements,
    injected: new Map(),
  }
  const used = new Set<string>()
  const order = rememberOrder()
  /** Most workloads say nothing of their own, and get what their namespace and the run say. */
  const alike = new Map<Statement, Map<Statement, Selection>>()
  const select = (workload: Workload): Selection => {
    const said = PRECEDENCE.map(({ says }) => says(workload, sources))
    const [, template, workloads, namespace = NOTHING_SAID, policy, otherwise = NOTHING_SAID] = said
    const isAlike = template === NOTHING_SAID && workloads === NOTHING_SAID && policy === NOTHING_SAID
    const known = alike.get(namespace) ?? new Map<Statement, Selection>()
    const selection = (isAlike ? known.get(otherwise) : undefined) ?? settle(said, catalog, order)
    if (isAlike) alike.set(namespace, known.set(otherwise, selection))
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
  const starts = weakestFirst.flatMap((statement) => statement.starts ?? [])
  // A record may name a template that no longer exists.
  const templates = picks.flatMap(({ name }) => catalog.get(name) ?? [])
  const ordered = order(templates)
  return {
    chosen: ordered.templates.map((template) => choose(template, picks, values, modes, starts)),
    overrides: said.find(({ overrides }) => overrides !== undefined)?.overrides ?? [],
    settings: said.find(({ settings }) => settings !== undefined)?.settings,
    containers: said.find((statement) => statement.containers !== undefined)?.containers,
    origin,
    exclusive: DECLARATIVE.has(origin.level),
    reason: picks.length > 0 ? undefined : reasonOf(origin),
    isRefused: decisive === REFUSED_STATEMENT.sidecars,
    isOfRecord: origin.text === INJECTED_TEXT,
    diagnostics: [...said.flatMap((statement) => statement.diagnostics), ...ordered.diagnostics],
  }
}

function choose(
  template: Template,
  picks: readonly Picked[],
  values: readonly SetValue[],
  modes: readonly SetMode[],
  starts: readonly SetStart[],
): ChosenSidecar {
  const { name } = template
  return {
    template,
    origin: picks.find((pick) => pick.name === name)?.origin ?? DEFAULT_ORIGIN,
    values: values.filter((value) => value.template === name),
    mode: modes.findLast((mode) => mode.template === name),
    start: starts.findLast((start) => start.template === name) ?? startOf(template),
  }
}

/** Where the template itself says that its sidecar starts. */
function startOf({ name, start, place }: Template): SetStart | undefined {
  if (start === undefined) return undefined
  return {
    template: name,
    place: start,
    from: { level: 'default', text: 'the template', at: place(['spec', 'start']) },
  }
}

/** Most workloads of a run get the same sidecars, whose order is computed once. */
function rememberOrder(): typeof orderTemplates {
  const known = new Map<string, ReturnType<typeof orderTemplates>>()
  return (templates) => {
    const key = templates.map((t) => t.name).join(',')
    return getOrMake(known, key, () => orderTemplates(templates))
  }
}

/** What the command line says; names that do not exist are reported. */
export function flagStatement(options: SelectionOptions, catalog: Catalog): Statement {
  const { sidecars, parameters, modes, starts, containers } = options
  const origin: Origin = { level: 'flag', text: '--sidecar' }
  const diagnostics: Diagnostic[] = []
  const known = (name: string, setting?: NamedSetting): boolean => {
    if (catalog.has(name)) return true
    const hint = didYouMeanHint(name, catalog.names)
    const message = `${setting === undefined ? '' : `${setting.text}: `}unknown sidecar "${name}"`
    diagnostics.push(diagnostic('SIDECAR_UNKNOWN', message, { hint, at: setting?.at }))
    return false
  }
  const picks = [...new Set(sidecars ?? [])].filter((name) => known(name)).map((name) => ({ name, origin }))
  for (const [name, setting] of namedSettings(options)) known(name, setting)
  const values = parameters.map(setValue)
  const all = ofSidecars('--mode', modes, catalog).map(({ name, value, from }): SetMode => ({
    template: name,
    mode: value,
    from,
  }))
  const places = ofSidecars('--start', starts, catalog).map(({ name, value, from }): SetStart => ({
    template: name,
    place: value,
    from,
  }))
  const from: Origin = { level: 'flag', text: '--containers' }
  return {
    sidecars: sidecars && { picks, origin },
    values,
    modes: all,
    starts: places,
    containers: containers?.map((name) => ({ name, origin: from })),
    diagnostics,
  }
}

/** What a flag gives each sidecar, by its name or for all that are not named. */
function ofSidecars<T extends string>(
  flag: string,
  given: ReadonlyMap<string, T> | undefined,
  catalog: Catalog,
): { name: string; value: T; from: Origin }[] {
  if (given === undefined || given.size === 0) return []
  return catalog.names.flatMap((name) => {
    const own = given.get(name)
    const value = own ?? given.get(ALL)
    const text = own === undefined ? `${flag} ${value}` : `${flag} ${name}=${value}`
    return value === undefined ? [] : [{ name, value, from: { level: 'flag', text } }]
  })
}

/** A `--set`, `--mode` or `--start` for a sidecar that no workload of the run gets would be ignored in silence. */
export function unusedSettings(options: SelectionOptions, catalog: Catalog, used: ReadonlySet<string>): Diagnostic[] {
  const chosen = new Set([...used, ...(options.sidecars ?? (used.size === 0 ? [DEFAULT_SIDECAR] : []))])
  return [...namedSettings(options)]
    .filter(([name]) => catalog.has(name) && !chosen.has(name))
    .map(([name, { text, at }]) =>
      diagnostic('PARAM_UNKNOWN', `${text}: sidecar "${name}" is not selected`, {
        hint: `select it with --sidecar ${name}`,
        at,
      }),
    )
}

function setValue(setting: SelectionOptions['parameters'][number]): SetValue {
  const text = settingText(setting)
  return { ...setting, origin: text, from: { level: 'flag', text } }
}
