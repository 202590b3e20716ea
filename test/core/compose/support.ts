import * as fs from 'node:fs'
import { join } from 'node:path'
import { injectAny, uninjectAny } from '../../../src/core/compose/run.ts'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import type { RunResult } from '../../../src/core/inject/result.ts'
import { LATEST } from '../../../src/core/kube/version.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { builtinTemplates } from '../../../src/io/builtin-templates.ts'
import { schemaLoader } from '../../../src/io/schema-loader.ts'
import { builtinTemplate } from '../../../src/core/template/library.ts'
import type { ParameterSetting } from '../../../src/core/selection/selection.ts'
import { examples } from '../template/support.ts'

const ROOT = join(import.meta.dirname, '../../..')
export const builtins = builtinTemplates({
  fs,
  templatesFolder: join(ROOT, 'templates'),
  compiledTemplatesFolder: undefined,
})
const loadSchema = schemaLoader({ fs, schemasFolder: join(ROOT, 'dist/schemas') })

const known = new Map<string, readonly ParameterSetting[]>()

function exampleParameters(name: string): readonly ParameterSetting[] {
  const found = known.get(name)
  if (found !== undefined) return found
  const template = builtinTemplate(name, builtins)
  const made = template === undefined ? [] : examples(template).map((one) => Object.assign(one, { template: name }))
  known.set(name, made)
  return made
}

/** Options for built-in sidecars by name, with examples of the parameters that they need. */
export function options(sidecars: readonly string[] | undefined, more: Partial<InjectOptions> = {}): InjectOptions {
  const parameters = (sidecars ?? []).flatMap(exampleParameters)
  return {
    parameters,
    kubeVersion: LATEST,
    validate: true,
    templates: [],
    builtins,
    loadSchema,
    ...(sidecars !== undefined && { sidecars }),
    ...more,
  }
}

export interface Done {
  text: string
  /** Codes of errors and warnings, each with its message. */
  said: string[]
  /** Each service with its status and the states of its sidecars. */
  services: string[]
}

function doneOf({ files, diagnostics }: RunResult): Done {
  return {
    text: files[0]?.output ?? '',
    said: diagnostics.filter(({ severity }) => severity !== 'info').map(({ code, message }) => `${code}: ${message}`),
    services: (files[0]?.workloads ?? []).map(({ resource, status, sidecars }) =>
      [resource.name, status, ...sidecars.map(({ name, action }) => `${name} ${action}`)].join(' '),
    ),
  }
}

export async function put(
  text: string,
  sidecars: readonly string[] | undefined,
  more: Partial<InjectOptions> = {},
): Promise<Done> {
  return doneOf(await injectAny([new SourceText('compose.yaml', text)], options(sidecars, more)))
}

export async function take(
  text: string,
  sidecars?: readonly string[],
  more: Partial<InjectOptions> = {},
): Promise<Done> {
  return doneOf(await uninjectAny([new SourceText('compose.yaml', text)], options(sidecars, more)))
}
