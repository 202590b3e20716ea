import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv, type ValidateFunction } from 'ajv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { buildEditorSchemas } from '../../src/build/editor.mjs'
import { starterPolicy } from '../../src/core/selection/policy-starter.ts'
import { starterTemplate } from '../../src/core/template/template-starter.ts'
import { loadEngine } from '../../src/cli/engine.ts'
import { main } from '../../src/cli/main.ts'
import { captureHost, folder } from '../cli/fake.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const TEMPLATES = readdirSync(join(ROOT, 'templates')).filter((name) => name.endsWith('.yaml'))
const made = mkdtempSync(join(tmpdir(), 'sidecarctl-editor-'))
const textOf = (name: string): string => readFileSync(join(made, `${name}.schema.json`), 'utf8')
const readTemplate = (name: string): unknown => parse(readFileSync(join(ROOT, 'templates', name), 'utf8'))

const GOOD = {
  apiVersion: 'sidecarctl.dev/v1',
  kind: 'SidecarTemplate',
  metadata: { name: 'a', version: '1', description: 'A.' },
  spec: {},
}

const checks = new Map<string, ValidateFunction>()
function passes(name: string, data: unknown): boolean {
  const check =
    checks.get(name) ?? new Ajv({ strict: true, allowUnionTypes: true }).compile(JSON.parse(textOf(name)) as object)
  checks.set(name, check)
  return check(data) as boolean
}

beforeAll(async () => await buildEditorSchemas(ROOT, made, join(ROOT, 'dist/schemas')))
afterAll(() => rmSync(made, { recursive: true, force: true }))

describe.each([
  ['sidecar-template', ['templates', 'schema']],
  ['policy', ['init', '--schema']],
])('%s.schema.json', (name, argv) => {
  it('is a JSON Schema of draft 7, which needs nothing from elsewhere', () => {
    const schema = JSON.parse(textOf(name)) as { $schema: string }
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#')
    expect(new Ajv({ strict: true, allowUnionTypes: true }).validateSchema(schema)).toBe(true)
    expect(
      [...textOf(name).matchAll(/"\$ref": "(.)/g)].map(([, first]) => first).filter((first) => first !== '#'),
    ).toEqual([])
  })

  it('is what the program prints, and it writes nothing', async () => {
    const cwd = folder({ 'a.yaml': 'a: 1\n' })
    const { host, stdout, stderr } = captureHost({ cwd })
    expect([await main(argv, host, loadEngine), stdout(), stderr()]).toEqual([0, textOf(name), ''])
    expect(readdirSync(cwd)).toEqual(['a.yaml'])
  })
})

it.each(TEMPLATES)('%s passes', (name) => {
  expect(passes('sidecar-template', readTemplate(name))).toBe(true)
})

it('a template that extends another need not say again what that says', () => {
  const own = { parameters: { port: { default: 1 } } }
  const of = (spec: object): object => ({ ...GOOD, spec })
  expect([passes('sidecar-template', of({ extends: 'logging', ...own })), passes('sidecar-template', of(own))]).toEqual(
    [true, false],
  )
})

it('what the program writes to start from passes', () => {
  expect(passes('sidecar-template', parse(starterTemplate('cache')))).toBe(true)
  const found = {
    kinds: new Map(),
    namespaces: new Map(),
    sidecars: new Set<string>(),
    invalidFiles: ['a.json'],
    validFiles: [],
  }
  expect(passes('policy', parse(starterPolicy(found, { minor: 36, isGiven: false }, ['logging'])))).toBe(true)
})

it.each<[string, object]>([
  ['an unknown part', { spec: { contaner: {} } }],
  ['an unknown type', { spec: { parameters: { a: { type: 'text', description: 'A.' } } } }],
  ['a parameter that nobody describes', { spec: { parameters: { a: { type: 'string' } } } }],
  ['a mode that is none', { spec: { mode: 'sidecar' } }],
  ['a word for true', { spec: { classic: { startFirst: 'yes' } } }],
  ['a place that is none', { spec: { order: { position: 'middle' } } }],
  ['a text for a number', { spec: { pod: { fsGroup: '1000' } } }],
  ['a shared folder without a path', { spec: { sharedFolders: [{ volume: 'a' }] } }],
  ['another kind', { kind: 'Policy' }],
  ['no description', { metadata: { name: 'a', version: '1' } }],
  ['a name that is none', { metadata: { name: 'A', version: '1', description: 'A.' } }],
])('a template with %s is refused', (_, change) => {
  expect([passes('sidecar-template', GOOD), passes('sidecar-template', { ...GOOD, ...change })]).toEqual([true, false])
})

it.each<[string, object]>([
  ['an unknown part', { spec: { rule: [] } }],
  ['a rule with an unknown condition', { spec: { rules: [{ match: { kind: 'Pod' } }] } }],
  ['a mode that is none', { spec: { modes: { logging: 'sidecar' } } }],
  ['no spec', { spec: undefined }],
])('a policy with %s is refused', (_, change) => {
  const good = { apiVersion: 'sidecarctl.dev/v1', kind: 'Policy', spec: {} }
  const bad = JSON.parse(JSON.stringify({ ...good, ...change })) as object
  expect([passes('policy', good), passes('policy', bad)]).toEqual([true, false])
})
