import { describe, expect, it } from 'vitest'
import { validateTemplate } from '../../../src/core/template/validate-template.ts'
import { readTemplateDocument } from '../../../src/core/template/template-document.ts'
import { patternCompiler } from '../../../src/core/common/re2.ts'
import { parseTemplate } from '../../../src/core/template/parse-template.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { read, template } from './support.ts'
import type { JsonObject } from '../../../src/core/json/json.ts'

describe('parseTemplate', () => {
  it.each<[string, (string | number)[], string | undefined]>([
    ['container: {image: "${{ params.imgae }}"}\nparameters: {image: {type: string}}', ['spec', 'container', 'image'], 'did you mean params.image?'],
    ['container: {image: "${{ app.imagee }}"}', ['spec', 'container', 'image'], 'did you mean app.image?'],
    ['container: {image: "${{ }}"}', ['spec', 'container', 'image'], undefined],
    ['container: {image: "${{ params.x"}', ['spec', 'container', 'image'], undefined],
    ['container: {image: "${{ constructor }}"}', ['spec', 'container', 'image'], undefined],
    ['container: {image: "${{ params.__proto__ }}"}', ['spec', 'container', 'image'], undefined],
    ['parameters: {a: {type: string}}\ncontainer: {"${{ params.a }}": b}', ['spec', 'container', '${{ params.a }}'], undefined],
    ['container: {$wen: {a: b}}', ['spec', 'container', '$wen'], undefined],
    ['container: {$json: {}, a: 1}', ['spec', 'container', '$json'], undefined],
    ['container: {args: ["${{ item }}"]}', ['spec', 'container', 'args', 0], undefined],
    ['container: {args: [{$spread: "${{ item }}"}]}', ['spec', 'container', 'args', 0, '$spread'], undefined],
    ['container: {args: [{$spread: [a], $each: "${{ item.__proto__ }}"}]}', ['spec', 'container', 'args', 0, '$each'], undefined],
    ['container: {args: [{$each: x}]}', ['spec', 'container', 'args', 0, '$each'], undefined],
    ['container: {a: {$separator: x}}', ['spec', 'container', 'a', '$separator'], undefined],

    ['container: {$when: [a]}', ['spec', 'container', '$when'], undefined],
    ['container: {$when: {a: b}}', ['spec', 'container', '$when', 'a'], undefined],
    ['container: {$when: {a: {set: 1}}}', ['spec', 'container', '$when'], undefined],
    ['parameters: {a: {type: string, enum: [x]}}\ncontainer: {$when: {a: y}}', ['spec', 'container', '$when', 'a'], undefined],
    ['parameters: {a: {type: text}}', ['spec', 'parameters', 'a', 'type'], undefined],
    ['parameters: {a: {type: strng}}', ['spec', 'parameters', 'a', 'type'], 'did you mean string?'],
    ['parameters: {a: {type: constructor}}', ['spec', 'parameters', 'a', 'type'], undefined],
    ['parameters: {__proto__: {type: string}}', ['spec', 'parameters', '__proto__'], undefined],
    ['parameters: {a.b: {type: string}}', ['spec', 'parameters', 'a.b'], undefined],
    ['parameters: {a: string}', ['spec', 'parameters', 'a'], undefined],
    ['parameters: [a]', ['spec', 'parameters'], undefined],
    ['parameters: {a: {type: port, default: http}}', ['spec', 'parameters', 'a', 'default'], undefined],
    ['parameters: {a: {type: string, enum: [on, dark]}}', ['spec', 'parameters', 'a', 'enum', 0], 'put it in quotes to make it a string'],
    ['parameters: {a: {type: port, example: 0}}', ['spec', 'parameters', 'a', 'example'], undefined],
    ['parameters: {a: {type: port, default: "${{ params.b }}"}}', ['spec', 'parameters', 'a', 'default'], undefined],
    ['parameters: {a: {type: string, pattern: "("}}', ['spec', 'parameters', 'a', 'pattern'], undefined],
    ['parameters: {a: {type: string, requiredWhen: {b: 1}}}', ['spec', 'parameters', 'a', 'requiredWhen', 'b'], undefined],
    ['mode: fast', ['spec', 'mode'], undefined],
    ...['sidecarctl.dev/inject', 'sidecarctl.dev/injected', 'injected.sidecarctl.dev/a', 'config.sidecarctl.dev/b', 'sidecarctl.dev/b.mode'].map(
      (key): [string, (string | number)[], string] => [`pod: {annotations: {${key}: x}}`, ['spec', 'pod', 'annotations', key], 'use a prefix of your own']),
    ['pod: {labels: {sidecarctl.dev/inject: "false"}}', ['spec', 'pod', 'labels', 'sidecarctl.dev/inject'], 'use a prefix of your own'],
    ['objects: [{metadata: {annotations: {sidecarctl.dev/owned-by: x}}}]', ['spec', 'objects', 0, 'metadata', 'annotations', 'sidecarctl.dev/owned-by'], 'use a prefix of your own'],
  ])('%s', (spec, path, hint) => {
    const { template: parsed, diagnostics } = template(spec)
    expect(parsed).toBeUndefined()
    expect(diagnostics).toMatchObject([{ code: 'TEMPLATE_INVALID', path, ...(hint === undefined ? {} : { hint }) }])
  })

  it('takes annotations with a prefix of its own, and selectors of any label', () => {
    const objects = 'objects: [{spec: {podSelector: {matchLabels: {sidecarctl.dev/inject: a}}}}]'
    expect(template(`pod: {annotations: {a.sidecarctl.dev/b: x}}\n${objects}`).diagnostics).toEqual([])
  })

  it.each(['data: {a: {$json: {labels: {sidecarctl.dev/a: b}}}}', 'spec: {labels: {sidecarctl.dev/a: b}}', 'data: {annotations: {metadata: {labels: {sidecarctl.dev/a: b}}}}'])(
    'takes any key in what objects hold besides their metadata: %s', (content) => {
      expect(template(`objects: [{${content}}]`).diagnostics).toEqual([])
    })

  it.each([
    'pod: {annotations: {$when: {app.port: {set: true}}, sidecarctl.dev/inject: x}}',
    'objects: [{$when: {app.port: {set: true}}, $value: {metadata: {labels: {$value: {sidecarctl.dev/inject: x}}}}}]',
  ])('rejects reserved keys behind directives: %s', (spec) => {
    expect(template(spec).diagnostics).toMatchObject([{ code: 'TEMPLATE_INVALID', hint: 'use a prefix of your own' }])
  })

  it.each<[string, (string | number)[]]>([
    ['apiVersion: v1\nkind: SidecarTemplate\nmetadata: {name: a, version: "1"}\nspec: {}', ['apiVersion']],
    ['apiVersion: sidecarctl.dev/v1\nkind: Sidecar\nmetadata: {name: a, version: "1"}\nspec: {}', ['kind']],
    ['apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: A, version: "1"}\nspec: {}', ['metadata', 'name']],
    ['apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: a, version: 1}\nspec: {}', ['metadata', 'version']],
    ['apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: a, version: "1"}', ['spec']],
  ])('%s', (text, path) => {
    expect(parseTemplate(read(new SourceText('t.yaml', text)), patternCompiler()).diagnostics).toMatchObject([{ path }])
  })

  it.each<[string, object[]]>([
    ['apiVersion: v1\nkind: Deployment\nmetadata: {name: a}', [{ path: ['kind'], message: 'this is a Deployment of v1, not a template of a sidecar' }]],
    ['apiVersion: sidecarctl.dev/v2\nkind: SidecarTemplate\nspec: []', [{ path: ['apiVersion'], message: 'this is of sidecarctl.dev/v2, not a template of a sidecar' }]],
  ])('says one thing of a file that is something else: %s', async (text, expected) => {
    expect((await validateTemplate(read(new SourceText('t.yaml', text)))).diagnostics).toMatchObject(expected)
  })

  it.each(['metadata: {name: {{ .Values.name }}}', 'spec:\n  {{- if .Values.x }}\n  a: b\n  {{- end }}', 'a: {{ include "x" . }}: b'])(
    'says one thing of the syntax of Helm: %s',
    (text) => {
      const { diagnostics } = readTemplateDocument(new SourceText('t.yaml', text))
      expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
        ['TEMPLATE_INVALID', 'this is the syntax of Helm charts, which templates of sidecars do not have'],
      ])
    },
  )

  it('points at the place in the file', () => {
    const { diagnostics } = template('container:\n  image: ${{ params.x }}')
    const at = diagnostics[0]?.at
    expect(at?.source.position(at.range.start)).toEqual({ line: 6, column: 12 })
    expect(diagnostics[0]?.message).toBe('unknown value params.x')
  })

  it('stops at a depth that no template has', () => {
    let deep: JsonObject = {}
    for (let i = 0; i < 5000; i++) deep = { a: deep }
    const metadata = { name: 'a', version: '1' }
    const data: JsonObject = { apiVersion: 'sidecarctl.dev/v1', kind: 'SidecarTemplate', metadata, spec: { deep } }
    const { diagnostics } = parseTemplate({ data, place: () => ({ source: new SourceText('t', ''), range: { start: 0, end: 0 } }) }, patternCompiler())
    expect(diagnostics.map((d) => d.code)).toEqual(['TEMPLATE_INVALID'])
  })
})

