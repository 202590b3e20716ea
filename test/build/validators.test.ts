import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Ajv } from 'ajv'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { madeValidators } from '../../src/build/validators.mjs'
import { isObject, type Json } from '../../src/core/json/json.ts'
import { POLICY_SCHEMA } from '../../src/core/selection/policy-schema.ts'
import { starterPolicy } from '../../src/core/selection/policy-starter.ts'
import { AJV_OPTIONS, schemaProblems, type SchemaProblem, type Validator } from '../../src/core/schema/ajv-errors.ts'
import { readTemplateDocument } from '../../src/core/template/template-document.ts'
import { TEMPLATE_SCHEMA } from '../../src/core/template/template-schema.ts'
import { starterTemplate } from '../../src/core/template/template-starter.ts'
import { SourceText } from '../../src/core/text/source.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const made = mkdtempSync(join(tmpdir(), 'sidecarctl-validators-'))
const FORMATS = { template: TEMPLATE_SCHEMA, policy: POLICY_SCHEMA }
type Format = keyof typeof FORMATS

const built = new Map<Format, Validator>()
/** The files that they are made of. */
const parts: string[] = []
/** From the whole schemas, and without what makes less code. */
const ajv = new Ajv({ ...AJV_OPTIONS, inlineRefs: true })
const byAjv = { template: ajv.compile(TEMPLATE_SCHEMA), policy: ajv.compile(POLICY_SCHEMA) }

beforeAll(async () => {
  const outfile = join(made, 'validators.mjs')
  const folders: { readonly [format: string]: string } = { template: 'template', policy: 'selection' }
  const contents = Object.keys(FORMATS).map(
    (format) => `export { validate as ${format} } from './src/core/${folders[format]}/${format}-validator.ts'`,
  )
  const { metafile } = await build({
    stdin: { contents: contents.join('\n'), resolveDir: ROOT },
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    metafile: true,
    plugins: [await madeValidators(ROOT)],
  })
  parts.push(...Object.keys(metafile.inputs))
  const modules = (await import(pathToFileURL(outfile).href)) as Record<Format, Validator>
  for (const format of ['template', 'policy'] as const) built.set(format, modules[format])
})
afterAll(() => rmSync(made, { recursive: true, force: true }))

/** What both find; fails where they find different things. */
function problems(format: Format, data: Json): SchemaProblem[] {
  const found = schemaProblems(built.get(format)!, data)
  const expected = schemaProblems(byAjv[format], data)
  if (JSON.stringify(found) !== JSON.stringify(expected)) expect(found, JSON.stringify(data)).toEqual(expected)
  return found
}

function read(text: string): Json {
  return readTemplateDocument(new SourceText('a.yaml', text)).document!.data
}

const TEMPLATES = ['templates', 'fixtures'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter(
      (name) => name.endsWith('.yaml') && /^kind: SidecarTemplate$/m.test(readFileSync(join(ROOT, name), 'utf8')),
    ),
)

const WHOLE_POLICY = `
apiVersion: sidecarctl.dev/v1
kind: Policy
metadata: {name: shop}
spec:
  templates: [templates, more/cache.yaml]
  kubernetesVersion: "1.36"
  parameters: {logging: {format: json}}
  modes: {logging: native}
  exclude: {namespaces: [kube-*], paths: [vendor]}
  rules:
  - name: all
    match:
      kinds: [Deployment]
      namespaces: ["*"]
      names: [web]
      labels: {app: web}
      annotations: {team: "shop-*"}
      paths: [apps]
    add: [logging, {name: cache, parameters: {port: 1}, mode: classic}]
  - {match: {labels: "app=web"}, exclude: [logging]}
  - {exclude: all}
  workloadKinds: [{group: batch.volcano.sh, kind: Job, podTemplatePath: "spec.tasks[*].template"}]
`
const NOTHING_FOUND = {
  kinds: new Map(),
  namespaces: new Map(),
  sidecars: new Set<string>(),
  invalidFiles: [],
  validFiles: [],
}

