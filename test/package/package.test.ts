/**
 * The package as npm makes it: what is in it, that it installs with nothing but npm, and that the installed program
 * does what the sources do. It packs `dist/` as it is, so that has to be built.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import module from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCases, type Case } from '../cases/case.ts'
import { goldensOf, type Given } from '../cases/goldens.ts'
import { folder } from '../cli/fake.ts'
import { describeProgram } from '../cli/program-tests.ts'
import { PARTS } from '../../src/build/parts.mjs'
import { publishedManifest } from '../../src/build/pack.mjs'
import { findProgram } from '../bench/measure.ts'

interface Packed {
  filename: string
  /** Bytes. */
  size: number
  unpackedSize: number
  files: { path: string }[]
}

let scratch = ''
let packed: Packed
let log = ''

/** Only what this folder holds can be started: node, npm and a shell, no compiler and nothing else. */
function lonelyPath(): string {
  const bin = join(scratch, 'bin')
  mkdirSync(bin)
  for (const name of ['node', 'npm', 'sh'])
    symlinkSync(name === 'node' ? process.execPath : (findProgram(name) as string), join(bin, name))
  return bin
}

beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'sidecarctl-package-'))
  // As `npm pack` makes it, but of a copy and as it is built: building it once more would change it under other tests.
  const staged = join(scratch, 'staged')
  for (const name of ['bin', 'dist', 'templates', 'README.md', 'LICENSE', 'src/README.md'])
    cpSync(name, join(staged, name), { recursive: true })
  writeFileSync(join(staged, 'package.json'), publishedManifest(readFileSync('package.json', 'utf8')))
  const answer = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', scratch], {
    cwd: staged,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  packed = (JSON.parse(answer) as Packed[])[0] as Packed
  const home = join(scratch, 'empty')
  mkdirSync(home)
  const env = {
    PATH: lonelyPath(),
    HOME: home,
    npm_config_cache: join(scratch, 'cache'),
    npm_config_registry: 'http://127.0.0.1:9/',
    npm_config_foreground_scripts: 'true',
  }
  const args = [
    'install',
    '--offline',
    '--ignore-scripts=false',
    '--no-audit',
    '--no-fund',
    '--loglevel=info',
    join(scratch, packed.filename),
  ]
  const done = spawnSync('npm', args, { cwd: home, env, encoding: 'utf8' })
  log = done.stdout + done.stderr
  if (done.status !== 0) throw new Error(log)
}, 120_000)

afterAll(() => rmSync(scratch, { recursive: true, force: true }))

const installed = () => join(scratch, 'empty', 'node_modules', 'sidecarctl')
/** How the names of files with compiled code end, by the V8 and the processor that it is for. */
const COMPILED = `${process.versions.v8}-${process.arch}.cache`
const VERSIONS = ['1.31', '1.32', '1.33', '1.34', '1.35', '1.36']

