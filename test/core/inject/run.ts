import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { LATEST } from '../../../src/core/kube/version.ts'
import type { SourceLocation } from '../../../src/core/diagnostics/diagnostic.ts'
import { inject, uninject } from '../../../src/core/inject/run.ts'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import type { RunResult } from '../../../src/core/inject/result.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { builtinTemplates } from '../../../src/io/builtin-templates.ts'
import { schemaLoader } from '../../../src/io/schema-loader.ts'

const path = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url))

/** What a run is asked for unless a test says otherwise. */
export const DEFAULTS: InjectOptions = {
  parameters: [],
  kubeVersion: LATEST,
  validate: true,
  templates: [],
  builtins: builtinTemplates({ fs, templatesFolder: path('templates'), compiledTemplatesFolder: undefined }),
  loadSchema: schemaLoader({ fs, schemasFolder: path('dist/schemas') }),
}

/** A template whose `spec` is the given text; it is chosen as a built-in one is, without `-t`. */
export function templates(specs: Readonly<Record<string, string>>, version = '1'): Partial<InjectOptions> {
  const texts = new Map(
    Object.entries(specs).map(([name, spec]) => {
      const head = `apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: ${name}, version: "${version}"}\nspec:\n`
      return [name, new SourceText(`${name}.yaml`, head + spec.trim().replaceAll(/^/gm, '  '))]
    }),
  )
  return { sidecars: [...texts.keys()], builtins: { names: [...texts.keys()], read: (name) => texts.get(name) } }
}

export function put(text: string, options: Partial<InjectOptions>): Promise<RunResult> {
  return inject([new SourceText('in.yaml', text)], { ...DEFAULTS, ...options })
}

export function take(text: string, options: Partial<InjectOptions> = {}): Promise<RunResult> {
  return uninject([new SourceText('in.yaml', text)], { ...DEFAULTS, ...options })
}

export function output({ files }: RunResult): string {
  return files[0]?.output ?? ''
}

function place(at: SourceLocation | undefined): string {
  if (at === undefined) return '-'
  const { line, column } = at.source.position(at.range.start)
  return `${at.source.label}:${line}:${column}`
}

/** Each finding as `CODE line:column`, with the positions it is related to; without the note of checks. */
export function findings({ diagnostics }: RunResult): string[] {
  return diagnostics.map((d) => [`${d.code} ${place(d.at)}`, ...(d.related ?? []).map((r) => place(r.at))].join(' < '))
}

/** The options that check the promises of every text: see `checkPromises`. */
export function asked(options: Partial<InjectOptions>): InjectOptions {
  return { ...DEFAULTS, ...options }
}
