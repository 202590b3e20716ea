/** The built library: the bytes of the command line, in an engine without anything of Node. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createContext, Script } from 'node:vm'
import { build } from 'esbuild'
import { beforeAll, describe, expect, it } from 'vitest'
import { readCases, type Case } from '../cases/case.ts'
import * as core from '../../src/library/core.ts'
import type { EditResult, Input, InjectOptions, TextFile } from '../../src/library/types.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const json = (path: string): unknown => JSON.parse(readFileSync(join(ROOT, 'dist', path), 'utf8'))

const brought = new Map<string, ReturnType<typeof bring>>()

/** What a page brings: the built-in templates, and the schemas of one version. */
function broughtBy(version: string) {
  const known = brought.get(version) ?? bring(version)
  brought.set(version, known)
  return known
}

function bring(version: string) {
  const paths = [`${version}/common.json`, `${version}/other.json`, 'history.json']
  return {
    builtins: json('library/templates.json') as TextFile[],
    schemas: Object.fromEntries(paths.map((path) => [path, json(`schemas/${path}`)])),
  }
}

type Edit = (input: Input, options: InjectOptions) => Promise<EditResult>
let bare: Record<'inject' | 'uninject', Edit>

beforeAll(async () => {
  const entry = join(ROOT, 'dist/library/core.js')
  const made = await build({ entryPoints: [entry], bundle: true, format: 'iife', globalName: 'library', write: false })
  // No code from text, no console, no process, no timers: what ECMAScript has, and no more.
  const context = createContext({}, { codeGeneration: { strings: false, wasm: false } })
  new Script(made.outputFiles[0]!.text).runInContext(context)
  bare = new Script('library').runInContext(context) as typeof bare
})

/** Flags of cases as options, and what has none. */
const FLAGS: Readonly<Record<string, (options: Record<string, unknown>, value: string) => void>> = {
  '-s': (options, value) =>
    (options['sidecars'] = [...((options['sidecars'] as string[] | undefined) ?? []), ...value.split(',')]),
  '--kubernetes-version': (options, value) => (options['kubernetesVersion'] = value),
  '--on-conflict': (options, value) => (options['onConflict'] = value),
  '--mode': (options, value) =>
    (options['mode'] = value.includes('=') ? { [value.split('=')[0]!]: value.split('=')[1] } : value),
  '--start': (options, value) => {
    const [name, place] = value.split('=')
    if (place === undefined) options['start'] = value
    else Object.assign((options['start'] ??= {}) as object, { [name!]: place })
  },
  '--set': (options, value) => {
    const [, template, name, text] = /^([^.]+)\.([^=]+)=(.*)$/s.exec(value)!
    const all = (options['parameters'] ??= {}) as Record<string, Record<string, string>>
    ;(all[template!] ??= {})[name!] = text!
  },
  '-n': (options, value) => (options['namespace'] = value),
  '-l': (options, value) => (options['selector'] = value),
  '-t': () => {},
}
const SWITCHES: Readonly<Record<string, string>> = {
  '--force': 'force',
  '--allow-empty': 'allowEmpty',
  '--allow-lower-pod-security': 'allowLowerPodSecurity',
  '--include-owned': 'includeOwned',
  '--retarget-services': 'retargetServices',
}
const OFF: Readonly<Record<string, string>> = {
  '--no-validate': 'validate',
  '--no-retarget-services': 'retargetServices',
}

interface Call {
  command: 'inject' | 'uninject'
  options: Record<string, unknown>
  files: TextFile[]
}

