import { hasErrors, type Diagnostic } from '../core/diagnostic.ts'
import type { FileResult, RunResult } from '../core/result.ts'
import { encodeText } from '../core/text/decode.ts'
import { joinStreams } from '../core/text/join.ts'
import type { SourceText } from '../core/text/source.ts'
import type { Host } from '../io/host.ts'
import type { Loaded, LoadedFile } from '../io/read.ts'
import { diagnosticsText, type ReportEnv } from '../report/diagnostics.ts'
import { namesText } from '../report/names.ts'
import { summaryText } from '../report/summary.ts'
import type { Engine, EngineLoader } from './engine.ts'
import { EXIT, exitCodeOf, type ExitCode } from './exit-code.ts'
import type { RunOptions } from './options.ts'
import { patchName } from './patch-name.ts'
import { prepare } from './prepare.ts'
import { withProgress, type Progress } from './progress.ts'

/** The commands that take inputs through the engine. */
export type WorkCommand = 'inject' | 'uninject' | 'diff'

/** The manifests as one stream: a single file byte for byte in its encoding, several joined as UTF-8. */
function* manifests(files: readonly FileResult[]): Generator<Uint8Array> {
  if (files.slice(1).every(({ source }) => source.isContinued)) {
    for (const { output, source } of files) yield encodeText(output, source.encoding, source.bom)
    return
  }
  const texts: string[] = []
  for (const { output, source } of files) {
    if (source.isContinued) texts.push(`${texts.pop()}${output}`)
    else texts.push(output)
  }
  yield encodeText(joinStreams(texts), 'utf-8', false)
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

export async function patch(host: Host, result: RunResult, loaded: Loaded, color: boolean): Promise<Uint8Array> {
  const { patchBytes } = await import('../report/diff.ts')
  const inputOf = inputsBySource(loaded)
  const changes = result.files.map(({ source, output }) => ({
    name: patchName(inputOf(source).file, host.cwd),
    source,
    output,
  }))
  return patchBytes(changes, color)
}

async function artefact(
  output: RunOptions['output'],
  work: { host: Host; engine: Engine; result: RunResult; loaded: Loaded; color: boolean },
): Promise<Iterable<string | Uint8Array>> {
  const { host, engine, result, loaded, color } = work
  switch (output) {
    case 'as-is':
      return manifests(result.files)
    case 'yaml':
      return manifests(result.files.map((file) => Object.assign({}, file, { output: engine.toYaml(file) })))
    case 'json':
      return [engine.toJson(result.files)]
    case 'diff':
      return [await patch(host, result, loaded, color)]
    case 'name':
      return [namesText(result)]
    case 'none':
      return []
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
  const changed = result.files.filter(({ source, output }) => output !== source.text)
  const changes = changed.map(({ source, output }) => ({ file: inputOf(source), text: output }))
  const { removeLeftovers } = await import('../io/leftovers.ts')
  const tidied = removeLeftovers(host, loaded.files.flatMap(({ file }) => (file.kind === 'file' && file.regular ? [file.path] : [])))
  if (changes.length === 0) return { files: 0, diagnostics: tidied }
  const { writeChanges } = await import('../io/write.ts')
  const errors = await writeChanges(host, changes, progress.hook)
  return { files: errors.length > 0 ? 0 : changes.length, diagnostics: [...tidied, ...errors] }
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
  try {
    return await work(command, options, host, progress, load)
  } finally {
    await progress.clear()
  }
}

async function work(command: WorkCommand, options: RunOptions, host: Host, progress: Progress, load: EngineLoader): Promise<ExitCode> {
  const env: ReportEnv = {
    color: options.color.stderr,
    width: host.stderr.columns ?? 100,
    verbosity: options.verbosity,
  }
  const settle = command === 'diff' ? asDiff : (code: ExitCode) => code
  const engine = await load()
  // What goes to standard output as it came can go part by part.
  const inParts = command !== 'diff' && options.output === 'as-is' && !options.write && !options.stripLive
  const { loaded, settings, usable, diagnostics: before } = await prepare(options, host, progress, inParts)
  if (!usable) {
    await host.stderr.write(diagnosticsText(before, env))
    return EXIT.trouble
  }
  const sources = loaded.files.map((file) => file.source)
  const asked = { ...settings, costs: options.verbosity === 'verbose' }
  const made = await (command === 'uninject' ? engine.uninject : engine.inject)(sources, asked)
  const result = options.stripLive ? { ...made, files: made.files.map(engine.stripLive) } : made
  const diagnostics = [...before, ...result.diagnostics]
  await host.stderr.write(diagnosticsText(diagnostics, env))
  if (hasErrors(diagnostics)) return settle(exitCodeOf(diagnostics))

  const output = command === 'diff' ? 'diff' : options.output
  const product = await artefact(output, { host, engine, result, loaded, color: options.color.stdout })
  const written = options.write ? await writeBack(host, result, loaded, progress) : undefined
  if (written !== undefined) await host.stderr.write(diagnosticsText(written.diagnostics, env))
  if (written !== undefined && hasErrors(written.diagnostics)) return EXIT.trouble
  for (const part of product) await host.stdout.write(part)
  await host.stderr.write(summaryText(result, env, written?.files))
  const differs = result.files.some((file) => file.output !== file.source.text)
  return command === 'diff' && differs ? EXIT.findings : EXIT.ok
}
