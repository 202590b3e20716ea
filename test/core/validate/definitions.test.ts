import { describe, expect, it } from 'vitest'
import { SourceText } from '../../../src/core/text/source.ts'
import { validate } from './support.ts'

/** A definition of `KIND.example.com/v1` whose objects have the field `size`. */
function definition(kind: string, type: string, written = kind): string {
  const plural = `${kind.toLowerCase()}s`
  return `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: ${plural}.example.com}
spec:
  group: example.com
  scope: Namespaced
  names: {kind: ${written}, listKind: ${kind}List, plural: ${plural}, singular: ${kind.toLowerCase()}}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {size: {type: ${type}}}}}
`
}

const object = (kind: string): string => `apiVersion: example.com/v1\nkind: ${kind}\nmetadata: {name: one, namespace: shop}\nsize: 1\n`

const WIDGET = object('Widget')
const WRONG = ['FIELD_TYPE']

const indented = (text: string): string => text.replaceAll(/^/gm, '    ').replace(/^ {4}/, '  - ').trimEnd()
const listOf = (...items: string[]): string => `apiVersion: v1\nkind: List\nitems:\n${items.map(indented).join('\n')}\n`

/** The codes of what is found of the first object of the first input. */
async function codesOfFirst(texts: readonly string[], definitions: readonly string[] = []): Promise<string[]> {
  const [inputs, given] = [texts, definitions].map((some, n) => some.map((text, i) => new SourceText(`${n}-${i}.yaml`, text)))
  const { objects } = await validate(inputs as SourceText[], { definitions: given as SourceText[] })
  return (objects[0]?.diagnostics ?? []).map(({ code }) => code)
}

describe('definitions among the inputs', () => {
  it.each<[string, string[], string[]]>([
    ['none',                        [WIDGET], ['KIND_NOT_CHECKED']],
    ['of another kind',             [WIDGET, definition('Gadget', 'string')], ['KIND_NOT_CHECKED']],
    ['in another input',            [WIDGET, definition('Widget', 'string')], WRONG],
    ['in the same input',           [`${WIDGET}---\n${definition('Widget', 'string')}`], WRONG],
    ['in a list',                   [WIDGET, listOf(definition('Gadget', 'integer'), definition('Widget', 'string'))], WRONG],
    ['in JSON',                     [WIDGET, '{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": {"group": "example.com", "names": {"kind": "Wid\\u0067et"}, "versions": [{"name": "v1", "served": true, "schema": {"openAPIV3Schema": {"type": "object", "properties": {"size": {"type": "string"}}}}}]}}'], WRONG],
    ['with an escape in its kind',  [WIDGET, definition('Widget', 'string', '"Wid\\x67et"').replaceAll('WidgetList', 'Things')], WRONG],
    ['beside a document in error',  [WIDGET, `a: [\n---\n${definition('Widget', 'string')}`], WRONG],
    ['the last of two inputs',      [WIDGET, definition('Widget', 'string'), definition('Widget', 'integer')], []],
    ['the last of two, once more',  [WIDGET, definition('Widget', 'integer'), definition('Widget', 'string')], WRONG],
    ['the last of two documents',   [WIDGET, `${definition('Widget', 'integer')}---\n${definition('Widget', 'string')}`], WRONG],
    ['the last of two in a list',   [WIDGET, listOf(definition('Widget', 'integer'), definition('Widget', 'string'))], WRONG],
  ])('%s', async (_, texts, codes) => {
    expect(await codesOfFirst(texts)).toEqual(codes)
  })

  it('a kind with a quote in its name', async () => {
    const [kind, written] = [`"Wid'get"`, `'Wid''get'`]
    expect(await codesOfFirst([object(kind), definition('Gadget', 'string', written)])).toEqual(WRONG)
  })

  it('override those that are given', async () => {
    expect(await codesOfFirst([WIDGET], [definition('Widget', 'string')])).toEqual(WRONG)
    expect(await codesOfFirst([WIDGET, definition('Widget', 'integer')], [definition('Widget', 'string')])).toEqual([])
    expect(await codesOfFirst([WIDGET, definition('Gadget', 'integer')], [definition('Widget', 'string')])).toEqual(WRONG)
  })

  it('of many kinds, each of which is used', async () => {
    const kinds = Array.from({ length: 100 }, (_, n) => `Kind${n}x`)
    const inputs = [kinds.map(object), kinds.map((kind) => definition(kind, 'string'))].map((texts, n) => new SourceText(`${n}.yaml`, texts.join('---\n')))
    const { objects } = await validate(inputs)
    expect(objects.slice(0, 100).map(({ diagnostics }) => diagnostics.map(({ code }) => code))).toEqual(kinds.map(() => WRONG))
    expect(objects.slice(100).flatMap(({ diagnostics }) => diagnostics)).toEqual([])
  })
})
