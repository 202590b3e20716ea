import { diagnostic } from '../../../core/diagnostics/diagnostic.ts'
import { didYouMeanHint } from '../../../core/diagnostics/did-you-mean.ts'
import type { Templates } from '../../../core/template/library.ts'
import type { Template } from '../../../core/template/template.ts'
import { escapeLines } from '../../../report/escape.ts'
import type { ListedTemplate } from '../../../report/json/templates.ts'
import { openGivenTemplates, printResult, type Subcommand, type TextResult, type Work } from './subcommand.ts'

/** `sidecarctl templates list`. */
export const listSubcommand: Subcommand = {
  name: 'list',
  summary: 'list the sidecars that can be injected',
  description: 'List the sidecar templates: the built-in ones, and with -t your own.',
  hasJson: true,
  examples: [
    ['List the built-in templates', 'sidecarctl templates list'],
    ['With your own', 'sidecarctl templates list -t sidecars/'],
  ],
  run: async (work) => {
    const { templates, diagnostics } = await openGivenTemplates(work)
    if (work.options.format === 'json') {
      const { templateListJson } = await import('../../../report/json/templates.ts')
      return await printResult(work, 'json', { text: templateListJson(listed(templates)), diagnostics })
    }
    const { templatesText } = await import('../../../report/templates.ts')
    return await printResult(work, 'text', {
      text: templatesText(templates.names().flatMap((name) => templates.find(name) ?? [])),
      diagnostics,
    })
  },
}

/** `sidecarctl templates show`. */
export const showSubcommand: Subcommand = {
  name: 'show',
  argument: ['<NAME>', 'name of a template'],
  summary: 'print the file of a template',
  description: 'Print the file of a template, to read it or to start your own template from it.',
  examples: [['Change a built-in template', 'sidecarctl templates show logging > sidecars/logging.yaml']],
  run: async (work) =>
    await printResult(work, 'manifests', await renderNamed(work, ({ place }) => place([]).source.text)),
}

/** `sidecarctl templates docs`. */
export const docsSubcommand: Subcommand = {
  name: 'docs',
  argument: ['<NAME>', 'name of a template'],
  summary: 'print what a template does and its parameters',
  description: 'Print the documentation of a template in Markdown: what it does, its parameters, and its requirements.',
  hasJson: true,
  examples: [['Show the parameters', 'sidecarctl templates docs logging']],
  run: async (work) => {
    if (work.options.format === 'json') {
      const { templateDocsJson } = await import('../../../report/json/templates.ts')
      return await printResult(
        work,
        'json',
        await renderNamed(work, (template, isOwn) => templateDocsJson({ template, isOwn })),
      )
    }
    const { templateDocs } = await import('../../../report/templates.ts')
    return await printResult(work, 'text', await renderNamed(work, (template) => escapeLines(templateDocs(template))))
  },
}

function listed(templates: Templates): ListedTemplate[] {
  return templates.names().flatMap((name) => {
    const template = templates.find(name)
    return template === undefined ? [] : [{ template, isOwn: templates.isOwn(name) }]
  })
}

async function renderNamed(work: Work, render: (template: Template, isOwn: boolean) => string): Promise<TextResult> {
  const { templates, diagnostics } = await openGivenTemplates(work)
  const name = work.options.args[0] ?? ''
  const template = templates.find(name)
  if (template !== undefined) return { text: render(template, templates.isOwn(name)), diagnostics }
  if (templates.isOwn(name)) return { text: '', diagnostics }
  const hint = didYouMeanHint(name, templates.names())
  const unknown = diagnostic('SIDECAR_UNKNOWN', `unknown template "${name}"`, { hint })
  return { text: '', diagnostics: [...diagnostics, unknown] }
}
