import * as fs from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { validateInputs } from '../../src/core/validate/validate-inputs.ts'
import { inject, uninject } from '../../src/core/inject/run.ts'
import { LATEST, type KubeVersion } from '../../src/core/kube/version.ts'
import type { InjectOptions } from '../../src/core/inject/options.ts'
import { builtinTemplate } from '../../src/core/template/library.ts'
import type { Template } from '../../src/core/template/template.ts'
import { SourceText } from '../../src/core/text/source.ts'
import { builtinTemplates } from '../../src/io/builtin-templates.ts'
import { schemaLoader } from '../../src/io/schema-loader.ts'
import { examples } from '../core/template/support.ts'

const ROOT = join(import.meta.dirname, '../..')
const builtins = builtinTemplates({ fs, templatesFolder: join(ROOT, 'templates'), compiledTemplatesFolder: undefined })
const loadSchema = schemaLoader({ fs, schemasFolder: join(ROOT, 'dist/schemas') })

const POD = `containers:
  # The app.
  - name: web
    image: "example.com/web:1.0"
    ports:
      - {name: http, containerPort: 8080}
`
const KINDS: Readonly<Record<string, (pod: string) => string>> = {
  Pod: (pod) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n${indent(pod, 2)}`,
  Deployment: (pod) => workload('apps/v1', 'Deployment', pod),
  DaemonSet: (pod) => workload('apps/v1', 'DaemonSet', pod),
  StatefulSet: (pod) => workload('apps/v1', 'StatefulSet', `${pod}`).replace('spec:\n', 'spec:\n  serviceName: web\n'),
  Job: (pod) =>
    `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n      restartPolicy: Never\n${indent(pod, 6)}`,
  CronJob: (pod) =>
    `apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: web\nspec:\n  schedule: "5 4 * * *"\n  jobTemplate:\n    spec:\n` +
    `      template:\n        spec:\n          restartPolicy: OnFailure\n${indent(pod, 10)}`,
}
/** What needs paths of the host; all others leave a pod's Pod Security level as it is. */
const SEES_THE_HOST: ReadonlySet<string> = new Set(['metrics-node'])
const JOBS: ReadonlySet<string> = new Set(['Job', 'CronJob'])

function indent(text: string, by: number): string {
  return text.replaceAll(/^(?=.)/gm, ' '.repeat(by))
}

function workload(apiVersion: string, kind: string, pod: string): string {
  return (
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: web\nspec:\n  selector:\n    matchLabels: {app: web}\n` +
    `  template:\n    metadata:\n      labels: {app: web}\n    spec:\n${indent(pod, 6)}`
  )
}

/** A template over a built-in one that runs as an ordinary container. */
function classicOf(name: string): SourceText {
  const head = `apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: ${name}, version: "1", description: x}\n`
  return new SourceText(`${name}.yaml`, `${head}spec: {extends: ${name}, mode: classic}\n`)
}

/** What became of one template in one workload: the codes of what went wrong, or `ok`. */
async function tryOut(
  template: Template,
  templates: SourceText[],
  text: string,
  kubeVersion: KubeVersion,
): Promise<string> {
  const parameters = examples(template).map(({ name, value }) => {
    return { template: template.name, name, value: typeof value === 'string' ? value : JSON.stringify(value) }
  })
  const options: InjectOptions = {
    sidecars: [template.name],
    parameters,
    kubeVersion,
    validate: true,
    templates,
    builtins,
    loadSchema,
    allowLowerPodSecurity: SEES_THE_HOST.has(template.name),
  }
  const source = new SourceText('web.yaml', text)
  const first = await inject([source], options)
  const errors = first.diagnostics.filter((d) => d.severity === 'error')
  if (errors.length > 0) return [...new Set(errors.map((d) => d.code))].join(' ')
  const output = first.files[0]?.output ?? ''
  if (output === text) return `nothing: ${first.files[0]?.workloads[0]?.sidecars[0]?.reason ?? ''}`
  const after = new SourceText('web.yaml', output)
  const { objects } = await validateInputs([after], { kubeVersion, strictKinds: true, definitions: [], loadSchema })
  if (objects.some((object) => object.status !== 'valid')) return 'invalid'
  if ((await inject([after], options)).files[0]?.output !== output) return 'not the same twice'
  if ((await uninject([after], options)).files[0]?.output !== text) return 'not undone'
  return 'ok'
}

const table: Record<string, string>[] = []
afterAll(() => {
  // The measure of the catalogue: injected, valid, the same twice and undone exactly, or why not.
  process.stdout.write(`${tableText(table)}\n`)
})

function tableText(rows: readonly Record<string, string>[]): string {
  const columns = Object.keys(rows[0] ?? {})
  const all = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))]
  const widths = columns.map((_, i) => Math.max(...all.map((row) => (row[i] as string).length)))
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

describe.each(builtins.names)('%s', (name) => {
  const template = builtinTemplate(name, builtins) as Template
  const hasContainer = template.spec['container'] !== undefined

  it.each([
    [36, 'native', 'native'],
    // Native sidecars are stable since 1.33, and what Jobs get since 1.29.
    [32, 'classic', 'native'],
    // A template of one's own that asks for ordinary containers; these would keep a Job from finishing.
    [36, 'classic', 'classic'],
  ])('Kubernetes 1.%i: as %s sidecar goes into every kind, as %s one into Jobs', async (minor, mode, jobMode) => {
    const row: Record<string, string> = { template: name, version: `1.${minor}`, mode }
    const own = jobMode === 'classic' ? [classicOf(name)] : []
    for (const [kind, make] of Object.entries(KINDS)) row[kind] = await tryOut(template, own, make(POD), { minor })
    table.push(row)
    const expected = Object.keys(KINDS).map((kind) => {
      const refused = jobMode === 'classic' && hasContainer && JOBS.has(kind)
      return [kind, refused ? 'JOB_NEVER_ENDS' : 'ok']
    })
    expect(row).toEqual({ template: name, version: `1.${minor}`, mode, ...Object.fromEntries(expected) })
  })
})

describe('what a template brings as init container', () => {
  it.each([
    ['a list that is there', 'initContainers:\n  - {name: own, image: example.com/own:1}\n'],
    ['no list', ''],
  ])('%s: stands before its native sidecar, which uses what it made', async (_, inits) => {
    const settings = { remote: 'backup:web', configSecret: 's', restore: 'true' }
    const parameters = Object.entries(settings).map(([name, value]) => ({ template: 'data-sync', name, value }))
    const sidecars = ['data-sync', 'metrics-node']
    const options: InjectOptions = {
      sidecars,
      parameters,
      kubeVersion: LATEST,
      validate: true,
      templates: [],
      builtins,
      loadSchema,
      allowLowerPodSecurity: true,
    }
    const text = workload('apps/v1', 'Deployment', POD + inits)
    const { files, diagnostics } = await inject([new SourceText('web.yaml', text)], options)
    expect(diagnostics).toEqual([])
    const { spec } = parse(files[0]?.output ?? '') as {
      spec: { template: { spec: { initContainers: { name: string }[] } } }
    }
    const names = spec.template.spec.initContainers.map((container) => container.name)
    expect(names).toEqual(['data-sync-restore', 'data-sync', 'metrics-node', ...(inits === '' ? [] : ['own'])])
  })
})
