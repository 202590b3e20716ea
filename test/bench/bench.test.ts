import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { parse, parseAllDocuments } from 'yaml'
import { describe, expect, it } from 'vitest'
import { folder } from '../cli/fake.ts'
import { jsonSchemas } from './json-schema.ts'
import { liveList, longLine, longList, longScalar, mostlyOther, nested, oneLineList, stream } from './manifests.ts'
import { measure } from './measure.ts'
import { additions, inOrder } from './patch.ts'
import {
  hasFailed,
  readmeTable,
  scenarioText,
  TABLE_END,
  TABLE_START,
  verdict,
  withTable,
  type Results,
} from './results.ts'
import { SCENARIOS } from './scenarios.ts'
import { containerCount, unlikeDeployment, workload } from './workloads.ts'

describe('inputs', () => {
  it('are the same every time, and no two workloads alike', () => {
    expect(stream(50)).toBe(stream(50))
    const shapes = Array.from({ length: 200 }, (_, n) =>
      unlikeDeployment(n)
        .replaceAll(/[0-9]+/g, '')
        .replaceAll(/(?<=[:/ "'-])[a-z-]+(?=["'-]?$)/gm, ''),
    )
    expect(new Set(shapes).size).toBeGreaterThan(195)
  })

  it('differ as real ones do: in what they have, and in how they are written', () => {
    const texts = Array.from({ length: 300 }, (_, n) => unlikeDeployment(n))
    const share = (pattern: RegExp): number => texts.filter((text) => pattern.test(text)).length / texts.length
    const shares = [
      / # /,
      /^ {4}template/m,
      /^ {2}template/m,
      /image: "/,
      /image: '/,
      /image: r/,
      /\{cpu/,
      /initContainers/,
      /\bvolumes:/,
      /readinessProbe/,
      /^ +env:/m,
    ]
    for (const pattern of shares) {
      expect(share(pattern), String(pattern)).toBeGreaterThan(0.05)
      expect(share(pattern), String(pattern)).toBeLessThan(0.95)
    }
    expect(new Set(texts.map((_, n) => containerCount(n)))).toEqual(new Set([1, 2, 3]))
    const sizes = texts.map((text) => text.length).sort((a, b) => a - b)
    expect((sizes[270] as number) / (sizes[30] as number)).toBeGreaterThan(2)
  })

  it('say in YAML what their data is', () => {
    for (const n of [0, 1, 2, 3, 4, 5, 6, 7]) expect(parse(unlikeDeployment(n))).toEqual(workload(n))
  })

  it.each<[string, string, number]>([
    ['workloads', stream(3), 3],
    ['other objects', stream(20, mostlyOther), 20],
    ['a list', longList(10), 1],
    ['a text', longScalar(1000), 1],
    ['a line', longLine(1000), 1],
    ['depth', nested(1, 50), 1],
    ['one line', oneLineList(3), 1],
    ['a List', liveList(3), 1],
  ])('are YAML: %s', (_, text, count) => {
    const documents = parseAllDocuments(text)
    expect(documents).toHaveLength(count)
    expect(documents).toMatchObject(Array.from({ length: count }, () => ({ errors: [] })))
  })
})

describe.skipIf(!existsSync('/bin/bash'))('measure (skipped without bash)', () => {
  it('tells time, processor time and memory', async () => {
    const work =
      'const a = Buffer.alloc(5e7, 1); const end = process.cpuUsage().user + 2e5; while (process.cpuUsage().user < end);'
    const outcome = await measure({ argv: [process.execPath, '-e', work] }, true, 30)
    if (!('usage' in outcome)) throw new Error(JSON.stringify(outcome))
    expect(outcome.usage.cpu).toBeGreaterThan(200)
    expect(outcome.usage.wall).toBeGreaterThan(150)
    if (outcome.usage.peak !== undefined) expect(outcome.usage.peak).toBeGreaterThan(5e7)
  })

  it('feeds a file through a pipe', async () => {
    const cwd = folder({ 'in.txt': 'abc' })
    const script =
      'const fs = require("fs"); process.exit(fs.fstatSync(0).isFIFO() && fs.readFileSync(0, "utf8") === "abc" ? 0 : 1)'
    expect(
      await measure({ argv: [process.execPath, '-e', script], stdin: join(cwd, 'in.txt') }, false, 30),
    ).toHaveProperty('usage')
  })

  it('says what failed', async () => {
    expect(await measure({ argv: [process.execPath, '-e', 'console.error("no"); process.exit(3)'] }, true, 30)).toEqual(
      { failed: 'ended with 3: no\n' },
    )
  })

  it('stops what takes too long', async () => {
    expect(await measure({ argv: [process.execPath, '-e', 'setInterval(() => 0, 1e6)'] }, false, 0.2)).toEqual({
      stopped: 0.2,
    })
  })
})

describe('the patch for kustomize', () => {
  it.each<[Parameters<typeof additions>[0], Parameters<typeof additions>[0], unknown]>([
    [{ a: 1 }, { a: 1 }, undefined],
    [{ a: 1 }, { a: 1, b: [{ name: 'x' }] }, { b: [{ name: 'x' }] }],
    [
      { containers: [{ name: 'a', image: 'b' }, { name: 'c' }] },
      { containers: [{ name: 'a', image: 'b', x: {} }, { name: 'c' }, { name: 'd' }] },
      { containers: [{ name: 'a', x: {} }, { name: 'd' }] },
    ],
    [
      { volumeMounts: [{ name: 'v', mountPath: '/a' }] },
      {
        volumeMounts: [
          { name: 'v', mountPath: '/a' },
          { name: 'v', mountPath: '/b' },
        ],
      },
      { volumeMounts: [{ name: 'v', mountPath: '/b' }] },
    ],
  ])('of %j to %j', (before, after, patch) => {
    expect(additions(before, after)).toEqual(patch)
  })

  it('is refused where a value changed', () => {
    expect(() => additions({ a: 1 }, { a: 2 })).toThrow(/no addition/)
  })

  it('is compared without regard to order', () => {
    expect(inOrder([{ b: 1, a: [{ n: 2 }, { n: 1 }] }])).toEqual(inOrder([{ a: [{ n: 1 }, { n: 2 }], b: 1 }]))
    expect(inOrder(['b', 'a'])).not.toEqual(inOrder(['a', 'b']))
  })
})

describe('the JSON Schemas', () => {
  it('of Deployments takes what the API server takes, and no unknown field', async () => {
    const check = new Ajv({ strict: false, validateFormats: false }).compile(
      (await jsonSchemas()).get('apps/v1 Deployment') ?? false,
    )
    const object = parse(unlikeDeployment(0)) as { spec: object }
    expect(check(object) ? [] : check.errors).toEqual([])
    expect(check({ ...object, spec: { ...object.spec, replica: 3 } })).toBe(false)
    expect(check({ ...object, spec: {} })).toBe(false)
  })

  it('are of the kinds that there are', async () => {
    const schemas = await jsonSchemas()
    expect(schemas.get('apps/v1 Deploiment')).toBeUndefined()
    expect([...schemas.keys()]).toEqual(expect.arrayContaining(['v1 Pod', 'networking.k8s.io/v1 Ingress']))
  })
})

const spread = (median: number) => ({ median, least: median, most: median })
const RESULTS: Results = {
  machine: { processor: 'P', cores: 2, memory: 2 ** 32, system: 'S' },
  versions: { node: 'v20', kustomize: 'absent' },
  scenarios: [
    {
      name: 'one',
      title: 'inject',
      bytes: 728,
      workloads: 1,
      pairs: 3,
      contenders: [
        { name: 'sidecarctl', wall: spread(50), cpu: spread(60), peak: 2 ** 26 },
        { name: 'kustomize build', why: { absent: true } },
      ],
      ratios: [
        { of: 'sidecarctl', to: 'node -e 0', metric: 'cpu', value: spread(1.5), most: 1.25 },
        { of: 'kustomize build', to: 'sidecarctl', metric: 'wall' },
      ],
    },
  ],
}

describe('results', () => {
  it.each([
    [{ most: 2 }, 1, 'met'],
    [{ most: 2 }, 3, 'missed'],
    [{ least: 8 }, 9, 'met'],
    [{ least: 8 }, 7, 'missed'],
    [{}, 1, undefined],
    [{ most: 2 }, undefined, 'not measured'],
  ])('against the goal %j: %s is %s', (goal, value, expected) => {
    expect(
      verdict({ of: 'a', to: 'b', metric: 'wall', ...goal, ...(value !== undefined && { value: spread(value) }) }),
    ).toBe(expected)
  })

  it.each([
    [{ least: 8 }, 9, 'met'],
    [{ least: 8 }, 7, 'not measured'],
    [{ most: 11 }, 12, 'missed'],
    [{ most: 11 }, 3, 'not measured'],
  ])('of a program that was stopped against the goal %j: above %s is %s', (goal, above, expected) => {
    expect(verdict({ of: 'a', to: 'b', metric: 'wall', ...goal, above })).toBe(expected)
  })

  it('say what is absent and which goals were missed', () => {
    const [one] = RESULTS.scenarios
    if (one === undefined) throw new Error('no scenario')
    expect(scenarioText(one)).toMatch(/kustomize build {5}absent[^]*1\.50 × .*goal: at most 1\.25 ×: missed/)
    expect(hasFailed(RESULTS)).toBe(false)
    expect(hasFailed({ ...RESULTS, scenarios: [{ ...one, contenders: [{ name: 'x', why: { failed: 'no' } }] }] })).toBe(
      true,
    )
  })

  it('make the table of a text between its marks', () => {
    expect(withTable(`a\n${TABLE_START}old\n${TABLE_END}b\n`, RESULTS)).toBe(
      `a\n${TABLE_START}${readmeTable(RESULTS)}${TABLE_END}b\n`,
    )
    expect(readmeTable(RESULTS)).toContain(
      '| inject, 0.73 kB | 50 ms | 60 ms | 64 MiB | 1.50 × the processor time of `node -e 0` |',
    )
  })
})

it('has saved figures of scenarios that there are', () => {
  const { scenarios } = JSON.parse(readFileSync('test/bench/results.json', 'utf8')) as Results
  const names = new Set(SCENARIOS.map(({ name }) => name))
  expect(scenarios.length).toBeGreaterThan(0)
  expect(scenarios.filter(({ name }) => !names.has(name))).toEqual([])
})
