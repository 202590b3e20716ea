import type { Command } from 'commander'
import { append } from '../../core/common/append.ts'
import { diagnostic, hasErrors, type Diagnostic } from '../../core/diagnostics/diagnostic.ts'
import { openCatalog } from '../../core/selection/catalog.ts'
import { listImages } from '../../core/selection/list-images.ts'
import { lintTemplate } from '../../core/template/lint.ts'
import { didYouMeanHint } from '../../core/diagnostics/did-you-mean.ts'
import { openTemplates, type TemplateLibrary, type Templates } from '../../core/template/library.ts'
import type { Template } from '../../core/template/template.ts'
import type { SourceText } from '../../core/text/source.ts'
import { builtinTemplates } from '../../io/builtin-templates.ts'
import type { Host } from '../../io/host.ts'
import { schemaLoader } from '../../io/schema-loader.ts'
import { diagnosticsText } from '../../report/diagnostics.ts'
import { escapeLines } from '../../report/escape.ts'
import type { ListedTemplate } from '../../report/json/templates.ts'
import { plural } from '../../report/plural.ts'
import { EXIT, exitCodeOf, type ExitCode } from '../exit-code.ts'
import { loadPolicies, type LoadedPolicy } from '../policy.ts'
import { loadValues } from '../values.ts'
import { print, printRefusal, type Printed } from '../print.ts'
import { readInputsOf, searchOf } from '../read-inputs.ts'
import { loadColorsFor, reportEnv } from '../report-env.ts'
import { UsageError } from '../usage-error.ts'
import { examples, type Action, type DefineCommand } from './command.ts'
import { chosenSidecarOptions, parameterOf, sidecarsOf } from './sidecar-options.ts'
import { EXPORT_FOLDER, exportTemplates } from './export-templates.ts'
import {
  colorOptions,
  commonOptions,
  configOf,
  followLinksOption,
  oneOf,
  policyOptions,
  quietOption,
  templatesOption,
  type CommonOptions,
  type RawOptions,
} from './shared-options.ts'

