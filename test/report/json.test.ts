/** Every report for programs: it is what the schema says, and the schema names each of its fields. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { loadEngine } from '../../src/cli/engine.ts'
import { main } from '../../src/cli/main.ts'
import { REPORT_KINDS } from '../../src/report/json/header.ts'
import { REPORT_SCHEMA } from '../../src/report/json/report-schema.ts'
import { captureHost, folder } from '../cli/fake.ts'

type Report = { kind: string; summary: Record<string, number> } & Record<string, unknown>

/** The schema with every map closed, so that a field without a description is found. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)] as const)
  const out = Object.fromEntries(entries)
  return 'properties' in out && 'required' in out ? { ...out, additionalProperties: false } : out
}

const ajv = new Ajv({ strict: true, allowUnionTypes: true })
const isReport = ajv.compile(REPORT_SCHEMA)
const isComplete = ajv.compile({ ...(closed(REPORT_SCHEMA) as object), $id: 'closed' })

function expectReport(text: string, kind: string): Report {
  const report = JSON.parse(text) as Report
  expect(isReport(report), JSON.stringify(isReport.errors)).toBe(true)
  const branch = isComplete(report)
    ? []
    : isComplete.errors!.filter(({ keyword }) => keyword === 'additionalProperties')
  const own = branch.filter(({ schemaPath }) =>
    schemaPath.startsWith(`#/oneOf/${REPORT_KINDS.indexOf(kind as never)}/`),
  )
  expect(own.concat(branch.filter(({ schemaPath }) => schemaPath.startsWith('#/definitions/')))).toEqual([])
  expect(isComplete(report), JSON.stringify(isComplete.errors)).toBe(true)
  expect(report.kind).toBe(kind)
  return report
}

const WEB = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - {name: web, image: nginx:1.27, ports: [{containerPort: 8080}]}
`
const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
`
const OTHER =
  'apiVersion: example.com/v1\nkind: App\nmetadata: {name: a}\nspec: {template: {spec: {containers: [{name: a, image: a}]}}}\n'
const BROKEN = WEB.replace('image: nginx:1.27', 'image: 7, imagePullPolicy: Sometimes').replace(
  '{name: web,',
  '{name: broken,',
)

async function run(files: Record<string, string>, argv: readonly string[]) {
  const cwd = folder(files)
  const { host, stdout, stderr } = captureHost({ cwd })
  const code = await main(argv, host, loadEngine)
  return { code, stdout: stdout(), stderr: stderr(), cwd }
}

async function injected(argv: readonly string[] = ['-s', 'logging']): Promise<string> {
  return (await run({ 'web.yaml': WEB }, ['inject', 'web.yaml', ...argv])).stdout
}

describe('-o json', () => {
  it('check names each difference, and exits as the text does', async () => {
    const edited = (await injected()).replace('128Mi', '64Mi')
    const files = { 'web.yaml': WEB, 'edited.yaml': edited.replaceAll('name: web', 'name: other'), 'b.yaml': BROKEN }
    const { code, stdout } = await run(files, ['check', '.', '-s', 'logging', '-o', 'json'])
    const report = expectReport(stdout, 'CheckReport')
    expect(code).toBe(1)
    expect(report['differences']).toContainEqual({
      file: './web.yaml',
      line: 1,
      state: 'missing',
      message: 'logging is missing',
      resource: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
    })
    expect((report['differences'] as { state: string }[]).map(({ state }) => state).sort()).toContain('edited')
    expect(report.summary).toMatchObject({ files: 3, workloads: 3 })
    expect(report.summary['errors']).toBeGreaterThan(0)
  })

  it('diff has a patch for each file, and none where there is an error', async () => {
    const { code, stdout } = await run({ 'web.yaml': WEB }, ['diff', 'web.yaml', '-s', 'logging', '-o', 'json'])
    const patch = await run({ 'web.yaml': WEB }, ['diff', 'web.yaml', '-s', 'logging'])
    expect([code, expectReport(stdout, 'DiffReport')['files']]).toEqual([
      1,
      [{ file: 'web.yaml', patch: patch.stdout }],
    ])
    const failed = await run({ 'web.yaml': WEB, 'b.yaml': BROKEN }, ['diff', '.', '-s', 'logging', '-o', 'json'])
    expect([failed.code, expectReport(failed.stdout, 'DiffReport')['files']]).toEqual([2, []])
  })

  it('explain tells where fields and values come from, and of objects without a pod template', async () => {
    const argv = ['explain', '.', '-s', 'logging', '--set', 'logging.folder=/var/log/nginx', '-o', 'json']
    const { stdout } = await run({ 'web.yaml': WEB, 'other.yaml': OTHER }, argv)
    const report = expectReport(stdout, 'ExplainReport')
    const [workload] = report['workloads'] as [{ sidecars: [Record<string, unknown>] }]
    expect(workload.sidecars[0]).toMatchObject({
      name: 'logging',
      origin: { level: 'flag', text: '--sidecar' },
      parameters: { folder: '/var/log/nginx' },
    })
    expect((workload.sidecars[0]['parameterOrigins'] as Record<string, unknown>)['folder']).toMatchObject({
      level: 'flag',
    })
    expect(JSON.stringify(workload.sidecars[0]['fields'])).toContain('spec.initContainers[logging]')
    expect(report['otherObjects']).toMatchObject([{ kind: 'App', podSpecs: [{ path: 'spec.template' }] }])
  })

  it('status tells of Services, too', async () => {
    const files = { 'web.yaml': `${WEB}---\n${SERVICE}` }
    const { stdout } = await run(files, ['status', '.', '-s', 'proxy', '--retarget-services', '-o', 'json'])
    const report = expectReport(stdout, 'StatusReport')
    expect(report['services']).toMatchObject([{ kind: 'Service', name: 'web' }])
  })

  it.each(['inject', 'uninject'] as const)(
    '%s --report tells in a file what happened, and prints manifests',
    async (command) => {
      const text = command === 'inject' ? WEB : await injected()
      const argv = [command, 'web.yaml', '-s', 'logging']
      const plain = await run({ 'web.yaml': text }, argv)
      const { code, stdout, cwd } = await run({ 'web.yaml': text }, [...argv, '--report', 'out/report.json'])
      expect([code, stdout]).toEqual([0, plain.stdout])
      const kind = command === 'inject' ? 'InjectReport' : 'UninjectReport'
      const report = expectReport(readFileSync(join(cwd, 'out/report.json'), 'utf8'), kind)
      expect(report['workloads']).toMatchObject([{ status: command === 'inject' ? 'injected' : 'removed' }])
      expect([report['applied'], report.summary]).toMatchObject([true, { files: 1, changed: 1, errors: 0 }])
    },
  )

  it('a report is written where there are errors, and nothing is printed', async () => {
    const argv = ['inject', '.', '-s', 'logging', '--report', 'report.json']
    const { code, stdout, cwd } = await run({ 'b.yaml': BROKEN, 'web.yaml': WEB }, argv)
    const report = expectReport(readFileSync(join(cwd, 'report.json'), 'utf8'), 'InjectReport')
    expect([code, stdout, report['applied']]).toEqual([1, '', false])
    expect(report['diagnostics']).toContainEqual(expect.objectContaining({ severity: 'error', file: './b.yaml' }))
  })

  it.each([
    ['an input', 'web.yaml', 2],
    ['a folder', '.', 2],
    ['standard output', '-', 2],
  ])('no report takes the place of %s', async (_, file, expected) => {
    const argv = ['inject', 'web.yaml', '-s', 'logging', '--report', file]
    const { code, stdout, stderr, cwd } = await run({ 'web.yaml': WEB }, argv)
    expect([code, stdout, readFileSync(join(cwd, 'web.yaml'), 'utf8')]).toEqual([expected, '', WEB])
    expect(stderr).toContain(file === '-' ? "--report '-' is not a file" : 'the report is not written')
  })

  it('with -w no file is touched where the report cannot be written', async () => {
    const { code, cwd } = await run({ 'web.yaml': WEB, 'x.txt': '' }, [
      'inject',
      '-w',
      'web.yaml',
      '-s',
      'logging',
      '--report',
      'x.txt/r',
    ])
    expect([code, readFileSync(join(cwd, 'web.yaml'), 'utf8'), existsSync(join(cwd, 'x.txt/r'))]).toEqual([
      2,
      WEB,
      false,
    ])
  })

  it.each([
    [['validate', '.'], 'ValidateReport', 1],
    [['validate', '--list-kinds'], 'KindList', 0],
    [['templates', 'list'], 'TemplateList', 0],
    [['templates', 'images'], 'ImageList', 0],
    [['templates', 'images', '-s', 'mesh-istio'], 'ImageList', 0],
    [['templates', 'docs', 'logging'], 'TemplateDocs', 0],
    [['templates', 'docs', 'proxy'], 'TemplateDocs', 0],
    [['templates', 'validate', 'web.yaml'], 'TemplateReport', 1],
  ])('%s', async (argv, kind, expected) => {
    const { code, stdout } = await run({ 'web.yaml': WEB, 'b.yaml': BROKEN }, [...argv, '-o', 'json'])
    expectReport(stdout, kind)
    expect(code).toBe(expected)
  })

  it('templates docs tells the limits of each parameter', async () => {
    const { stdout } = await run({ 'a.yaml': WEB }, ['templates', 'docs', 'logging', '-o', 'json'])
    const { parameters } = JSON.parse(stdout) as { parameters: { name: string; enum?: string[] }[] }
    expect(parameters.find(({ name }) => name === 'output')?.enum).toContain('forward')
  })
})

describe('check in formats of other programs', () => {
  const check = async (format: string) =>
    await run({ 'web.yaml': WEB, 'b.yaml': BROKEN }, ['check', '.', '-s', 'logging', '-o', format])

  it('github', async () => {
    const { code, stdout } = await check('github')
    expect(code).toBe(1)
    expect(stdout).toContain(
      '::error file=./web.yaml,line=1,endLine=1,col=1,endColumn=1,title=SIDECAR_MISSING::Deployment shop/web: logging is missing%0Ahint: to update the files: sidecarctl check -s logging --fix .\n',
    )
    expect(stdout).toContain('file=./b.yaml')
  })

  it('sarif', async () => {
    const { runs } = JSON.parse((await check('sarif')).stdout) as { runs: [{ results: { ruleId: string }[] }] }
    expect(runs[0].results.map(({ ruleId }) => ruleId)).toContain('SIDECAR_MISSING')
  })

  it('junit', async () => {
    const { stdout } = await check('junit')
    expect(stdout).toMatch(/<testsuites name="sidecarctl check" tests="\d+" failures="2"/)
    expect(stdout).toContain('<testcase name="Deployment shop/web" classname="./web.yaml" file="./web.yaml" line="1"')
  })

  it('is not said together with --fix', async () => {
    expect((await run({ 'web.yaml': WEB }, ['check', 'web.yaml', '--fix', '-o', 'json'])).code).toBe(2)
  })
})
