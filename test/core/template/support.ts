import { patternCompiler } from '../../../src/core/common/re2.ts'
import type { Json } from '../../../src/core/json/json.ts'
import { neededParameters } from '../../../src/core/template/needed-parameters.ts'
import { readTemplateDocument } from '../../../src/core/template/template-document.ts'
import { parseTemplate, type TemplateDocument } from '../../../src/core/template/parse-template.ts'
import { resolveTemplate } from '../../../src/core/template/resolve-template.ts'
import type { GivenValue, Template, TemplateContext } from '../../../src/core/template/template.ts'
import { SourceText } from '../../../src/core/text/source.ts'

/** Reads YAML with the program's own reader. */
export function read(source: SourceText): TemplateDocument {
  const { document, diagnostics } = readTemplateDocument(source)
  if (document === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  return document
}

export const CONTEXT: TemplateContext = {
  workload: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web', labels: {} },
  app: { container: 'app', image: 'example/web:1', port: 8080, portName: 'http' },
  mode: 'classic',
}

/** A template whose `spec` is the given text, indented by two spaces. */
export function template(spec: string): ReturnType<typeof parseTemplate> {
  const head = 'apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: demo, version: "1"}\nspec:\n'
  return parseTemplate(read(new SourceText('demo.yaml', head + spec.replaceAll(/^/gm, '  '))), patternCompiler())
}

export function resolved(spec: string, values: Record<string, Json> = {}, context = CONTEXT) {
  const parsed = template(spec)
  if (parsed.template === undefined) throw new Error(parsed.diagnostics.map((d) => d.message).join('\n'))
  return resolveTemplate(parsed.template, give(values), context)
}

export function give(values: Record<string, Json>): GivenValue[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }))
}

/** Values that make a template resolve: the examples of the parameters that need a value and have none. */
export function examples(of: Template): GivenValue[] {
  return neededParameters(of).map((p) => ({ name: p.name, value: p.example ?? null, data: true }))
}