const GOOD: [string, Format, string][] = [
  ...TEMPLATES.map((name): [string, Format, string] => [name, 'template', readFileSync(join(ROOT, name), 'utf8')]),
  ['the template to start from', 'template', starterTemplate('cache')],
  ['the policy to start from', 'policy', starterPolicy(NOTHING_FOUND, { minor: 36, isGiven: false }, ['logging'])],
  ['a policy with all that there is', 'policy', WHOLE_POLICY],
]

/** Values that are wrong in most places. */
const WRONG: readonly Json[] = [
  null,
  true,
  7,
  -0.5,
  '',
  'x',
  'a/b~c',
  '\u{1F600}'.repeat(251),
  'x'.repeat(501),
  '${{ params.a }}',
  [],
  [7, ''],
  {},
  { x: 1, y: null },
  { ['__proto__']: 1, constructor: 1, 'a/b~c': {}, 0: '' },
  { $when: {} },
  { $value: 1, $when: { a: 1 }, $json: [] },
  { extends: 'A' },
]

/** The value with each single thing in it wrong, left out or beside something unknown. */
function variants(value: Json): Json[] {
  const all = [...WRONG]
  if (Array.isArray(value)) {
    for (const [n, item] of value.entries()) all.push(...variants(item).map((other) => value.with(n, other)))
  } else if (isObject(value)) {
    all.push({ ...value, nmae: 1, 'a/b': 1 })
    const entries = Object.entries(value)
    for (const [n, [key, item]] of entries.entries()) {
      all.push(Object.fromEntries(entries.toSpliced(n, 1)))
      all.push(...variants(item).map((other) => Object.fromEntries(entries.with(n, [key, other]))))
    }
  }
  return all
}

/** The value with every text and number in it replaced. */
function replaced(value: Json, by: Json): Json {
  if (Array.isArray(value)) return value.map((item) => replaced(item, by))
  if (!isObject(value)) return by
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaced(item, by)]))
}

describe('the validators that the build makes say what ajv says', () => {
  it('without ajv, but for its small helpers', () => {
    expect(parts).toContain('src/core/template/template-validator.ts')
    expect(parts.filter((name) => /\/ajv(?:\.ts|\/dist\/(?!runtime\/))/.test(name))).toEqual([])
  })

  it.each(GOOD)('of %s', (_, format, text) => {
    expect(TEMPLATES.length).toBeGreaterThan(20)
    expect(problems(format, read(text))).toEqual([])
  })

  it.each(GOOD)('of %s, with much wrong at once', (_, format, text) => {
    const counts = WRONG.map((wrong) => problems(format, replaced(read(text), wrong)).length)
    expect(Math.min(...counts)).toBeGreaterThan(0)
  })

  it.each([
    ['the whole example', 'template', readFileSync(join(ROOT, 'fixtures/example/cache.yaml'), 'utf8'), 500],
    ['the template to start from', 'template', starterTemplate('cache'), 300],
    ['a policy with all that there is', 'policy', WHOLE_POLICY, 500],
  ] as const)('of %s, with each thing in it wrong', (_, format, text, atLeast) => {
    const found = variants(read(text)).map((data) => problems(format, data))
    expect(found.filter(({ length }) => length > 0).length).toBeGreaterThan(atLeast)
  })

  it('of a field that nobody knows, with those that are known', () => {
    const data = read('apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec: {exclude: {path: [a]}}\n')
    const message = 'unknown field "path"'
    expect(problems('policy', data)).toEqual([
      { path: ['spec', 'exclude', 'path'], message, known: ['namespaces', 'paths'] },
    ])
  })
})

it('names the one value that a field can have', () => {
  const policy = read(WHOLE_POLICY.replace('kind: Policy', 'kind: SidecarPolicy'))
  expect(problems('policy', policy)).toEqual([{ path: ['kind'], message: 'this must be Policy' }])
})
