import type { InjectOptions } from '../core/options.ts'
import type { FileResult, RunResult } from '../core/result.ts'
import type { Host } from '../io/host.ts'
import type { Loaded } from '../io/read.ts'
import { diagnosticsText, type ReportEnv } from '../report/diagnostics.ts'
import { driftLines, drifts, driftSummary } from '../report/drift.ts'
import { statusText } from '../report/status.ts'
import type { EngineLoader } from './engine.ts'
import { EXIT, exitCodeOf, type ExitCode } from './exit-code.ts'
import type { RunOptions } from './options.ts'
import { prepare } from './prepare.ts'
import { withProgress, type Progress } from './progress.ts'
import { patch, run } from './run.ts'
import type { ReviewOptions } from './review-options.ts'

/** The commands that look at what inject would do, and change nothing by themselves. */
export type ReviewCommand = 'check' | 'status' | 'explain'

/** What a review is made of. */
interface Review {
  options: ReviewOptions
  host: Host
  result: RunResult
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
    const { bystanders } = await import('../core/inject/bystanders.ts')
    const others = (file: FileResult) => bystanders(file.source, settings.policy?.kinds ?? [])
    return { text: explainText(result, others, options.color.stdout), findings: false }
  },
}

async function checkReport({ options, host, result, loaded }: Review): Promise<{ text: string; findings: boolean }> {
  const found = drifts(result)
  const color = options.color.stdout
  const parts: string[] = []
  for (const file of new Set(found.map((one) => one.file))) {
    const own = found.filter((one) => one.file === file)
    parts.push(driftLines(own, color))
    if (!own.some(({ kind }) => kind === 'edited')) continue
    parts.push(new TextDecoder().decode(await patch(host, { ...result, files: [file] }, loaded, color)))
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
  try {
    return await look(command, options, host, progress, load)
  } finally {
    await progress.clear()
  }
}

async function look(command: ReviewCommand, options: ReviewOptions, host: Host, progress: Progress, load: EngineLoader): Promise<ExitCode> {
  const env: ReportEnv = { color: options.color.stderr, width: host.stderr.columns ?? 100, verbosity: options.verbosity }
  const engine = await load()
  const { loaded, settings, usable, diagnostics: before } = await prepare(options, host, progress)
  if (!usable) {
    await host.stderr.write(diagnosticsText(before, env))
    return EXIT.trouble
  }
  const result = await engine.inject(loaded.files.map(({ source }) => source), settings)
  const all = [...before, ...result.diagnostics]
  const shown = options.verbosity === 'verbose' ? all : all.filter(({ severity }) => severity !== 'info')
  const { text, findings } = await REPORTS[command]({ options, host, result, loaded, settings })
  await host.stdout.write(text)
  await host.stderr.write(diagnosticsText(shown, env))
  if (command === 'check') await host.stderr.write(driftSummary(result, drifts(result), env))
  const code = exitCodeOf(all)
  return code === EXIT.ok && findings ? EXIT.findings : code
}

function fixing(options: RunOptions): RunOptions {
  return { ...options, write: true, output: 'none' }
}
