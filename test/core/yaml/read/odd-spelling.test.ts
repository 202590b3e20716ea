import { describe, expect, it } from 'vitest'
import { asksOfNamespace } from '../../../../src/core/selection/namespaces.ts'
import { readServices } from '../../../../src/core/services/read-services.ts'
import { SourceText } from '../../../../src/core/text/source.ts'
import { maySplitWords } from '../../../../src/core/yaml/read/odd-spelling.ts'

/** Ways to write a word so that kubectl reads it. */
const SPELLINGS: readonly [name: string, spelt: (word: string) => string][] = [
  ['plain', (word) => word],
  ['with a tag', (word) => `!!str ${word}`],
  ['behind a comment', (word) => `# c\n  ${word}`],
  ['with an anchor', (word) => `&k ${word}`],
  ['with an escape', (word) => `"\\x${word.charCodeAt(0).toString(16)}${word.slice(1)}"`],
  ['with an escaped line break', (word) => `"${word.slice(0, 3)}\\\n  ${word.slice(3)}"`],
  ['with an escaped line separator', (word) => `"${word.slice(0, 3)}\\\u2028${word.slice(3)}"`],
  ['in base 64', (word) => `!!binary ${btoa(word)}`],
  ['in base 64, by an escaped tag', (word) => `!!bin%61ry ${btoa(word)}`],
  ['in base 64, by a verbatim tag', (word) => `!<tag:yaml.org,2002:b%69nary> ${btoa(word)}`],
  ['as a block scalar', (word) => `|-\n  ${word}`],
]

describe('an odd spelling', () => {
  it.each(SPELLINGS)('hides no Service: %s', (_name, spelt) => {
    const text = `apiVersion: v1\nkind: ${spelt('Service')}\nmetadata: {name: s}\nspec: {ports: [{port: 80}]}\n`
    expect(readServices(new SourceText('a', text)).services.map(({ ref }) => ref.name)).toEqual(['s'])
  })

  it.each(SPELLINGS)('hides no Namespace: %s', (_name, spelt) => {
    const text = `apiVersion: v1\nkind: ${spelt('Namespace')}\nmetadata:\n  name: shop\n  labels: {sidecarctl.dev/inject: "false"}\n`
    expect(asksOfNamespace(new SourceText('a', text))).toBe(true)
  })

  it('is not seen in ordinary text', () => {
    expect(['a: "b\\n"\n', 'a: !!str b\n', 'a: b!\n', 'run: a && ! b\n', 'x: 5%\n'].map(maySplitWords)).toEqual([false, false, false, false, false])
  })
})
