import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findSpreads } from './tools/spreads.ts'

/**
 * The folders of src/core, each of which may import only from itself and from those before it: the order in which a
 * manifest becomes a result (see `src/core/inject/run.ts`, where all of them meet).
 */
const CORE_ORDER: readonly string[] = [
  'common',
  'text',
  'json',
  'diagnostics',
  'yaml/read',
  'yaml/edit',
  'kube',
  'schema',
  'cel',
  'validate',
  'field-path',
  'ownership',
  'template',
  'selection',
  'desired',
  'patch',
  'services',
  'inject',
  'admission',
  'compose',
  // Pictures of what is in a manifest, and of what a run makes of it.
  'graph',
  // Inject as kustomize and kpt call it.
  'krm',
]

/** The other parts of src/ and what each may import of the rest; the longest matching prefix counts. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/report/': ['src/report/', 'src/core/'],
  // Files and streams know nothing of YAML or Kubernetes: only of text, of diagnostics, and of what a library of templates is.
  'src/io/': ['src/io/', 'src/core/common/', 'src/core/text/', 'src/core/diagnostics/', 'src/core/template/library.ts'],
  'src/cli/': ['src/cli/', 'src/io/', 'src/report/', 'src/core/'],
  // The library is for programs, which bring their own files.
  'src/library/': ['src/library/', 'src/core/', 'src/report/'],
  // A page in a browser.
  'src/playground/': ['src/playground/', 'src/report/', 'src/core/'],
}

/** Who may import which package; `type` for `import type` only. */
const PACKAGES: Readonly<Record<string, { by: readonly string[]; type?: true }>> = {
  re2js: { by: ['src/core/common/re2.ts'] },
  ajv: { by: ['src/core/schema/'] },
  commander: { by: ['src/cli/'] },
  'kleur/colors': { by: ['src/report/ansi.ts'] },
  diff: { by: ['src/report/line-diff.ts'] },
}

