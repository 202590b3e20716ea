import type { Command } from 'commander'
import { builtinTemplates } from '../../io/builtin-templates.ts'
import type { Host } from '../../io/host.ts'
import { loadColorsFor } from '../report-env.ts'
import { examples, type Action, type DefineCommand } from './command.ts'
import {
  colorOptions,
  commonOptions,
  followLinksOption,
  oneOf,
  quietOption,
  templatesOption,
  type RawOptions,
} from './shared-options.ts'
import { EXPORT_FOLDER, exportSubcommand } from './templates/export.ts'
import { imagesSubcommand } from './templates/images.ts'
import { newSubcommand, schemaSubcommand } from './templates/new.ts'
import { docsSubcommand, listSubcommand, showSubcommand } from './templates/show.ts'
import type { Subcommand, TemplatesOptions } from './templates/subcommand.ts'
import { validateSubcommand } from './templates/validate.ts'

/** The subcommands in the order of the help. */
const SUBCOMMANDS: readonly Subcommand[] = [
  listSubcommand,
  showSubcommand,
  docsSubcommand,
  imagesSubcommand,
  exportSubcommand,
  validateSubcommand,
  newSubcommand,
  schemaSubcommand,
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
    format: hasJson ? oneOf('-o/--output', raw.output ?? 'text', ['text', 'json'] as const) : 'text',
  })
}
