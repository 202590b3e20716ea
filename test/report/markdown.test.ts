import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadEngine } from '../../src/cli/engine.ts'
import { main } from '../../src/cli/main.ts'
import { fenced, linkTarget, markdownText, table } from '../../src/report/markdown/escape.ts'
import { MOST_CHARACTERS } from '../../src/report/markdown/report.ts'
import { captureHost, folder } from '../cli/fake.ts'

const PICTURES = join(import.meta.dirname, '../../fixtures/graph')

async function run(
  argv: readonly string[],
  files: Record<string, string>,
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; err: string; cwd: string }> {
  const cwd = folder(files)
  const { host, stdout, stderr } = captureHost({
    cwd,
    env: { ...env, ...(env['AT'] !== undefined && { GITHUB_WORKSPACE: cwd }) },
  })
  const code = await main(argv, host, loadEngine)
  return { code, out: stdout(), err: stderr(), cwd }
}

const SHOP = readFileSync(join(PICTURES, 'shop.yaml'), 'utf8')
const SIDECARS = ['-s', 'logging,proxy', '--retarget-services']

describe('-o markdown', () => {
  it.each([
    ['check', 1, 'sidecarctl check: 1 workload and 1 Service not up to date'],
    ['diff', 1, 'sidecarctl diff: 1 injected (1 workload in 1 file, 1 Service updated)'],
    ['status', 0, 'sidecarctl status: 2 missing, 1 outdated (1 workload in 1 file)'],
  ])('%s has a summary, tables and a part for the workload', async (command, code, summary) => {
    const done = await run([command, '-o', 'markdown', '-q', ...SIDECARS, 'shop.yaml'], { 'shop.yaml': SHOP })
    expect([done.code, done.err]).toEqual([code, ''])
    expect(done.out.split('\n')[0]).toContain(summary)
    expect(done.out).toContain(
      '| <code>Deployment shop/web</code> | [<code>shop.yaml:2</code>](shop.yaml#L2) | <code>proxy</code>',
    )
    expect(done.out).toContain('| <code>Deployment shop/web</code> | 3 | cpu 60m, memory 96Mi |')
    expect(done.out).toContain('BestEffort &#8594; Burstable |')
    expect(done.out.match(/^<details><summary>Deployment shop\/web: logging, proxy<\/summary>$/gm)).toHaveLength(1)
    expect(done.out).toMatch(/^```mermaid\nflowchart TB\n/m)
    expect(done.out).toMatch(/^```diff\n@@ [^]*^\+ {8}- name: logging$[^]*targetPort: proxy-http/m)
    expect(done.out).toMatch(/<\/details>\n\n$/)
  })

  it('check is as recorded', async () => {
    const files = { 'k8s/shop.yaml': SHOP, 'k8s/db.yaml': readFileSync(join(PICTURES, 'database.yaml'), 'utf8') }
    const { out } = await run(['check', '-o', 'markdown', '-q', ...SIDECARS, 'k8s'], files)
    const path = join(PICTURES, 'check.md')
    if (process.env['UPDATE_GRAPHS'] === '1') writeFileSync(path, out)
    expect(out).toBe(readFileSync(path, 'utf8'))
  })

  it('gives each workload of a file its part of the diff', async () => {
    const pod = (name: string): string =>
      `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  containers:\n    - name: ${name}\n      image: example.com/${name}:1\n`
    const { out } = await run(['diff', '-o', 'markdown', '-q', '-s', 'logging', 'all.yaml'], {
      'all.yaml': ['a', 'b'].map(pod).join('---\n'),
    })
    const [, first = '', second = ''] = out.split('<details>')
    expect(first).toMatch(/^@@ -/m)
    expect(first).toContain('image: example.com/a:1')
    expect(second).toContain('image: example.com/b:1')
    expect(second).not.toContain('image: example.com/a:1')
    expect(out.match(/^\+ +- name: logging$/gm)).toHaveLength(2)
  })

  it('links to the commit in GitHub Actions', async () => {
    const env = {
      AT: 'x',
      GITHUB_SERVER_URL: 'https://github.com',
      GITHUB_REPOSITORY: 'shop/web',
      GITHUB_SHA: 'abc123',
    }
    const args = ['check', '-o', 'markdown', '-q', '-s', 'logging', './a b.yaml']
    expect((await run(args, { 'a b.yaml': SHOP }, env)).out).toContain(
      '(https://github.com/shop/web/blob/abc123/a%20b.yaml#L2)',
    )
    const odd = { ...env, GITHUB_SERVER_URL: 'javascript:alert(1)' }
    expect((await run(args, { 'a b.yaml': SHOP }, odd)).out).toContain('](a%20b.yaml#L2)')
  })

  it('says that all is up to date, and that there is nothing', async () => {
    const clean = await run(['check', '-o', 'markdown', '-q', 'x.yaml'], {
      'x.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n',
    })
    expect([clean.code, clean.out]).toEqual([0, '### sidecarctl check: nothing compared: 0 workloads in 1 file\n\n'])
  })

  it('prints nothing for diff where there are errors, and findings for check', async () => {
    const files = { 'x.yaml': SHOP.replace(/ +image: .*web.*\n/, '') }
    const diff = await run(['diff', '-o', 'markdown', '-q', ...SIDECARS, 'x.yaml'], files)
    expect([diff.code, diff.out]).toEqual([2, ''])
    const check = await run(['check', '-o', 'markdown', '-q', ...SIDECARS, 'x.yaml'], files)
    expect([check.code, check.err.split('\n')[0]]).toEqual([1, expect.stringContaining('x.yaml:')])
    expect(check.out).toMatch(/^\| \*\*error\*\* \| \[<code>x\.yaml:\d+<\/code>\]\(x\.yaml#L\d+\) \| <code>/m)
  })

  it('stays below the limit of GitHub, and says what is left out', async () => {
    const many = Array.from({ length: 120 }, (_, n) => SHOP.replaceAll(/\bweb\b/g, `web-${n}`)).join('---\n')
    const { out } = await run(['check', '-o', 'markdown', '-q', '-s', 'logging', 'x.yaml'], { 'x.yaml': many })
    expect(out.length).toBeLessThanOrEqual(MOST_CHARACTERS)
    expect(out).toContain('| 20 more |')
    const shown = out.match(/^<details>/gm)?.length ?? 0
    expect(shown).toBeGreaterThan(1)
    expect(out).toContain(`${120 - shown} more workloads not shown`)
    expect(out.match(/^<\/details>/gm)).toHaveLength(shown)
    expect(out.match(/^```\w+$/gm)?.length).toBe(out.match(/^```$/gm)?.length)
  })

  it('leaves out a picture that is too large to be drawn', async () => {
    const containers = Array.from({ length: 300 }, (_, n) => `    - {name: c${n}, image: x}\n`).join('')
    const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: many}\nspec:\n  containers:\n${containers}`
    const { out } = await run(['diff', '-o', 'markdown', '-q', '-s', 'logging', 'x.yaml'], { 'x.yaml': text })
    expect(out).toMatch(/<details>.*\n\nThe picture is left out for its size\.\n\n```diff\n/)
    expect(out).not.toContain('```mermaid')
  })

  it('lets no text of a manifest act as Markdown, HTML or a command of GitHub Actions', async () => {
    const name = 'x|y](https://evil.example) @all #1 <img src=x> ::error:: `a` www.evil.example :tada:'
    const text = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${JSON.stringify(name)}\nspec:\n  containers:\n    - name: app\n      image: x\n      args:\n        - |\n          </details><script>alert(1)</script>\n          ::error::x\n          ##[error]x\n          \`\`\`\n`
    const { out } = await run(
      ['check', '-o', 'markdown', '-q', '--no-validate', '-s', 'logging', 'x.yaml'],
      { 'x.yaml': text },
      { GITHUB_ACTIONS: 'true' },
    )
    const outside = out.replaceAll(/^(```+)\w+\n[^]*?^\1$/gm, '')
    expect(out).toMatch(/^````diff$/m)
    expect(outside).not.toContain('```')
    expect(outside).not.toMatch(/https:|@all|<img|`a`|www\.e|:tada:|\]\(h/)
    expect(out).not.toMatch(/^\s*::|##\[/m)
  })
})

describe('escapes of Markdown', () => {
  it.each([
    ['a*b_c', 'a&#42;b&#95;c'],
    ['<b>|', '&#60;b&#62;&#124;'],
    ['http://x', 'http&#58;<b></b>//x'],
    ['www.x', 'www&#46;x'],
    ['@a #1', '&#64;<b></b>a &#35;<b></b>1'],
    ['a: 1.2 (b)', 'a: 1.2 (b)'],
    ['&amp;', '&#38;amp;'],
    ['\u202ex\n', '&#92;u202ex&#92;n'],
  ])('%s', (text, shown) => {
    expect(markdownText(text)).toBe(shown)
  })

  it('makes fences, tables and targets that nothing ends', () => {
    expect(fenced('diff', ' ```\n')).toBe('````diff\n ```\n````\n')
    expect(linkTarget("a/b (c)'.yaml")).toBe('a/b%20%28c%29%27.yaml')
    expect([table(['a'], []), table(['a'], [['b']])]).toEqual(['', '| a |\n| --- |\n| b |\n'])
  })
})
