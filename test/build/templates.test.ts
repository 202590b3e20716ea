import * as fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { buildTemplates } from '../../src/build/templates.mjs'
import { builtinTemplate } from '../../src/core/template/library.ts'
import { builtinTemplates } from '../../src/io/builtin.ts'
import { folder } from '../cli/fake.ts'

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
    const { place: compiledPlace, ...compiled } = builtinTemplate(name, json) ?? {}
    expect(compiled).toEqual(rest)
    expect(json.data?.(name)).toBeDefined()
    const path = ['spec', 'parameters', 'image']
    expect(compiledPlace?.(path).range).toEqual(place?.(path).range)
  }
})

it('a name that is no name of a template reaches no file', () => {
  const library = builtinTemplates({ fs, templatesFolder, compiledTemplatesFolder: ROOT })
  for (const name of ['../package', 'package.json', '..', '', 'x/../logging', 'logging\0']) {
    expect(library.read(name)).toBeUndefined()
    expect(library.data?.(name)).toBeUndefined()
  }
  expect(library.data?.('package')).toBeDefined()
})
