import { Command, CommanderError } from 'commander'
import type { Host } from '../io/host.ts'
import { errorCode, systemReason, StoreError } from '../io/errors.ts'
import { escapeLines, escapeText, shownText } from '../report/escape.ts'
import { defineArgocdPlugin } from './commands/argocd-plugin.ts'
import { defineArgocd } from './commands/argocd.ts'
import { defineCheck } from './commands/check.ts'
import { defineCompletion } from './commands/completion.ts'
import type { Action, DefineCommand } from './commands/command.ts'
import { defineDiff } from './commands/diff.ts'
import { defineExplain } from './commands/explain.ts'
import { defineGraph } from './commands/graph.ts'
import { defineHelmPlugin } from './commands/helm-plugin.ts'
import { defineExport } from './commands/export.ts'
import { defineInit } from './commands/init.ts'
import { defineInject } from './commands/inject.ts'
import { defineKrm } from './commands/krm.ts'
import { defineKustomizePlugin } from './commands/kustomize-plugin.ts'
import { definePlayground } from './commands/playground.ts'
import { settleColor } from './commands/shared-options.ts'
import { defineStatus } from './commands/status.ts'
import { defineTemplates } from './commands/templates.ts'
import { defineUninject } from './commands/uninject.ts'
import { defineValidate } from './commands/validate.ts'
import { defineVersion } from './commands/version.ts'
import type { EngineLoader } from './engine.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { withMaskedErrors } from './print.ts'
import { asCalled, programName, withCalledErrors } from './program-name.ts'
import { MissingInputError, UsageError } from './usage-error.ts'
import { version } from './version.ts'

/** The commands, in the order of the help. A new command is a file in `commands/` and a row here. */
const COMMANDS: Readonly<Record<string, DefineCommand>> = {
  inject: defineInject,
  uninject: defineUninject,
  diff: defineDiff,
  check: defineCheck,
  status: defineStatus,
  explain: defineExplain,
  graph: defineGraph,
  export: defineExport,
  validate: defineValidate,
  templates: defineTemplates,
  init: defineInit,
  playground: definePlayground,
  krm: defineKrm,
  'helm-plugin': defineHelmPlugin,
  'kustomize-plugin': defineKustomizePlugin,
  argocd: defineArgocd,
  'argocd-plugin': defineArgocdPlugin,
  completion: defineCompletion,
  version: defineVersion,
}

const INTRODUCTION = 'Add sidecars to Kubernetes manifests, offline, without changing anything else in the file.'

const AFTER_HELP = `
Exit codes:
  0  success
  1  the manifests have errors, or check or diff found differences
  2  failed: bad usage, unreadable input or I/O error
  3  internal error: a bug in sidecarctl

Start with:
  sidecarctl inject deploy.yaml -s logging
  sidecarctl inject --help`

/**
 * The program: parses arguments, runs the command through the host, returns the exit code. It never ends the process and
 * keeps no state between calls.
 * @param argv arguments after the program's name
 */
export async function main(argv: readonly string[], to: Host, loadEngine: EngineLoader): Promise<ExitCode> {
  const commands = Object.keys(COMMANDS)
  const name = programName(to)
  const host = withCalledErrors(withMaskedErrors(to), commands)
  const output: ProgramOutput = { out: '', err: '', width: () => Math.min(host.stdout.columns ?? 100, 120) }
  let code: ExitCode = EXIT.ok
  const action: Action = async (command, run, raw, args) => {
    try {
      code = await run({ command, raw, args, host, loadEngine })
    } catch (error) {
      if (!(error instanceof MissingInputError)) throw error
      command.outputHelp({ error: true })
      output.err += `\n${usageText(error)}`
      code = EXIT.failure
    }
  }
  try {
    if (argv[0] === '__complete') return await completeWords(argv.slice(1), host, loadEngine)
    await rejectOtherCommand(argv)
    const program = createProgram(argv, action, output, name)
    await rejectUnknownHelp(argv, program)
    await program.parseAsync(settleColor(argv), { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) return await reportError(error, host)
    // commander also throws after it has printed help or the version, with exit code 0.
    code = error.exitCode === 0 ? EXIT.ok : EXIT.failure
    if (error.code === 'commander.unknownOption') output.err += await unknownOptionHint(error.message)
  }
  try {
    await host.stdout.write(asCalled(output.out, name, commands))
    // An argument with line breaks, such as a file name, could look like a message of ours.
    await host.stderr.write(
      escapeLines(
        argv
          .filter((arg) => arg.includes('\n'))
          .reduce((text, arg) => text.replaceAll(arg, escapeText(arg)), output.err),
      ),
    )
  } catch (error) {
    return await reportError(error, host)
  }
  return code
}

/** Throws for a command that other tools have, with the one that does the same here. */
async function rejectOtherCommand([first = '', ...words]: readonly string[]): Promise<void> {
  if (first === '' || first.startsWith('-') || Object.hasOwn(COMMANDS, first)) return
  const { commandHint } = await import('./near-misses.ts')
  const hint = commandHint(first, words)
  if (hint !== undefined) throw new UsageError(`unknown command '${first}'`, hint)
}

/** Throws for `help NAME` of an unknown command, for which commander prints the help of the program. */
async function rejectUnknownHelp(argv: readonly string[], program: Command): Promise<void> {
  let command: Command | undefined = program
  for (const [n, word] of argv.entries()) {
    // Of a command without subcommands, help is an argument, such as a file.
    if (command.commands.length === 0) return
    const known: string[] = command.commands.map((one) => one.name())
    const name = argv[n + 1]
    if (word === 'help' && name !== undefined && !name.startsWith('-') && ![...known, 'help'].includes(name)) {
      const { didYouMeanHint } = await import('../core/diagnostics/did-you-mean.ts')
      throw new UsageError(`unknown command '${name}'`, didYouMeanHint(name, known))
    }
    command = word === 'help' ? undefined : command.commands.find((one) => one.name() === word)
    if (command === undefined) return
  }
}

/** @param message commander's, which quotes the option */
async function unknownOptionHint(message: string): Promise<string> {
  const { optionHint } = await import('./near-misses.ts')
  const hint = optionHint(/'([^']*)'/.exec(message)?.[1] ?? '')
  return hint === undefined ? '' : `hint: ${hint}\n`
}