/** Modules of Node that give the network or other programs; nothing in src/ may import them. */
const BANNED_MODULES = /^node:(?:https?|http2|net|tls|dgram|dns|child_process|cluster|inspector|vm)(?:\/|$)/
/** The one exception: `--since` asks git what changed. */
const STARTS_PROGRAMS: Readonly<Record<string, string>> = { 'src/io/git.ts': 'node:child_process' }
/** The same without an import, and code made from text. */
const BANNED_CODE =
  /(?<![#.\w])(?:fetch|eval|XMLHttpRequest|WebSocket|EventSource)\s*\(|\bnew\s+(?:Function|WebSocket)\b|\bFunction\s*\(/
/** A pattern with classes of Unicode that is made when its file is loaded: reading their tables takes a millisecond. */
const EARLY_UNICODE = /^(?:export )?const \w+(?:: \w+)? =\s+\/.*\\p\{/im
/** Only the host knows the process. */
const PROCESS = /\b(?:process|globalThis|console)\b\s*[.[]/

interface Import {
  target: string
  type: boolean
}

const IMPORT =
  /\b(?:import|export)\s+(type\s+)?(?:[^'"()]*?\bfrom\s*)?['"]([^'"]+)['"]|\b(?:import|getBuiltinModule)\s*\(\s*['"]([^'"]+)['"]/g

function withoutComments(text: string): string {
  return text.replace(/\/\*[^]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

/** The sources of the program; the build's scripts run at build time only. */
const FILES: readonly string[] = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((name) => `src/${name.replaceAll('\\', '/')}`)
  .filter((name) => /\.m?[jt]s$/.test(name) && !name.startsWith('src/build/'))
  .sort()

const CODE = new Map(FILES.map((file) => [file, withoutComments(readFileSync(file, 'utf8'))]))

function importsOf(file: string): Import[] {
  return [...(CODE.get(file) ?? '').matchAll(IMPORT)].map((match) => {
    const target = (match[2] ?? match[3]) as string
    const path = target.startsWith('.') ? posix.join(dirname(file), target) : target
    return { target: path, type: match[1] !== undefined }
  })
}

function allowed(file: string, { target, type }: Import): boolean {
  if (target.startsWith('node:') && target === STARTS_PROGRAMS[file]) return true
  if (target.startsWith('node:'))
    return !BANNED_MODULES.test(target) && (/^src\/(?:io|cli)\//.test(file) || file === 'src/library/index.ts')
  if (!target.startsWith('src/')) {
    const rule = PACKAGES[target]
    return rule !== undefined && rule.by.some((prefix) => file.startsWith(prefix)) && (type || rule.type === undefined)
  }
  const folder = coreFolder(file)
  if (folder !== undefined) return rank(target) <= CORE_ORDER.indexOf(folder)
  const part = Object.keys(MAY_IMPORT).find((prefix) => file.startsWith(prefix))
  return part !== undefined && (MAY_IMPORT[part] ?? []).some((prefix) => target.startsWith(prefix))
}

/** The folder of `CORE_ORDER` that a file of src/core is in. */
function coreFolder(file: string): string | undefined {
  return CORE_ORDER.find((folder) => file.startsWith(`src/core/${folder}/`))
}

/** The place of a file's folder in `CORE_ORDER`; past its end for a file that is in none of them. */
function rank(file: string): number {
  return CORE_ORDER.indexOf(coreFolder(file) ?? '') >= 0
    ? CORE_ORDER.indexOf(coreFolder(file) as string)
    : CORE_ORDER.length
}

/** A chain of files that import each other in a circle, or nothing. */
function findCircle(): string[] | undefined {
  const done = new Set<string>()
  const visit = (file: string, path: string[]): string[] | undefined => {
    const at = path.indexOf(file)
    if (at >= 0) return [...path.slice(at), file]
    if (done.has(file)) return undefined
    for (const { target } of importsOf(file)) {
      const circle = CODE.has(target) ? visit(target, [...path, file]) : undefined
      if (circle !== undefined) return circle
    }
    done.add(file)
    return undefined
  }
  for (const file of FILES) {
    const circle = visit(file, [])
    if (circle !== undefined) return circle
  }
  return undefined
}

describe('architecture', () => {
  it('finds the sources and their imports', () => {
    expect(FILES).toContain('src/cli/main.ts')
    expect(importsOf('src/cli/commands/init.ts')).toEqual(
      expect.arrayContaining([
        { target: 'src/cli/policy.ts', type: false },
        { target: 'src/io/host.ts', type: true },
        { target: 'src/io/create-files.ts', type: false },
      ]),
    )
  })

  it('every file of the core is in a folder that has its place in the order', () => {
    expect(FILES.filter((file) => file.startsWith('src/core/') && coreFolder(file) === undefined)).toEqual([])
    expect(CORE_ORDER.filter((folder) => !FILES.some((file) => file.startsWith(`src/core/${folder}/`)))).toEqual([])
  })

  it('imports point one way', () => {
    const wrong = FILES.flatMap((file) =>
      importsOf(file)
        .filter((i) => !allowed(file, i))
        .map((i) => `${file} -> ${i.target}`),
    )
    expect(wrong).toEqual([])
  })

  it('every relative import names an existing file', () => {
    const missing = FILES.flatMap((file) =>
      importsOf(file).filter((i) => /^src\/.*\.ts$/.test(i.target) && !CODE.has(i.target)),
    )
    expect(missing).toEqual([])
  })

  it('no files import each other in a circle', () => {
    expect(findCircle()).toBeUndefined()
  })

  it('nothing reaches for the network, other programs, or code made from text', () => {
    expect(FILES.filter((file) => BANNED_CODE.test(CODE.get(file) ?? ''))).toEqual([])
  })

  it('no list of unknown length is spread into the arguments of a call', () => {
    expect(
      findSpreads(
        "a.push(...b)\nnew A([...b], ...c)\nf({ ...b }, '...')\nfunction g(...d: string[]) {}\n(...e) => [...e]\nh(...i) // bounded: two\nx ? f(1, ...j) : k",
      ),
    ).toMatchObject([{ line: 1 }, { line: 2 }, { line: 7 }])
    const found = FILES.flatMap((file) =>
      findSpreads(readFileSync(file, 'utf8')).map(({ line, text }) => `${file}:${line} ${text}`),
    )
    expect(found, 'append() of src/core/common/append.ts takes any number of items').toEqual([])
    expect(FILES.filter((file) => /\.apply\(/.test(CODE.get(file) ?? ''))).toEqual([])
  })

  it('patterns with classes of Unicode are made where they are used', () => {
    expect(EARLY_UNICODE.test('const NAME =\n  /^\\p{L}$/u')).toBe(true)
    expect(EARLY_UNICODE.test('const name = () => /^\\p{L}$/u\n  const pattern = /\\p{L}/u')).toBe(false)
    expect(FILES.filter((file) => EARLY_UNICODE.test(CODE.get(file) ?? ''))).toEqual([])
  })

  it('only the host knows the process', () => {
    expect(FILES.filter((file) => PROCESS.test(CODE.get(file) ?? ''))).toEqual(['src/io/host.ts'])
  })

  it('the program itself is a shim', () => {
    // It loads the bundle with its compiled code, and does nothing else.
    expect(readFileSync(join('bin', 'sidecarctl.js'), 'utf8').split('\n').length).toBeLessThan(45)
  })
})
