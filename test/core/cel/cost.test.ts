import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checkTypes } from '../../../src/core/cel/checker/check.ts'
import { expand } from '../../../src/core/cel/checker/expand.ts'
import { declaredType } from '../../../src/core/cel/cost/declared-type.ts'
import { estimateCost } from '../../../src/core/cel/cost/estimate.ts'
import { parseCel } from '../../../src/core/cel/parse.ts'
import { CelTypeFault } from '../../../src/core/cel/checker/type-fault.ts'
import * as cel from '../../../src/core/cel/support.ts'
import { formatJsonPath } from '../../../src/core/json/json.ts'
import { customSchemas } from '../../../src/core/schema/custom-kinds.ts'
import { SchemaNode } from '../../../src/core/schema/custom/schema-node.ts'
import { plain, schemaOf } from '../schema/schemas.ts'

const file = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

const schema = new SchemaNode(plain(file('estimates-schema.json')))

/** The estimate of a rule over the schema; `-` where it does not compile. */
function estimate(rule: string, minor: number): string {
  const self = declaredType(schema, false, minor)!
  const parsed = parseCel(rule)
  if ('kind' in parsed) return parsed.message
  try {
    const node = expand(parsed.expr, minor)
    checkTypes(node, new Map([['self', self.type], ['oldSelf', self.type]]), minor)
    return String(estimateCost(node, self, minor))
  } catch (error) {
    if (error instanceof CelTypeFault) return '-'
    throw error
  }
}

/**
 * Estimates that apiextensions-apiserver's own Compile (0.36.3) made: with cel-go 0.26 for 1.36, and with 0.22 for 1.32.
 */
describe('estimates are those of the API server', () => {
  const [, ...rows] = file('estimates.tsv').trimEnd().split('\n').map((line) => line.split('\t'))
  it.each(rows)('%s', (rule, newest, earlier) => {
    expect([estimate(rule!, 36), estimate(rule!, 32)]).toEqual([newest, earlier])
  })

  it('are there for most', () => {
    expect(rows.filter(([, newest]) => newest !== '-').length).toBeGreaterThan(250)
  })
})

/** Source: cel-go parser/parser.go VisitLogicalNot, VisitNegate: only signs side by side cancel each other out. */
describe('signs', () => {
  it.each([
    ['!self.b', '3'], ['!!self.b', '2'], ['! !self.b', '2'], ['!(!self.b)', '4'], ['!!!self.b', '3'], ['!!(!self.b)', '3'], ['!((!!self.b))', '3'], ['!// (\n!self.b', '2'],
    ['-self.n == 1', '4'], ['--self.n == 1', '2'], ['-(-self.n) == 1', '5'], ['-1 == self.n', '2'], ['-(1) == self.n', '3'], ['-(-1) == self.n', '3'],
  ])('%s', (rule, cost) => {
    expect(estimate(rule, 36)).toBe(cost)
  })
})

describe('sizes by schema', () => {
  it.each<[string, object, [bigint, bigint]]>([
    ['a text', { type: 'string' }, [3_145_726n, 2n]],
    ['a text with a limit', { type: 'string', maxLength: 5 }, [20n, 2n]],
    ['a text with a negative limit', { type: 'string', maxLength: -5 }, [0n, 2n]],
    ['choices', { type: 'string', enum: ['a', 'bé'] }, [3n, 2n]],
    ['bytes', { type: 'string', format: 'byte', maxLength: 5 }, [5n, 2n]],
    ['a duration', { type: 'string', format: 'duration' }, [32n, 3n]],
    ['a date', { type: 'string', format: 'date' }, [12n, 12n]],
    ['a time', { type: 'string', format: 'date-time' }, [32n, 21n]],
    ['a number', { type: 'integer' }, [0n, 1n]],
    ['true or false', { type: 'boolean' }, [0n, 4n]],
    ['a number or text', { 'x-kubernetes-int-or-string': true, maxLength: 5 }, [20n, 1n]],
    ['a list', { type: 'array', items: { type: 'integer' } }, [1_572_863n, 2n]],
    ['a list with a limit', { type: 'array', items: { type: 'integer' }, maxItems: 3 }, [3n, 2n]],
    ['a map', { type: 'object', additionalProperties: { type: 'string' } }, [393_215n, 2n]],
    ['a map with a limit', { type: 'object', additionalProperties: { type: 'string' }, maxProperties: 3 }, [3n, 2n]],
    ['an object', { type: 'object', properties: { a: { type: 'string' } } }, [0n, 2n]],
    ['an object with a required field', { type: 'object', required: ['abc', 'b', 'c'], properties: { abc: { type: 'string' }, b: { type: 'string', default: 'x' } } }, [0n, 11n]],
    ['a list of objects', { type: 'array', items: { type: 'object', required: ['abc'], properties: { abc: { type: 'string' } } } }, [262_143n, 2n]],
  ])('%s', (_name, raw, expected) => {
    const { maxElements, minSerializedSize } = declaredType(new SchemaNode(plain(JSON.stringify(raw))), false, 36)!
    expect([maxElements, minSerializedSize]).toEqual(expected)
  })

  it('count a maxLength of a number or text since 1.34', () => {
    const node = new SchemaNode(plain('{"x-kubernetes-int-or-string":true,"maxLength":5}'))
    expect([33, 34].map((minor) => declaredType(node, false, minor)!.maxElements)).toEqual([3_145_726n, 20n])
  })

  it('see the fields of every resource, or the limits that a schema sets', () => {
    const name = (metadata: string): bigint | undefined =>
      declaredType(new SchemaNode(plain(`{"type":"object","properties":{"kind":{"type":"string"},"apiVersion":{"type":"string"},"metadata":{"type":"object","properties":${metadata}}}}`)), true, 36)!
        .field('metadata')?.field('name')?.maxElements
    expect(name('{"name":{"type":"string","maxLength":9}}')).toBe(3_145_726n)
    expect(name('{"name":{"type":"string","maxLength":9},"generateName":{"type":"string"}}')).toBe(36n)
  })
})

