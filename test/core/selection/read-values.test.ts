/** What a file of values says of parameters, and what is wrong with it. */
import { describe, expect, it } from 'vitest'
import { readValues } from '../../../src/core/selection/read-values.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { problemLine, textAt } from './support.ts'

/** What is read from a file, a line for each setting or problem. */
function read(text: string): string[] {
  const { settings, diagnostics } = readValues(new SourceText('v.yaml', text))
  return [
    ...settings.map(({ template, name, value, data, origin, at }) => `${template}.${name}=${JSON.stringify(value)}${data === true ? '' : ' to be typed'} by ${origin} at ${textAt(at)}`),
    ...diagnostics.map(problemLine),
  ]
}

const BY = 'by --values v.yaml at'

describe('a file of values sets', () => {
  it.each<[string, string[]]>([
    ['', []],
    ['# nothing yet\n', []],
    ['---\n---\n', []],
    ['{}', []],
    ['ship: {}', []],
    ['ship: {level: debug}', [`ship.level="debug" ${BY} debug`]],
    ['ship: {port: 1, list: [a, b], level: ~}', [`ship.port=1 ${BY} 1`, `ship.list=["a","b"] ${BY} list`, `ship.level=null ${BY} ~`]],
    ['b:\n  x: 1\na:\n  x: "2"\n', [`b.x=1 ${BY} 1`, `a.x="2" ${BY} "2"`]],
    ['{"ship": {"level": "debug"}}', [`ship.level="debug" ${BY} "debug"`]],
    ['---\nship: {level: debug}\n---\n# the end\n', [`ship.level="debug" ${BY} debug`]],
  ])('%j', (text, expected) => expect(read(text)).toEqual(expected))
})

describe('a file of values is invalid', () => {
  const HINT = 'write it as {SIDECAR: {PARAMETER: VALUE}}'
  it.each<[string, string[]]>([
    ['ship: {level: "debug}', ['YAML_SYNTAX at 1:15: a double-quoted scalar has no closing quote | -']],
    ['[ship]', [`VALUES_INVALID at 1:1: a file of values must be a map from sidecars to their parameters | ${HINT}`]],
    ['ship', [`VALUES_INVALID at 1:1: a file of values must be a map from sidecars to their parameters | ${HINT}`]],
    ['a: {}\nship: [level]', [`VALUES_INVALID at ship: the values of ship must be a map from parameters to values | ${HINT}`]],
    ['a: {x: 1}\nship: debug', [`VALUES_INVALID at debug: the values of ship must be a map from parameters to values | ${HINT}`]],
    ['ship: {x: 1}\nship: {y: 1}', [`VALUES_INVALID at ship: duplicate key "ship" | ${HINT}`]],
    ['ship: {x: 1}\n---\nship: {y: 1}\n', [`VALUES_INVALID at 3:1: a file of values must contain exactly one document | ${HINT}`]],
    ['ship: {x: 1}\n---\nship: "\n', [`VALUES_INVALID at 3:1: a file of values must contain exactly one document | ${HINT}`]],
  ])('%j', (text, expected) => expect(read(text)).toEqual(expected))
})
