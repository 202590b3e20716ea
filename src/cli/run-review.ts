import type { InjectOptions } from '../core/inject/options.ts'
import type { FileResult, RunResult } from '../core/inject/result.ts'
import { groupParts } from '../core/text/parts.ts'
import type { Host } from '../io/host.ts'
import type { Loaded } from '../io/read-files.ts'
import { diagnosticsText } from '../report/diagnostics.ts'
import { driftLines, drifts, driftSummary, type Drift } from '../report/drift.ts'
import { otherFilesText } from '../report/other-files.ts'
import { statusText } from '../report/status.ts'
import type { EngineLoader } from './engine.ts'
import { EXIT, exitCodeOf, type ExitCode } from './exit-code.ts'
import type { RunOptions } from './options.ts'
import { prepare } from './prepare.ts'
import { print } from './print.ts'
import { withProgress, type Progress } from './progress.ts'
import { reportEnv } from './report-env.ts'
import { RunStore } from './run-store.ts'
import { inPartsOrWhole, patch, run } from './run.ts'
import type { ReviewOptions } from './review-options.ts'

/** The commands that look at what inject would do, and change nothing by themselves. */
export type ReviewCommand = 'check' | 'status' | 'explain'

/** What a review is made of. */
interface Review {
  options: ReviewOptions
  host: Host
  result: RunResult
  /** For `check`. */
  found: readonly Drift[]
  loaded: Loaded
  settings: InjectOptions
}

/** The report of each command, which goes to stdout, and whether it has findings. */
const REPORTS: Record<ReviewCommand, (review: Review) => Promise<{ text: string; findings: boolean }>> = {
  check: checkReport,
  async status({ options, result }) {
    return { text: statusText(result, options.format, options.color.stdout), findings: false }
  },
  async explain({ options, result, settings }) {
    const { explainText } = await import('../report/explain.ts')
    const { otherObjects } = await import('../core/inject/other-objects.ts')
    const others = (file: FileResult) => otherObjects(file.source, settings.policy?.kinds ?? [])
    return { text: explainText(result, others, options.color.stdout), findings: false }
  },
}

async function checkReport({ options, host, result, found, loaded }: Review): Promise<{ text: string; findings: boolean }> {
  const color = options.color.stdout
  const parts: string[] = []
  const byFile = new Map<FileResult, Drift[]>()
  for (const one of found) {
    const own = byFile.get(one.file)
    if (own === undefined) byFile.set(one.file, [one])
    else own.push(one)
  }
  for (const files of groupParts(result.files)) {
    const own = files.flatMap((file) => byFile.get(file) ?? [])
    parts.push(driftLines(own, color))
    if (!own.some(({ kind }) => kind === 'edited')) continue
    for (const piece of (await patch(host, files, loaded, color))()) parts.push(new TextDecoder().decode(piece))
  }
  return { text: parts.join(''), findings: found.length > 0 }
}

/**
 * Reports how manifests compare with what inject would make of them. The report is what was asked for, so it goes to
 * stdout, errors or not; errors and totals go to stderr.
 */
export async function review(command: ReviewCommand, options: ReviewOptions, to: Host, load: EngineLoader): Promise<ExitCode> {
  if (options.fix) return await run('inject', fixing(options), to, load)
  const { host, progress } = withProgress(to, options)
  const store = new RunStore(host)
  try {
    return await inspect(command, options, host, progress, load, store)
  } finally {
    store.close()
    await progress.clear()
  }
}

async function inspect(
  command: ReviewCommand,
  options: ReviewOptions,
  host: Host,
  progress: Progress,
  load: EngineLoader,
  store: RunStore,
): Promise<ExitCode> {
  const env = reportEnv(host, options)
  const engine = await load()
  const { settings, usable, diagnostics: before, ...prepared } = await prepare(options, host, progress, command === 'check' ? store : undefined)
  if (!usable) {
    await host.stderr.write(diagnosticsText(before, env))
    return EXIT.trouble
  }
  const asked = { ...settings, force: 'silent' as const, ...(command === 'check' && { costs: false }) }
  const { made: result, loaded } = await inPartsOrWhole(prepared.loaded, engine.inject, asked)
  const all = [...before, ...result.diagnostics]
  const shown = options.verbosity === 'verbose' ? all : all.filter(({ severity }) => severity !== 'info')
  const found = command === 'check' ? drifts(result) : []
  const { text, findings } = await REPORTS[command]({ options, host, result, found, loaded, settings })
  await print(host, command === 'status' && options.format === 'json' ? 'json' : 'text', () => [text])
  await host.stderr.write(diagnosticsText(shown, env))
  if (command === 'check') await host.stderr.write(driftSummary(result, found, env))
  await host.stderr.write(otherFilesText(prepared.others, env.verbosity))
  const code = exitCodeOf(all)
  return code === EXIT.ok && findings ? EXIT.findings : code
}

function fixing(options: RunOptions): RunOptions {
  return { ...options, write: true, output: 'none' }
}
