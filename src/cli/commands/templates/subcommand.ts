import type { Command } from 'commander'
import { hasErrors, type Diagnostic } from '../../../core/diagnostics/diagnostic.ts'
import { openTemplates, type TemplateLibrary, type Templates } from '../../../core/template/library.ts'
import type { Host } from '../../../io/host.ts'
import { diagnosticsText } from '../../../report/diagnostics.ts'
import { EXIT, exitCodeOf, type ExitCode } from '../../exit-code.ts'
import { printAllowed, type Printed } from '../../print.ts'
import { readInputsOf, searchOf } from '../../read-inputs.ts'
import { reportEnv } from '../../report-env.ts'
import type { CommonOptions, RawOptions } from '../shared-options.ts'

/** One `sidecarctl templates NAME`. */
export interface Subcommand {
  name: string
  argument?: readonly [string, string]
  summary: string
  description: string
  examples: readonly (readonly [string, string])[]
  /** Adds options of its own. */
  options?(command: Command): Command
  /** Whether it has -o json. Default: no. */
  hasJson?: true
  run(work: Work): Promise<ExitCode>
}

/** What a subcommand works with. */
export interface Work {
  options: TemplatesOptions
  host: Host
  builtins: TemplateLibrary
}

/** The options of `templates`, resolved. */
export interface TemplatesOptions extends CommonOptions {
  /** The NAME or the PATHs. */
  readonly args: readonly string[]
  /** Files or folders with the user's templates. Default: none. */
  readonly templates: readonly string[]
  readonly raw: RawOptions
  /** The folder that `export` writes to. */
  readonly to: string
  readonly force: boolean
  /** What is printed on standard output. Default: text. */
  readonly format: 'text' | 'json'
}

/** The built-in templates with those of -t, and the problems of these. */
export async function openGivenTemplates({
  options,
  host,
  builtins,
}: Work): Promise<{ templates: Templates; diagnostics: Diagnostic[] }> {
  const loaded = await readInputsOf(host, options.templates, searchOf(options))
  const { templates, diagnostics } = await openTemplates(
    loaded.files.map(({ source }) => source),
    builtins,
  )
  return { templates, diagnostics: [...loaded.diagnostics, ...diagnostics] }
}

/** A text for standard output, and the problems on the way. */
export interface TextResult {
  text: string
  diagnostics: Diagnostic[]
}

/** Prints the diagnostics, and if none is an error the text. */
export async function printResult(work: Work, printed: Printed, { text, diagnostics }: TextResult): Promise<ExitCode> {
  const { host, options } = work
  await printDiagnostics(work, diagnostics)
  if (hasErrors(diagnostics)) return exitCodeOf(diagnostics)
  return (await printAllowed(host, printed, () => [text], reportEnv(host, options))) ? EXIT.ok : EXIT.failure
}

/** Prints diagnostics on standard error. */
export async function printDiagnostics({ host, options }: Work, diagnostics: readonly Diagnostic[]): Promise<void> {
  await host.stderr.write(diagnosticsText(diagnostics, reportEnv(host, options)))
}
