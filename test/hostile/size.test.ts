/**
 * Scalars longer than what is read as one text (8 MB), and ten kinds of them of 1 MB: long enough for work that grows
 * with the square of their length to run out of time, for patterns and calls to run out of stack, and for lists of
 * arguments to be too long.
 */
import { describe, expect, it } from 'vitest'
import { folder } from '../cli/fake.ts'
import { sidecarctl } from '../cli/gitops.ts'
import { ENTRIES, pod } from './manifests.ts'

const [LARGE, MEDIUM] = [10_000_000, 1_000_000]

describe('a large scalar', () => {
  it.each<[string, string]>([
    ['plain', `      args: [${'x'.repeat(LARGE)}]\n`],
    ['quoted', `      args: ["${'x'.repeat(LARGE)}"]\n`],
    ['block', `      args:\n        - |\n${`          ${'x'.repeat(89)}\n`.repeat(LARGE / 100)}`],
    ['of escapes', `      args: ["${'\\n'.repeat(MEDIUM / 2)}"]\n`],
    ['of quotes', `      args: ['${"''".repeat(MEDIUM / 2)}']\n`],
    // Too large for Go's numbers, so it is a text to kubectl.
    ['of digits', `      args: [${'1'.repeat(MEDIUM)}]\n`],
    ['of digits and underscores', `      args: [${'1_'.repeat(MEDIUM / 2)}]\n`],
    ['of blanks', `      args:\n        - a${' '.repeat(MEDIUM)}\n`],
    ['of blank lines', `      args:\n        - a${'\n'.repeat(MEDIUM)}`],
    ['of lines', `      args:\n        - a\n${`          ${'x'.repeat(89)}\n`.repeat(MEDIUM / 100)}`],
    ['of comments', `${`# ${'x'.repeat(97)}\n`.repeat(MEDIUM / 100)}`],
    ['of braces', `      args: ["${'{{ '.repeat(MEDIUM / 3)}"]\n`],
  ])('comes out as it came in: %s', async (_, container) => {
    const cwd = folder({ 'in.yaml': pod({ container }) })
    const { code, stdout, stderr } = await sidecarctl(cwd, ['inject', '-s', 'logging', 'in.yaml'])
    expect({ code, stderr }).toMatchObject({ code: 0 })
    // What is added goes right behind what it belongs to, which may be before blank lines.
    const undone = await sidecarctl(cwd, ['uninject', '-'], { stdin: stdout })
    expect(undone.stdout === pod({ container })).toBe(true)
  })

  it.each(ENTRIES)('in $name makes no message as long', async ({ name, of }) => {
    const { files, argv } = of('x'.repeat(name === 'a name' ? LARGE : MEDIUM))
    const { code, stdout, stderr } = await sidecarctl(folder(files), argv)
    expect([0, 1, 2]).toContain(code)
    expect(stdout.length + stderr.length).toBeLessThan(10_000)
  })
})

describe('long lists', () => {
  it('of wrong items are findings, which are counted, and no crash', async () => {
    const cwd = folder({ 'in.yaml': pod({ container: `      args:\n${'        - 1\n'.repeat(150_000)}` }) })
    const { code, stdout, stderr } = await sidecarctl(cwd, ['inject', '-s', 'logging', 'in.yaml'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('149000 more findings (149000 errors) not shown')
  })

  it('of texts come out as they came in', async () => {
    const container = `      args: [${'"a",'.repeat(160_000)}]\n`
    const cwd = folder({ 'in.yaml': pod({ container }) })
    const { code, stdout } = await sidecarctl(cwd, ['inject', '-s', 'logging', 'in.yaml'])
    expect(code).toBe(0)
    const undone = await sidecarctl(cwd, ['uninject', '-'], { stdin: stdout })
    expect(undone.stdout === pod({ container })).toBe(true)
  })
})
