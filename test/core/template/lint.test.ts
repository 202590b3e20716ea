import { patternCompiler } from '../../../src/core/common/re2.ts'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { builtinTemplate } from '../../../src/core/template/library.ts'
import { lintTemplate } from '../../../src/core/template/lint.ts'
import { parseTemplate } from '../../../src/core/template/parse-template.ts'
import { starterTemplate } from '../../../src/core/template/template-starter.ts'
import type { Template } from '../../../src/core/template/template.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { builtinTemplates } from '../../../src/io/builtin-templates.ts'
import { read } from './support.ts'

const builtins = builtinTemplates({ fs, templatesFolder: join(import.meta.dirname, '../../../templates'), compiledTemplatesFolder: undefined })
const HEAD = 'apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: t, version: "1", description: x}\nspec:\n'

function lint(spec: string): string[] {
  const { template, diagnostics } = parseTemplate(read(new SourceText('t.yaml', HEAD + spec)), patternCompiler())
  expect(diagnostics).toEqual([])
  return lintTemplate(template as Template).map(({ message, hint, path }) => `${path?.join('.')}: ${message} (${hint})`)
}

const P = '  parameters: {port: {type: port, description: x, default: 80}}\n'
const NO_PLACEHOLDER = 'this is not a placeholder of a template, and would go into the manifest unchanged'

describe('what a template hardly means', () => {
  it.each<[string, string[]]>([
    ['  container: {image: a, args: ["${{ params.port }}"]}\n', []],
    ['  container: {image: a, args: [{$when: {port: 80}, $value: x}]}\n', []],
    ['  container: {image: a}\n', ['spec.parameters.port: parameter "port" is not used (use it as ${{ params.port }} or in a $when, or remove it)']],
    ['  container: {image: "${params.port}", args: ["${{params.port}}"]}\n', [`spec.container.image: ${NO_PLACEHOLDER} (write \${{ params.port }})`]],
    ['  container: {image: a, args: ["x $(params.port)", "${{params.port}}"]}\n', [`spec.container.args.0: ${NO_PLACEHOLDER} (write \${{ params.port }})`]],
    ['  container: {image: a, args: ["{{ .Values.port }}", "${{params.port}}"]}\n', []],
    ['  container: {image: a, args: ["${{ params.port }}"], ports: [{name: web, containerPort: 80}], readinessProbe: {tcpSocket: {port: wev}}}\n', ['spec.container.readinessProbe.tcpSocket.port: the sidecar has no port named "wev" (did you mean web?)']],
    ['  container: {image: a, args: ["${{ params.port }}"], livenessProbe: {httpGet: {port: web}}}\n', ['spec.container.livenessProbe.httpGet.port: the sidecar has no port named "web" (add it under ports)']],
    ['  container: {image: a, args: ["${{ params.port }}"], ports: [{$when: {port: 80}, $value: {name: web, containerPort: 80}}], livenessProbe: {httpGet: {port: web}}}\n', []],
    ['  container: {image: a, args: ["${{ params.port }}"], livenessProbe: {httpGet: {port: "${{ params.port }}"}}}\n', []],
    ['  container: {image: a, args: ["$(PORT) ${PORT} $${{ params.port }} ${{params.port}}"]}\n', []],
  ])('%s', (spec, expected) => {
    expect(lint(P + spec)).toEqual(expected)
  })

  it('is in none of the built-in templates, nor in a new one', () => {
    const found = builtins.names.flatMap((name) => lintTemplate(builtinTemplate(name, builtins) as Template))
    expect(found.map(({ path, message }) => `${path?.join('.')}: ${message}`)).toEqual([])
    expect(lintTemplate(parseTemplate(read(new SourceText('t.yaml', starterTemplate('t'))), patternCompiler()).template as Template)).toEqual([])
  })
})