/** The call that does the same as the command line of a case; undefined for what the library has no option for. */
function callOf({ args, inputs, templates }: Case): Call | undefined {
  const [command, ...rest] = args
  if (command !== 'inject' && command !== 'uninject') return undefined
  const options: Record<string, unknown> = {}
  const paths: string[] = []
  for (let i = 0; i < rest.length; i++) {
    const word = rest[i]!
    if (FLAGS[word] !== undefined) FLAGS[word](options, rest[++i]!)
    else if (SWITCHES[word] !== undefined) options[SWITCHES[word]] = true
    else if (OFF[word] !== undefined) options[OFF[word]] = false
    else if (word === '-q' || word === '-v') continue
    else if (word.startsWith('-') && word !== '-') return undefined
    else paths.push(word)
  }
  if (paths.length !== inputs.size) return undefined
  const named = paths.map(
    (path) => [path === '-' ? '<stdin>' : path, inputs.get(path) ?? [...inputs.values()][0]!] as const,
  )
  // Bytes that are not UTF-8 are for who reads files.
  if (named.some(([, bytes]) => !Buffer.from(bytes.toString('utf8')).equals(bytes))) return undefined
  const own = [...templates].map(([name, bytes]) => ({ name, text: bytes.toString('utf8') }))
  if (rest.includes('-t')) options['templates'] = own
  return { command, options, files: named.map(([name, bytes]) => ({ name, text: bytes.toString('utf8') })) }
}

const CALLS = readCases().flatMap((one) => {
  const call = callOf(one)
  return call === undefined ? [] : [{ one, call }]
})

/** What the command line gives, which `test/cases.test.ts` checks. */
function recorded({ folder, goldens }: Case, name: string): string {
  return goldens.has(name) ? readFileSync(join(folder, name), 'utf8') : ''
}

describe('sidecarctl/core in an engine without Node', () => {
  it('is tried on most fixtures', () => {
    expect(CALLS.length).toBeGreaterThan(150)
  })

  it('gives the bytes of the command line for every fixture', async () => {
    const wrong: string[] = []
    for (const { one, call } of CALLS) {
      const page = broughtBy((call.options['kubernetesVersion'] as string | undefined) ?? '1.36')
      const { output, diagnostics } = await bare[call.command](call.files, { ...page, ...call.options })
      const failed = diagnostics.some(({ severity }) => severity === 'error')
      if (output !== recorded(one, 'expected.yaml') || failed !== recorded(one, 'expected.stderr').includes('[exit ')) {
        wrong.push(one.name)
      }
    }
    expect(wrong).toEqual([])
  })
})

