import { append } from '../../../core/common/append.ts'
import { hasErrors, type Diagnostic } from '../../../core/diagnostics/diagnostic.ts'
import { openTemplates } from '../../../core/template/library.ts'
import { lintTemplate } from '../../../core/template/lint.ts'
import type { Template } from '../../../core/template/template.ts'
import type { SourceText } from '../../../core/text/source.ts'
import { schemaLoader } from '../../../io/schema-loader.ts'
import { plural } from '../../../report/plural.ts'
import { EXIT, type ExitCode } from '../../exit-code.ts'
import { print } from '../../print.ts'
import { readInputsOf, searchOf } from '../../read-inputs.ts'
import { printDiagnostics, type Subcommand, type Work } from './subcommand.ts'

/** `sidecarctl templates validate`. */
export const validateSubcommand: Subcommand = {
  name: 'validate',
  argument: ['<PATH...>', 'files, folders, or - for standard input'],
  summary: 'validate your own templates',
  description:
    'Validate your own templates. Nothing is printed on standard output, unless -o json is given.\n' +
    'Exit code 0: valid; 1: errors were found; 2: bad usage, unreadable input or I/O error.',
  hasJson: true,
  examples: [['Validate a folder', 'sidecarctl templates validate sidecars/']],
  run: validate,
}

/** Validates the templates in PATH; templates from -t may be extended by them. */
async function validate(work: Work): Promise<ExitCode> {
  const { host, options } = work
  const named = await readInputsOf(host, options.args, searchOf(options))
  const others = await readInputsOf(host, options.templates, searchOf(options))
  const sources = [...others.files, ...named.files].map(({ source }) => source)
  const { templates, diagnostics } = await openTemplates(sources, work.builtins)
  const own = templates.names().flatMap((name) => (templates.isOwn(name) ? (templates.find(name) ?? []) : []))
  append(diagnostics, own.flatMap(lintTemplate))
  if (!hasErrors(diagnostics)) append(diagnostics, await tryAll(own, sources, work))
  const all = [...named.diagnostics, ...others.diagnostics, ...diagnostics]
  if (options.format === 'json') {
    const { templateReportJson } = await import('../../../report/json/templates.ts')
    const text = templateReportJson(
      own.map((template) => ({ template, isOwn: true })),
      all,
    )
    await print(host, 'json', () => [text])
  }
  await printDiagnostics(work, all)
  const count = named.files.length
  if (!hasErrors(all) && options.verbosity !== 'quiet') {
    await host.stderr.write(`${plural(count, 'template')} ${count === 1 ? 'is' : 'are'} valid\n`)
  }
  if (hasErrors([...named.diagnostics, ...others.diagnostics])) return EXIT.failure
  return hasErrors(diagnostics) ? EXIT.findings : EXIT.ok
}

/** Tries templates in an example of a workload, as `inject` would put them in. */
async function tryAll(own: readonly Template[], templates: readonly SourceText[], work: Work): Promise<Diagnostic[]> {
  const { tryTemplate } = await import('../../../core/inject/try-template.ts')
  const { builtins, host } = work
  const options = { templates, builtins, loadSchema: schemaLoader(host) }
  const out: Diagnostic[] = []
  for (const template of own) append(out, await tryTemplate(template, options))
  return out
}
