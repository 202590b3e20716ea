import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DataBuilder } from '../../../../src/core/yaml/read/construct.ts'
import { parseYaml } from '../../../../src/core/yaml/read/parse.ts'
import { missing, SHARED } from '../../../shared.ts'
import { rounded } from './int64.ts'

interface Recorded { yaml: string; json?: unknown; error?: string }

function read(text: string): unknown {
  const { root } = parseYaml({ text, start: 0, end: text.length })
  if (root === undefined) return undefined
  const data = new DataBuilder().build(root) as { data?: unknown }
  return data.data
}

const why = missing('oracle/scalars.json')

describe.skipIf(why !== undefined)(`scalars as kubectl reads them${why === undefined ? '' : ` (${why})`}`, () => {
  const recorded = why === undefined
    ? (JSON.parse(readFileSync(`${SHARED}/oracle/scalars.json`, 'utf8')) as { values: Recorded[]; keys: Recorded[] })
    : { values: [], keys: [] }

  it('has all the recorded values and keys', () => {
    expect([recorded.values.length, recorded.keys.length]).toEqual([174, 168])
  })

  it.each(recorded.values)('value $yaml', ({ yaml, json, error }) => {
    const text = `apiVersion: v1\nkind: ConfigMap\ndata:\n  k: ${yaml}\n`
    if (error !== undefined) expect(() => read(text)).toThrow()
    else expect(rounded((read(text) as { k: unknown }).k)).toEqual(json)
  })

  it('distinguishes integers past int64 from the largest one', () => {
    const of = (text: string): unknown => read(`data: ${text}`)
    expect(of('9223372036854775808')).toBeGreaterThan(of('9223372036854775807') as number)
  })

  it.each(recorded.keys)('key $yaml', ({ yaml, json, error }) => {
    const text = `apiVersion: v1\nkind: ConfigMap\ndata:\n  ${yaml}: v\n`
    if (error !== undefined) expect(() => read(text)).toThrow()
    else expect(Object.keys(read(text) as object)).toEqual(json)
  })
})