/** One `sidecarctl templates NAME`. */
interface Subcommand {
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
interface Work {
  options: TemplatesOptions
  host: Host
  builtins: TemplateLibrary
}

/** The options of `templates`, resolved. */
interface TemplatesOptions extends CommonOptions {
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

const SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: 'list',
    summary: 'list the sidecars that can be injected',
    description: 'List the sidecar templates: the built-in ones, and with -t your own.',
    hasJson: true,
    examples: [
      ['List the built-in templates', 'sidecarctl templates list'],
      ['With your own', 'sidecarctl templates list -t sidecars/'],
    ],
    run: async (work) => {
      const { templates, diagnostics } = await open(work)
      if (work.options.format === 'json') {
        const { templateListJson } = await import('../../report/json/templates.ts')
        return await printResult(work, 'json', { text: templateListJson(listed(templates)), diagnostics })
      }
      const { templatesText } = await import('../../report/templates.ts')
      return await printResult(work, 'text', {
        text: templatesText(templates.names().flatMap((name) => templates.find(name) ?? [])),
        diagnostics,
      })
    },
  },
  {
    name: 'show',
    argument: ['<NAME>', 'name of a template'],
    summary: 'print the file of a template',
    description: 'Print the file of a template, to read it or to start your own template from it.',
    examples: [['Change a built-in template', 'sidecarctl templates show logging > sidecars/logging.yaml']],
    run: async (work) =>
      await printResult(work, 'manifests', await renderNamed(work, ({ place }) => place([]).source.text)),
  },
  {
    name: 'docs',
    argument: ['<NAME>', 'name of a template'],
    summary: 'print what a template does and its parameters',
    description:
      'Print the documentation of a template in Markdown: what it does, its parameters, and its requirements.',
    hasJson: true,
    examples: [['Show the parameters', 'sidecarctl templates docs logging']],
    run: async (work) => {
      if (work.options.format === 'json') {
        const { templateDocsJson } = await import('../../report/json/templates.ts')
        return await printResult(
          work,
          'json',
          await renderNamed(work, (template, isOwn) => templateDocsJson({ template, isOwn })),
        )
      }
      const { templateDocs } = await import('../../report/templates.ts')
      return await printResult(work, 'text', await renderNamed(work, (template) => escapeLines(templateDocs(template))))
    },
  },
  {
    name: 'images',
    summary: 'list the images of the sidecars',
    description:
      'List the images that inject would use, with the policy and parameters applied: of the sidecars named by -s, else of ' +
      'those in the rules of the policy, else of all templates. NEWEST is the newest release of the program, in the series ' +
      'of its image, when it was last looked up. Annotations of workloads can set other images.',
    examples: [
      ['List the images of a run', 'sidecarctl templates images'],
      ['Names alone, without the registry and pins of the policy', 'sidecarctl templates images --no-config -o name'],
    ],
    options: (command) =>
      policyOptions(chosenSidecarOptions(command)).option(
        '-o, --output <format>',
        'text, json or name (default: text)',
      ),
    run: listTheImages,
  },
  {
    name: 'export',
    argument: ['<NAME...>', 'names of built-in templates'],
    summary: 'copy built-in templates to a folder, to stay on their version',
    description:
      'Write the files of built-in templates, with those that they extend, to a folder. Named in spec.templates of the policy ' +
      'file, they replace the built-in ones, and an upgrade of sidecarctl does not change them.',
    examples: [['Stay on the version of a template', 'sidecarctl templates export logging --to sidecars']],
    options: (command) =>
      command
        .option('--to <folder>', `folder to write to (default: ${EXPORT_FOLDER})`)
        .option('--force', 'overwrite existing files'),
    run: async (work) => {
      const { args, to, force, verbosity } = work.options
      const { diagnostics, text } = await exportTemplates(work.host, work.builtins, args, { to, force })
      await printDiagnostics(work, diagnostics)
      if (hasErrors(diagnostics)) return EXIT.failure
      if (verbosity !== 'quiet') await work.host.stderr.write(text)
      return EXIT.ok
    },
  },
  {
    name: 'validate',
    argument: ['<PATH...>', 'files, folders, or - for standard input'],
    summary: 'validate your own templates',
    description:
      'Validate your own templates. Nothing is printed on standard output, unless -o json is given.\n' +
      'Exit code 0: valid; 1: errors were found; 2: bad usage, unreadable input or I/O error.',
    hasJson: true,
    examples: [['Validate a folder', 'sidecarctl templates validate sidecars/']],
    run: validate,
  },
  {
    name: 'new',
    argument: ['<NAME>', 'name of the new template'],
    summary: 'print a new template to start from',
    description: 'Print a working template with comments on everything that a template can have.',
    examples: [
      [
        'Write it to a folder and inject it',
        'sidecarctl templates new counter > sidecars/counter.yaml; sidecarctl inject deploy.yaml -t sidecars -s counter',
      ],
    ],
    run: async (work) => {
      const [name = ''] = work.options.args
      if (name.length > 55 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)) {
        throw new UsageError(
          `'${name}' is not a valid template name`,
          'use lower-case letters, digits and dashes, at most 55',
        )
      }
      const { starterTemplate } = await import('../../core/template/template-starter.ts')
      return await printResult(work, 'manifests', { text: starterTemplate(name), diagnostics: [] })
    },
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of templates, for editors',
    description:
      'Print the JSON Schema of templates. An editor with the YAML language server validates and completes a template ' +
      'whose first line is: # yaml-language-server: $schema=PATH\n' +
      'The package contains the schema as dist/editor/sidecar-template.schema.json.',
    examples: [
      ['Write it next to the folder of your templates', 'sidecarctl templates schema > sidecar-template.schema.json'],
    ],
    run: async (work) => {
      const { schemaText } = await import('../../report/schema.ts')
      return await printResult(work, 'manifests', {
        text: await schemaText('sidecar-template', schemaLoader(work.host)),
        diagnostics: [],
      })
    },
  },
]

/** `sidecarctl templates`. */
export const defineTemplates: DefineCommand = (program, action) => {
  const templates = program
    .command('templates')
    .summary('list, show, validate and create sidecar templates')
    .description('List, show, validate and create sidecar templates.')
  examples(
    templates,
    SUBCOMMANDS.flatMap((subcommand) => subcommand.examples.slice(0, 1)),
  )
  for (const subcommand of SUBCOMMANDS) define(templates, subcommand, action)
}

function define(
  templates: Command,
  { name, argument, summary, description, examples: lines, options: own, hasJson, run }: Subcommand,
  action: Action,
): void {
  const command = templates.command(name).summary(summary).description(description)
  if (argument !== undefined) command.argument(...argument) // bounded: two
  own?.(command)
  if (hasJson) command.option('-o, --output <format>', 'text or json (default: text)')
  quietOption(colorOptions(followLinksOption(templatesOption(command))))
  examples(command, lines)
  command.action(async (...given: unknown[]) => {
    const args = argument === undefined ? [] : ([given[0]].flat() as string[])
    await action(
      command,
      async ({ raw, host }) => {
        const options = resolveTemplatesOptions(raw, args, host, hasJson === true)
        await loadColorsFor(options)
        return await run({ options, host, builtins: builtinTemplates(host) })
      },
      command.opts<RawOptions>(),
      args,
    )
  })
}

