import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../src/core/json/json.ts'
import { diffObjects, jsonPointer } from '../../../src/core/patch/json-patch.ts'

const line = (op: ReturnType<typeof diffObjects>[number]): string =>
  `${op.op} ${op.path}${op.op === 'remove' ? '' : ` ${JSON.stringify(op.value)}`}`

describe('diffObjects', () => {
  it.each<[what: string, before: JsonObject, after: JsonObject, ops: string[]]>([
    ['nothing', { a: 1 }, { a: 1 }, []],
    ['a new field', { a: 1 }, { a: 1, b: 2 }, ['test /b null', 'add /b 2']],
    ['a field that was null', { b: null }, { b: 2 }, ['test /b null', 'add /b 2']],
    ['another value', { a: 1 }, { a: 2 }, ['test /a 1', 'replace /a 2']],
    ['another type', { a: [1] }, { a: { b: 1 } }, ['test /a [1]', 'replace /a {"b":1}']],
    ['a field that goes', { a: 1, b: {} }, { a: 1 }, ['test /b {}', 'remove /b']],
    ['a key with slash and tilde', { m: {} }, { m: { 'a/b~c': 1 } }, ['test /m/a~1b~0c null', 'add /m/a~1b~0c 1']],
    ['an empty key', { m: {} }, { m: { '': 1 } }, ['test /m/ null', 'add /m/ 1']],
    ['a list that appears', {}, { l: [1] }, ['test /l null', 'add /l [1]']],
    ['an item at the end', { containers: [{ name: 'a' }] }, { containers: [{ name: 'a' }, { name: 'b' }] },
      ['test /containers/0/name "a"', 'add /containers/1 {"name":"b"}']],
    ['an item at the start', { containers: [{ name: 'a' }] }, { containers: [{ name: 'b' }, { name: 'a' }] },
      ['test /containers/0/name "a"', 'add /containers/0 {"name":"b"}']],
    ['two items around one', { l: ['b'] }, { l: ['a', 'b', 'c'] },
      ['test /l/0 "b"', 'add /l/0 "a"', 'add /l/2 "c"']],
    ['an item that goes', { containers: [{ name: 'a' }, { name: 'b' }] }, { containers: [{ name: 'b' }] },
      ['test /containers/0 {"name":"a"}', 'remove /containers/0', 'test /containers/0/name "b"']],
    ['an item that goes, before one that changes', { containers: [{ name: 'a' }, { name: 'b', x: 1 }] }, { containers: [{ name: 'b', x: 2 }] },
      ['test /containers/0 {"name":"a"}', 'remove /containers/0', 'test /containers/0/name "b"', 'test /containers/0/x 1', 'replace /containers/0/x 2']],
    ['items without names, in place', { l: [1, 2, 3] }, { l: [4, 5, 3] },
      ['test /l/0 1', 'test /l/0 1', 'replace /l/0 4', 'test /l/1 2', 'test /l/1 2', 'replace /l/1 5', 'test /l/2 3']],
    ['an item that changes, beside one that comes', { containers: [{ name: 'a', x: 1 }] }, { containers: [{ name: 'a', x: 2 }, { name: 'b' }] },
      ['test /containers/0/name "a"', 'test /containers/0/x 1', 'replace /containers/0/x 2', 'add /containers/1 {"name":"b"}']],
    ['a mount by its path', { volumeMounts: [{ name: 'v', mountPath: '/a' }] }, { volumeMounts: [{ name: 'v', mountPath: '/a' }, { name: 'v', mountPath: '/b' }] },
      ['test /volumeMounts/0/name "v"', 'add /volumeMounts/1 {"name":"v","mountPath":"/b"}']],
    ['__proto__', {}, JSON.parse('{"__proto__": 1}') as JsonObject, ['test /__proto__ null', 'add /__proto__ 1']],
  ])('%s', (_, before, after, ops) => {
    expect(diffObjects(before, after).map(line)).toEqual(ops)
  })
})

it('a pointer escapes tildes before slashes', () => {
  expect(jsonPointer(['a', 0, '~1', 'b/c'])).toBe('/a/0/~01/b~1c')
})
