/** Texts with aliases, and whether they are refused for how often these are used. */
import { expect } from 'vitest'
import { SourceText } from '../../../../src/core/text/source.ts'
import { readRawDocument, splitDocuments } from '../../../../src/core/yaml/read/split.ts'

export const HEAD = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'
export const repeat = (n: number, make: (i: number) => string): string =>
  Array.from({ length: n }, (_, i) => make(i)).join('')
export const map = (n: number): string => `{${repeat(n, (i) => `k${i}: 1,`)}}`
export const list = (n: number): string => `[${'x,'.repeat(n)}]`

export function read(text: string) {
  const [doc] = splitDocuments(new SourceText('in.yaml', text)).flatMap(readRawDocument)
  if (doc === undefined) throw new Error('no document')
  return doc
}

export function isRefused(text: string): boolean {
  const doc = read(text)
  if (!('error' in doc)) return false
  expect(doc.error).toMatchObject({
    trouble: 'alias',
    message: 'the document contains excessive aliasing: aliases may expand to 400000 nodes',
  })
  return true
}
