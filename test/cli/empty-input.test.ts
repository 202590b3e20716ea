import { describe, expect, it } from 'vitest'
import { loadEngine } from '../../src/cli/engine.ts'
import { main } from '../../src/cli/main.ts'
import { captureHost, folder } from './fake.ts'

async function run(argv: readonly string[], files: Record<string, string>, stdin?: string) {
  const { host, stdout, stderr } = captureHost({ cwd: folder(files), ...(stdin !== undefined && { stdin }) })
  return { code: await main(argv, host, loadEngine), stdout: stdout(), stderr: stderr() }
}

const BLANK: [string, string][] = [
  ['nothing', ''],
  ['line breaks', '\n\r\n'],
  ['comments', '# nothing\n  # here\n'],
  ['separators', '---\n# a\n---\n...\n'],
  ['null', '---\nnull\n---\n~\n'],
  ['a byte order mark', '\uFEFF\n'],
]
const COMMANDS = ['inject', 'uninject', 'diff', 'check', 'status', 'validate'] as const

describe('an input without objects', () => {
  describe.each(COMMANDS)('%s', (command) => {
    it.each(BLANK)('refuses %s on standard input', async (_, stdin) => {
      for (const argv of [[command], [command, '-']]) {
        const { code, stdout, stderr } = await run(argv, {}, stdin)
        expect(code).toBe(2)
        expect(command === 'validate' ? stdout : stderr).toMatch(/<stdin>.*error IO_EMPTY: no objects/)
        expect(stdout + stderr).toContain('--allow-empty')
        if (command !== 'validate') expect(stdout).toBe('')
      }
    })

    it('takes it with --allow-empty', async () => {
      const { code, stdout } = await run([command, '--allow-empty', '-'], {}, '# none\n')
      expect(code).toBe(0)
      if (command === 'inject' || command === 'uninject') expect(stdout).toBe('# none\n')
    })

    it('refuses an empty file, and files that are all empty', async () => {
      expect((await run([command, 'a.yaml'], { 'a.yaml': '' })).code).toBe(2)
      expect((await run([command, '.'], { 'a.yaml': '', 'b.yaml': '# none\n' })).code).toBe(2)
    })
  })

  describe.each(['inject', 'uninject'])('%s, whose output is applied', (command) => {
    it.each([
      ['', 'apiVersion: v1\nkind: List\nitems: []\n'],
      [', as kubectl get prints one', 'apiVersion: v1\nitems: []\nkind: List\nmetadata:\n  resourceVersion: ""\n'],
      [' in JSON', '{"apiVersion": "v1", "items": [], "kind": "List"}\n'],
      [' of a typed list', 'kind: DeploymentList\napiVersion: apps/v1\nitems:\n'],
      [
        ', two of them, beside an empty document',
        '{kind: List, apiVersion: v1, items: []}\n---\n---\n{kind: PodList, apiVersion: v1, items: }\n',
      ],
    ])('refuses a List without items%s', async (_, stdin) => {
      const { code, stdout, stderr } = await run([command, '-'], {}, stdin)
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(/^<stdin>:1:1 error IO_EMPTY: no objects in this input: its list has no items\n/)
      expect(await run([command, '-', '--allow-empty'], {}, stdin)).toMatchObject({ code: 0, stdout: stdin })
    })

    it('takes one beside objects, and what only looks like one', async () => {
      const settings = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'
      const list = 'apiVersion: v1\nkind: List\nitems: []\n'
      for (const stdin of [`${list}---\n${settings}`, `${settings}data: {items: a}\n`])
        expect((await run([command, '-'], {}, stdin)).stdout).toBe(stdin)
      expect((await run([command, '.'], { 'a.yaml': list, 'b.yaml': settings })).code).toBe(0)
      expect((await run([command, '.'], { 'a.yaml': list, 'b.yaml': list })).code).toBe(2)
    })
  })

  it('is no matter beside one with objects', async () => {
    const files = { 'a.yaml': '# none\n', 'b.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n' }
    for (const command of COMMANDS) expect((await run([command, '.'], files)).code, command).toBe(0)
  })

  it.each(['a', '{}', '[]', 'apiVersion: v1\n', '---\n"a"\n', '? a\n', '- a\n', '--- text\n', '\u0000'])(
    'is not %j, which is refused for what it is',
    async (stdin) => {
      const { code, stderr } = await run(['inject', '-'], {}, stdin)
      expect(code).not.toBe(0)
      expect(stderr).not.toContain('IO_EMPTY')
    },
  )
})
