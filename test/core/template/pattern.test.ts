import * as fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { assert, constantFrom, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LIMITS } from '../../../src/core/common/limits.ts'
import { patternCompiler } from '../../../src/core/common/re2.ts'
import { builtinTemplate } from '../../../src/core/template/library.ts'
import { patternReader, readBuiltinPattern, type PatternReader, type ValuePattern } from '../../../src/core/template/pattern.ts'
import type { ValueSpec } from '../../../src/core/template/template.ts'
import { readValue } from '../../../src/core/template/value.ts'
import { builtinTemplates } from '../../../src/io/builtin-templates.ts'

function compile(read: PatternReader, source: string): ValuePattern {
  const compiled = read(source)
  if ('problem' in compiled) throw new Error(`${source}: ${compiled.problem}`)
  return compiled
}

const library = builtinTemplates({ fs, templatesFolder: fileURLToPath(new URL('../../../templates', import.meta.url)), compiledTemplatesFolder: undefined })

function patternsOf(spec: ValueSpec): string[] {
  const inner = [spec.items, spec.additionalProperties].flatMap((each) => (each === undefined ? [] : patternsOf(each)))
  return spec.pattern === undefined ? inner : [spec.pattern.source, ...inner]
}

const PATTERNS = [...new Set(library.names.flatMap((name) => [...(builtinTemplate(name, library)?.parameters.values() ?? [])].flatMap(patternsOf)))]

describe('patterns of built-in templates', () => {
  it('are found', () => {
    expect(PATTERNS.length).toBeGreaterThan(10)
  })

  it.each(PATTERNS)('%s means the same in RE2', (source) => {
    const [ours, theirs] = [compile(readBuiltinPattern, source), compile(patternCompiler(), source)]
    assert(
      property(string({ unit: constantFrom(...'aaazAZ019.,:-_/@="\'\\$ \n\u00e9😀', 'ms', 'http://', 's'), maxLength: 8 }), (text) => {
        expect([text, ours.test(text)]).toEqual([text, theirs.test(text)])
      }),
      { numRuns: 1000 },
    )
  })

  it.each(PATTERNS)('%s ends on long texts', (source) => {
    const [pattern, linear] = [compile(readBuiltinPattern, source), compile(patternCompiler(), source)]
    for (const part of ['a', '0', 'a.', 'a,', 'a=a,', '/a', 'http://a', '-', '1s']) {
      const text = `${part.repeat(pattern.maxLength)}`.slice(0, pattern.maxLength - 1)
      expect(pattern.test(`${text}\n`)).toBe(linear.test(`${text}\n`))
    }
  })
})

describe('patterns of users', () => {
  it('load RE2 only where one is declared', async () => {
    const none = await patternReader({ port: { type: 'port' } })
    expect(none('a')).toHaveProperty('problem')
    const some = await patternReader({ list: { type: 'array', items: { type: 'string', pattern: 'a' } } })
    expect(compile(some, '^(a|a|a)*b$').test('a'.repeat(5000))).toBe(false)
  })

  it('match no value that is too long, and say so', () => {
    const pattern = compile(patternCompiler(), '^[a-z]{1,1000}$')
    const longest = Math.floor(LIMITS.patternWork.value / 2001)
    expect(pattern.maxLength).toBeLessThan(longest)
    const spec: ValueSpec = { type: 'string', pattern }
    expect(readValue(spec, 'a'.repeat(1000))).toHaveProperty('value')
    expect(readValue(spec, 'a'.repeat(pattern.maxLength))).toMatchObject({ problem: expect.stringContaining('does not match the pattern') })
    expect(readValue(spec, 'a'.repeat(pattern.maxLength + 1))).toMatchObject({
      problem: expect.stringContaining(`has more than ${pattern.maxLength} characters, too many for the pattern`),
    })
  })
})