describe('the package', () => {
  it('holds what the program needs, and nothing else', () => {
    const templates = readdirSync('templates')
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => name.slice(0, -'.yaml'.length))
    const expected = [
      'LICENSE',
      'README.md',
      'package.json',
      'bin/README.md',
      'bin/package.json',
      'bin/kubectl-sidecar.js',
      'bin/kubectl_complete-sidecar.js',
      'bin/sidecarctl-krm.js',
      'bin/sidecarctl.js',
      'dist/THIRD-PARTY-LICENSES.txt',
      'templates/README.md',
      'templates/POLICY.md',
      'templates/ADMISSION.md',
      'dist/schemas/history.json',
      'dist/playground.html.gz',
      ...Object.keys(PARTS).flatMap((name) => [`dist/${name}.cjs`, `dist/${name}.cjs.${COMPILED}`]),
      'dist/editor/policy.schema.json',
      'dist/editor/report.schema.json',
      ...['core.js', 'core.d.ts', 'index.js', 'index.d.ts', 'types.d.ts', 'templates.json'].map(
        (name) => `dist/library/${name}`,
      ),
      'src/README.md',
      'dist/editor/sidecar-template.schema.json',
      ...VERSIONS.flatMap((version) => [`dist/schemas/${version}/common.json`, `dist/schemas/${version}/other.json`]),
      ...templates.flatMap((name) => [`dist/templates/${name}.json`, `templates/${name}.yaml`]),
    ]
    expect(packed.files.map(({ path }) => path).sort()).toEqual(expected.sort())
  })

  it('is as small as README says', () => {
    const said = /under ([\d.]+) MB packed and ([\d.]+) MB unpacked/.exec(readFileSync('README.md', 'utf8'))
    const [most, mostUnpacked] = [Number(said?.[1]) * 1e6, Number(said?.[2]) * 1e6]
    expect(packed.size).toBeLessThan(most)
    expect(packed.unpackedSize).toBeLessThan(mostUnpacked)
    // Nor much smaller: the figures would be out of date.
    expect(packed.size).toBeGreaterThan(most / 2)
    expect(packed.unpackedSize).toBeGreaterThan(mostUnpacked / 2)
  })

  it('needs no other package and runs nothing when it is installed', () => {
    const own = JSON.parse(readFileSync(join(installed(), 'package.json'), 'utf8')) as Record<
      string,
      Record<string, string>
    >
    expect(
      ['dependencies', 'optionalDependencies', 'peerDependencies', 'bundleDependencies'].filter((name) => name in own),
    ).toEqual([])
    expect(['scripts', 'devDependencies', 'overrides'].filter((name) => name in own)).toEqual([])
    expect(readdirSync(join(scratch, 'empty', 'node_modules')).sort()).toEqual([
      '.bin',
      '.package-lock.json',
      'sidecarctl',
    ])
    expect(existsSync(join(installed(), 'node_modules'))).toBe(false)
    expect(existsSync(join(installed(), 'binding.gyp'))).toBe(false)
    expect(log).toContain('added 1 package')
    // npm announces a script that it runs, such as `prepare`, which is for clones.
    expect(log).not.toMatch(/^> |info run /m)
  })

  it('starts by its name', () => {
    const path = join(scratch, 'empty', 'node_modules', '.bin', 'sidecarctl')
    expect(
      execFileSync(path, ['--version'], {
        env: { PATH: join(scratch, 'bin') + (existsSync('/usr/bin/env') ? ':/usr/bin' : '') },
        encoding: 'utf8',
      }),
    ).toMatch(/^\d/)
  })
})

const TSC = join(process.cwd(), 'node_modules/typescript/bin/tsc')

/** A use of the types; `sidecars` is the value of that option. */
function typed(name: string, sidecars: string): string {
  return [
    `import { inject, type Workload } from '${name}'`,
    `const { output, workloads } = await inject('a: 1', { sidecars: ${sidecars} })`,
    `const status: Workload['status'] | undefined = workloads[0]?.status`,
    `export const all: [string, unknown] = [output, status]\n`,
  ].join('\n')
}

const USE = `
import * as library from 'sidecarctl'
import * as core from 'sidecarctl/core'
import { createRequire } from 'node:module'
const require = createRequire(import.meta.url)
process.argv.push('inject', 'nothing.yaml')
await import('./node_modules/sidecarctl/bin/sidecarctl.js')
const { output } = await library.inject('apiVersion: v1\\nkind: Pod\\nmetadata: {name: a}\\nspec: {containers: [{name: a, image: a:1}]}', { sidecars: ['logging'] })
const names = ['inject', 'uninject', 'check', 'validate', 'explain']
console.log(
  output.includes('name: logging'),
  [library, core].every((one) => names.every((name) => typeof one[name] === 'function')),
  require('sidecarctl/schemas/1.36/common.json') !== undefined,
  require('sidecarctl/templates.json').length,
)
`

/** Tells on standard error of every script what V8 said of the compiled code that came with it. */
const TELL = `
const vm = require('node:vm')
const { Script } = vm
vm.Script = class extends Script {
  constructor(...args) {
    super(...args)
    process._rawDebug('compiled code rejected: ' + this.cachedDataRejected)
  }
}
`

const DEFINITION = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: things.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { plural: things, singular: thing, kind: Thing, listKind: ThingList }
  versions:
  - name: v1
    served: true
    storage: true
    schema: { openAPIV3Schema: { type: object, properties: { a: { type: string, pattern: ^a+$ } } } }
