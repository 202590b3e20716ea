import { describe, expect, it } from 'vitest'
import { celCompiler } from '../../../src/core/cel/compile.ts'

describe('values of types by name', () => {
  it.each([
    ['[JSONPatch{op: "add", path: "/a", value: 1}]', []],
    ['[JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("a/b"), value: "c"}]', []],
    ['[JSONPatch{op: 1, path: "/a"}]', ["expected type of field 'op' is 'string' but provided type is 'int'"]],
    ['[JSONPatch{op: "add", paths: "/a"}]', ["undefined field 'paths'"]],
    ['[Patch{op: "add"}]', ["undeclared reference to 'Patch'"]],
    ['[JSONPatch{op: "add", path: pods.name}]', ["undeclared reference to 'pods'"]],
    ['JSONPatch{op: "add"}', ['must evaluate to list(JSONPatch) but got JSONPatch']],
    ['object.a.map(o, JSONPatch{op: "add", path: o.path, value: o.value})', []],
  ])('%s is compiled', (text, faults) => {
    expect(celCompiler(36)(text, { variables: ['object'], hasPatchTypes: true, results: ['list(JSONPatch)'] })).toEqual(faults)
  })

  it('an object', () => {
    const compile = celCompiler(36)
    expect(compile('Object{spec: Object.spec{replicas: 1}}', { variables: [], hasPatchTypes: true, results: ['Object'] })).toEqual([])
  })
})
