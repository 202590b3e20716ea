import type { Command } from 'commander'
import type { Host } from '../../io/host.ts'
import type { EngineLoader } from '../engine.ts'
import type { ExitCode } from '../exit-code.ts'
import type { RawOptions } from './shared-options.ts'

/** A command line that was parsed, and what the command works with. */
export interface Invocation {
  command: Command
  raw: RawOptions
  /** The arguments that are not flags, in order. */
  args: readonly string[]
  host: Host
  loadEngine: EngineLoader
}

/** Resolves the options of one command and runs it; throws UsageError for a command line that it cannot run. */
export type RunCommand = (invocation: Invocation) => Promise<ExitCode>

/** Runs the command that the command line names: `main` adds the host and keeps the exit code. */
export type Action = (command: Command, run: RunCommand, raw: RawOptions, args: readonly string[]) => Promise<void>

/** Adds one command to the program. */
export type DefineCommand = (program: Command, action: Action) => void

/** Adds examples to the end of a command's help, each with a title. */
export function examples(command: Command, lines: readonly (readonly [string, string])[]): Command {
  const body = lines.map(([what, line]) => `  # ${what}\n  ${line}`).join('\n\n')
  return command.addHelpText('after', `\nExamples:\n${body}`)
}

/** Runs `run` with PATH arguments when the command is called. */
export function runsWithPaths(command: Command, action: Action, run: RunCommand): Command {
  return command.action(async (paths: string[], raw: RawOptions) => await action(command, run, raw, paths))
}
