import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { DesiredPod } from '../../../src/core/desired/desired-pod.ts'
import type { PlanProblem } from '../../../src/core/desired/pod-paths.ts'
import { keptTogether } from '../../../src/core/desired/setting-groups.ts'
import { formatFieldPath } from '../../../src/core/field-path/field-path.ts'
import { emptyRecord } from '../../../src/core/ownership/record.ts'
import type { SettingGroup } from '../../../src/core/template/template.ts'
import { table } from '../../helpers/table.ts'
import { DEFAULTS, output, put, take, templates } from '../inject/run.ts'

const BOTH = templates({
  call: `
container: {image: c}
app: {env: [{name: DB_HOST, value: 127.0.0.1}, {name: DB_PORT, value: "15001"}, {name: ALONE, value: x}]}
together: [{env: [DB_HOST, DB_PORT], meaning: the app goes on calling that host itself}]
`,
  one: 'container: {image: o}\npod: {annotations: {prometheus.io/scrape: "true", prometheus.io/port: "1"}}\ntogether: [{annotations: [prometheus.io/scrape, prometheus.io/port]}]',
  two: 'container: {image: t}\npod: {annotations: {prometheus.io/scrape: "true", prometheus.io/port: "2", other: yy}}\ntogether: [{annotations: [prometheus.io/scrape, prometheus.io/port]}]',
  three: 'container: {image: h}\npod: {annotations: {other: z}}',
})

interface Pod { metadata: { annotations: Record<string, string> }; spec: { containers: { env?: { name: string; value: string }[] }[] } }

