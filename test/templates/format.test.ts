/** The reference in templates/README.md, which is made from the schema. UPDATE_README=1 rewrites it. */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { validateTemplate } from '../../src/core/template/validate-template.ts'
import { builtinTemplate } from '../../src/core/template/library.ts'
import { inject } from '../../src/core/inject/run.ts'
import { POLICY_SCHEMA } from '../../src/core/selection/policy-schema.ts'
import { TEMPLATE_SCHEMA } from '../../src/core/template/template-schema.ts'
import type { Template } from '../../src/core/template/template.ts'
import { SourceText } from '../../src/core/text/source.ts'
import { builtinTemplates } from '../../src/io/builtin-templates.ts'
import { checkPromises } from '../cases/promises.ts'
import { asked } from '../core/inject/run.ts'
import { read } from '../core/template/support.ts'
import { formatReadme, MADE_END, target, type SchemaNode } from '../tools/template-format.ts'

const FOLDER = join(import.meta.dirname, '../../templates')
const README = join(FOLDER, 'README.md')
const EXAMPLE = fs.readFileSync(join(FOLDER, '../fixtures/example/cache.yaml'), 'utf8')
const builtins = builtinTemplates({ fs, templatesFolder: FOLDER, compiledTemplatesFolder: undefined })

/** Every node of a schema by its path; what a reference leads to once, under its definition. */
function nodesOf(node: SchemaNode, path: string): [string, SchemaNode][] {
  const inside = (name: string, child: SchemaNode | boolean | undefined): [string, SchemaNode][] =>
    typeof child === 'object' ? nodesOf(child, `${path}${name}`) : []
  return [
    [path, node],
    ...Object.entries(node.properties ?? {}).flatMap(([name, child]) => inside(`.${name}`, child)),
    ...Object.entries(node.definitions ?? {}).flatMap(([name, child]) => inside(`#${name}`, child)),
    ...inside('[]', node.items),
    ...inside('.*', node.additionalProperties),
    ...inside('.(name)', node.propertyNames),
  ]
}

const SCHEMAS: [string, SchemaNode][] = [
  ['template', TEMPLATE_SCHEMA as unknown as SchemaNode],
  ['policy', POLICY_SCHEMA as unknown as SchemaNode],
]

describe.each(SCHEMAS)('the schema of the %s', (_, schema) => {
  it('describes every field, in a sentence', () => {
    const silent = nodesOf(schema, '').filter(([, node]) => !/^[A-Z`].*\.$/s.test(target(node).description ?? ''))
    expect(silent.map(([path]) => path)).toEqual([])
    expect(nodesOf(schema, '').length).toBeGreaterThan(40)
  })

  it('has examples and defaults that pass it', () => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true })
    ajv.addSchema({ ...schema, $id: 'whole' })
    const fails = nodesOf(schema, '').flatMap(([path, node]) => {
      const check = ajv.compile(
        JSON.parse(
          JSON.stringify(node)
            .replaceAll('"#/', '"whole#/')
            .replaceAll(/"\$id":"[^"]*",/g, ''),
        ) as object,
      )
      const stated = [...(node.examples ?? []), ...(node.default === undefined ? [] : [node.default])]
      return stated.filter((value) => !check(value)).map((value) => `${path}: ${JSON.stringify(value)}`)
    })
    expect(fails).toEqual([])
  })
})

describe.each(['native', 'classic'] as const)('the whole example, %s', (mode) => {
  it.each([{}, { maxMemory: '32mb', password: 'secret' }])('goes into a workload and out again: %j', async (values) => {
    const parameters = Object.entries(values).map(([name, value]) => ({ template: 'cache', name, value }))
    const options = asked({
      templates: [new SourceText('cache.yaml', EXAMPLE)],
      sidecars: ['cache'],
      parameters,
      modes: new Map([['', mode]]),
    })
    const app = new SourceText('app.yaml', fs.readFileSync(join(FOLDER, '../fixtures/samples/deployment.yaml'), 'utf8'))
    const { files, diagnostics } = await inject([app], options)
    expect(diagnostics).toEqual([])
    await checkPromises(app, files[0]?.output ?? '', options)
  })
})

it('the examples of spec make a template', async () => {
  const { properties } = TEMPLATE_SCHEMA.properties.spec as { properties: Record<string, SchemaNode> }
  const examples = Object.fromEntries(
    Object.entries(properties).flatMap(([name, node]) =>
      name === 'extends' ? [] : [[name, node.examples?.[0] ?? node.default]],
    ),
  )
  const more = { image: { type: 'string', description: 'Image.' }, folder: { type: 'path', description: 'Folder.' } }
  const spec = { ...examples, parameters: { ...more, ...(examples['parameters'] as object) } }
  const metadata = { name: 'cache', version: '1.0.0', description: 'A cache.' }
  const text = stringify({ apiVersion: 'sidecarctl.dev/v1', kind: 'SidecarTemplate', metadata, spec })
  expect((await validateTemplate(read(new SourceText('cache.yaml', text)))).diagnostics).toEqual([])
})

it('templates/README.md is up to date', () => {
  const [, byHand] = fs.readFileSync(README, 'utf8').split(MADE_END)
  expect(byHand).toContain('## How a sidecar is merged into a manifest')
  const text =
    formatReadme(
      builtins.names.map((name) => builtinTemplate(name, builtins) as Template),
      EXAMPLE,
    ) + byHand
  if (process.env['UPDATE_README'] === '1') fs.writeFileSync(README, text)
  expect(fs.readFileSync(README, 'utf8'), 'UPDATE_README=1 rewrites it').toBe(text)
})
