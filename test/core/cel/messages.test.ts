import { describe, expect, it } from 'vitest'
import { celCompiler } from '../../../src/core/cel/compile.ts'
import { withoutMessages } from '../../../src/core/cel/messages.ts'

describe('values of types by name', () => {
  it.each([
    ['1 + 2', '1 + 2'],
    ['JSONPatch{op: "add", path: "/a", value: {"b": [c, d]}}', '__make__("JSONPatch", {"op": "add", "path": "/a", "value": {"b": [c, d]}})'],
    ['Object{}', '__make__("Object", {})'],
    ['Object{spec: Object.spec{replicas: 1 + x}, metadata: m}', '__make__("Object", {"spec": __make__("Object.spec", {"replicas": 1 + x}), "metadata": m})'],
    // A condition within a value has a colon of its own.
    ['A{a: b ? c : d, e: f}', '__make__("A", {"a": b ? c : d, "e": f})'],
    ['A{a: {b: c}}', '__make__("A", {"a": {b: c}})'],
    ["x in {'a': 1}", "x in {'a': 1}"],
    ["'A{a: 1}' + A {a: 'b}'} // A{a: 1}", "'A{a: 1}' + __make__(\"A\",  {\"a\": 'b}'}) // A{a: 1}"],
    ['r"""A{""" + A{a: [f(b, c)], d: 1}', 'r"""A{""" + __make__("A", {"a": [f(b, c)], "d": 1})'],
    [String.raw`r'\' + A{a: 'b{'}`, String.raw`r'\' + __make__("A", {"a": 'b{'})`],
    [String.raw`b"\"{" + A{a: 1}`, String.raw`b"\"{" + __make__("A", {"a": 1})`],
  ])('%s', (text, made) => {
    expect(withoutMessages(text)).toBe(made)
  })

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
