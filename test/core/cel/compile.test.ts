import { describe, expect, it } from 'vitest'
import { celCompiler } from '../../../src/core/cel/compile.ts'
import type { CelResult } from '../../../src/core/cel/environment.ts'

const compile = celCompiler(36)
const VARIABLES = ['object', 'oldObject', 'request']

describe('expressions of policies', () => {
  it.each<[string, readonly CelResult[] | undefined, string | RegExp | undefined]>([
    ['object.spec.replicas <= 5', ['bool'], undefined],
    ["object.metadata.labels.exists(l, l == 'a')", ['bool'], undefined],
    ['has(object.spec) && object.spec.replicas in [1, 2]', ['bool'], undefined],
    ['object.spec.replicas <', ['bool'], /./],
    ['device..', ['bool'], /./],
    ['params.x == 1', ['bool'], /undeclared reference to 'params'/],
    ["'x'", ['list'], /must evaluate to list but got string/],
    ['1 + 1', ['bool'], /must evaluate to bool but got int/],
    ["'a' + 'b'", ['string', 'null'], undefined],
    ['null', ['string', 'null'], undefined],
    ["[JSONPatch{op: 'add', path: '/a', value: 'b'}]", ['list'], undefined],
    ["Object{spec: Object.spec{priorityClassName: 'x'}}", ['object', 'map'], undefined],
    ['object.spec', undefined, undefined],
  ])('%s', (text, results, fault) => {
    const faults = compile(text, { variables: VARIABLES, ...(results === undefined ? {} : { results }) })
    if (fault === undefined) expect(faults).toEqual([])
    else expect(faults.join('\n')).toMatch(fault)
  })
})