function resolveTemplatesOptions(
  raw: RawOptions,
  args: readonly string[],
  host: Host,
  hasJson: boolean,
): TemplatesOptions {
  return Object.freeze<TemplatesOptions>({
    ...commonOptions(raw, [], host),
    args,
    templates: raw.templates ?? [],
    to: raw.to ?? EXPORT_FOLDER,
    force: raw.force === true,
    raw,
    format: raw.output === undefined || !hasJson ? 'text' : oneOf('-o/--output', raw.output, ['text', 'json'] as const),
  })
}

/** A text for standard output, and the problems on the way. */
interface TextResult {
  text: string
  diagnostics: Diagnostic[]
}

/** Prints the diagnostics, and if none is an error the text. */
async function printResult(work: Work, printed: Printed, { text, diagnostics }: TextResult): Promise<ExitCode> {
  const { host } = work
  await printDiagnostics(work, diagnostics)
  if (hasErrors(diagnostics)) return exitCodeOf(diagnostics)
  const refusal = await printRefusal(host, printed, () => [text])
  if (refusal !== undefined) {
    await printDiagnostics(work, [refusal])
    return EXIT.failure
  }
  await print(host, printed, () => [text])
  return EXIT.ok
}

async function open({ options, host, builtins }: Work): Promise<{ templates: Templates; diagnostics: Diagnostic[] }> {
  const loaded = await readInputsOf(host, options.templates, searchOf(options))
  const { templates, diagnostics } = await openTemplates(
    loaded.files.map(({ source }) => source),
    builtins,
  )
  return { templates, diagnostics: [...loaded.diagnostics, ...diagnostics] }
}

function listed(templates: Templates): ListedTemplate[] {
  return templates.names().flatMap((name) => {
    const template = templates.find(name)
    return template === undefined ? [] : [{ template, isOwn: templates.isOwn(name) }]
  })
}

async function renderNamed(work: Work, render: (template: Template, isOwn: boolean) => string): Promise<TextResult> {
  const { templates, diagnostics } = await open(work)
  const name = work.options.args[0] ?? ''
  const template = templates.find(name)
  if (template !== undefined) return { text: render(template, templates.isOwn(name)), diagnostics }
  if (templates.isOwn(name)) return { text: '', diagnostics }
  const hint = didYouMeanHint(name, templates.names())
  const unknown = diagnostic('SIDECAR_UNKNOWN', `unknown template "${name}"`, hint === undefined ? {} : { hint })
  return { text: '', diagnostics: [...diagnostics, unknown] }
}

const NONE: LoadedPolicy = { policy: undefined, files: [], templates: [], diagnostics: [] }

const IMAGE_OUTPUTS = ['text', 'json', 'name'] as const

async function listTheImages(work: Work): Promise<ExitCode> {
  const { host, options, builtins } = work
  const { raw } = options
  const output = oneOf('-o/--output', raw.output ?? 'text', IMAGE_OUTPUTS)
  // The policy of this folder, as for standard input.
  const how = { followLinks: options.followLinks, config: configOf(raw.config) }
  const [policy = NONE] = (await loadPolicies(host, how, [{ kind: 'stdin' }])).used
  const own = await readInputsOf(host, options.templates, searchOf(options))
  const templates = [...policy.templates, ...own.files].map(({ source }) => source)
  const values = await loadValues(host, raw.values ?? [], searchOf(options))
  const { catalog, diagnostics: ofTemplates } = await openCatalog({ templates, builtins })
  const sidecars = sidecarsOf(raw.sidecar)
  const listed = listImages(catalog, {
    parameters: [...values.settings, ...(raw.set ?? []).map(parameterOf)],
    ...(sidecars !== undefined && { sidecars }),
    ...(policy.policy !== undefined && { policy: policy.policy }),
  })
  const { imageNames, imagesJson, imagesTable } = await import('../../report/images.ts')
  const format = { text: imagesTable, json: imagesJson, name: imageNames }[output]
  return await printResult(work, output === 'json' ? 'json' : 'text', {
    text: format(listed.images),
    diagnostics: [policy, own, values, { diagnostics: ofTemplates }, listed].flatMap((one) => one.diagnostics),
  })
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
    const { templateReportJson } = await import('../../report/json/templates.ts')
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
  const { tryTemplate } = await import('../../core/inject/try-template.ts')
  const { builtins, host } = work
  const options = { templates, builtins, loadSchema: schemaLoader(host) }
  const out: Diagnostic[] = []
  for (const template of own) append(out, await tryTemplate(template, options))
  return out
}

async function printDiagnostics({ host, options }: Work, diagnostics: readonly Diagnostic[]): Promise<void> {
  await host.stderr.write(diagnosticsText(diagnostics, reportEnv(host, options)))
}