const pod = (env = '[]', annotations = '{mine: x}'): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations: ${annotations}\nspec:\n  containers:\n    - {name: app, image: a, env: ${env}}\n`

/** The variables of the app and the annotations with the warnings, after an injection that is taken out again. */
async function made(text: string, sidecars: string[]): Promise<{ env: string; annotations: string; warnings: string[] }> {
  const result = await put(text, { ...BOTH, sidecars })
  expect(output(await take(output(result)))).toBe(text)
  const { metadata, spec } = parse(output(result)) as Pod
  const annotations = Object.entries(metadata.annotations).filter(([key]) => !key.startsWith('injected.'))
  return {
    env: (spec.containers[0]?.env ?? []).map(({ name, value }) => `${name}=${value}`).join(' '),
    annotations: annotations.map(([key, value]) => `${key.replace('prometheus.io/', '')}=${value}`).join(' '),
    warnings: result.diagnostics.map(({ message }) => message),
  }
}

describe('settings that belong together', () => {
  const KEPT = 'container "app" has its own DB_HOST, so sidecar "call" sets none of DB_HOST, DB_PORT: the app goes on calling that host itself'

  it.each([
    ['none is there', '[]', 'DB_HOST=127.0.0.1 DB_PORT=15001 ALONE=x', []],
    ['another host is there', '[{name: DB_HOST, value: db.shop}]', 'DB_HOST=db.shop ALONE=x', [KEPT]],
    ['the same host is there alone', '[{name: DB_HOST, value: 127.0.0.1}]', 'DB_HOST=127.0.0.1 ALONE=x', [KEPT]],
    ['the port is there alone', '[{name: DB_PORT, value: "5432"}]', 'DB_PORT=5432 ALONE=x', [KEPT.replace('own DB_HOST', 'own DB_PORT')]],
    ['both are there', '[{name: DB_HOST, value: h}, {name: DB_PORT, value: "1"}]', 'DB_HOST=h DB_PORT=1 ALONE=x', [KEPT.replace('own DB_HOST', 'own DB_HOST, DB_PORT')]],
    ['both are there as wanted', '[{name: DB_HOST, value: 127.0.0.1}, {name: DB_PORT, value: "15001"}]', 'DB_HOST=127.0.0.1 DB_PORT=15001 ALONE=x', []],
  ])('are added together or not at all: %s', async (_, env, expected, warnings) => {
    expect(await made(pod(env), ['call'])).toMatchObject({ env: expected, warnings })
  })

  it('are annotations, too', async () => {
    expect(await made(pod('[]', '{prometheus.io/port: "8080"}'), ['one'])).toEqual({
      env: '', annotations: 'port=8080',
      warnings: ['the pod template has its own prometheus.io/port, so sidecar "one" sets none of prometheus.io/scrape, prometheus.io/port'],
    })
  })

  it('say where another sidecar has put them', async () => {
    expect(await made(pod(), ['one', 'two'])).toMatchObject({
      annotations: 'mine=x scrape=true port=1 other=yy',
      warnings: ['the pod template has prometheus.io/scrape, prometheus.io/port from sidecar "one", so sidecar "two" sets none of prometheus.io/scrape, prometheus.io/port'],
    })
  })
})

it('a single setting that another sidecar has put there is not called the manifest\'s', async () => {
  expect((await made(pod(), ['two', 'three'])).warnings).toEqual(['sidecar "three" requests a value for other that differs from the one that sidecar "two" has set; the existing value is kept'])
  expect((await made(pod('[]', '{other: mine}'), ['three'])).warnings).toEqual(['sidecar "three" requests a value for other that differs from the one that the manifest has; the existing value is kept'])
})

describe('built-in templates', () => {
  it.each([
    ['ambassador', { host: 'db.example.com', port: '5432', hostVariable: 'DB_HOST', portVariable: 'DB_PORT' }, '[{name: DB_HOST, value: db}]', '{mine: x}', 'so sidecar "ambassador" sets none of DB_HOST, DB_PORT: the app goes on calling that host itself, and not the ambassador'],
    ['metrics-statsd', {}, '[{name: STATSD_PORT, value: "8125"}]', '{mine: x}', 'so sidecar "metrics-statsd" sets none of STATSD_HOST, STATSD_PORT: the app goes on sending its metrics there, and not to this sidecar'],
    ...['metrics', 'metrics-node', 'metrics-nginx', 'metrics-statsd'].map((name): [string, object, string, string, string] =>
      [name, {}, '[]', '{prometheus.io/scrape: "true"}', `so sidecar "${name}" sets none of prometheus.io/scrape, prometheus.io/port, prometheus.io/path: Prometheus goes on scraping`]),
  ])('%s keeps its groups together', async (name, values, env, annotations, warning) => {
    const parameters = Object.entries(values).map(([key, value]) => ({ template: name, name: key, value: String(value) }))
    const text = pod(env, annotations).replace('{name: app,', '{name: app, ports: [{containerPort: 8080}],')
    const result = await put(text, { ...DEFAULTS, sidecars: [name], parameters })
    expect(result.diagnostics.filter(({ code }) => code === 'SETTING_KEPT').map(({ message }) => message)).toEqual([expect.stringContaining(warning)])
  })
})

interface Groups {
  /** Names that belong together, by group. */
  together: string[]
  /** What a sidecar `other` has set before; what the sidecar itself has. */
  other?: string
  own?: string
  list?: 'env' | 'annotations'
}
const pairs = (text: string): [name: string, value: string][] => text.split(' ').filter((pair) => pair !== '').map((pair) => pair.split('=') as [string, string])

/** Names that are left out, and what is said of them, where a sidecar wants `A=1 B=2 C=3` and the pod has some. */
function leftOut(present: string, { together, other = '', own = '', list = 'env' }: Groups): string[] {
  const draft = new DesiredPod({ metadata: { annotations: Object.fromEntries(pairs(present)) }, spec: {} }, emptyRecord(), new Set())
  const address = (name: string): string[] => ['metadata', 'annotations', name]
  for (const [owner, text] of [['other', other], ['ship', own]] as const) for (const [name, value] of pairs(text)) draft.set(owner, address(name), value)
  const groups = together.map((names): SettingGroup => ({ env: [], annotations: [], [list]: names.split(' '), meaning: names === 'A B C' ? 'they are one' : undefined }))
  const found: PlanProblem[] = []
  const out = keptTogether(draft, 'ship', groups, list, pairs('A=1 B=2 C=3').map(([name, value]) => ({ name, address: address(name), value })), 'the pod', (problem) => found.push(problem))
  return [[...out].join(' '), ...found.map(({ code, message, hint = '-', address: at }) => `${code} at ${formatFieldPath(at)}: ${message} | ${hint}`)]
}
const said = (has: string, none: string, first = has.charAt(0)): string =>
  `SETTING_KEPT at metadata.annotations.${first}: the pod has its own ${has}, so sidecar "ship" sets none of ${none} | to use the values of the sidecar, remove ${has} from the manifest`

table<string, Groups, string[]>('of a group all settings are left out where the pod has another one of them', leftOut, [
  ['', { together: ['A B'] }, ['']],
  ['X=1', { together: ['A B'] }, ['']],
  ['A=9', { together: [] }, [''], 'without a group each is on its own'],
  ['A=9', { together: ['B C'] }, [''], 'nor does one of no group count'],
  ['A=9', { together: ['A B'] }, ['A B', said('A', 'A, B')]],
  ['B=9', { together: ['A B'] }, ['A B', said('B', 'A, B')]],
  ['B=9 A=8', { together: ['A B'] }, ['A B', said('A, B', 'A, B')]],
  ['A=1', { together: ['A B'] }, ['A B', said('A', 'A, B')], 'the same value alone is another setting, too'],
  ['A=1 B=2', { together: ['A B'] }, [''], 'not where all are there as wanted'],
  ['A=1 B=9', { together: ['A B'] }, ['A B', said('A, B', 'A, B')]],
  ['A=9', { together: ['A X'] }, ['A', said('A', 'A')], 'of those that are wanted'],
  ['A=9 C=9', { together: ['A B', 'C'] }, ['A B C', said('A', 'A, B'), said('C', 'C')], 'each group by itself'],
  ['A=9', { together: ['A B'], list: 'annotations' }, ['A B', said('A', 'A, B')]],
  ['A=9', { together: ['A B C'] }, ['A B C', said('A', 'A, B, C').replace(' |', ': they are one |')]],
  ['', { together: ['A B'], own: 'A=9' }, [''], 'not where the sidecar itself has set it'],
  ['', { together: ['A B'], other: 'A=9' }, ['A B', 'SETTING_KEPT at metadata.annotations.A: the pod has A from sidecar "other", so sidecar "ship" sets none of A, B | -']],
  ['', { together: ['A B'], other: 'A=9 B=9' }, ['A B', 'SETTING_KEPT at metadata.annotations.A: the pod has A, B from sidecar "other", so sidecar "ship" sets none of A, B | -']],
])
