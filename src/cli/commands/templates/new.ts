import { schemaLoader } from '../../../io/schema-loader.ts'
import { UsageError } from '../../usage-error.ts'
import { printResult, type Subcommand } from './subcommand.ts'

/** `sidecarctl templates new`. */
export const newSubcommand: Subcommand = {
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
    const { starterTemplate } = await import('../../../core/template/template-starter.ts')
    return await printResult(work, 'manifests', { text: starterTemplate(name), diagnostics: [] })
  },
}

/** `sidecarctl templates schema`. */
export const schemaSubcommand: Subcommand = {
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
    const { schemaText } = await import('../../../report/schema.ts')
    return await printResult(work, 'manifests', {
      text: await schemaText('sidecar-template', schemaLoader(work.host)),
      diagnostics: [],
    })
  },
}
