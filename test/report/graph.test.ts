import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadEngine } from '../../src/cli/engine.ts'
import { main } from '../../src/cli/main.ts'
import { builtinTemplate } from '../../src/core/template/library.ts'
import type { Template } from '../../src/core/template/template.ts'
import { builtinTemplates } from '../../src/io/builtin-templates.ts'
import { textWidth } from '../../src/report/terminal-width.ts'
import { captureHost, folder } from '../cli/fake.ts'
import { examples } from '../core/template/support.ts'

/** `UPDATE_GRAPHS=1 npm run unit -- test/report/graph.test.ts` records the pictures; look at them before a commit. */
const UPDATE = process.env['UPDATE_GRAPHS'] === '1'
const ROOT = join(import.meta.dirname, '../..')
const PICTURES = join(ROOT, 'fixtures/graph')
const builtins = builtinTemplates({ fs, templatesFolder: join(ROOT, 'templates'), compiledTemplatesFolder: undefined })

/** A picture: its manifest from the folder of fixtures, other files that it needs, and the words behind `graph`. */
interface Picture {
  name: string
  input: string
  args: readonly string[]
  files?: Record<string, string>
}

function settings(template: Template): string[] {
  return examples(template).flatMap(({ name, value }) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return ['--set', `${template.name}.${name}=${text}`]
  })
}

const SIDECARS: readonly Picture[] = builtins.names.map((name) => ({
  name,
  input: 'graph/shop.yaml',
  args: ['--diff', '-s', name, '--retarget-services', '--allow-lower-pod-security'].concat(
    settings(builtinTemplate(name, builtins) as Template),
  ),
}))

const PATTERNS: readonly Picture[] = fs.readdirSync(join(ROOT, 'fixtures/cases/patterns')).map((name) => {
  const at = join(ROOT, 'fixtures/cases/patterns', name)
  const [, , ...args] = JSON.parse(fs.readFileSync(join(at, 'args.json'), 'utf8')) as string[]
  const own = join(at, 'templates')
  const files = fs.existsSync(own)
    ? fs.readdirSync(own).map((file) => [`templates/${file}`, fs.readFileSync(join(own, file), 'utf8')])
    : []
  return { name, input: `cases/patterns/${name}/input.yaml`, args, files: Object.fromEntries(files) }
})

const OTHERS: readonly Picture[] = [
  { name: 'as-it-is', input: 'graph/shop.yaml', args: [] },
  { name: 'database', input: 'graph/database.yaml', args: [] },
  { name: 'hostile', input: 'graph/hostile.yaml', args: ['--no-validate'] },
  {
    name: 'classic-mode',
    input: 'graph/shop.yaml',
    args: ['--diff', '--mode', 'classic', '-s', 'logging,proxy', '--retarget-services'],
  },
]

const ALL = [...SIDECARS, ...PATTERNS, ...OTHERS]

async function draw({ input, args, files }: Picture, ...more: string[]): Promise<string> {
  const text = fs.readFileSync(join(ROOT, 'fixtures', input), 'utf8')
  const { host, stdout, stderr } = captureHost({ cwd: folder({ 'input.yaml': text, ...files }) })
  const code = await main(['graph', 'input.yaml', '-q', ...args, ...more], host, loadEngine)
  expect([code, stderr()]).toEqual([0, ''])
  return stdout()
}

const ENDINGS = { text: 'txt', mermaid: 'mmd', svg: 'svg' } as const

