import { describe, expect, it } from 'vitest'
import { newFindings } from '../../../src/core/validate/findings.ts'
import { objectValidator } from '../../../src/core/validate/object-validator.ts'
import { formatJsonPath, type Json, type JsonObject } from '../../../src/core/json/json.ts'
import { plain } from '../schema/schemas.ts'
import { loadSchema, validate } from './support.ts'

const checker = objectValidator({ kubeVersion: { minor: 36 }, loadSchema })

const pod = (containers: Json, initContainers: Json = []): JsonObject =>
  plain(JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers, initContainers } }))

function caused(before: JsonObject, after: JsonObject): string[] {
  const found = newFindings(
    { data: before, findings: checker.check(before).findings },
    { data: after, findings: checker.check(after).findings },
  )
  return found.map(({ code, path }) => `${code} ${formatJsonPath(path)}`)
}

const bad = { name: 'web', image: 'x', imagePullPolicy: 'Sometimes' }

describe('newFindings', () => {
  it('what was wrong before is not new, though its index has changed', () => {
    expect(checker.check(pod([bad])).findings).toHaveLength(1)
    expect(caused(pod([bad]), pod([{ name: 'log', image: 'x' }, bad]))).toEqual([])
    expect(caused(pod([bad]), pod([bad], [{ name: 'log', image: 'x' }]))).toEqual([])
  })

  it('what came in is new, and so is the same fault in another item', () => {
    const log = { ...bad, name: 'log' }
    expect(caused(pod([bad]), pod([log, bad]))).toEqual(['CONTAINER_FIELD_UNSUPPORTED spec.containers[0].imagePullPolicy'])
  })

  it('two of a kind count as two', () => {
    const nameless = { image: 'x' }
    expect(caused(pod([nameless]), pod([nameless, nameless]))).toHaveLength(1)
  })

  it('looks at an item without a name once, however many findings it has', () => {
    let looks = 0
    const item = Object.defineProperty({}, 'image', { enumerable: true, get: () => (looks++, 'x') }) as JsonObject
    const data: JsonObject = { items: [item] }
    const findings = Array.from({ length: 500 }, (_, i) => ({ code: 'FIELD_UNKNOWN' as const, path: ['items', 0, `x${i}`], message: 'unknown' }))
    expect(newFindings({ data, findings }, { data, findings })).toEqual([])
    expect(looks).toBe(1)
  })
})

describe('objectChecker', () => {
  it('distinguishes objects whose apiVersion and kind are the same when joined', () => {
    const messages = [['a b', 'c'], ['a', 'b c']].map(([apiVersion, kind]) =>
      checker.check(plain(JSON.stringify({ apiVersion, kind }))).findings.map(({ message }) => message))
    expect(messages).toEqual([['no c in a b'], ['no b c in a']])
  })
})

describe('an integer that its field cannot hold', () => {
  it.each([
    ['9223372036854775808', '9223372036854775808 does not fit into a 64-bit integer'],
    ['18446744073709551615', '18446744073709551615 does not fit into a 64-bit integer'],
    ['0x8000000000000001', '9223372036854775809 does not fit into a 64-bit integer'],
    ['&a 9223372036854775809', '9223372036854775809 does not fit into a 64-bit integer'],
    ['9223372036854775807', undefined],
    ['-9223372036854775808', undefined],
  ])('is told exactly: %s', async (text, message) => {
    const yaml = `apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: {}\nmetadata: {name: a, generation: ${text}}\n`
    const { objects } = await validate(yaml)
    expect(objects[0]?.diagnostics.map((one) => one.message)).toEqual(message === undefined ? [] : [message])
  })

  it('in a list of JSON, and one of 32 bits', async () => {
    const ports = '[{"port":9007199254740993},{"port":2147483648}]'
    const service = `{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"ports":${ports}}}`
    const { objects } = await validate(`{"apiVersion":"v1","kind":"List","items":[${service}]}`)
    const found = objects.flatMap(({ diagnostics }) => diagnostics.filter(({ code }) => code === 'FIELD_RANGE'))
    expect(found.map((one) => one.message)).toEqual([
      '9007199254740993 does not fit into a 32-bit integer',
      '2147483648 does not fit into a 32-bit integer',
    ])
  })
})
