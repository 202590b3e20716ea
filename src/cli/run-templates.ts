import { diagnostic, hasErrors, type Diagnostic } from '../core/diagnostics/diagnostic.ts'
import { type TemplateLibrary, openTemplates, type Templates } from '../core/template/library.ts'
import { didYouMeanHint } from '../core/diagnostics/did-you-mean.ts'
import { append } from '../core/common/append.ts'
import { lintTemplate } from '../core/template/lint.ts'
import { starterTemplate } from '../core/template/template-starter.ts'
import type { Template } from '../core/template/template.ts'
import { builtinTemplates } from '../io/builtin-templates.ts'
import type { Host } from '../io/host.ts'
import { diagnosticsText } from '../report/diagnostics.ts'
import { escapeLines } from '../report/escape.ts'
import { schemaText } from '../report/schema.ts'
import { templateDocs, templatesText } from '../report/templates.ts'
import { EXIT, exitCodeOf, type ExitCode } from './exit-code.ts'
import { readInputsOf, searchOf } from './read-inputs.ts'
import { commonOptions, type CommonOptions, type RawOptions } from './options.ts'
import { print, printRefusal } from './print.ts'
import { loadColorsFor, reportEnv } from './report-env.ts'
import { UsageError } from './usage-error.ts'

/** The options of `sidecarctl templates`, fully decided. */
export interface TemplatesRunOptions extends CommonOptions {
  readonly subcommand: string
  /** The NAME or the PATHs. */
  readonly args: readonly string[]
  /** Folders or files with the user's templates. Default: none. */
  readonly templates: readonly string[]
}

/** Turns flags and arguments into one frozen, typed object. */
export function resolveTemplatesOptions(subcommand: string, raw: RawOptions, args: readonly string[], host: Host): TemplatesRunOptions {
  const common = commonOptions(raw, [], host)
  return Object.freeze<TemplatesRunOptions>({ ...common, subcommand, args, templates: raw.templates ?? [] })
}

/** What a subcommand gives: text for standard output, or problems. */
interface Given {
  text: string
  diagnostics: Diagnostic[]
}

interface Work {
  options: TemplatesRunOptions
  host: Host
  builtins: TemplateLibrary
}

const SUBCOMMANDS: Readonly<Record<string, (work: Work) => Promise<Given>>> = {
  list: async (work) => {
    const { templates, diagnostics } = await open(work)
    return { text: templatesText(templates.names().flatMap((name) => templates.find(name) ?? [])), diagnostics }
  },
  show: async (work) => await withOne(work, ({ place }) => place([]).source.text),
  docs: async (work) => await withOne(work, (template) => escapeLines(templateDocs(template))),
  schema: async () => ({ text: await schemaText('sidecar-template'), diagnostics: [] }),
  new: async ({ options }) => {
    const name = options.args[0] ?? ''
    if (name.length <= 55 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) return { text: starterTemplate(name), diagnostics: [] }
    throw new UsageError(`'${name}' is no name of a template`, 'use lower-case letters, digits and dashes, at most 55')
  },
}

/** Runs `sidecarctl templates ...`: the artefact to stdout, all the rest to stderr; nothing on stdout on any error. */
export async function runTemplates(options: TemplatesRunOptions, host: Host): Promise<ExitCode> {
  await loadColorsFor(options)
  const work: Work = { options, host, builtins: builtinTemplates(host) }
  if (options.subcommand === 'validate') return await validate(work)
  const run = SUBCOMMANDS[options.subcommand] as (work: Work) => Promise<Given>
  const { text, diagnostics } = await run(work)
  await talk(work, diagnostics)
  if (hasErrors(diagnostics)) return exitCodeOf(diagnostics)
  const printed = options.subcommand === 'list' || options.subcommand === 'docs' ? 'text' : 'manifests'
  const refusal = await printRefusal(host, printed, () => [text])
  if (refusal !== undefined) {
    await talk(work, [refusal])
    return EXIT.trouble
  }
  await print(host, printed, () => [text])
  return EXIT.ok
}

async function open({ options, host, builtins }: Work): Promise<{ templates: Templates; diagnostics: Diagnostic[] }> {
  const loaded = await readInputsOf(host, options.templates, searchOf(options))
  const { templates, diagnostics } = await openTemplates(loaded.files.map(({ source }) => source), builtins)
  return { templates, diagnostics: [...loaded.diagnostics, ...diagnostics] }
}

async function withOne(work: Work, render: (template: Template) => string): Promise<Given> {
  const { templates, diagnostics } = await open(work)
  const name = work.options.args[0] ?? ''
  const template = templates.find(name)
  if (template !== undefined) return { text: render(template), diagnostics }
  if (templates.isOwn(name)) return { text: '', diagnostics }
  const hint = didYouMeanHint(name, templates.names())
  const unknown = diagnostic('SIDECAR_UNKNOWN', `no template "${name}" is known`, hint === undefined ? {} : { hint })
  return { text: '', diagnostics: [...diagnostics, unknown] }
}

/** Checks the templates of PATH; those of -t are there to be extended. */
async function validate(work: Work): Promise<ExitCode> {
  const { host, options } = work
  const given = await readInputsOf(host, options.args, searchOf(options))
  const others = await readInputsOf(host, options.templates, searchOf(options))
  const sources = [...others.files, ...given.files].map(({ source }) => source)
  const { templates, diagnostics } = await openTemplates(sources, work.builtins)
  const own = templates.names().flatMap((name) => (templates.isOwn(name) ? (templates.find(name) ?? []) : []))
  append(diagnostics, own.flatMap(lintTemplate))
  const all = [...given.diagnostics, ...others.diagnostics, ...diagnostics]
  await talk(work, all)
  const count = given.files.length
  if (!hasErrors(all) && options.verbosity !== 'quiet') {
    await host.stderr.write(`${count} ${count === 1 ? 'template is' : 'templates are'} valid\n`)
  }
  if ([...given.diagnostics, ...others.diagnostics].some((d) => d.severity === 'error')) return EXIT.trouble
  return hasErrors(diagnostics) ? EXIT.findings : EXIT.ok
}

async function talk({ host, options }: Work, diagnostics: readonly Diagnostic[]): Promise<void> {
  await host.stderr.write(diagnosticsText(diagnostics, reportEnv(host, options)))
}
