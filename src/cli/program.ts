import { Command, type CommanderError } from 'commander'
import type { Action, DefineCommand } from './commands/command.ts'
import { defineCheck } from './commands/check.ts'
import { defineDiff } from './commands/diff.ts'
import { defineExplain } from './commands/explain.ts'
import { defineInit } from './commands/init.ts'
import { defineInject } from './commands/inject.ts'
import { defineTemplates } from './commands/templates.ts'
import { defineStatus } from './commands/status.ts'
import { defineUninject } from './commands/uninject.ts'
import { defineValidate } from './commands/validate.ts'
import { COLORS } from './options.ts'
import { version } from './version.ts'

/** The commands, in the order of the help. A new command is a file under `commands/` and a row here. */
const COMMANDS: Readonly<Record<string, DefineCommand>> = {
  inject: defineInject,
  uninject: defineUninject,
  diff: defineDiff,
  check: defineCheck,
  status: defineStatus,
  explain: defineExplain,
  validate: defineValidate,
  templates: defineTemplates,
  init: defineInit,
}

/** The commands that a command line can mean: the one that it begins with, else all, which takes longer. */
function possibleCommands([first = '']: readonly string[]): readonly DefineCommand[] {
  const named = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined
  return named === undefined ? Object.values(COMMANDS) : [named]
}

/** Where commander's own texts go, and whether they may be coloured. */
export interface ProgramOutput {
  out(text: string): void
  err(text: string): void
  /** Columns available. */
  width(): number
}

const INTRODUCTION = 'Put sidecars into Kubernetes manifests, offline, without touching anything else in the file.'

const EXIT_CODES = `
Exit codes:
  0  done
  1  the manifests have errors, or there are differences where asked
  2  could not do as asked: usage, input, or files
  3  a bug in sidecarctl`

/**
 * What is needed of the command line to read arguments. Nothing in it ends the process: commander throws, and `main`
 * decides.
 */
export function createProgram(argv: readonly string[], action: Action, output: ProgramOutput): Command {
  const program = new Command('sidecarctl')
  program
    .description(INTRODUCTION)
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showHelpAfterError('(add --help for help and examples)')
    .exitOverride()
    .configureOutput({
      writeOut: output.out,
      writeErr: output.err,
      getOutHelpWidth: output.width,
      getErrHelpWidth: output.width,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', `${EXIT_CODES}\n\nStart with:\n  sidecarctl inject deploy.yaml -s logging\n  sidecarctl inject --help`)
  for (const define of possibleCommands(argv)) define(program, action)
  return program
}

/**
 * Makes a bare `--color` mean always: as an option with an optional value, commander would take the next argument,
 * often a path, as that value.
 */
export function settleColor(argv: readonly string[]): string[] {
  const end = argv.indexOf('--')
  return argv.map((arg, i) => {
    if (arg !== '--color' || (end >= 0 && i > end)) return arg
    return (COLORS as readonly string[]).includes(argv[i + 1] ?? '') ? arg : '--color=always'
  })
}

/** True for the errors by which commander ends after printing help or the version. */
export function isDone(error: CommanderError): boolean {
  return error.exitCode === 0
}
