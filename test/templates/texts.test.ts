/**
 * What the built-in templates write, whatever is set: no empty list, which would differ from the cluster for ever, and no
 * `${...}` that substitution by Flux would take away.
 */
import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isObject, type Json, type JsonObject } from '../../src/core/json/json.ts'
import { builtinTemplate } from '../../src/core/template/library.ts'
import { readTemplateDocument } from '../../src/core/template/template-document.ts'
import { resolveTemplate } from '../../src/core/template/resolve-template.ts'
import type { GivenValue, ParameterSpec, Sidecar, Template } from '../../src/core/template/template.ts'
import { builtinTemplates } from '../../src/io/builtin-templates.ts'
import { CONTEXT, examples, template as parsed } from '../core/template/support.ts'

const ROOT = join(import.meta.dirname, '../..')
const builtins = builtinTemplates({ fs, templatesFolder: join(ROOT, 'templates'), compiledTemplatesFolder: undefined })

/** Values of a parameter that are unlike one another: those of its enumeration, its example, none. */
function valuesOf({ type, enum: words, example, required }: ParameterSpec): Json[] {
  const values: Json[] = type === 'boolean' ? [true, false] : [...(words ?? [])]
  if (example !== undefined) values.push(example)
  if (type === 'array') values.push([])
  return required ? values : [...values, null]
}

/** The template with each value of each parameter, with all examples together, and each pair of enumerated values. */
function* variants(template: Template): Generator<GivenValue[]> {
  const specs = [...template.parameters.values()]
  const given = (spec: ParameterSpec, value: Json): GivenValue => ({ name: spec.name, value, data: true })
  yield []
  const all = specs.flatMap((spec) => (spec.example === undefined ? [] : [given(spec, spec.example)]))
  yield all
  for (const spec of specs)
    for (const value of valuesOf(spec)) {
      yield [given(spec, value)]
      yield [...all, given(spec, value)]
    }
}

function sidecarsOf(template: Template): { sidecar: Sidecar; values: string }[] {
  return [...variants(template)].flatMap((values) =>
    (['native', 'classic'] as const).flatMap((mode) => {
      const { sidecar } = resolveTemplate(template, [...examples(template), ...values], { ...CONTEXT, mode })
      const shown = `${mode} ${values.map(({ name, value }) => `${name}=${JSON.stringify(value)}`).join(' ')}`
      return sidecar === undefined ? [] : [{ sidecar, values: shown }]
    }),
  )
}

/** All that is written of a sidecar, with where each part goes. */
function* written(node: Json, path: string): Generator<[string, Json]> {
  yield [path, node]
  if (Array.isArray(node)) for (const [i, item] of node.entries()) yield* written(item, `${path}[${i}]`)
  else if (isObject(node)) for (const [key, value] of Object.entries(node)) yield* written(value, `${path}.${key}`)
}

function partsOf({
  container,
  initContainers,
  volumes,
  objects,
  pod,
  app,
  sharedFolders,
  classic,
}: Sidecar): JsonObject {
  const containers = Object.fromEntries([...initContainers, ...(container === undefined ? [] : [container])].entries())
  return {
    containers,
    volumes: Object.fromEntries(volumes.entries()),
    objects: Object.fromEntries(objects.entries()),
    sources: Object.fromEntries(sharedFolders.map(({ source }) => source).entries()),
    annotations: { ...pod.annotations },
    env: Object.fromEntries(app.env.entries()),
    ...(classic.lifecycle !== undefined && { lifecycle: classic.lifecycle }),
  }
}

/** Where Kubernetes makes `${NAME}` of `$${NAME}`: in the command, arguments and environment of a container. */
const EXPANDED = /^\.containers\.\d+\.(?:command|args|env)\[/

/** The emptyDir volumes of a template, as it is written. */
function emptyDirsOf(name: string): Json[] {
  const source = builtins.read(name)
  const data = source === undefined ? undefined : readTemplateDocument(source).document?.data
  return [...written(data ?? null, '')].flatMap(([, node]) => (isObject(node) ? (node['emptyDir'] ?? []) : []))
}

describe.each(builtins.names)('%s', (name) => {
  it('limits the size of every emptyDir by a parameter', () => {
    const { parameters } = builtinTemplate(name, builtins) as Template
    for (const volume of emptyDirsOf(name)) {
      const limit = isObject(volume) ? String(volume['sizeLimit']) : ''
      const [, parameter = ''] = /^\$\{\{ params\.(\w+) \}\}$/.exec(limit) ?? []
      expect(parameters.get(parameter), `${name}: ${JSON.stringify(volume)}`).toMatchObject({ type: 'quantity' })
    }
  })

  const sidecars = sidecarsOf(builtinTemplate(name, builtins) as Template)

  it('writes no empty list', () => {
    expect(sidecars.length).toBeGreaterThan(3)
    const found = sidecars.flatMap(({ sidecar, values }) =>
      [...written(partsOf(sidecar), '')]
        .filter(([, node]) => Array.isArray(node) && node.length === 0)
        .map(([path]) => `${path} with ${values}`),
    )
    expect(found).toEqual([])
  })

  it('writes ${...} only as $${...}, and only where Kubernetes undoes that', () => {
    const texts = sidecars.flatMap(({ sidecar, values }) =>
      [...written(partsOf(sidecar), '')].flatMap(([path, node]) =>
        typeof node === 'string' ? [{ path, text: node, values }] : [],
      ),
    )
    const bare = texts.filter(({ text }) => /(?<!\$)\$\{/.test(text))
    const escaped = texts.filter(({ path, text }) => text.includes('$${') && !EXPANDED.test(path))
    expect([...bare, ...escaped].slice(0, 3)).toEqual([])
  })
})

it('the emptyDir volumes of the templates are found', () => {
  expect(builtins.names.flatMap(emptyDirsOf).length).toBeGreaterThan(10)
})

it('lists that a condition leaves empty go at any depth', () => {
  const spec = `container:
  image: a
  args: [{$when: {sidecar.mode: native}, $value: x}]
  securityContext: {capabilities: {drop: [], add: [A]}}
volumes:
- {name: v, downwardAPI: {items: [], defaultMode: 1}}`
  const { template } = parsed(spec)
  const { sidecar } = resolveTemplate(template as Template, [], { ...CONTEXT, mode: 'classic' })
  expect(sidecar?.container).toEqual({ name: 'demo', image: 'a', securityContext: { capabilities: { add: ['A'] } } })
  expect(sidecar?.volumes).toEqual([{ name: 'v', downwardAPI: { defaultMode: 1 } }])
})

it.each(['logging-fluentd', 'adapter'])(
  '%s listens on an address as it stands in a URL, which Fluentd 1.19 makes of it',
  (name) => {
    const template = builtinTemplate(name, builtins) as Template
    const { sidecar } = resolveTemplate(template, examples(template), { ...CONTEXT, mode: 'native' })
    const [, address] = /bind: (.+)/.exec(JSON.stringify(sidecar?.container?.['env']).replaceAll('\\n', '\n')) ?? []
    expect(new URL(`http://${address?.replaceAll(/[\\"']/g, '')}:24220`).hostname).toBe('[::]')
  },
)