describe('graph', () => {
  it('has a picture of every sidecar and pattern', () => {
    expect(SIDECARS).toHaveLength(16)
    expect(PATTERNS.length).toBeGreaterThanOrEqual(4)
  })

  describe.each(ALL)('$name', (picture) => {
    it.each(['text', 'mermaid', 'svg'] as const)('as %s is as recorded', async (format) => {
      const path = join(PICTURES, `${picture.name}.${ENDINGS[format]}`)
      const drawn = await draw(picture, '-o', format)
      if (UPDATE) fs.writeFileSync(path, drawn)
      expect(drawn).toBe(fs.readFileSync(path, 'utf8'))
    })

    it('fits 80 columns', async () => {
      const lines = (await draw(picture)).split('\n')
      expect(lines.filter((line) => textWidth(line) > 80 && !line.startsWith(' '))).toEqual([])
      expect(lines.length).toBeGreaterThan(5)
    })
  })

  it('draws what a manifest has where nobody chose a sidecar', async () => {
    expect(await draw(OTHERS[0] as Picture)).not.toContain('logging')
  })

  it('marks what goes', async () => {
    const text = fs.readFileSync(join(PICTURES, 'shop.yaml'), 'utf8')
    const cwd = folder({ 'input.yaml': text })
    const runs = [
      ['inject', '-w', '-q', '-s', 'logging', 'input.yaml'],
      ['inject', '-w', '-q', '-s', 'metrics', 'input.yaml'],
    ]
    for (const argv of runs) expect(await main(argv, captureHost({ cwd }).host, loadEngine)).toBe(0)
    fs.writeFileSync(
      join(cwd, 'sidecarctl.yaml'),
      'apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec:\n  rules:\n  - name: all\n    add: [metrics]\n',
    )
    const { host, stdout } = captureHost({ cwd })
    expect(await main(['graph', '--diff', '-q', 'input.yaml'], host, loadEngine)).toBe(0)
    expect(stdout()).toMatch(/^│- .*─ logging ─/m)
    expect(stdout()).toMatch(/^│ .*─ metrics ─/m)
    expect(stdout()).toMatch(/^│- .*\/var\/log\/app +writes app-logs/m)
  })

  it('knows a proxy of an earlier run by the Service that leads to it', async () => {
    const cwd = folder({ 'input.yaml': fs.readFileSync(join(PICTURES, 'shop.yaml'), 'utf8') })
    const inject = ['inject', '-w', '-q', '-s', 'proxy', '--retarget-services', 'input.yaml']
    expect(await main(inject, captureHost({ cwd }).host, loadEngine)).toBe(0)
    const { host, stdout } = captureHost({ cwd })
    expect(await main(['graph', '-q', 'input.yaml'], host, loadEngine)).toBe(0)
    expect(stdout().split('\n')[2]).toBe('   Service web, port 80 ──▶ :10000 proxy ──▶ :8080 web')
  })

  it('draws several pods, and none', async () => {
    const pods = ['a', 'b'].map(
      (name) => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: x, image: y}]}\n`,
    )
    const outputs = async (text: string): Promise<string[]> => {
      const cwd = folder({ 'input.yaml': text })
      return await Promise.all(
        ['text', 'mermaid', 'svg', 'dot'].map(async (format) => {
          const { host, stdout } = captureHost({ cwd })
          expect(await main(['graph', '-q', '-o', format, 'input.yaml'], host, loadEngine)).toBe(0)
          return stdout()
        }),
      )
    }
    const [text = '', mermaid = '', svg = '', dot = ''] = await outputs(pods.join('---\n'))
    expect(text.match(/^Pod [ab] /gm)).toEqual(['Pod a ', 'Pod b '])
    expect(mermaid.match(/^```mermaid$/gm)).toHaveLength(2)
    expect(svg).toContain('<title id="sg-title">Pods of 2 workloads</title>')
    expect(dot.match(/subgraph cluster_/g)).toHaveLength(2)
    const [none, chart] = await outputs('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n')
    expect([none, chart]).toEqual(['', ''])
  })

  it('lets no text of a manifest out of its place', async () => {
    const hostile = OTHERS.find(({ name }) => name === 'hostile') as Picture
    const svg = await draw(hostile, '-o', 'svg')
    expect(svg.match(/<(?!\/?(?:svg|title|desc|style|defs|marker|path|rect|circle|g|text|tspan)[\s>/])/g)).toBeNull()
    expect(svg).not.toMatch(/<(?:script|foreignObject|a|img)\b| on\w+="| href=/)
    const chart = await draw(hostile, '-o', 'mermaid')
    expect(chart).not.toMatch(/^\s*click|%%\{|javascript:alert\(1\)"|<(?!br>)/m)
    const all = await Promise.all(['text', 'mermaid', 'svg', 'dot'].map((format) => draw(hostile, '-o', format)))
    // oxlint-disable-next-line no-control-regex
    for (const text of all) expect(text).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]|^\s*::/m)
  })
})

const hasDot = spawnSync('dot', ['-V']).status === 0

describe.skipIf(!hasDot)(`graph -o dot${hasDot ? '' : ' (needs dot of graphviz on the PATH)'}`, () => {
  it.each(ALL)('$name is taken by graphviz', async (picture) => {
    const dot = await draw(picture, '-o', 'dot')
    const { status, stdout, stderr } = spawnSync('dot', ['-Tplain'], { input: dot, encoding: 'utf8' })
    expect([status, stderr.replaceAll(/^.*(?:fontconfig|Fontconfig|font).*\n/gim, '')]).toEqual([0, ''])
    expect(stdout.match(/^node p0c/gm)?.length).toBe(dot.match(/^ {4}p0c\d+ \[/gm)?.length)
  })
})

/** The folder that holds `node_modules` with mermaid and jsdom, which are no dependencies of the project. */
const renderer = process.env['SIDECARCTL_MERMAID'] ?? ROOT
const hasMermaid = ['mermaid', 'jsdom'].every((name) => fs.existsSync(join(renderer, 'node_modules', name)))
const needed = ' (needs a folder with mermaid and jsdom from npm, named by SIDECARCTL_MERMAID)'

describe.skipIf(!hasMermaid)(`graph -o mermaid${hasMermaid ? '' : needed}`, () => {
  it.each(ALL)('$name is taken by mermaid, with every node', async ({ name }) => {
    const mermaid = await loadMermaid()
    const text = fs.readFileSync(join(PICTURES, `${name}.mmd`), 'utf8')
    expect(await mermaid.parse(text)).toMatchObject({ diagramType: 'flowchart-v2' })
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(text)
    const ids = [...db.getVertices().keys()].filter((id) => /^[cv]\d+$/.test(id)).sort()
    const written = [...text.matchAll(/^ {4}([cv]\d+)\[/gm)].map(([, id]) => id).sort()
    expect(ids).toEqual(written)
    expect(ids.length).toBeGreaterThan(0)
    expect(db.getEdges().length).toBe(text.match(/^ +\w+ (?:==>|-\.->|-->)/gm)?.length ?? 0)
  })
})

interface Mermaid {
  /** Rejects where there is an error. */
  parse(text: string): Promise<unknown>
  mermaidAPI: {
    getDiagramFromText(
      text: string,
    ): Promise<{ db: { getVertices(): Map<string, unknown>; getEdges(): readonly unknown[] } }>
  }
}

let mermaid: Promise<Mermaid> | undefined

async function loadMermaid(): Promise<Mermaid> {
  mermaid ??= (async () => {
    const at = (name: string): string => pathToFileURL(join(renderer, 'node_modules', name)).href
    const { JSDOM } = (await import(at('jsdom/lib/api.js'))) as {
      JSDOM: new (html: string) => { window: { document: unknown } }
    }
    const { window } = new JSDOM('<!doctype html>')
    Object.assign(globalThis, { window, document: window.document })
    return ((await import(at('mermaid/dist/mermaid.core.mjs'))) as { default: Mermaid }).default
  })()
  return await mermaid
}
