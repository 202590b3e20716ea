import { append } from '../core/common/append.ts'
import { diagnostic, hasErrors, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import type { FileResult, RunResult } from '../core/inject/result.ts'
import { encodeText } from '../core/text/decode.ts'
import { encodeParts, groupParts } from '../core/text/parts.ts'
import { joinStreams } from '../core/text/join.ts'
import type { Host } from '../io/host.ts'
import type { Loaded } from '../io/read-files.ts'
import { diagnosticsText } from '../report/diagnostics.ts'
import { namesText } from '../report/names.ts'
import { summaryText } from '../report/summary.ts'
import type { SidecarOptions } from './commands/sidecar-options.ts'
import { emptySelection } from './empty-selection.ts'
import type { Engine, EngineLoader } from './engine.ts'
import { REFUSE_IN_FOLDERS, type UnchosenIn } from './engine-settings.ts'
import { EXIT, exitCodeOf, type ExitCode } from './exit-code.ts'
import { skippedText, withoutFailed } from './keep-going.ts'
import { loadManifests, runEngine, type LoadedManifests } from './load-manifests.ts'
import { sourcesOf, toldOf } from './other-files.ts'
import { inputsText } from './inputs-text.ts'
import { inputsBySource, isChanged, patch } from './patch.ts'
import { excludesFile } from './policy.ts'
import { print, printRefusal, type Printed } from './print.ts'
import type { Progress } from './progress.ts'
import { reportEnv } from './report-env.ts'
import { withRunContext, type RunContext } from './run-context.ts'
import { unusedRules } from './unused-rules.ts'
import { UsageError } from './usage-error.ts'
import { writeReport } from './write-report.ts'

/** What can be asked for on standard output. */
export type Output = 'yaml' | 'json' | 'diff' | 'name' | 'none'

/** The options of a command that edits manifests, resolved. */
export interface EditOptions extends SidecarOptions {
  /** What is printed on standard output. Default: the manifests in their own format, with `write` nothing. */
  readonly output: Output | 'as-is'
  /** Edit the files in place. Default: no. */
  readonly write: boolean
  /** Write the files without errors and skip the others. Default: no. */
  readonly keepGoing: boolean
  /** Leave workloads with errors as they are, and inject the others. Default: no. */
  readonly skipFailing: boolean
  /** What workloads get for which nobody selects sidecars. Default: a folder is an error. */
  readonly unchosen?: UnchosenIn
  /** Files of kustomizations and charts are errors, as the output counts as all that they stand for. Default: no. */
  readonly refusesSources?: boolean
  /** Remove from the output what a cluster added to objects. Default: no. */
  readonly stripLive: boolean
  /** Whether the input must be a ResourceList. Default: no. */
  readonly isFunction?: boolean
  /** A file for a report as JSON. Default: undefined, which means none. */
  readonly report: string | undefined
}

/** How each output is printed. */
const PRINTED: Record<EditOptions['output'], Printed> = {
  'as-is': 'manifests',
  yaml: 'manifests',
  json: 'json',
  diff: 'patch',
  name: 'text',
  none: 'text',
}

/** Outputs that need all objects of an input at once. */
const WHOLE: ReadonlySet<EditOptions['output']> = new Set(['yaml', 'json'])

/** Output without any manifest would be an empty set to the next program in a pipe. */
function nothingLeft(
  { loaded, others, ofInputs }: Pick<LoadedManifests, 'loaded' | 'others' | 'ofInputs'>,
  { allowEmpty, paths, since, exclude }: EditOptions,
): Diagnostic[] {
  if (allowEmpty || since !== undefined || loaded.files.length > 0 || hasErrors(ofInputs)) return []
  if (others.length === 0 && exclude.length === 0) return []
  const why =
    others.length === 0
      ? '--exclude leaves out all of them'
      : others.length === 1
        ? 'the file is not a manifest'
        : `none of the ${others.length} files is a manifest`
  return [
    diagnostic('IO_EMPTY', `no manifests among the inputs: ${why}`, {
      hint: `name other files than ${paths.join(' ')}, or use --allow-empty if that is expected`,
    }),
  ]
}

/** Errors for kustomizations and charts: what they stand for is not in the output. */
function sourceProblems({ others, policies }: Pick<LoadedManifests, 'others' | 'policies'>): Diagnostic[] {
  const left = others.filter(({ label }) => !excludesFile(policies.of(label).policy, label))
  return sourcesOf(left).map((other) =>
    toldOf(other, {
      severity: 'error',
      hint: 'exclude it by exclude.paths of the policy, or pipe what is built of it to sidecarctl inject',
    }),
  )
}

/**
 * Injects or uninjects. All diagnostics go to standard error; only if none is an error is the output printed on standard
 * output, or are the changed files written. Errors of workloads that were left as they are, as asked, do not count.
 */
export async function editManifests(
  operation: 'inject' | 'uninject',
  options: EditOptions,
  to: Host,
  loadEngine: EngineLoader,
): Promise<ExitCode> {
  return await withRunContext(to, options, async (run) => await edit(operation, options, run, await loadEngine()))
}

async function edit(
  operation: 'inject' | 'uninject',
  options: EditOptions,
  run: RunContext,
  engine: Engine,
): Promise<ExitCode> {
  const { host, progress } = run
  const env = reportEnv(host, options)
  const {
    settings,
    usable,
    diagnostics: before,
    ...manifests
  } = await loadManifests(run, options, {
    inParts: !options.stripLive && !WHOLE.has(options.output),
    unchosen: options.unchosen ?? REFUSE_IN_FOLDERS,
    // What is printed goes to kubectl apply, which has no objects then.
    emptyLists: true,
  })
  if (operation === 'inject' && (options.isFunction === true || mayBeFunction(manifests.loaded, options))) {
    const { functionInput, runFunction } = await import('./krm.ts')
    const list = functionInput(manifests.loaded.files)
    if (list !== undefined) return await runFunction(host, options, list)
    if (options.isFunction === true && !hasErrors(manifests.ofInputs)) throw notAList()
  }
  if (!usable) {
    await host.stderr.write(diagnosticsText(before, env))
    return EXIT.failure
  }
  const failures: Diagnostic[] = []
  const skipFailing: Engine['inject'] = async (inputs, given) => {
    const skipped = await engine.injectSkippingFailing(inputs, given)
    append(failures, skipped.failures)
    return skipped.result
  }
  const work = options.skipFailing ? skipFailing : engine[operation]
  const { result: edited, loaded } = await runEngine(manifests.loaded, work, {
    ...settings,
    costs: options.verbosity === 'verbose' || options.report !== undefined,
  })
  const result = options.stripLive ? { ...edited, files: edited.files.map(engine.stripLive) } : edited
  const diagnostics = [...before, ...emptySelection(result, options), ...result.diagnostics]
  if (operation === 'inject') append(diagnostics, unusedRules(result, manifests.policies, options, host))
  if (!options.write) append(diagnostics, nothingLeft(manifests, options))
  if (options.refusesSources === true) append(diagnostics, sourceProblems(manifests))
  const { output } = options
  if ((output === 'json' || output === 'yaml') && !hasErrors(diagnostics))
    append(diagnostics, engine.conversionErrors(result.files, output))
  const kept =
    options.keepGoing && hasErrors(diagnostics) ? withoutFailed(result, before, manifests.ofInputs) : undefined
  append(diagnostics, kept?.diagnostics ?? [])
  const found = [...failures, ...diagnostics]
  await host.stderr.write(diagnosticsText(found, env))
  const report = { file: options.report, operation, result: kept?.result ?? result, loaded }
  const isApplied = kept !== undefined || !hasErrors(diagnostics)
  const unreported = await writeReport(host, { ...report, isApplied }, found)
  await host.stderr.write(diagnosticsText(unreported, env))
  if (hasErrors(unreported)) return EXIT.failure
  /** Prints why the result is neither printed nor written, and corrects the report. */
  const failed = async (why: readonly Diagnostic[]): Promise<ExitCode> => {
    await host.stderr.write(diagnosticsText(why, env))
    await writeReport(host, { ...report, isApplied: false }, [...found, ...why])
    return EXIT.failure
  }
  if (kept !== undefined) {
    const written = await writeBack(host, kept.result, loaded, progress)
    if (hasErrors(written.diagnostics)) return await failed(written.diagnostics)
    await host.stderr.write(diagnosticsText(written.diagnostics, env))
    await host.stderr.write(summaryText(kept.result, env, written.files) + skippedText(kept.skipped, env))
    return exitCodeOf(diagnostics)
  }
  if (hasErrors(diagnostics)) return exitCodeOf(diagnostics)

  const pieces = await outputPieces({ host, engine, result, loaded, options })
  const refusal = await printRefusal(host, PRINTED[options.output], pieces)
  if (refusal !== undefined) return await failed([refusal])
  const written = options.write ? await writeBack(host, result, loaded, progress) : undefined
  if (written !== undefined) {
    if (hasErrors(written.diagnostics)) return await failed(written.diagnostics)
    await host.stderr.write(diagnosticsText(written.diagnostics, env))
  }
  await print(host, PRINTED[options.output], pieces)
  await host.stderr.write(summaryText(result, env, written?.files) + inputsText(manifests, env.verbosity))
  return failures.length > 0 ? EXIT.findings : EXIT.ok
}

/** Whether standard input may be a ResourceList of kustomize or kpt, by its text alone. */
function mayBeFunction({ files }: Loaded, { output, write }: EditOptions): boolean {
  const [only] = files
  if (files.length !== 1 || only?.file.kind !== 'stdin' || output !== 'as-is' || write) return false
  return only.source.text.includes('ResourceList')
}

function notAList(): UsageError {
  return new UsageError(
    'standard input is not a ResourceList',
    'kustomize and kpt pass one to a function; for a stream of manifests use sidecarctl inject, or --fn-config FILE',
  )
}

/** The manifests as one stream: a single file byte for byte in its encoding, several joined as UTF-8. */
function* manifestPieces(files: readonly FileResult[]): Generator<Uint8Array> {
  const inputs = groupParts(files)
  if (inputs.length <= 1) yield* encodeParts(files)
  else yield encodeText(joinStreams(inputs.map((parts) => parts.map(({ output }) => output).join(''))), 'utf-8', false)
}

/** The output, generated each time that it is requested. */
async function outputPieces({
  host,
  engine,
  result,
  loaded,
  options,
}: {
  host: Host
  engine: Engine
  result: RunResult
  loaded: Loaded
  options: EditOptions
}): Promise<() => Iterable<string | Uint8Array>> {
  switch (options.output) {
    case 'as-is':
      return () => manifestPieces(result.files)
    case 'yaml': {
      const files = result.files.map((file) => Object.assign({}, file, { output: engine.toYaml(file) }))
      return () => manifestPieces(files)
    }
    case 'json': {
      const json = engine.toJson(result.files)
      return () => [json]
    }
    case 'diff':
      return await patch(host, result.files, loaded, options.color.stdout)
    case 'name':
      return () => [namesText(result)]
    case 'none':
      return () => []
  }
}

/** The result of writing: the number of files, 0 if an error occurred. */
interface Written {
  files: number
  diagnostics: readonly Diagnostic[]
}

/** Writes the changed files, after removing temporary files of runs that were killed. */
async function writeBack(host: Host, result: RunResult, loaded: Loaded, progress: Progress): Promise<Written> {
  const inputOf = inputsBySource(loaded)
  const changed = groupParts(result.files).filter((parts) => parts.some(isChanged))
  const changes = changed.map((parts) => ({ file: inputOf(parts[0].source), parts }))
  const { removeStaleTempFiles } = await import('../io/stale-temp-files.ts')
  const tidied = removeStaleTempFiles(
    host,
    loaded.files.flatMap(({ file }) => (file.kind === 'file' && file.regular ? [file.path] : [])),
  )
  if (changes.length === 0) return { files: 0, diagnostics: tidied }
  const { writeChanges } = await import('../io/write-files.ts')
  const diagnostics = await writeChanges(host, changes, progress.hook)
  return { files: hasErrors(diagnostics) ? 0 : changes.length, diagnostics: [...tidied, ...diagnostics] }
}
