import { append } from '../core/common/append.ts'
import { diagnostic, hasErrors, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import type { InjectOptions } from '../core/inject/options.ts'
import type { FileResult, RunResult } from '../core/inject/result.ts'
import { encodeText } from '../core/text/decode.ts'
import { encodeParts, groupParts, joinParts } from '../core/text/parts.ts'
import { joinStreams } from '../core/text/join.ts'
import type { SourceText } from '../core/text/source.ts'
import type { Host } from '../io/host.ts'
import type { Loaded, LoadedFile } from '../io/read-files.ts'
import { diagnosticsText, type ReportEnv } from '../report/diagnostics.ts'
import { otherFilesText } from '../report/other-files.ts'
import { namesText } from '../report/names.ts'
import { summaryText } from '../report/summary.ts'
import type { Engine, EngineLoader } from './engine.ts'
import { EXIT, exitCodeOf, type ExitCode } from './exit-code.ts'
import { skippedText, withoutFailed, type KeptResult } from './keep-going.ts'
import type { RunOptions } from './options.ts'
import { patchName } from './patch-name.ts'
import { prepare, type Prepared } from './prepare.ts'
import { print, printRefusal, type Printed } from './print.ts'
import { withProgress, type Progress } from './progress.ts'
import { reportEnv } from './report-env.ts'
import { RunStore } from './run-store.ts'

/** The commands that take inputs through the engine. */
export type WorkCommand = 'inject' | 'uninject' | 'diff'

/** The manifests as one stream: a single file byte for byte in its encoding, several joined as UTF-8. */
function* manifests(files: readonly FileResult[]): Generator<Uint8Array> {
  const inputs = groupParts(files)
  if (inputs.length <= 1) yield* encodeParts(files)
  else yield encodeText(joinStreams(inputs.map((parts) => parts.map(({ output }) => output).join(''))), 'utf-8', false)
}

function isChanged({ source, output }: FileResult): boolean {
  return output !== source.text
}

/** Finds the input that a result belongs to; a result of anything else is a bug. */
function inputsBySource(loaded: Loaded): (source: SourceText) => LoadedFile {
  const files = new Map(loaded.files.map((file) => [file.source, file]))
  return (source) => {
    const file = files.get(source)
    if (file === undefined) throw new Error(`a result for ${source.label}, which was no input`)
    return file
  }
}

/** The changes of results as a patch, made a piece at a time; each is good until the next is asked for. */
export async function patch(host: Host, files: readonly FileResult[], loaded: Loaded, color: boolean): Promise<() => Iterable<Uint8Array>> {
  const { patchPieces } = await import('../report/diff.ts')
  const inputOf = inputsBySource(loaded)
  return () => patchPieces(groupParts(files).map((parts) => ({ name: patchName(inputOf(parts[0].source).file, host.cwd), parts })), color)
}

/** How each output is printed. */
const PRINTED: Record<RunOptions['output'], Printed> = {
  'as-is': 'manifests', yaml: 'manifests', json: 'json', diff: 'patch', name: 'text', none: 'text',
}

/** The output, made anew each time that it is asked for. */
async function artefact(
  output: RunOptions['output'],
  work: { host: Host; engine: Engine; result: RunResult; loaded: Loaded; options: RunOptions },
): Promise<() => Iterable<string | Uint8Array>> {
  const { host, engine, result, loaded, options } = work
  switch (output) {
    case 'as-is':
      return () => manifests(result.files)
    case 'yaml': {
      const files = result.files.map((file) => Object.assign({}, file, { output: engine.toYaml(file) }))
      return () => manifests(files)
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

/** What writing came to: how many files, or none where something went wrong. */
interface Written {
  files: number
  diagnostics: readonly Diagnostic[]
}

/** Writes the changed files, after tidying up behind runs that were killed. */
async function writeBack(host: Host, result: RunResult, loaded: Loaded, progress: Progress): Promise<Written> {
  const inputOf = inputsBySource(loaded)
  const changed = groupParts(result.files).filter((parts) => parts.some(isChanged))
  const changes = changed.map((parts) => ({ file: inputOf(parts[0].source), parts }))
  const { removeStaleTempFiles } = await import('../io/stale-temp-files.ts')
  const tidied = removeStaleTempFiles(host, loaded.files.flatMap(({ file }) => (file.kind === 'file' && file.regular ? [file.path] : [])))
  if (changes.length === 0) return { files: 0, diagnostics: tidied }
  const { writeChanges } = await import('../io/write-files.ts')
  const found = await writeChanges(host, changes, progress.hook)
  return { files: hasErrors(found) ? 0 : changes.length, diagnostics: [...tidied, ...found] }
}

/** Writes the files without errors; nothing goes to stdout beside errors. */
async function writeKept(host: Host, { result, skipped }: KeptResult, loaded: Loaded, progress: Progress, env: ReportEnv, code: ExitCode): Promise<ExitCode> {
  const written = await writeBack(host, result, loaded, progress)
  await host.stderr.write(diagnosticsText(written.diagnostics, env))
  if (hasErrors(written.diagnostics)) return EXIT.trouble
  await host.stderr.write(summaryText(result, env, written.files) + skippedText(skipped, env))
  return code
}

/** Outputs for which all objects of an input must be there at once. */
const WHOLE: ReadonlySet<RunOptions['output']> = new Set(['yaml', 'json'])

/** Output without any manifest would be taken for an empty set by the next program in a pipe. */
function nothingLeft({ loaded, others }: Pick<Prepared, 'loaded' | 'others'>, { allowEmpty, paths, since }: RunOptions): Diagnostic[] {
  if (allowEmpty || since !== undefined || loaded.files.length > 0 || others.length === 0) return []
  const message = `no manifests among the inputs: ${others.length === 1 ? 'the file holds none' : `none of the ${others.length} files holds any`}`
  return [diagnostic('IO_EMPTY', message, { hint: `name other files than ${paths.join(' ')}, or use --allow-empty if that is meant` })]
}

function asDiff(code: ExitCode): ExitCode {
  // `diff` keeps 1 for differences, as kubectl diff does.
  return code === EXIT.findings ? EXIT.trouble : code
}

/**
 * Takes inputs through the engine and delivers: all findings to stderr; and only when no error is among them the
 * artefact to stdout, or the changed files to their places.
 */
export async function run(command: WorkCommand, options: RunOptions, to: Host, load: EngineLoader): Promise<ExitCode> {
  const { host, progress } = withProgress(to, options)
  const store = new RunStore(host)
  try {
    return await work(command, options, host, progress, load, store)
  } finally {
    store.close()
    await progress.clear()
  }
}

/** Lets the engine work on inputs, if need be with long ones in one piece. */
export async function inPartsOrWhole(loaded: Loaded, work: Engine['inject'], options: InjectOptions): Promise<{ made: RunResult; loaded: Loaded }> {
  const made = await work(loaded.files.map(({ source }) => source), options)
  if (made.needsWhole !== true) return { made, loaded }
  const files = groupParts(loaded.files).map((parts): LoadedFile => {
    const [{ file, stamp }] = parts
    return { source: joinParts(parts), file, stamp }
  })
  return { made: await work(files.map(({ source }) => source), options), loaded: { ...loaded, files } }
}

async function work(
  command: WorkCommand,
  options: RunOptions,
  host: Host,
  progress: Progress,
  load: EngineLoader,
  store: RunStore,
): Promise<ExitCode> {
  const env = reportEnv(host, options)
  const settle = command === 'diff' ? asDiff : (code: ExitCode) => code
  const engine = await load()
  const inParts = !options.stripLive && !WHOLE.has(options.output)
  const { settings, usable, diagnostics: before, ...prepared } = await prepare(options, host, progress, inParts ? store : undefined)
  if (!usable) {
    await host.stderr.write(diagnosticsText(before, env))
    return EXIT.trouble
  }
  const asked = { ...settings, costs: options.verbosity === 'verbose' }
  const { made, loaded } = await inPartsOrWhole(prepared.loaded, command === 'uninject' ? engine.uninject : engine.inject, asked)
  const result = options.stripLive ? { ...made, files: made.files.map(engine.stripLive) } : made
  const diagnostics = [...before, ...result.diagnostics]
  if (!options.write && command !== 'diff') append(diagnostics, nothingLeft(prepared, options))
  if (WHOLE.has(options.output) && command !== 'diff' && !hasErrors(diagnostics)) append(diagnostics, engine.conversionErrors(result.files))
  const kept = options.keepGoing && hasErrors(diagnostics) ? withoutFailed(result, before, prepared.ofInputs) : undefined
  append(diagnostics, kept?.diagnostics ?? [])
  await host.stderr.write(diagnosticsText(diagnostics, env))
  if (kept !== undefined) return await writeKept(host, kept, loaded, progress, env, exitCodeOf(diagnostics))
  if (hasErrors(diagnostics)) return settle(exitCodeOf(diagnostics))

  const output = command === 'diff' ? 'diff' : options.output
  const product = await artefact(output, { host, engine, result, loaded, options })
  const refusal = await printRefusal(host, PRINTED[output], product)
  if (refusal !== undefined) {
    await host.stderr.write(diagnosticsText([refusal], env))
    return EXIT.trouble
  }
  const written = options.write ? await writeBack(host, result, loaded, progress) : undefined
  if (written !== undefined) await host.stderr.write(diagnosticsText(written.diagnostics, env))
  if (written !== undefined && hasErrors(written.diagnostics)) return EXIT.trouble
  await print(host, PRINTED[output], product)
  await host.stderr.write(summaryText(result, env, written?.files) + otherFilesText(prepared.others, env.verbosity))
  return command === 'diff' && result.files.some(isChanged) ? EXIT.findings : EXIT.ok
}
