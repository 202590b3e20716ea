import { describe, expect, it } from 'vitest'
import { celCompiler } from '../../../src/core/cel/compile.ts'
import type { CelEnvironment, CelResult, CelVariable, ComposedVariable } from '../../../src/core/cel/environment.ts'

const compile = celCompiler(36)
const VARIABLES: readonly CelVariable[] = ['object', 'oldObject', 'request', 'namespaceObject', 'authorizer']

/** Verdicts are those of apiserver's own CompositedCompiler (0.36.3); those of programs follow cel-go interpreter/decorators.go. */
describe('expressions of policies', () => {
  const faultsOf = (text: string, results: readonly CelResult[] | undefined, more: Partial<CelEnvironment> = {}): string =>
    compile(text, { variables: VARIABLES, ...more, ...(results === undefined ? {} : { results }) }).join('\n')

  it.each<[string, readonly CelResult[] | undefined, RegExp | undefined]>([
    ['object.spec.replicas <= 5', ['bool'], undefined],
    ["object.metadata.labels.exists(l, l == 'a')", ['bool'], undefined],
    ['has(object.spec) && object.spec.replicas in [1, 2]', ['bool'], undefined],
    ['object.spec.replicas <', ['bool'], /./],
    ['device..', ['bool'], /./],
    ['params.x == 1', ['bool'], /undeclared reference to 'params'/],
    ['object.spec.enabled', ['bool'], /must evaluate to bool but got dyn/],
    ['object.a ? true : object.b', ['bool'], /got dyn/],
    ['object.a ? object.c : object.b', ['bool'], /must evaluate to bool but got dyn/],
    ["'x'", ['list(JSONPatch)'], /must evaluate to list\(JSONPatch\) but got string/],
    ['1 + 1', ['bool'], /must evaluate to bool but got int/],
    ["'a' + 'b'", ['string', 'null'], undefined],
    ["'a' + object.b", ['string'], undefined],
    ['object.b', ['string'], /got dyn/],
    ["'%s is %d, or %s'.format([object.name, 3, true])", ['string'], undefined],
    ["'%s'.format(['a', 1])", ['string'], /too many arguments/],
    ['null', ['string', 'null'], undefined],
    ['object.spec', undefined, undefined],
    ["request.operation == 'CREATE' && request.namespace == 'a' && request.dryRun", ['bool'], undefined],
    ['request.foo == 1', ['bool'], /undefined field 'foo'/],
    ['request.userInfo.name == "x"', ['bool'], /undefined field 'name'/],
    ['request.kind.kind == 1', ['bool'], /found no matching overload for '_==_' applied to '\(string, int\)'/],
    ['request.userInfo.extra["a"].exists(x, x == "b")', ['bool'], undefined],
    ['request.options.foo == 1', ['bool'], undefined],
    ['namespaceObject.metadata.UID == "x" && namespaceObject.metadata.labels["a"] == "b"', ['bool'], undefined],
    ['namespaceObject.metadata.uid == "x"', ['bool'], /undefined field 'uid'/],
    ['namespaceObject == null && object == null', ['bool'], undefined],
    ["authorizer.group('').resource('pods').namespace('x').check('create').allowed()", ['bool'], undefined],
    ["authorizer.requestResource.check('custom').allowed()", ['bool'], undefined],
    ["authorizer.requestResource.check('custom')", ['bool'], /got kubernetes.authorization.Decision/],
    ["authorizer.group('').check('x').allowed()", ['bool'], /found no matching overload/],
    ["strings.quote(object.x) == 'a' && optional.unwrap([object.?x]).size() == 1", ['bool'], undefined],
    ['object.items.existsOne(x, x == 1)', ['bool'], /undeclared reference/],
    ['object.x.all(y, y + 1)', ['bool'], /expected type 'bool' but found 'int'/],
    ["duration('1x') > duration(object.x)", ['bool'], /invalid duration argument/],
    ["object.x.matches('(')", ['bool'], /invalid matches argument/],
    ["object.x == int('abc')", ['bool'], /^program instantiation failed: type conversion error from 'string' to 'int'$/],
    ["object.x.find('(') == ''", ['bool'], /^program instantiation failed: error parsing regexp: /],
    ["object.all(x, x == uint(-1))", ['bool'], /unsigned integer overflow/],
    ["quantity(object.x) == '1'", ['bool'], /found no matching overload/],
    ['Object{a: 1}', ['Object'], /undeclared reference to 'Object'/],
    ['jsonpatch.escapeKey("x") == "y"', ['bool'], /undeclared reference to/],
  ])('%s', (text, results, fault) => {
    const found = faultsOf(text, results)
    if (fault === undefined) expect(found).toBe('')
    else expect(found).toMatch(fault)
  })

  it.each<[string, CelResult, RegExp | undefined]>([
    ["[JSONPatch{op: 'add', path: '/a', value: 'b'}]", 'list(JSONPatch)', undefined],
    ["object.x ? [JSONPatch{op: 'add'}] : []", 'list(JSONPatch)', undefined],
    ['[]', 'list(JSONPatch)', /got list\(dyn\)/],
    ["[{'op': 'add'}]", 'list(JSONPatch)', /got list\(map\(string, string\)\)/],
    ["Object{spec: Object.spec{priorityClassName: 'x'}}", 'Object', undefined],
    ['Object.spec{replicas: 1}', 'Object', /got Object.spec/],
    ["{'spec': 1}", 'Object', /got map\(string, int\)/],
    ['object', 'Object', /got dyn/],
    ['Object{spec: Object.spec{a: [Object.spec.a{b: 1}, Object.spec.c{b: 1}]}}', 'Object', /expected type/],
  ])('%s as a change', (text, result, fault) => {
    const found = faultsOf(text, [result], { hasPatchTypes: true })
    if (fault === undefined) expect(found).toBe('')
    else expect(found).toMatch(fault)
  })

  it.each<[Record<string, string>, string, RegExp | undefined]>([
    [{ a: 'object.x', b: "'x' + 'y'" }, "variables.a > 3 && variables.b == 'z'", undefined],
    [{ a: '1' }, "variables.a == 'x'", /found no matching overload/],
    [{ a: '1' }, 'variables.b == 1', /undefined field 'b'/],
    [{ a: '1', b: 'variables.a + 1' }, 'variables.b == 2', undefined],
    [{ a: 'object.x == 1' }, 'variables.a', undefined],
    [{ a: 'object.x' }, 'variables.a', /got dyn/],
    [{ a: '[1, 2]' }, "variables.a.all(x, x == 'a')", /found no matching overload/],
    [{ a: "quantity('1')" }, "variables.a.isGreaterThan(quantity('2'))", undefined],
    [{ a: 'request' }, 'variables.a.foo == 1', undefined],
    [{ a: 'oops' }, 'variables.a == 1', undefined],
    [{ a: "authorizer.group('').resource('x').check('y').allowed()" }, 'variables.a', undefined],
  ])('%j and %s', (variables, text, fault) => {
    let composed: ComposedVariable | undefined
    for (const [name, expression] of Object.entries(variables)) composed = { name, expression, before: composed }
    const found = faultsOf(text, ['bool'], { composed })
    if (fault === undefined) expect(found).toBe('')
    else expect(found).toMatch(fault)
  })
})

