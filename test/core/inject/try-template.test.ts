import * as fs from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { tryTemplate } from '../../../src/core/inject/try-template.ts'
import { LIMITS } from '../../../src/core/common/limits.ts'
import { openTemplates } from '../../../src/core/template/library.ts'
import type { Template } from '../../../src/core/template/template.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { builtinTemplates } from '../../../src/io/builtin-templates.ts'
import { schemaLoader } from '../../../src/io/schema-loader.ts'

const ROOT = join(import.meta.dirname, '../../..')
const builtins = builtinTemplates({ fs, templatesFolder: join(ROOT, 'templates'), compiledTemplatesFolder: undefined })
const loadSchema = schemaLoader({ fs, schemasFolder: join(ROOT, 'dist/schemas') })
const HEAD = 'apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: mine, version: "1", description: x}\nspec:\n'

/** Each problem as `LINE of spec: message`. */
async function tried(spec: string): Promise<string[]> {
  const source = new SourceText('mine.yaml', HEAD + spec)
  const { templates, diagnostics } = await openTemplates([source], builtins)
  expect(diagnostics).toEqual([])
  const found = await tryTemplate(templates.find('mine') as Template, { templates: [source], builtins, loadSchema })
  return found.map(({ at, message, code }) => {
    expect(at?.source.label).toBe('mine.yaml')
    return `${(at?.source.position(at.range.start).line ?? 0) - 4}: ${code} ${message}`
  })
}

const rejected = (problem: string): string =>
  `RESULT_INVALID with sidecar "mine", Kubernetes would reject it: ${problem} (native mode)`

describe('a template in an example of a workload', () => {
  // spec | what is wrong with it
  it.each<[string, string[]]>([
    ['  container: {image: a}\n', []],
    ['  container:\n    image: a\n    readinesProbe: {tcpSocket: {port: 80}}\n', [`3: ${rejected('unknown field "readinesProbe"')}`]],
    ['  container:\n    image: a\n    volumeMounts: [{name: gone, mountPath: /x}]\n', [`3: ${rejected('volume "gone" not found among the pod\'s volumes')}`]],
    [
      '  parameters: {size: {type: string, enum: [small, "1x"], default: small, description: x}}\n  container:\n    image: a\n    resources: {limits: {memory: {$when: {size: "1x"}, $value: 1x}}}\n',
      ['4: RESULT_INVALID'],
    ],
    [
      '  parameters: {secure: {type: boolean, default: false, description: x}, cert: {type: name, requiredWhen: {secure: true}, example: c, description: x}}\n  container:\n    image: a\n    volumeMounts: [{$when: {secure: true}, name: "${{ params.cert }}", mountPath: /x}]\n',
      ['4: RESULT_INVALID'],
    ],
    [
      '  parameters: {cert: {type: name, required: true, description: x}}\n  container: {image: "a:${{ params.cert }}"}\n',
      ['1: TEMPLATE_INVALID parameter "cert" requires a value, but has no example to try the template with'],
    ],
    ['  requires: {kinds: [CronJob], kubernetes: "<=1.32"}\n  container: {image: a, command: [x]}\n', []],
    ['  requires: {kinds: [StatefulSet]}\n  container:\n    image: A B\n', []],
  ])('%s', async (spec, expected) => {
    const found = await tried(spec)
    expect(found.map((one, n) => one.slice(0, expected[n]?.length ?? one.length))).toEqual(expected)
  })

  it('names the values that show a problem', async () => {
    const spec =
      '  parameters: {tls: {type: boolean, default: false, description: x}}\n  container: {image: a, volumeMounts: [{$when: {tls: true}, name: gone, mountPath: /x}]}\n'
    expect((await tried(spec)).map((one) => one.slice(-25))).toEqual([' (tls: true, native mode)'])
  })

  it('is refused where there are too many values to try', async () => {
    const words = Array.from({ length: LIMITS.triedValues.value + 1 }, (_, n) => `w${n}`).join(', ')
    const spec = `  parameters: {a: {type: string, enum: [${words}], default: w0, description: x}}\n  container: {image: "\${{ params.a }}"}\n`
    const message = `the parameters have more than ${LIMITS.triedValues.value} values to try the template with`
    expect(await tried(spec)).toEqual([`1: TEMPLATE_INVALID ${message}`])
  })
})