/** commander's own texts: help, version and usage errors. */
interface ProgramOutput {
  out: string
  err: string
  /** Columns available. */
  width(): number
}

/** The command line parser. It never ends the process: commander throws, and `main` maps errors to exit codes. */
function createProgram(argv: readonly string[], action: Action, output: ProgramOutput, name: string): Command {
  const program = new Command(name)
  program
    .description(INTRODUCTION)
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showHelpAfterError('(add --help for help and examples)')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => (output.out += text),
      writeErr: (text) => (output.err += text),
      getOutHelpWidth: output.width,
      getErrHelpWidth: output.width,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', AFTER_HELP)
  for (const define of possibleCommands(argv)) define(program, action)
  return program
}

/** Completes a command line; the shells call this through the scripts of `completion`. */
async function completeWords(words: readonly string[], host: Host, loadEngine: EngineLoader): Promise<ExitCode> {
  const { complete } = await import('./complete.ts')
  const silent: ProgramOutput = { out: '', err: '', width: () => 100 }
  // Nothing is piped in, so that a command stops before it reads.
  const idle: Host = { ...host, stdin: { isTTY: true, isPiped: false, read: host.stdin.read } }
  const act: Action = async (command, run, raw, args) =>
    void (await run({ command, raw, args, host: idle, loadEngine }))
  const tryOut = async (argv: readonly string[]): Promise<unknown> => {
    try {
      return await createProgram(argv, act, silent, 'sidecarctl').parseAsync([...argv], { from: 'user' })
    } catch (error) {
      return error
    }
  }
  const program = createProgram([], act, silent, 'sidecarctl')
  await host.stdout.write(await complete(words, { program, host, tryOut }))
  return EXIT.ok
}

/** The commands that a command line can name: the one that it starts with, otherwise all, which takes longer. */
function possibleCommands([first = '']: readonly string[]): readonly DefineCommand[] {
  const named = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined
  return named === undefined ? Object.values(COMMANDS) : [named]
}

/** Prints an error that ended the run and returns the exit code. */
async function reportError(error: unknown, host: Host): Promise<ExitCode> {
  if (error instanceof UsageError) {
    await host.stderr.write(usageText(error))
    return EXIT.failure
  }
  if (error instanceof StoreError) {
    const hint = 'free space in it, or set the environment variable TMPDIR to another folder'
    await host.stderr.write(
      usageText(new UsageError(`cannot use the temporary folder ${error.folder}: ${error.message}`, hint)),
    )
    return EXIT.failure
  }
  const code = errorCode(error)
  if (code !== undefined && error instanceof Error && 'syscall' in error && error.syscall === 'write') {
    await host.stderr.write(`error: cannot write the output: ${systemReason(error)}\n`)
    return EXIT.failure
  }
  await host.stderr.write(escapeLines(bugText(error)))
  return EXIT.bug
}

function usageText({ message, hint }: UsageError): string {
  return `error: ${shownText(message)}\n${hint === undefined ? '' : `hint: ${shownText(hint)}\n`}`
}

function bugText(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return (
    `sidecarctl ${version()}: internal error. This is a bug in sidecarctl, not in your manifests; nothing was printed.\n` +
    `Please report it with the lines below and, if possible, the manifest and the command.\n${stack}\n`
  )
}