/** Verdicts are those of dynamic-resource-allocation's own compiler (0.36.2). */
describe('expressions of devices', () => {
  const ten = '[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]'
  const nested = (names: string): string => `${names.split('').map((name) => `${ten}.all(${name}, `).join('')}a == 1${')'.repeat(names.length)}`
  it.each<[string, string | undefined]>([
    ["device.driver == 'a' && device.allowMultipleAllocations", undefined],
    ['device.driver', 'must evaluate to bool or any but got string'],
    ['device.nothing == 1', "undefined field 'nothing'"],
    ["device.attributes['a'].b", undefined],
    ["device.attributes['dra.example.com'].services.matches('abc')", undefined],
    ["device.capacity['a'].mem.compareTo(quantity('1Gi')) >= 0", undefined],
    ["device.capacity['a'].mem == '1Gi'", "found no matching overload for '_==_' applied to '(kubernetes.Quantity, string)'"],
    ["cel.bind(x, device.attributes['a'], x.b && x.c)", undefined],
    ['cel.bind(x, 1, x + 1)', 'must evaluate to bool or any but got int'],
    ["dyn(device.attributes['a'].b)", 'must evaluate to bool or any but got dyn'],
    ["device.attributes['a'].b ? device.attributes['a'].c : true", undefined],
    ["device.attributes['a'].b.all(x, x == 1)", "expression of type 'any' cannot be range of a comprehension (must be list, map, or dynamic)"],
    ["device.attributes['a'].all(x, x == 'b')", undefined],
    ["dyn(device.attributes['a'].b).all(x, x == 1)", undefined],
    ["'x' in device.attributes['a'].b", undefined],
    ["[device.attributes['a'].b, dyn(1)].size() == 2", "expected type 'any' but found 'dyn'"],
    ['object.x == 1', "undeclared reference to 'object'"],
    [nested('abcde'), undefined],
    [nested('abcdefg'), 'too complex, exceeds cost limit'],
  ])('%s', (text, fault) => {
    expect(compile(text, { variables: ['device'], results: ['bool', 'any'] })).toEqual(fault === undefined ? [] : [fault])
  })

  /** Source: dynamic-resource-allocation cel/compile.go of release-1.32 to release-1.36; kube_features.go DRAConsumableCapacity. */
  it.each<[string, readonly (readonly [minor: number, fault: RegExp | undefined])[]]>([
    ["device.attributes['a'].v.isGreaterThan(semver('1.0.0'))", [[32, undefined], [33, undefined], [34, undefined]]],
    ["isSemver('1.0.0') && semver('1.0.0').major() == 1", [[32, undefined], [36, undefined]]],
    ["isSemver('v1.0', true)", [[33, /found no matching overload for 'isSemver'/], [34, undefined]]],
    ['device.allowMultipleAllocations', [[35, /undefined field 'allowMultipleAllocations'/], [36, undefined]]],
  ])('%s by version', (text, faults) => {
    for (const [minor, fault] of faults) {
      const found = celCompiler(minor)(text, { variables: ['device'], results: ['bool', 'any'] }).join('\n')
      if (fault === undefined) expect(found, `1.${minor}`).toBe('')
      else expect(found, `1.${minor}`).toMatch(fault)
    }
  })

  it('alone have semver before 1.34', () => {
    expect(celCompiler(33)("isSemver('1.0.0')", { variables: VARIABLES, results: ['bool'] })).toEqual(["undeclared reference to 'isSemver'"])
  })

  it('alone have cel.bind', () => {
    expect(compile('cel.bind(x, 1, x == 1)', { variables: VARIABLES, results: ['bool'] })).toHaveLength(1)
  })
})
