import * as fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { buildTemplates } from '../../src/build/templates.mjs'
import { builtinTemplate } from '../../src/core/template/library.ts'
import { resolveTemplate } from '../../src/core/template/resolve-template.ts'
import type { Template, TemplateContext } from '../../src/core/template/template.ts'
import { builtinTemplates } from '../../src/io/builtin-templates.ts'
import { folder } from '../cli/fake.ts'

function found(template: Template | undefined): Template {
  if (template === undefined) throw new Error('no such template')
  return template
}

/** Two workloads that have nothing in common. */
const CONTEXTS: [TemplateContext, TemplateContext] = [
  {
    workload: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', namespace: 'shop', labels: { app: 'web' } },
    app: { container: 'web', image: 'nginx', port: 8080, portName: 'http' },
    mode: 'native',
  },
  {
    workload: { apiVersion: 'batch/v1', kind: 'Job', name: 'copy', namespace: '', labels: {} },
    app: { container: 'main', image: 'busybox', port: undefined, portName: undefined },
    mode: 'classic',
  },
]

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const templatesFolder = `${ROOT}/templates`

it('the build puts every built-in template into JSON that means what its YAML means', async () => {
  const made = folder()
  await buildTemplates(ROOT, made)
  const yaml = builtinTemplates({ fs, templatesFolder, compiledTemplatesFolder: undefined })
  const json = builtinTemplates({ fs, templatesFolder, compiledTemplatesFolder: made })
  expect(yaml.names.length).toBeGreaterThanOrEqual(4)
  for (const name of yaml.names) {
    const { place, ...rest } = builtinTemplate(name, yaml) ?? {}
    const { place: compiledPlace, ready: _, ...compiled } = builtinTemplate(name, json) ?? {}
    expect(compiled).toEqual(rest)
    expect(json.ready?.(name)).toBeDefined()
    const path = ['spec', 'parameters', 'image']
    expect(compiledPlace?.(path).range).toEqual(place?.(path).range)
  }
})

it('a sidecar that is made ready is what its template becomes in every workload', async () => {
  const made = folder()
  await buildTemplates(ROOT, made)
  const yaml = builtinTemplates({ fs, templatesFolder, compiledTemplatesFolder: undefined })
  const json = builtinTemplates({ fs, templatesFolder, compiledTemplatesFolder: made })
  const resolved = (name: string, context: TemplateContext): unknown =>
    resolveTemplate(found(builtinTemplate(name, yaml)), [], context)
  const ready = yaml.names.filter((name) => {
    const { ready: sidecar } = found(builtinTemplate(name, json))
    const [one, other] = CONTEXTS.map((context) => resolved(name, context))
    if (sidecar !== undefined) {
      expect(one).toEqual({ sidecar, diagnostics: [] })
      expect(other).toEqual({ sidecar, diagnostics: [] })
    }
    return sidecar !== undefined
  })
  expect(ready).toContain('logging')
  expect(ready).not.toContain('metrics')
  // A value that is required is still asked for, and one that is given still counts.
  expect(ready).not.toContain('wait-for')
  const given = resolveTemplate(
    found(builtinTemplate('logging', json)),
    [{ name: 'folder', value: '/logs' }],
    CONTEXTS[0],
  )
  expect(given.sidecar?.sharedFolders[0]?.path).toBe('/logs')
})

it('a name that is no name of a template reaches no file', () => {
  const library = builtinTemplates({ fs, templatesFolder, compiledTemplatesFolder: ROOT })
  for (const name of ['../package', 'package.json', '..', '', 'x/../logging', 'logging\0']) {
    expect(library.read(name)).toBeUndefined()
    expect(library.ready?.(name)).toBeUndefined()
  }
  expect(library.ready?.('package')).toBeDefined()
})
