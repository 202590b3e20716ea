import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { diagnostic, hasErrors, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { inject } from '../core/inject/run.ts'
import type { InjectOptions } from '../core/inject/options.ts'
import { jsonText, type JsonObject } from '../core/json/json.ts'
import { readFunctionConfig, type FunctionConfig } from '../core/krm/function-config.ts'
import { functionConfigAt, readResourceList, withResults, type ResourceList } from '../core/krm/resource-list.ts'
import { resultsOf } from '../core/krm/results.ts'
import type { Policy } from '../core/selection/policy.ts'
import { encodeText } from '../core/text/decode.ts'
import { SourceText } from '../core/text/source.ts'
import { findUpward } from '../io/find-upward.ts'
import type { Host } from '../io/host.ts'
import { LinkBounds } from '../io/link-bounds.ts'
import { pathBelow } from '../io/path-text.ts'
import type { LoadedFile } from '../io/read-files.ts'
import { isMissing } from '../io/stat.ts'
import { diagnosticsText } from '../report/diagnostics.ts'
import { summaryText } from '../report/summary.ts'
import type { SidecarOptions } from './commands/sidecar-options.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { engineSettings } from './engine-settings.ts'
import { loadValues } from './values.ts'
import { fileRefusal, inlinePolicy, NO_POLICY, policyOfInput, type LoadedPolicy } from './policy.ts'
import { printAllowed } from './print.ts'
import { readInputsOf, searchOf } from './read-inputs.ts'
import { reportEnv } from './report-env.ts'

/** The ResourceList on standard input, if that is the only input. */
export function functionInput(files: readonly LoadedFile[]): ResourceList | undefined {
  const [only] = files
  return files.length === 1 && only?.file.kind === 'stdin' ? readResourceList(only.source) : undefined
}

/** The options that a functionConfig can give. */
type Configurable = Pick<
  SidecarOptions,
  | 'sidecars'
  | 'parameters'
  | 'modes'
  | 'starts'
  | 'config'
  | 'templates'
  | 'kubeVersion'
  | 'kubeVersionGiven'
  | 'followLinks'
>

/** Options with those of a functionConfig; flags override them. */
export function withFunctionConfig<T extends Configurable>(options: T, config: FunctionConfig): T {
  return {
    ...options,
    sidecars: options.sidecars ?? config.sidecars,
    parameters: [...config.parameters, ...options.parameters],
    modes: overridden(config.modes, options.modes),
    starts: overridden(config.starts, options.starts),
    config: options.config === 'find' && config.policy !== undefined ? { file: config.policy } : options.config,
    templates: [...config.templates, ...options.templates],
    ...(!options.kubeVersionGiven &&
      config.kubeVersion !== undefined && { kubeVersion: config.kubeVersion, kubeVersionGiven: true }),
  }
}

/** What a functionConfig says by sidecar, under what flags say; a flag for all sidecars overrides all of it. */
function overridden<T>(config: ReadonlyMap<string, T>, flags: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return flags.has('') ? flags : new Map([...config, ...flags])
}

/** What a functionConfig says, with the files that it names. */
export interface FunctionSettings<T> {
  options: T
  policy: LoadedPolicy
  templates: readonly LoadedFile[]
  diagnostics: readonly Diagnostic[]
}

/** Reads a functionConfig, the policy and the templates; problems of it point to it. */
export async function functionSettings<T extends Configurable>(
  host: Host,
  options: T,
  list: ResourceList,
): Promise<FunctionSettings<T>> {
  const given = list.data['functionConfig']
  const { config, diagnostics } = readFunctionConfig(given)
  const problems = [...diagnostics, ...pathProblems(host, config, options.followLinks)]
  const at = functionConfigAt(list)
  if (problems.length > 0) {
    const pointed = problems.map((one) => Object.assign({}, one, { at }))
    return { options, policy: NO_POLICY, templates: [], diagnostics: pointed }
  }
  const merged = withFunctionConfig(options, config)
  const inline = merged.config === 'find' ? config.inlinePolicy : undefined
  const policy =
    inline === undefined
      ? await policyOfInput(host, merged)
      : await inlinePolicy(host, new SourceText(INLINE_LABEL, jsonText(inline, 2)), options.followLinks)
  const templates = await readInputsOf(host, merged.templates, searchOf(options))
  return {
    options: merged,
    policy: { ...policy, policy: policy.policy && byPlaces(policy.policy, host) },
    templates: templates.files,
    diagnostics: atFunctionConfig([...policy.diagnostics, ...templates.diagnostics], list),
  }
}

/** The label of a policy that is the functionConfig. */
const INLINE_LABEL = 'functionConfig'

/** Diagnostics that point to the functionConfig where they point to the text of its policy, which nobody sees. */
function atFunctionConfig(diagnostics: readonly Diagnostic[], list: ResourceList): Diagnostic[] {
  const at = functionConfigAt(list)
  return diagnostics.map((one) => (one.at?.source.label === INLINE_LABEL ? { ...one, at } : one))
}

/** A policy whose patterns see the path that an object will be written to, whether or not that file exists. */
function byPlaces(policy: Policy, host: Host): Policy {
  return { ...policy, pathOf: (label) => policy.pathOf(label) ?? pathBelow(host.cwd, resolve(host.cwd, label)) }
}

/**
 * Errors for files that a functionConfig names and that do not exist, or are outside the repository. It comes from the
 * repository, and messages show lines of the files that are read.
 */
export function pathProblems(host: Host, config: FunctionConfig, followLinks: boolean): Diagnostic[] {
  const { policy, templates } = config
  const missing = (path: string): boolean => isMissing(host.fs, resolve(host.cwd, path))
  const named = [...(policy === undefined ? [] : [policy]), ...templates]
  const outside = named.flatMap((path) => outsideProblem(host, path, followLinks))
  if (outside.length > 0) return outside
  return [
    ...(policy !== undefined && missing(policy)
      ? [diagnostic('CONFIG_NOT_FOUND', `${policy}: no such policy file`, { hint: RELATIVE })]
      : []),
    ...templates
      .filter(missing)
      .map((path) => diagnostic('IO_NOT_FOUND', `${path}: no such file or folder`, { hint: RELATIVE })),
  ]
}

const RELATIVE = 'paths in a functionConfig are relative to the working folder'

function outsideProblem(host: Host, path: string, followLinks: boolean): Diagnostic[] {
  const file = resolve(host.cwd, path)
  const git = findUpward(host.fs, host.cwd, '.git')
  const root = git === undefined ? host.cwd : dirname(git)
  const isInside = !isAbsolute(path) && (file === root || file.startsWith(join(root, sep)))
  const bounds = new LinkBounds(host.fs, root, { followLinks, root })
  const reason = isInside ? fileRefusal(host, bounds, root, relative(root, file)) : 'it is outside of the repository'
  return reason === undefined ? [] : [diagnostic('CONFIG_OUTSIDE', `${path} is not read: ${reason}`)]
}

/**
 * Runs inject as a KRM function: the list comes out with its items edited and findings as `results`. If there are errors,
 * no item is changed and the exit code is 1, as hosts take empty output for an empty set of objects.
 */
export async function runFunction(host: Host, options: SidecarOptions, list: ResourceList): Promise<ExitCode> {
  const { source } = list.doc
  const values = await loadValues(host, options.values, searchOf(options))
  const parameters = [...values.settings, ...options.parameters]
  const settings = await functionSettings(host, { ...options, parameters }, list)
  const before = [...settings.diagnostics, ...values.diagnostics]
  const injectOptions: InjectOptions = engineSettings(
    host,
    settings.options,
    settings.templates,
    new Map([[source.label, { policy: settings.policy, whenUnchosen: 'default' }]]),
  )
  const result = hasErrors(before)
    ? { files: [], diagnostics: [] }
    : await inject([source], { ...injectOptions, costs: options.verbosity === 'verbose' })
  const diagnostics = [...before, ...atFunctionConfig(result.diagnostics, list)]
  const failed = hasErrors(diagnostics)
  const output = failed ? source.text : (result.files[0]?.output ?? source.text)
  const code = await printList(host, source, output, resultsOf(diagnostics, list), failed)
  const env = reportEnv(host, options)
  await host.stderr.write(diagnosticsText(diagnostics, env))
  if (!failed) await host.stderr.write(summaryText(result, env, undefined))
  return code
}

/** Prints a ResourceList with results; returns the exit code. */
export async function printList(
  host: Host,
  source: SourceText,
  output: string,
  results: readonly JsonObject[],
  failed: boolean,
): Promise<ExitCode> {
  const text = withResults(new SourceText(source.label, output), results)
  const pieces = (): Uint8Array[] => [encodeText(text, source.encoding, source.bom)]
  const env = { color: false, width: 100, verbosity: 'normal' } as const
  if (!(await printAllowed(host, 'manifests', pieces, env))) return EXIT.failure
  return failed ? EXIT.findings : EXIT.ok
}
