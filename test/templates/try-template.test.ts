import * as fs from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { tryTemplate } from '../../src/core/inject/try-template.ts'
import { builtinTemplate } from '../../src/core/template/library.ts'
import type { Template } from '../../src/core/template/template.ts'
import { builtinTemplates } from '../../src/io/builtin-templates.ts'
import { schemaLoader } from '../../src/io/schema-loader.ts'

const ROOT = join(import.meta.dirname, '../..')
const builtins = builtinTemplates({ fs, templatesFolder: join(ROOT, 'templates'), compiledTemplatesFolder: undefined })
const loadSchema = schemaLoader({ fs, schemasFolder: join(ROOT, 'dist/schemas') })

it.each(builtins.names)('an example of a workload shows no problem of %s', async (name) => {
  const template = builtinTemplate(name, builtins) as Template
  expect(await tryTemplate(template, { templates: [], builtins, loadSchema })).toEqual([])
})

it('there are built-in templates', () => expect(builtins.names.length).toBeGreaterThan(10))
