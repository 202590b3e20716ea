/** templates/POLICY.md, which is made from the policy's JSON Schema, and what `init` writes. UPDATE_README=1 rewrites it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse, parseDocument } from 'yaml'
import { readPolicy } from '../../src/core/selection/read-policy.ts'
import { starterPolicy } from '../../src/core/selection/policy-starter.ts'
import { SourceText } from '../../src/core/text/source.ts'
import { EXAMPLE_POLICY, policyDocs, policyFields } from '../../src/report/policy-docs.ts'
import { folder } from '../cli/fake.ts'
import { sidecarctl } from '../cli/gitops.ts'

const FILE = join(import.meta.dirname, '../../templates/POLICY.md')
const STARTER = starterPolicy(
  { kinds: new Map(), namespaces: new Map(), sidecars: new Set(), invalidFiles: [], validFiles: [] },
  { minor: 36, isGiven: false },
  ['logging'],
)

/** A text with the comments that hold YAML made part of it. */
function uncommented(text: string): string {
  return text.replaceAll(/^( *)# ( *(?:- |[\w"]+:(?: |$)).*)$/gm, '$1$2')
}

async function problems(text: string): Promise<string[]> {
  const { diagnostics } = await readPolicy(new SourceText('sidecarctl.yaml', text), (label) => label)
  return diagnostics.map(({ message }) => message)
}

it('templates/POLICY.md is up to date', () => {
  if (process.env['UPDATE_README'] === '1') writeFileSync(FILE, policyDocs())
  expect(readFileSync(FILE, 'utf8'), 'UPDATE_README=1 rewrites it').toBe(policyDocs())
})

it('init --docs prints it and writes nothing', async () => {
  const cwd = folder({ 'a.yaml': 'a: 1\n' })
  expect(await sidecarctl(cwd, ['init', '--docs'])).toEqual({ code: 0, stdout: policyDocs(), stderr: '' })
})

describe('the reference', () => {
  const fields = policyFields()

  it('has every field, with an example unless it has one value or only fields below it', () => {
    expect(fields.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['apiVersion', 'spec.rules[].add[].mode', 'spec.workloadKinds[].inline']),
    )
    expect(
      fields
        .filter(({ path, node }) => path !== 'spec' && node.const === undefined && node.examples === undefined)
        .map(({ path }) => path),
    ).toEqual([])
  })

  it('shows examples that are YAML and mean what the schema says', () => {
    const rows = policyDocs()
      .split('\n')
      .filter((line) => line.startsWith('| `spec.'))
    expect(rows).toHaveLength(fields.filter(({ path }) => path.startsWith('spec.')).length)
    for (const row of rows) {
      const [, path] = /^\| `([^`]+)`/.exec(row) as unknown as [string, string]
      const shown = [...(row.split(' | ').at(-1) as string).matchAll(/`([^`]+)`/g)].map(
        ([, text]) => parse((text as string).replaceAll('\\|', '|')) as unknown,
      )
      expect(shown, path).toEqual(fields.find((field) => field.path === path)?.node.examples)
    }
  })

  it('begins with a whole policy that works as it is', async () => {
    const app = readFileSync(join(import.meta.dirname, '../../fixtures/samples/deployment.yaml'), 'utf8').replace(
      '{app: web,',
      '{app: web, tier: web,',
    )
    const { code, stdout } = await sidecarctl(folder({ 'sidecarctl.yaml': EXAMPLE_POLICY, 'k8s/web.yaml': app }), [
      'status',
      '-R',
      '.',
    ])
    expect(
      [code, ...stdout.matchAll(/shop\/web +(\S+) .* (\S+)$/gm)].map((row) =>
        Array.isArray(row) ? row.slice(1) : row,
      ),
    ).toEqual([0, ['logging', 'missing'], ['metrics', 'missing'], ['proxy', 'missing']])
  })
})

describe('the policy to start from', () => {
  it('shows rules with parameters and modes, and is valid with all of its comments in force', async () => {
    const whole = uncommented(STARTER).replace(/^.*With inline.*\n/m, '')
    expect(parseDocument(whole).errors).toEqual([])
    expect(await problems(whole)).toEqual([])
    const { spec } = parse(whole) as { spec: { rules: { add?: unknown[] }[] } & Record<string, unknown> }
    expect(Object.keys(spec).sort()).toEqual(
      policyFields()
        .flatMap(({ path }) => /^spec\.(\w+)$/.exec(path)?.[1] ?? [])
        .sort(),
    )
    expect(spec.rules[1]?.add).toEqual([{ name: 'metrics', parameters: { port: 9090 }, mode: 'native' }])
  })

  it('is valid as it is', async () => {
    expect(await problems(STARTER)).toEqual([])
  })
})