const HEAD = 'apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: a, version: "1", description: x}\n'

function text(more: string): SourceText {
  return new SourceText('t.yaml', HEAD + more)
}

describe('checkTemplate', () => {
  it('accepts a small template', async () => {
    const { template: parsed, diagnostics } = await validateTemplate(read(text('spec: {container: {image: x}}')))
    expect(diagnostics).toEqual([])
    expect(parsed?.name).toBe('a')
  })

  it.each<[string, (string | number)[], string | undefined]>([
    ['spec: {contaner: {}}', ['spec', 'contaner'], 'did you mean container?'],
    ['spec: {}\nstatus: {}', ['status'], undefined],
    ['spec: {parameters: {a: {type: string}}}', ['spec', 'parameters', 'a', 'description'], undefined],
    ['spec: {parameters: {a: {type: string, description: x, defualt: 1}}}', ['spec', 'parameters', 'a', 'defualt'], 'did you mean default?'],
    ['spec: {sharedFolders: [{path: /a}]}', ['spec', 'sharedFolders', 0, 'volume'], undefined],
    ['spec: {pod: {fsGroup: many}}', ['spec', 'pod', 'fsGroup'], undefined],
    ['spec: {mode: fast}', ['spec', 'mode'], undefined],
    ['spec: {app: {containers: some}}', ['spec', 'app', 'containers'], undefined],
  ])('%s', async (more, path, hint) => {
    const { template: parsed, diagnostics } = await validateTemplate(read(text(more)))
    expect(parsed).toBeUndefined()
    expect(diagnostics).toMatchObject([{ code: 'TEMPLATE_INVALID', path, ...(hint === undefined ? {} : { hint }) }])
  })
})

describe('readTemplateDocument', () => {
  it.each([
    ['', 'TEMPLATE_INVALID'],
    ['a: 1\n---\nb: 2\n', 'TEMPLATE_INVALID'],
    ['a: [', 'YAML_SYNTAX'],
    ['- a', 'DOCUMENT_NOT_OBJECT'],
    ['a: 1\na: 2\n', 'YAML_DUPLICATE_KEY'],
  ])('%j', (content, code) => {
    const { document, diagnostics } = readTemplateDocument(new SourceText('t.yaml', content))
    expect(document).toBeUndefined()
    expect(diagnostics.map((d) => d.code)).toEqual([code])
  })

  it('takes comments and empty documents around the one', () => {
    expect(readTemplateDocument(new SourceText('t.yaml', '# x\n---\na: 1\n---\n')).document?.data).toEqual({ a: 1 })
  })
})
