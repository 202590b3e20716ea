import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json/json.ts'
import { openTemplates, type TemplateLibrary } from '../../../src/core/template/library.ts'
import type { Template } from '../../../src/core/template/template.ts'
import { SourceText } from '../../../src/core/text/source.ts'

const BASE = `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: base, version: "1", description: x}
spec:
  parameters:
    image: {type: string, description: Image., default: a}
    level: {type: string, description: Level., enum: [low, high], default: low}
  container:
    name: base
    image: \${{ params.image }}
    args: [--one]
    env:
      - {name: A, value: "1"}
      - {name: B, value: "2"}
    securityContext: {runAsNonRoot: true, runAsUser: 1}
  volumes: [{name: tmp, emptyDir: {}}]
`

const builtins: TemplateLibrary = {
  names: ['base'],
  read: (name) => (name === 'base' ? new SourceText('<built-in>/base.yaml', BASE) : undefined),
}

function own(name: string, spec: string): SourceText {
  const head = `apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: ${name}, version: "1", description: x}\n`
  return new SourceText(`${name}.yaml`, `${head}spec:\n${spec.replaceAll(/^/gm, '  ')}\n`)
}

async function open(...sources: SourceText[]) {
  return await openTemplates(sources, builtins)
}

function containerOf(templates: { find(name: string): Template | undefined }, name: string): JsonObject {
  return templates.find(name)?.spec['container'] as JsonObject
}

async function specOf(spec: string) {
  const { templates, diagnostics } = await open(own('new', spec))
  expect(diagnostics).toEqual([])
  return templates.find('new')?.spec
}

describe('extends', () => {
  it('takes what the base has, and calls the container like the new template', async () => {
    expect(await specOf('extends: base')).toMatchObject({
      container: { name: 'new', image: '${{ params.image }}', args: ['--one'] },
      volumes: [{ name: 'tmp', emptyDir: {} }],
      parameters: { image: { default: 'a' } },
    })
  })

  it.each([
    ['merges maps', 'container: {securityContext: {runAsUser: 2}}', { container: { securityContext: { runAsNonRoot: true, runAsUser: 2 } } }],
    ['merges lists by name', 'container: {env: [{name: B, value: "3"}, {name: C, value: "4"}]}',
      { container: { env: [{ name: 'A', value: '1' }, { name: 'B', value: '3' }, { name: 'C', value: '4' }] } }],
    ['replaces lists without names', 'container: {args: [--two]}', { container: { args: ['--two'] } }],
    ['merges parameters', 'parameters: {level: {default: high}, more: {type: port, description: x}}',
      { parameters: { image: { default: 'a' }, level: { enum: ['low', 'high'], default: 'high' }, more: { type: 'port' } } }],
    ['adds volumes', 'volumes: [{name: data, emptyDir: {}}]', { volumes: [{ name: 'tmp' }, { name: 'data' }] }],
    ['keeps a name of its own', 'container: {name: mine}', { container: { name: 'mine' } }],
  ])('%s', async (_, spec, expected) => {
    expect(await specOf(`extends: base\n${spec}`)).toMatchObject(expected)
  })

  it('takes a field away by null', async () => {
    const spec = await specOf('extends: base\ncontainer: {args: null}\nvolumes: null')
    expect(spec).not.toHaveProperty('volumes')
    expect(spec?.['container']).not.toHaveProperty('args')
    expect(spec).not.toHaveProperty('extends')
  })

  it('takes conditions and other directives whole', async () => {
    const base = own('mid', 'extends: base\ncontainer: {$when: {level: low}, workingDir: {$value: /a}, command: [{$when: {level: low}, $value: x}]}')
    const top = own('new', 'extends: mid\ncontainer: {$when: {image: a}, workingDir: {$json: {}}}')
    const { templates, diagnostics } = await open(top, base)
    expect(diagnostics).toEqual([])
    expect(templates.find('new')?.spec['container']).toMatchObject({
      $when: { image: 'a' }, workingDir: { $json: {} }, command: [{ $value: 'x' }], env: [{ name: 'A' }, { name: 'B' }],
    })
    expect(containerOf(templates, 'new')['$when']).toEqual({ image: 'a' })
  })

  it('takes one item of the new template for several of the same name', async () => {
    const base = own('mid', 'extends: base\ncontainer: {env: [{$when: {level: low}, name: X, value: l}, {$when: {level: high}, name: X, value: h}]}')
    const { templates } = await open(base, own('new', 'extends: mid\ncontainer: {env: [{name: X, value: n}]}'))
    const env = containerOf(templates, 'new')['env'] as JsonObject[]
    expect(env.filter((e) => e['name'] === 'X')).toHaveLength(1)
  })

  it('lets a template of the same name build on the built-in one', async () => {
    const { templates, diagnostics } = await open(own('base', 'extends: base\nparameters: {image: {default: mine}}'))
    expect(diagnostics).toEqual([])
    expect(templates.find('base')?.parameters.get('image')?.default).toBe('mine')
    expect(templates.isOwn('base')).toBe(true)
  })

  it.each([
    ['itself', [own('a', 'extends: a')], 'a template cannot extend itself'],
    ['each other', [own('a', 'extends: b'), own('b', 'extends: a')], 'templates extend each other in a cycle: a, b, a'],
    ['what is unknown', [own('a', 'extends: bse')], 'unknown template bse'],
    ['no name', [own('a', 'extends: 1')], 'must be'],
  ])('cannot extend %s', async (_, sources, message) => {
    const { templates, diagnostics } = await open(...sources)
    expect(diagnostics[0]).toMatchObject({ code: 'TEMPLATE_INVALID', path: ['spec', 'extends'], message: expect.stringContaining(message) })
    expect(templates.find('a')).toBeUndefined()
  })

  it.each([
    ['extends: base\ncontainer: {env: [{name: C, value: "${{ params.x }}"}]}', 'new.yaml', 6],
    ['extends: base\nparameters: {image: null}', '<built-in>/base.yaml', 10],
    ['extends: base\ncontaner: {}', 'new.yaml', 6],
  ])('%j: problems stand where they come from', async (spec, label, line) => {
    const { diagnostics } = await open(own('new', spec))
    expect(diagnostics).toMatchObject([{ code: 'TEMPLATE_INVALID' }])
    const at = diagnostics[0]?.at
    expect([at?.source.label, at?.source.position(at.range.start).line]).toEqual([label, line])
  })
})

it('of two templates with one name the later one counts', async () => {
  const { templates } = await open(own('a', 'container: {image: x}'), own('a', 'container: {image: z}'))
  expect(templates.find('a')?.spec['container']).toEqual({ image: 'z' })
  expect(templates.names()).toEqual(['a', 'base'])
})