`

describe('at start-up', () => {
  it('V8 takes the code that the build compiled', () => {
    const hook = join(scratch, 'tell.cjs')
    writeFileSync(hook, TELL)
    const done = spawnSync(process.execPath, ['-r', hook, join(installed(), 'bin/sidecarctl.js'), '--version'], {
      encoding: 'utf8',
    })
    expect(done).toMatchObject({ status: 0, stderr: 'compiled code rejected: false\n' })
  })

  it('V8 takes the code of all parts in a run that is long enough for flags of its own', () => {
    const hook = join(scratch, 'tell.cjs')
    writeFileSync(hook, TELL)
    const cwd = mkdtempSync(join(scratch, 'long-'))
    const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [{ port: 80 }] }\n'
    writeFileSync(join(cwd, 'service.yaml'), `# ${'x'.repeat(300_000)}\n${service}`)
    const argv = ['-r', hook, join(installed(), 'bin/sidecarctl.js'), 'validate', '-q', '.']
    writeFileSync(join(cwd, 'definition.yaml'), DEFINITION)
    const done = spawnSync(process.execPath, argv, { cwd, encoding: 'utf8' })
    expect(done).toMatchObject({ status: 0, stderr: 'compiled code rejected: false\n'.repeat(3) })
  })

  it.skipIf(!('enableCompileCache' in module))(
    'Node 22.8 and later keeps compiled code where the build ran on another version',
    () => {
      const kept = mkdtempSync(join(scratch, 'kept-'))
      const copy = mkdtempSync(join(scratch, 'copy-'))
      cpSync(installed(), copy, { recursive: true, filter: (path) => !path.endsWith('.cache') })
      // Node's folder for it is in the one for temporary files.
      const run = () =>
        spawnSync(process.execPath, [join(copy, 'bin/sidecarctl.js'), '--version'], {
          encoding: 'utf8',
          env: { TMPDIR: kept },
        })
      const { stdout } = run()
      expect(readdirSync(kept, { recursive: true }).length).toBeGreaterThan(2)
      expect(run()).toMatchObject({ status: 0, stderr: '', stdout })
    },
  )
})

describe('for programs', () => {
  it('is a library with types: its functions by name, and the program is not run', () => {
    const cwd = join(scratch, 'empty')
    writeFileSync(join(cwd, 'use.mjs'), USE)
    const done = spawnSync(process.execPath, ['use.mjs'], { cwd, encoding: 'utf8' })
    expect(done).toMatchObject({ status: 0, stdout: 'true true true 16\n', stderr: '' })
  })

  it.each(['sidecarctl', 'sidecarctl/core'])('the types of %s say what it does', (name) => {
    const cwd = join(scratch, 'empty')
    const base = name.replace('/', '-')
    const compile = (file: string, text: string) => {
      writeFileSync(join(cwd, file), text)
      const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', '', file]
      return spawnSync(process.execPath, [TSC, ...flags], { cwd, encoding: 'utf8' })
    }
    const good = compile(`${base}-good.mts`, typed(name, "['logging']"))
    expect(good.stdout).toBe('')
    expect(good.status).toBe(0)
    expect(compile(`${base}-bad.mts`, typed(name, '7')).stdout).toContain(`${base}-bad.mts(2,`)
  })
})

describeProgram('installed', () => join(installed(), 'bin/sidecarctl.js'))

/** Runs the installed program over a copy of a case. */
function runInstalled(one: Case): Given {
  const cwd = folder(Object.fromEntries([...one.inputs, ...one.templates]))
  const done = spawnSync(process.execPath, [join(installed(), 'bin/sidecarctl.js'), ...one.args], {
    cwd,
    env: { PATH: join(scratch, 'bin') },
    maxBuffer: 1 << 28,
    ...(one.args.includes('-') ? { input: [...one.inputs.values()][0] } : { stdio: ['ignore', 'pipe', 'pipe'] }),
  })
  const written = new Map(
    [...one.inputs].flatMap(([name, before]) => {
      const after = readFileSync(join(cwd, name))
      return after.equals(before) ? [] : [[name, after] as const]
    }),
  )
  return { code: done.status ?? -1, stdout: done.stdout, stderr: done.stderr.toString(), written }
}

/** All cases run in process already; as processes of their own, one in four of each theme tells as much. */
function someCases(): [string, Case[]][] {
  const themes = new Map<string, Case[]>()
  for (const one of readCases()) themes.set(dirname(one.name), [...(themes.get(dirname(one.name)) ?? []), one])
  return [...themes].map(([theme, cases]) => [theme, cases.filter((_, n) => n % 4 === 0)])
}

it.each(someCases())('the installed program gives what is recorded for the cases of %s', (_, cases) => {
  for (const one of cases) {
    const goldens = goldensOf(one, runInstalled(one))
    expect([...goldens.keys()].sort(), one.name).toEqual([...one.goldens].sort())
    for (const [name, bytes] of goldens)
      expect(bytes.equals(readFileSync(join(one.folder, name))), `${one.name}: ${name}`).toBe(true)
  }
})
