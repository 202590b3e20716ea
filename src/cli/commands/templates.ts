import type { Command } from 'commander'
import { collect, examples, FOLLOW_LINKS, type Action, type DefineCommand } from './command.ts'
import type { RawOptions } from '../options.ts'

type Example = readonly [string, string]

/** One `sidecarctl templates NAME`. */
interface Subcommand {
  name: string
  argument?: readonly [string, string]
  summary: string
  description: string
  examples: readonly Example[]
}

const SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: 'list',
    summary: 'list the sidecars that can be injected',
    description: 'List the templates of sidecars: the built-in ones, and with -t your own.',
    examples: [['What is there?', 'sidecarctl templates list'], ['With your own', 'sidecarctl templates list -t sidecars/']],
  },
  {
    name: 'show',
    argument: ['<NAME>', 'a template'],
    summary: 'print the file of a template',
    description: 'Print the file of a template, to read it or to begin a template of your own with it.',
    examples: [['Change a built-in template', 'sidecarctl templates show logging > sidecars/logging.yaml']],
  },
  {
    name: 'docs',
    argument: ['<NAME>', 'a template'],
    summary: 'print what a template does and its parameters',
    description: 'Print the documentation of a template in Markdown: what it does, its parameters, and what it needs.',
    examples: [['What can be set?', 'sidecarctl templates docs logging']],
  },
  {
    name: 'validate',
    argument: ['<PATH...>', 'files, folders, or - for standard input'],
    summary: 'check templates of your own',
    description: 'Check templates of your own. Nothing is printed on standard output.\nExit code 0: valid; 1: errors were found; 2: could not do as asked.',
    examples: [['Check a folder', 'sidecarctl templates validate sidecars/']],
  },
  {
    name: 'new',
    argument: ['<NAME>', 'name of the new template'],
    summary: 'print a new template to start from',
    description: 'Print a template that works as it is, with comments on all that a template can have.',
    examples: [
      ['Write it to a folder, and inject it', 'sidecarctl templates new counter > sidecars/counter.yaml; sidecarctl inject deploy.yaml -t sidecars -s counter'],
    ],
  },
  {
    name: 'schema',
    summary: 'print the JSON Schema of templates, for editors',
    description:
      'Print the JSON Schema of templates. An editor with the YAML language server checks and completes a template that ' +
      'names the file at its head: # yaml-language-server: $schema=PATH\n' +
      'The package has it, too, as dist/editor/sidecar-template.schema.json.',
    examples: [['Beside the folder of the templates', 'sidecarctl templates schema > sidecar-template.schema.json']],
  },
]

/** `sidecarctl templates`. */
export const defineTemplates: DefineCommand = (program, action) => {
  const templates = program
    .command('templates')
    .summary('list, show, check and start templates of sidecars')
    .description('List, show, check and start templates of sidecars.')
  examples(templates, SUBCOMMANDS.flatMap((one) => one.examples.slice(0, 1)))
  for (const one of SUBCOMMANDS) define(templates, one, action)
}

function define(templates: Command, one: Subcommand, action: Action): void {
  const command = templates.command(one.name).summary(one.summary).description(one.description)
  if (one.argument !== undefined) command.argument(...one.argument) // bounded: two
  command.option('-t, --templates <path>', 'folder or file with your own templates (repeatable)', collect)
  command.option(...FOLLOW_LINKS) // bounded: two
  command.option('--color [when]', 'auto, always or never (default: auto)').option('--no-color', 'the same as --color=never')
  command.option('-q, --quiet', 'no report, only errors')
  examples(command, one.examples)
  command.action(async (...given: unknown[]) => {
    const argument = one.argument === undefined ? [] : [given[0]].flat()
    await action(`templates ${one.name}`, command.opts<RawOptions>(), argument as string[])
  })
}
