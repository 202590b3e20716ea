import { jsonText } from '../../core/json/json.ts'
import { KNOWN_MINORS } from '../../core/kube/version.ts'
import { builtinTemplates } from '../../io/builtin-templates.ts'
import type { Host } from '../../io/host.ts'
import { EXIT } from '../exit-code.ts'
import { version } from '../version.ts'
import { examples, type DefineCommand, type RunCommand } from './command.ts'
import { oneOf, type RawOptions } from './shared-options.ts'

/** `sidecarctl version`. */
export const defineVersion: DefineCommand = (program, action) => {
  const command = program
    .command('version')
    .summary('print the versions of the program, the schemas and the templates')
    .description(
      'Print the version of the program, the versions of Kubernetes whose schemas it contains, and the versions of the ' +
        'built-in templates.',
    )
    .option('-o, --output <format>', 'text or json (default: text)')
  examples(command, [
    ['For a bug report', 'sidecarctl version'],
    ['For a program', 'sidecarctl version -o json'],
  ])
  command.action(async (raw: RawOptions) => await action(command, runVersion, raw, []))
}

const runVersion: RunCommand = async ({ raw, host }) => {
  const format = oneOf('-o/--output', raw.output ?? 'text', ['text', 'json'] as const)
  const kubernetes = KNOWN_MINORS.map((minor) => `1.${minor}`)
  const templates = await templateVersions(host)
  if (format === 'json') {
    const data = { version: version(), kubernetes, templates: Object.fromEntries(templates) }
    await host.stdout.write(`${jsonText(data, 2)}\n`)
    return EXIT.ok
  }
  const lines = [
    `sidecarctl ${version()}`,
    `Kubernetes schemas: ${kubernetes.join(', ')}`,
    `templates: ${templates.map(([name, one]) => `${name} ${one}`).join(', ')}`,
  ]
  await host.stdout.write(`${lines.join('\n')}\n`)
  return EXIT.ok
}

async function templateVersions(host: Host): Promise<[string, string][]> {
  const { openTemplates } = await import('../../core/template/library.ts')
  const { templates } = await openTemplates([], builtinTemplates(host))
  return templates.names().map((name) => [name, templates.find(name)?.version ?? ''])
}
