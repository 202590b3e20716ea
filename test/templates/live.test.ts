import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments, stringify } from 'yaml'
import { inject } from '../../src/core/inject/run.ts'
import { LATEST } from '../../src/core/kube/version.ts'
import type { InjectOptions } from '../../src/core/inject/options.ts'
import { builtinTemplate } from '../../src/core/template/library.ts'
import type { Template } from '../../src/core/template/template.ts'
import { SourceText } from '../../src/core/text/source.ts'
import { builtinTemplates } from '../../src/io/builtin-templates.ts'
import { schemaLoader } from '../../src/io/schema-loader.ts'
import { examples } from '../core/template/support.ts'
import { stored } from './server.ts'

const ROOT = join(import.meta.dirname, '../..')
const builtins = builtinTemplates({ fs, templatesFolder: join(ROOT, 'templates'), compiledTemplatesFolder: undefined })
const loadSchema = schemaLoader({ fs, schemasFolder: join(ROOT, 'dist/schemas') })

const POD =
  'containers:\n  - name: web\n    image: example.com/web:1.0\n    ports: [{name: http, containerPort: 8080}]\n    resources: {limits: {cpu: 0.5, memory: 1024Mi}}\n'
const indent = (text: string, by: number): string => text.replaceAll(/^(?=.)/gm, ' '.repeat(by))
const KINDS: Readonly<Record<string, string>> = {
  Pod: `apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec:\n${indent(POD, 2)}`,
  Deployment: `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n${indent(POD, 6)}`,
  CronJob: `apiVersion: batch/v1\nkind: CronJob\nmetadata: {name: web}\nspec:\n  schedule: "5 4 * * *"\n  jobTemplate:\n    spec:\n      template:\n        spec:\n          restartPolicy: OnFailure\n${indent(POD, 10)}`,
}

function optionsFor(template: Template): InjectOptions {
  const parameters = examples(template).map(({ name, value }) => {
    return { template: template.name, name, value: typeof value === 'string' ? value : JSON.stringify(value) }
  })
  return {
    sidecars: [template.name],
    parameters,
    kubeVersion: LATEST,
    validate: true,
    templates: [],
    builtins,
    loadSchema,
    allowLowerPodSecurity: true,
  }
}

/** The injected objects as `kubectl get -o yaml` prints them, once they were applied. */
function asStored(text: string): string {
  const objects = parseAllDocuments(text, { version: '1.1' }).map((doc) =>
    stored(doc.toJS() as Record<string, unknown>),
  )
  return objects
    .map((object) => stringify(object, { sortMapEntries: true, version: '1.1', lineWidth: 0 }))
    .join('---\n')
}

describe.each(builtins.names)('a live workload with %s', (name) => {
  const options = optionsFor(builtinTemplate(name, builtins) as Template)

  it.each(Object.keys(KINDS))('%s: is up to date, and injecting changes nothing', async (kind) => {
    const first = await inject([new SourceText('web.yaml', KINDS[kind] as string)], options)
    expect(first.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([])
    const live = asStored(first.files[0]?.output ?? '')
    const again = await inject([new SourceText('web.yaml', live)], options)
    expect(again.files[0]?.output).toBe(live)
    expect(again.files[0]?.workloads.map(({ sidecars }) => sidecars.map(({ state }) => state))).toEqual([
      ['up to date'],
    ])
  })
})
