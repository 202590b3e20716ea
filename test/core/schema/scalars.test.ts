import { describe, expect, it } from 'vitest'
import type { Json } from '../../../src/core/json/json.ts'
import { scalarCheck } from '../../../src/core/schema/scalars.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { readRawDocument, splitDocuments } from '../../../src/core/yaml/read/split.ts'

/** What is wrong with a value of a type, read from YAML. */
function fault(type: string, yaml: string): string | undefined {
  const [doc] = splitDocuments(new SourceText('a', yaml)).flatMap(readRawDocument)
  if (doc === undefined || 'error' in doc) return doc?.error.message
  return scalarCheck(type)?.(doc.data as Exclude<Json, null>)?.message
}

// Verdicts of sigs.k8s.io/json and apimachinery 1.36 on what kubectl sends for each value.
describe('a scalar', () => {
  it.each([
    ['int64', '9223372036854775807'], ['int64', '-9223372036854775808'], ['int64', '1e18'], ['int64', '-0.0'],
    ['int32', '2147483647.0'], ['intstr', '1e3'], ['double', '9.223372036854775808e18'],
    ['microtime', '2020-01-01T00:00:00.123456Z'], ['microtime', '2020-01-01T00:00:00,+23456Z'], ['microtime', '2020-01-01T00:00:00.-00000Z'],
    ['time', '2020-01-01T0:00:00,5+24:60'], ['bytes', '"YQ=\\n="'], ['bytes', '[1, 2.0, null]'],
  ])('of type %s takes %s', (type, yaml) => {
    expect(fault(type, yaml)).toBeUndefined()
  })

  it.each([
    ['int64', '9223372036854775808'], ['int64', '9.223372036854775807e18'], ['int64', '9223372036854775807.0'],
    ['int64', '-9223372036854775809'], ['int64', '-9.223372036854775808e18'],
    ['int32', '2147483648.0'], ['intstr', '1.5'],
    ['microtime', '2020-01-01T00:00:00.-23456Z'], ['microtime', '2020-01-01T00:00:00.+123456Z'], ['microtime', '2020-01-01T00:00:00.12345Z'],
    ['time', '2020-01-01T00:00:00+24:61'], ['bytes', '"YQ==YQ=="'], ['bytes', '[256]'],
  ])('of type %s rejects %s', (type, yaml) => {
    expect(fault(type, yaml)).toBeDefined()
  })
})
