/** The fast reader of YAML beside the full one. */
import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import { decodeText } from '../../../../../src/core/text/decode.ts'
import { SourceText } from '../../../../../src/core/text/source.ts'
import { DataBuilder } from '../../../../../src/core/yaml/read/construct.ts'
import { readFastPath, type FastPathResult } from '../../../../../src/core/yaml/read/fast-path/fast-path.ts'
import { parseYaml } from '../../../../../src/core/yaml/read/parse.ts'
import type { SourceSlice } from '../../../../../src/core/yaml/read/source-slice.ts'
import { splitDocuments } from '../../../../../src/core/yaml/read/split.ts'

/** What the full reader makes of a slice; an error where it refuses it. */
function readFully(slice: SourceSlice): FastPathResult {
  const { root, anchors } = parseYaml(slice)
  const builder = new DataBuilder()
  const data = root === undefined ? undefined : builder.build(root)
  return { root, data, format: 'yaml', anchors: anchors as false, duplicates: builder.duplicates }
}

/** Both readers agree on a slice if the fast one reads it; whether it does. */
export function agreesOn(slice: SourceSlice): boolean {
  const found = readFastPath(slice)
  if (found === undefined) return false
  const full = readFully(slice)
  // As quick as it is strict; the assertion behind it, which is slow, shows what differs.
  if (!isDeepStrictEqual(found, full)) expect(found).toStrictEqual(full)
  expect(JSON.stringify(found.data), 'the order of keys').toBe(JSON.stringify(full.data))
  return true
}

/** How many documents of a text there are, and how many of them the fast reader reads. */
export function count(texts: readonly string[]): { all: number; supported: number } {
  const out = { all: 0, supported: 0 }
  for (const text of texts) {
    for (const { start, end } of splitDocuments(new SourceText('a', text))) {
      out.all++
      if (agreesOn({ text, start, end })) out.supported++
    }
  }
  return out
}

/** The texts of the bytes that are texts. */
export function decoded(bytes: readonly Uint8Array[]): string[] {
  return bytes.flatMap((b) => {
    const result = decodeText('a', b)
    return result.ok ? [result.source.text] : []
  })
}
