/** Small texts that stand for much: nesting without end and aliases of aliases. */
import { describe, expect, it } from 'vitest'
import { folder } from '../cli/fake.ts'
import { sidecarctl } from '../cli/gitops.ts'
import { configMap, ENTRIES, pod } from './manifests.ts'

const DEEP = 100_000

const NESTED: readonly [string, string][] = [
  ['brackets', '['.repeat(DEEP) + ']'.repeat(DEEP)],
  ['brackets that stay open', '['.repeat(DEEP)],
  ['braces', '{a: '.repeat(DEEP) + '1' + '}'.repeat(DEEP)],
  ['brackets and braces as JSON', '[{"a":'.repeat(DEEP / 2) + '1' + '}]'.repeat(DEEP / 2)],
]

const LETTERS = [...'abcdefghijkl']
const nine = (name: string): string => `[${Array.from({ length: 9 }, () => `*${name}`).join(', ')}]`

/** Each line says little and stands for nine times the line before. */
const BOMBS: readonly [string, string][] = [
  [
    'lists',
    `{a: &a [x], ${LETTERS.slice(1)
      .map((letter, n) => `${letter}: &${letter} ${nine(LETTERS[n] as string)}`)
      .join(', ')}}`,
  ],
  [
    'merge keys',
    `{a: &a {x: 1}, ${LETTERS.slice(1)
      .map(
        (l, n) =>
          `${l}: &${l} {<<: *${LETTERS[n]}, p: *${LETTERS[n]}, q: *${LETTERS[n]}, r: *${LETTERS[n]}, s: *${LETTERS[n]}, t: *${LETTERS[n]}}`,
      )
      .join(', ')}}`,
  ],
  ['an alias inside its anchor', '&a [*a]'],
]

describe.each([...NESTED, ...BOMBS])('%s', (_, value) => {
  it.each(ENTRIES)('in $name are refused with their place', async ({ of }) => {
    const { files, argv } = of(value)
    const { code, stdout, stderr } = await sidecarctl(folder(files), argv)
    expect([1, 2]).toContain(code)
    expect(stdout + stderr).toMatch(/^\S+\.yaml:\d+:\d+ error (?:YAML_SYNTAX|YAML_DEPTH|YAML_ALIAS)/m)
    // Nothing that was written down as an output, and no message as long as the input.
    if (argv[0] === 'inject') expect(stdout).toBe('')
    expect(stdout.length + stderr.length).toBeLessThan(5000)
  })

  it('in an object beside a workload pass through as they are, unless kubectl could not expand them', async () => {
    const text = `${pod()}---\n${configMap(value)}`
    const { code, stdout, stderr } = await sidecarctl(folder({ 'in.yaml': text }), [
      'inject',
      '-s',
      'logging',
      'in.yaml',
    ])
    if (code === 1) {
      expect(stderr).toMatch(/error YAML_(?:ALIAS|SYNTAX)/)
      expect(stdout).toBe('')
      return
    }
    expect(code).toBe(0)
    expect(stdout.endsWith(`---\n${configMap(value)}`)).toBe(true)
  })
})

it.each<[string, string]>([
  ['list items on one line', `${'- '.repeat(DEEP)}a\n`],
  ['keys on one line', `${'? '.repeat(DEEP)}a\n`],
  ['lines that go in', Array.from({ length: 2000 }, (_, n) => `${' '.repeat(n)}a:\n`).join('')],
])('%s are refused with their place', async (_, text) => {
  const { code, stdout, stderr } = await sidecarctl(folder({ 'in.yaml': text }), ['inject', 'in.yaml'])
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(
    /^in\.yaml:\d+:\d+ error YAML_DEPTH: this is nested more than 1000 levels deep, which is not supported$/m,
  )
})

it.each<[string, string[]]>([
  ['a value', ['--set', `logging.extraArgs=${'['.repeat(DEEP)}`]],
  ['a name', ['--set', `logging.${'['.repeat(DEEP)}=1`]],
  ['a selector', ['-l', '('.repeat(DEEP)]],
  ['a sidecar', ['-s', '{'.repeat(DEEP)]],
])('a deep argument as %s is refused', async (_, flags) => {
  const { code, stdout, stderr } = await sidecarctl(folder({ 'in.yaml': pod() }), [
    'inject',
    'in.yaml',
    '-s',
    'logging',
    ...flags,
  ])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^error/)
  expect(stderr.length).toBeLessThan(10_000)
})
