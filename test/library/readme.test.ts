/** Runs every example of src/README.md with the built package; each is followed by what it prints. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type BuildOptions } from 'esbuild'
import { afterAll, beforeAll, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TEXT = readFileSync(join(ROOT, 'src/README.md'), 'utf8')
const EXAMPLES = [...TEXT.matchAll(/^```js( bundle)?\n([^]*?)^```\n\n```text\n([^]*?)^```$/gm)].map(
  ([, bundle, code, output]) => ({ code: code as string, output: output as string, bundled: bundle !== undefined }),
)

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sidecarctl-library-'))
  cpSync(join(ROOT, 'fixtures/samples'), join(folder, 'fixtures/samples'), { recursive: true })
  cpSync(join(ROOT, 'fixtures/broken'), join(folder, 'fixtures/broken'), { recursive: true })
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(ROOT, join(folder, 'node_modules/sidecarctl'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('has an example for each function', () => {
  for (const name of ['inject', 'uninject', 'check', 'explain', 'validate']) {
    expect(
      EXAMPLES.some(({ code }) => code.includes(`await ${name}(`)),
      name,
    ).toBe(true)
  }
  expect([...TEXT.matchAll(/^```js/gm)]).toHaveLength(EXAMPLES.length)
})

it.each(EXAMPLES.map((example, n) => [n + 1, example] as const))(
  'example %d prints what it says',
  async (n, example) => {
    const file = join(folder, `example-${n}.mjs`)
    writeFileSync(file, example.code)
    if (example.bundled) {
      const options = {
        entryPoints: [file],
        outfile: file,
        allowOverwrite: true,
        bundle: true,
        platform: 'neutral',
      } satisfies BuildOptions
      await build({ ...options, format: 'esm', logLevel: 'error' })
    }
    const env = { PATH: process.env['PATH'] ?? '', NO_COLOR: '1' }
    expect(execFileSync(process.execPath, [file], { cwd: folder, encoding: 'utf8', env })).toBe(example.output)
  },
)
