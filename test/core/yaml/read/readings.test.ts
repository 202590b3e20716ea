import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isObject, type Json } from '../../../../src/core/json/json.ts'
import { SourceText } from '../../../../src/core/text/source.ts'
import { readRawDocument, splitDocuments } from '../../../../src/core/yaml/read/split.ts'
import { folder } from '../../../cli/fake.ts'
import { rounded } from './int64.ts'
import { HAS_KUBECTL, readByKubectl, WITHOUT_KUBECTL } from '../../../kubectl.ts'

/** What kubectl 1.32 made of a text: the data beside apiVersion, kind and name of a ConfigMap `a`, or a refusal. */
interface Reading {
  text: string
  rest?: Json
  refused?: true
}

const READINGS = JSON.parse(readFileSync(new URL('readings.json', import.meta.url), 'utf8')) as Reading[]
const NAMED = READINGS.map((reading) => ({ ...reading, name: JSON.stringify(reading.text.replace(/^apiVersion: v1\nkind: ConfigMap\nmetadata: \{name: a\}\n/, '')).slice(0, 80) }))

function whole(rest: Json | undefined): Json {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, ...(rest as object) }
}

describe('readings', () => {
  it('are many, of both kinds', () => {
    expect(READINGS.length).toBeGreaterThan(350)
    expect(READINGS.filter((r) => r.refused).length).toBeGreaterThan(100)
  })

  it.each(NAMED)('$name', ({ text, rest, refused }) => {
    const raw = splitDocuments(new SourceText('a', text))
    const docs = raw.flatMap(readRawDocument)
    // A list or a scalar is YAML, but no object.
    const bad = docs.some((doc) => 'error' in doc || (doc.root !== undefined && !isObject(doc.data))) || raw.some(({ badSeparator, directive }) => badSeparator !== undefined || directive)
    expect(bad, 'refused').toBe(refused === true)
    if (refused !== true) expect(docs.flatMap((doc) => ('root' in doc && doc.root !== undefined ? [rounded(doc.data)] : []))).toEqual([whole(rest)])
  })
})

describe.skipIf(!HAS_KUBECTL)(`readings by the kubectl that is here${WITHOUT_KUBECTL}`, () => {
  it('agree with the recorded ones', () => {
    const { objects, failed } = readByKubectl(READINGS.map(({ text }) => text), folder())
    expect(objects).toEqual(READINGS.filter((r) => r.refused !== true).map((r) => whole(r.rest)))
    expect([...failed.keys()].toSorted((a, b) => a - b)).toEqual(READINGS.flatMap((r, n) => (r.refused ? [n] : [])))
  })
})
