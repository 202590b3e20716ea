import { describe, expect, it } from 'vitest'
import { readInput, type ReadDocument } from '../../../src/core/inject/read-input.ts'
import { exclusiveSpansOf } from '../../../src/core/inject/exclusive-span.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { put, take } from './run.ts'

const pod = (name: string): string => `apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec: {containers: [{name: app, image: nginx}]}
`
const item = (name: string): string => `- ${pod(name).trimEnd().replaceAll('\n', '\n  ')}\n`

/** The texts of the stretches of an input's one document. */
function texts(text: string): (string | undefined)[] {
  const [document] = readInput(new SourceText('a.yaml', text)).documents
  return exclusiveSpansOf(document as ReadDocument).map((range) => (range === undefined ? undefined : text.slice(range.start, range.end)))
}

describe('the stretch of text that a workload has for itself', () => {
  it('is the whole document where it is alone', () => {
    expect(texts(pod('a'))).toEqual([pod('a')])
  })

  it('is all from the dash of an item to the next; the last item has none', () => {
    const list = (pad: string): string => `kind: List\napiVersion: v1\nitems:\n${[item('a'), `${item('b')}# of b\n`, item('c')].join('').replaceAll(/^(?=.)/gm, pad)}`
    expect(texts(list(''))).toEqual([item('a'), `${item('b')}# of b\n`, undefined])
    expect(texts(list('  '))[0]).toBe(item('a').replaceAll(/^(?=.)/gm, '  '))
  })

  it('is what an item has between braces, with the rest of its lines', () => {
    const [a, b] = ['a', 'b'].map((name) => `{"apiVersion":"v1","kind":"Pod","metadata":{"name":"${name}"},"spec":{"containers":[{"name":"app","image":"nginx"}]}}`)
    expect(texts(`{"apiVersion":"v1","kind":"List","items":[${a},${b}]}`)).toEqual([a, b])
    expect(texts(`{"apiVersion":"v1","kind":"List","items":[\n  ${a},\n  ${b}\n]}`)).toEqual([`  ${a},\n`, `  ${b}\n`])
  })

  it('is none where an anchor may be about', () => {
    expect(texts(`kind: List\napiVersion: v1\nitems:\n${item('a').replace('nginx', '&image nginx')}${item('b')}`)).toEqual([])
  })
})

it('items that are alike but for the line on which they begin are each laid out by their own', async () => {
  const [first, ...others] = ['a', 'b', 'c'].map((name) => JSON.stringify(
    { apiVersion: 'v1', kind: 'Pod', spec: { containers: [{ name: 'app', image: name }] } }, undefined, 2))
  // The first begins on a line that is indented, as deep as its fields are.
  const text = `  {"apiVersion": "v1", "kind": "List", "items": [${[first, ...others].join(', ')}]}\n`
  const options = { sidecars: ['logging'], validate: false }
  const output = (await put(text, options)).files[0]?.output ?? ''
  const beginnings = output.match(/\{\s*"metadata": \{\s*"annotations"/g)
  expect(beginnings).toEqual(['{\n  "metadata": {"annotations"', ...others.map(() => '{\n  "metadata": {\n    "annotations"')])
  expect((await take(output)).files[0]?.output).toBe(text)
})