/** Verdicts are those of apiextensions-apiserver's own validation (0.36.3). */
describe('limits', () => {
  const pairs = (n: number, rules = 1): object => ({
    type: 'array', maxItems: n, items: { type: 'integer' },
    'x-kubernetes-validations': Array.from({ length: rules }, () => ({ rule: 'self.all(x, self.all(y, x == y))' })),
  })
  function define(spec: object, minor = 36): string[] {
    const definition = plain(JSON.stringify({
      apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition',
      spec: { versions: [{ name: 'v1', schema: { openAPIV3Schema: { type: 'object', properties: { spec } } } }] },
    }))
    const found = customSchemas(schemaOf(minor), [], { cel }).checkDefinition(definition)
    return found.map(({ code, path, message }) => `${code} ${formatJsonPath(path.slice(4))}: ${message.replace(/ \(try .*\)$/, '')}`)
  }
  const rule = (path: string, i = 0): string => `CRD_FIELD openAPIV3Schema.properties.spec${path}.x-kubernetes-validations[${i}].rule: Forbidden: `
  const total = 'CRD_FIELD openAPIV3Schema: Forbidden: x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of '

  it.each<[string, object, string[]]>([
    ['within', pairs(1_000), []],
    ['just over', pairs(1_420), [`${rule('')}estimated rule cost exceeds budget by factor of 1.008910x`]],
    ['over', pairs(2_000), [`${rule('')}estimated rule cost exceeds budget by factor of 2.0x`]],
    ['far over', pairs(20_000), [
      `${rule('')}estimated rule cost exceeds budget by factor of more than 100x`,
      `${rule('')}contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema`,
      `${total}20.0x`,
    ]],
    ['for each item of a list', { type: 'array', maxItems: 4, items: pairs(1_000) }, [`${rule('.items')}estimated rule cost exceeds budget by factor of 2.0x`]],
    ['for each value of a map', { type: 'object', maxProperties: 4, additionalProperties: pairs(1_000) }, [`${rule('.additionalProperties')}estimated rule cost exceeds budget by factor of 2.0x`]],
    ['for each field of an object', { type: 'object', properties: { a: pairs(1_000), b: pairs(1_000) } }, []],
    ['without a limit around', { type: 'array', items: { type: 'object', properties: { a: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self > 0' }] } } } }, []],
    ['without a limit around, and long', { type: 'array', items: { type: 'string', 'x-kubernetes-validations': [{ rule: "self.startsWith('a') && self.endsWith('bbbbbbbbbbbbbbb')" }] } }, []],
    ['without a limit around, and too long', { type: 'array', items: { type: 'string', maxLength: 40, 'x-kubernetes-validations': [{ rule: "self.matches('aaaa')" }] } }, [`${rule('.items')}estimated rule cost exceeds budget by factor of 1.9x`]],
  ])('%s', (_name, spec, expected) => {
    expect(define(spec)).toEqual(expected)
  })

  it('a message is made once', () => {
    const messageExpression = `self.replace('', '${'a'.repeat(3000)}').replace('', '${'b'.repeat(90)}').contains('aaaaaaaaaaaaaaa') ? self : 'x'`
    const items = { type: 'string', maxLength: 100, 'x-kubernetes-validations': [{ rule: 'true', messageExpression }] }
    expect(define({ type: 'array', items })).toEqual(['CRD_FIELD openAPIV3Schema.properties.spec.items.x-kubernetes-validations[0].messageExpression: Forbidden: estimated messageExpression cost exceeds budget by factor of 2.2x'])
  })

  it('rules of a value that they do not see', () => {
    expect(define({ 'x-kubernetes-preserve-unknown-fields': true, 'x-kubernetes-validations': [{ rule: 'true' }] })).toEqual([
      'CRD_FIELD openAPIV3Schema.properties.spec.x-kubernetes-validations: Internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations',
    ])
  })

  it('name the four rules that cost most', () => {
    const lines = define(pairs(1_800, 7))
    expect(lines.filter((line) => line.includes('contributed'))).toEqual([0, 1, 2, 3].map((i) => `${rule('', i)}contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema`))
    expect(lines.at(-1)).toBe(`${total}1.134630x`)
  })

  it('say what they do not know', () => {
    const lines = define({ type: 'object', properties: { d: { type: 'string', format: 'duration' } }, 'x-kubernetes-validations': [{ rule: 'self.d == google.protobuf.Duration{seconds: 5}' }] })
    expect(lines).toEqual(['RULE_NOT_CHECKED openAPIV3Schema.properties.spec.x-kubernetes-validations[0].rule: the cost of an expression in CEL was not checked, as it could not be estimated'])
  })

  it('end in time', () => {
    const nested = Array.from({ length: 60 }, (_, i) => `self.all(x${i}, `).join('') + 'true' + ')'.repeat(60)
    const long = Array.from({ length: 4_000 }, () => '[]').join(', ')
    const start = performance.now()
    define({ ...pairs(3), 'x-kubernetes-validations': [{ rule: nested }, { rule: `[${long}].all(x, x == [])` }, { rule: `[${long}].map(x, [x, []]) == [[]]` }] })
    expect(performance.now() - start).toBeLessThan(5_000)
  })
})
