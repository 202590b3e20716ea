import { CommanderError } from 'commander'
import type { Host } from '../io/host.ts'
import { errorCode, systemReason, StoreError } from '../io/errors.ts'
import { escapeLines, escapeText, shownText } from '../report/escape.ts'
import type { Action } from './commands/command.ts'
import type { EngineLoader } from './engine.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { resolveOptions, type CommonOptions, type RawOptions } from './options.ts'
import { withMaskedErrors } from './print.ts'
import { createProgram, isDone, settleColor } from './program.ts'
import { loadColorsFor } from './report-env.ts'
import { resolveReviewOptions } from './review-options.ts'
import { review, type ReviewCommand } from './run-review.ts'
import { runValidate } from './run-validate.ts'
import { run, type WorkCommand } from './run.ts'
import { UsageError } from './usage-error.ts'
import { resolveValidateOptions } from './validate-options.ts'
import { version } from './version.ts'

function usageText({ message, hint }: UsageError): string {
  return `error: ${shownText(message)}\n${hint === undefined ? '' : `hint: ${shownText(hint)}\n`}`
}

function bugText(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return (
    `sidecarctl ${version()}: internal error. This is a bug in sidecarctl, not in your manifests; nothing was printed.\n` +
    `Please report it with the lines below and, if you can, the manifest and the command.\n${stack}\n`
  )
}

/** What the user sees of an error that ended the run, and the exit code. */
async function explain(error: unknown, host: Host): Promise<ExitCode> {
  if (error instanceof UsageError) {
    await host.stderr.write(usageText(error))
    return EXIT.trouble
  }
  if (error instanceof StoreError) {
    const hint = 'make room there, or name another folder for temporary files by the environment variable TMPDIR'
    await host.stderr.write(usageText(new UsageError(`the folder for temporary files ${error.folder}: ${error.message}`, hint)))
    return EXIT.trouble
  }
  const code = errorCode(error)
  if (code !== undefined && error instanceof Error && 'syscall' in error && error.syscall === 'write') {
    await host.stderr.write(`error: cannot write the output: ${systemReason(error)}\n`)
    return EXIT.trouble
  }
  const { escapeLines } = await import('../report/escape.ts')
  await host.stderr.write(escapeLines(bugText(error)))
  return EXIT.bug
}

/** A command with its options decided, ready to run. */
interface CommandRun {
  options: CommonOptions
  run(): Promise<ExitCode>
}

function validateTask(raw: RawOptions, paths: readonly string[], host: Host): CommandRun {
  const options = resolveValidateOptions(raw, paths, host)
  return {
    options,
    run: async () => await runValidate(options, host),
  }
}

const REVIEWS: ReadonlySet<string> = new Set<ReviewCommand>(['check', 'status', 'explain'])

function reviewTask(name: ReviewCommand, raw: RawOptions, paths: readonly string[], host: Host, engine: EngineLoader): CommandRun {
  const options = resolveReviewOptions(raw, paths, host)
  return {
    options,
    run: async () => await review(name, options, host, engine),
  }
}

function taskOf(name: string, raw: RawOptions, paths: readonly string[], host: Host, engine: EngineLoader): CommandRun {
  if (name === 'validate') return validateTask(raw, paths, host)
  if (REVIEWS.has(name)) return reviewTask(name as ReviewCommand, raw, paths, host, engine)
  return workTask(name as WorkCommand, raw, paths, host, engine)
}

function workTask(name: WorkCommand, raw: RawOptions, paths: readonly string[], host: Host, engine: EngineLoader): CommandRun {
  const options = resolveOptions(raw, paths, host)
  return {
    options,
    run: async () => await run(name, options, host, engine),
  }
}

/**
 * The program: reads arguments, does the work through the host, returns the exit code. It never ends the process and
 * keeps no state between calls.
 * @param argv arguments after the program's name
 */
export async function main(argv: readonly string[], to: Host, engine: EngineLoader): Promise<ExitCode> {
  const host = withMaskedErrors(to)
  let [out, err] = ['', '']
  let code: ExitCode = EXIT.ok
  const action: Action = async (name, raw, paths) => {
    if (name.startsWith('templates ')) {
      const { resolveTemplatesOptions, runTemplates } = await import('./run-templates.ts')
      code = await runTemplates(resolveTemplatesOptions(name.slice('templates '.length), raw, paths, host), host)
      return
    }
    if (name === 'init') {
      const { runInit } = await import('./run-init.ts')
      code = await runInit(raw, host)
      return
    }
    if (raw.listKinds === true) {
      const { runListKinds } = await import('./run-list-kinds.ts')
      code = await runListKinds(raw, paths, host)
      return
    }
    const task = taskOf(name, raw, paths, host, engine)
    if (task.options.paths.length === 0 && !host.stdin.isPiped) {
      program.commands.find((command) => command.name() === name)?.outputHelp({ error: true })
      err += '\nerror: no PATH was given and nothing is piped in\n'
      code = EXIT.trouble
      return
    }
    await loadColorsFor(task.options)
    code = await task.run()
  }
  const width = (): number => Math.min(host.stdout.columns ?? 100, 120)
  const program = createProgram(argv, action, { out: (text) => (out += text), err: (text) => (err += text), width })
  try {
    await program.parseAsync(settleColor(argv), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) return await explain(error, host)
    code = isDone(error) ? EXIT.ok : EXIT.trouble
  }
  try {
    await host.stdout.write(out)
    // An argument of several lines, such as the name of a file, would look like a message of ours.
    await host.stderr.write(escapeLines(argv.filter((arg) => arg.includes('\n')).reduce((text, arg) => text.replaceAll(arg, escapeText(arg)), err)))
  } catch (error) {
    return await explain(error, host)
  }
  return code
}

