import { parse } from 'yaml'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { inject } from '../../../src/core/inject/run.ts'
import { isObject, type Json, type JsonObject } from '../../../src/core/json/json.ts'
import { LATEST } from '../../../src/core/kube/version.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { builtinTemplates } from '../../../src/io/builtin-templates.ts'
import { schemaLoader } from '../../../src/io/schema-loader.ts'

const ROOT = join(import.meta.dirname, '../../..')
const builtins = builtinTemplates({ fs, templatesFolder: join(ROOT, 'templates'), compiledTemplatesFolder: undefined })
const loadSchema = schemaLoader({ fs, schemasFolder: join(ROOT, 'dist/schemas') })

/** A rendered pod template, and its sidecar's containers. */
export interface PodTemplate {
  metadata: { name: string; namespace: string; annotations: Record<string, string> }
  spec: JsonObject
  sidecar: JsonObject
  initContainers: JsonObject[]
  mode: 'classic' | 'native'
}

const APP = `apiVersion: v1
kind: Pod
metadata: {name: web-0, namespace: shop}
spec:
  containers:
    - name: web
      image: example.com/web:1
      ports: [{containerPort: 8080}]
`

/** Renders a Pod with a built-in sidecar, as `inject` prints it, and reads it as the API server would. */
export async function renderPod(
  name: string,
  values: Readonly<Record<string, string>>,
  mode: 'classic' | 'native',
): Promise<PodTemplate> {
  const head = `apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: ${name}, version: "1", description: x}\n`
  const own = new SourceText(`${name}.yaml`, `${head}spec: {extends: ${name}, mode: ${mode}}\n`)
  const { files, diagnostics } = await inject([new SourceText('web.yaml', APP)], {
    sidecars: [name],
    parameters: Object.entries(values).map(([key, value]) => ({ template: name, name: key, value })),
    kubeVersion: LATEST,
    validate: true,
    templates: [own],
    builtins,
    loadSchema,
    allowLowerPodSecurity: true,
  })
  const errors = diagnostics.filter((d) => d.severity === 'error')
  if (errors.length > 0) throw new Error(errors.map((d) => `${d.code}: ${d.message}`).join('\n'))
  const pod = parse(files[0]?.output ?? '') as JsonObject
  const spec = pod['spec'] as JsonObject
  const init = list(spec['initContainers'])
  const sidecar =
    mode === 'native'
      ? init.find((container) => container['restartPolicy'] === 'Always')
      : list(spec['containers']).find((container) => container['name'] !== 'web')
  const metadata = pod['metadata'] as JsonObject
  return {
    metadata: {
      name: 'web-0',
      namespace: 'shop',
      annotations: (metadata['annotations'] ?? {}) as Record<string, string>,
    },
    spec,
    sidecar: sidecar ?? {},
    initContainers: init.filter((container) => container['restartPolicy'] === undefined),
    mode,
  }
}

/** The maps of a list, or none. */
export function list(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** A map, or an empty one. */
export function map(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {}
}
