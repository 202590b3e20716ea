import { expect, it } from 'vitest'
import { SourceText } from '../../src/core/text/source.ts'
import { patchPieces } from '../../src/report/diff.ts'
import { diffTexts } from '../../src/report/line-diff.ts'

it('a diff stays quick when a large file changes everywhere', () => {
  const before = Array.from({ length: 30_000 }, (_, i) => `a${i}: 1\n`).join('')
  const output = before.replaceAll(': 1\n', ': 2\nx: 3\n')
  const pieces = patchPieces([{ name: 'a.yaml', parts: [{ source: new SourceText('a.yaml', before), output }] }], false)
  const patch = Buffer.concat(Array.from(pieces, (piece) => Buffer.from(piece)))
  expect(patch.toString()).toMatch(/^--- a\/a\.yaml\n\+\+\+ b\/a\.yaml\n@@ -1,30000 \+1,60000 @@\n/)
})

it('a document with changes all over is replaced as a whole', () => {
  const items = Array.from({ length: 3000 }, (_, n) => `- name: item-${n}\n  image: a:1\n`).join('')
  expect(diffTexts(items, items.replaceAll('a:1', 'b:2')).filter(({ sign }) => sign === '-')).toHaveLength(6000)
})