describe('bad input gives diagnostics', () => {
  const all = broughtBy('1.36')
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: a:1}]}\n'
  const cycle: Record<string, unknown> = {}
  cycle['self'] = cycle
  it.each<[what: string, input: unknown, options: unknown, code: string]>([
    ['no text', undefined, all, 'OPTION_INVALID'],
    ['a number', 7, all, 'OPTION_INVALID'],
    ['a file without a text', { name: 'a' }, all, 'OPTION_INVALID'],
    ['an empty text', '', all, 'IO_EMPTY'],
    ['no files', [], all, 'IO_EMPTY'],
    ['half a surrogate pair', `${pod}# \ud800`, all, 'TEXT_ENCODING'],
    ['NUL', `${pod}# \0`, all, 'TEXT_ENCODING'],
    ['no YAML', '{', all, 'YAML_SYNTAX'],
    ['options that are null', pod, null, 'OPTION_INVALID'],
    ['options that are a list', pod, [], 'OPTION_INVALID'],
    ['an unknown option', pod, { ...all, sidecar: ['a'] }, 'OPTION_INVALID'],
    ['an unknown version', pod, { ...all, kubernetesVersion: '1.2' }, 'OPTION_INVALID'],
    ['an unknown sidecar', pod, { ...all, sidecars: ['logs'] }, 'SIDECAR_UNKNOWN'],
    ['a selector that is none', pod, { ...all, selector: '!' }, 'OPTION_INVALID'],
    ['an invalid namespace', pod, { ...all, namespace: 'A_B' }, 'OPTION_INVALID'],
    ['a function as a value', pod, { ...all, parameters: { logging: { output: () => 1 } } }, 'OPTION_INVALID'],
    ['NaN as a value', pod, { ...all, parameters: { logging: { port: Number.NaN } } }, 'OPTION_INVALID'],
    ['a policy with a function', pod, { ...all, policy: { spec: () => 1 } }, 'OPTION_INVALID'],
    ['values with a cycle', pod, { ...all, parameters: { logging: cycle } }, 'OPTION_INVALID'],
    ['a policy with a cycle', pod, { ...all, policy: cycle }, 'OPTION_INVALID'],
    ['a policy that is none', pod, { ...all, policy: 'a: 1' }, 'CONFIG_INVALID'],
    ['a template that is none', pod, { ...all, templates: [{ name: 'a', text: 'a: 1' }] }, 'TEMPLATE_INVALID'],
    ['no schemas', pod, { builtins: [], sidecars: [] }, 'OPTION_INVALID'],
    ['no built-in templates', pod, { schemas: all.schemas }, 'OPTION_INVALID'],
    ['__proto__ as an option', pod, JSON.parse('{"__proto__": {"sidecars": ["logging"]}}'), 'OPTION_INVALID'],
  ])('%s', async (_, input, options, code) => {
    for (const call of [core.inject, core.check, core.explain, core.uninject]) {
      const { output, diagnostics } = await call(input as Input, options as InjectOptions)
      if (call === core.uninject && code === 'SIDECAR_UNKNOWN') continue
      if (call === core.uninject && code === 'TEMPLATE_INVALID') continue
      if (call === core.inject) expect(output).toBe('')
      expect(diagnostics.map((one) => one.code)).toContain(code)
    }
  })

  it('also of validate', async () => {
    const codes = async (input: unknown, options: unknown) =>
      (await core.validate(input as Input, options as object)).diagnostics.map(({ code }) => code)
    expect(await codes(7, { schemas: all.schemas })).toEqual(['OPTION_INVALID'])
    expect(await codes(pod, {})).toEqual(['OPTION_INVALID'])
    expect(await codes(pod, { schemas: {} })).toEqual(['OPTION_INVALID'])
    expect(await codes(pod, { schemas: all.schemas, podSecurity: 'strict' })).toEqual(['OPTION_INVALID'])
    expect(await codes(pod, { schemas: all.schemas, served: ['v1'] })).toEqual(['OPTION_INVALID'])
    expect(await codes(pod, { schemas: all.schemas })).toEqual([])
  })

  it('schemas of another version', async () => {
    const { diagnostics } = await core.inject(pod, { ...all, sidecars: ['logging'], kubernetesVersion: '1.35' })
    expect(diagnostics).toMatchObject([{ code: 'OPTION_INVALID', message: 'the schema 1.35/common.json is missing' }])
  })

  it('check compares only what is injected where nothing chooses sidecars, as the command does', async () => {
    expect(await core.check(pod, all)).toMatchObject({
      output: '',
      differences: [],
      workloads: [{ status: 'skipped' }],
    })
    const { output } = await core.inject(pod, { ...all, sidecars: ['logging'] })
    const edited = output.replace('2020', '2021')
    expect((await core.check(edited, all)).differences).toMatchObject([{ state: 'edited' }])
  })

  it('a policy that allows placeholders does', async () => {
    const policy = {
      apiVersion: 'sidecarctl.dev/v1',
      kind: 'Policy',
      spec: { allowPlaceholders: true, rules: [{ add: ['logging'] }] },
    }
    const text = pod.replace('image: a:1', "image: a:1, ports: [{containerPort: '${port}'}]")
    const found = [
      (await core.inject(text, { ...all, policy })).diagnostics,
      (await core.validate(text, { schemas: all.schemas, policy })).diagnostics,
    ]
    expect(found.map((one) => one.map(({ code }) => code))).toEqual([[], ['VALUE_NOT_CHECKED']])
  })

  it('a byte order mark stays', async () => {
    const { output } = await core.inject(`\ufeff${pod}`, { ...all, sidecars: ['logging'] })
    expect(output.startsWith('\ufeffapiVersion')).toBe(true)
    expect((await core.uninject(output, all)).output).toBe(`\ufeff${pod}`)
  })
})
