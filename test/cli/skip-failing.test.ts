/** `inject --skip-failing`: workloads with errors stay as they are, the others get their sidecars, and the run exits with 1. */
import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { git } from '../gitops/scratch.ts'
import { folder } from './fake.ts'
import { sidecarctl } from './gitops.ts'

const workload = (name: string, container = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: app
          image: a:1
${container}`
const PORT = '          ports: [{containerPort: 8080}]\n'
const GOOD = workload('web', PORT)
/** No port is known, which metrics needs. */
const PORTLESS = workload('batch')

const reportIn = (cwd: string): unknown => JSON.parse(readFileSync(join(cwd, 'report.json'), 'utf8'))

describe('a report of a run that could not write', () => {
  it.each([[[]], [['--keep-going']]])('says so, with %j', async (flags) => {
    const cwd = folder({ 'out.yaml': GOOD, 'in/web.yaml': GOOD, ...(flags.length > 0 && { 'in/bad.yaml': PORTLESS }) })
    // In one repository a link is read, but not written, as it leads out of the folder.
    git(cwd, 'init', '-q')
    symlinkSync('../out.yaml', join(cwd, 'in/link.yaml'))
    const argv = ['inject', '-w', 'in', '-s', 'metrics', '--report', 'report.json', ...flags]
    const { code, stderr } = await sidecarctl(cwd, argv)
    expect([code, stderr]).toEqual([2, expect.stringContaining('IO_LINK_OUTSIDE')])
    expect(readFileSync(join(cwd, 'in/web.yaml'), 'utf8')).toBe(GOOD)
    expect(reportIn(cwd)).toMatchObject({
      applied: false,
      diagnostics: expect.arrayContaining([expect.objectContaining({ code: 'IO_LINK_OUTSIDE' })]),
    })
  })
})

describe('inject --skip-failing', () => {
  const STREAM = `${GOOD}---\n${PORTLESS}---\n${workload('api', PORT)}`

  it('without it nothing is printed', async () => {
    const cwd = folder({ 'a.yaml': STREAM })
    const { code, stdout } = await sidecarctl(cwd, ['inject', 'a.yaml', '-s', 'metrics'])
    expect([code, stdout]).toEqual([2, ''])
  })

  it('injects the others, reports the error, and exits with 1', async () => {
    const cwd = folder({ 'a.yaml': STREAM })
    const { code, stdout, stderr } = await sidecarctl(cwd, ['inject', 'a.yaml', '-s', 'metrics', '--skip-failing'])
    expect(code).toBe(1)
    expect(stderr).toContain('PARAM_REQUIRED')
    expect(stderr).toContain('2 injected, 1 skipped: it has errors (3 workloads in 1 file)')
    const [web, batch, api] = stdout.split('---\n')
    expect([web, api].map((text) => text?.includes('name: metrics'))).toEqual([true, true])
    expect(batch).toBe(PORTLESS)
  })

  it('tells of the errors in the report, too', async () => {
    const cwd = folder({ 'a.yaml': STREAM })
    await sidecarctl(cwd, ['inject', 'a.yaml', '-s', 'metrics', '--skip-failing', '--report', 'report.json'])
    expect(reportIn(cwd)).toMatchObject({
      applied: true,
      diagnostics: [{ code: 'PARAM_REQUIRED' }],
      summary: { injected: 2, skipped: 1, errors: 1, changed: 1 },
    })
  })

  it('writes them with -w, and a second run changes nothing', async () => {
    const cwd = folder({ 'a.yaml': GOOD, 'b.yaml': PORTLESS })
    const argv = ['inject', '.', '-s', 'metrics', '--skip-failing', '-w']
    expect((await sidecarctl(cwd, argv)).code).toBe(1)
    const once = readFileSync(join(cwd, 'a.yaml'), 'utf8')
    expect(once).toContain('name: metrics')
    expect(readFileSync(join(cwd, 'b.yaml'), 'utf8')).toBe(PORTLESS)
    expect((await sidecarctl(cwd, argv)).code).toBe(1)
    expect(readFileSync(join(cwd, 'a.yaml'), 'utf8')).toBe(once)
  })

  it.each([
    [
      'what Kubernetes would reject of the result',
      workload('bad', '          ports: [{containerPort: 80, name: otel-health}]\n'),
      'error',
    ],
    ['what it would reject of the input', workload('bad', `${PORT}          imagePullPolicy: Never2\n`), 'error'],
    ['a conflict of names', `${workload('bad', PORT)}        - {name: metrics, image: b}\n`, 'CONTAINER_NAME_TAKEN'],
    [
      'a record that was edited',
      workload('bad', PORT).replace(
        'labels: {app: bad}}',
        'labels: {app: bad}, annotations: {injected.sidecarctl.dev/metrics: "{"}}',
      ),
      'RECORD_INVALID',
    ],
    [
      'a workload without containers',
      workload('bad')
        .replace(/ {8}- name: app\n {10}image: a:1\n/, '')
        .replace('containers:', 'containers: []'),
      'WORKLOAD_NO_CONTAINERS',
    ],
  ])('%s counts as its error', async (_, bad, message) => {
    const cwd = folder({ 'a.yaml': `${bad}---\n${GOOD}` })
    const { code, stdout, stderr } = await sidecarctl(cwd, ['inject', 'a.yaml', '-s', 'metrics', '--skip-failing'])
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)])
    expect(stdout.startsWith(`${bad}---\n`)).toBe(true)
    expect(stdout.slice(bad.length)).toContain('name: metrics')
  })

  it.each([
    ['a text that cannot be read', 'a: [\n', []],
    ['a neighbour that kubectl would not read', `${GOOD}---\napiVersion: v1\nkind: ConfigMap\ndata: {a: b: c}\n`, []],
    ['an unknown sidecar', GOOD, ['-s', 'nosuch']],
  ])('%s is an error of the run', async (_, text, flags) => {
    const cwd = folder({ 'a.yaml': text })
    const { code, stdout, stderr } = await sidecarctl(cwd, [
      'inject',
      'a.yaml',
      '-s',
      'metrics',
      ...flags,
      '--skip-failing',
    ])
    expect(code).toBeGreaterThan(0)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/(^| )error /m)
  })

  it('exits with 0 where nothing fails', async () => {
    const cwd = folder({ 'a.yaml': GOOD })
    expect((await sidecarctl(cwd, ['inject', 'a.yaml', '-s', 'metrics', '--skip-failing'])).code).toBe(0)
  })

  it('is a flag of inject alone', async () => {
    const cwd = folder({ 'a.yaml': GOOD })
    expect((await sidecarctl(cwd, ['uninject', 'a.yaml', '--skip-failing'])).code).toBe(2)
  })
})
