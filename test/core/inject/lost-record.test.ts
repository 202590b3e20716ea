import { describe, expect, it } from 'vitest'
import { recordLines } from '../../helpers/record-lines.ts'
import { DEFAULTS, findings, output, put, take, templates } from './run.ts'

const SHIP = templates({
  ship: `
container:
  image: example.com/ship:1
  args: [--follow]
sharedFolders: [{volume: logs, path: /var/log/app}]
app: {env: [{name: SHIP, value: "1"}]}
pod: {annotations: {example.com/ship: "yes"}}
`,
  gate: 'container: {image: example.com/gate:1}',
})
const ONE = { ...SHIP, sidecars: ['ship'] }
const CLASSIC = { ...ONE, modes: new Map([['', 'classic' as const]]) }

const pod = (own = '', more = ''): string => `apiVersion: v1
kind: Pod
metadata:
  name: a
${own}spec:
  containers:
    - name: app # mine
      image: a
${more}`

/** A text without the records in it. */
const stripped = (text: string): string => text.replaceAll(recordLines(), '')

const codes = (found: readonly string[]): string[] => found.map((one) => one.split(' ')[0] as string)

describe('a lost record', () => {
  it.each([
    ['native', pod(), ONE], ['ordinary', pod(), CLASSIC],
    ['native, beside volumes and annotations of the manifest', pod('  annotations:\n    mine: x\n', '  volumes: [{name: own, emptyDir: {}}]\n'), ONE],
    ['ordinary, beside another container', pod('', '    - name: second\n      image: b\n'), CLASSIC],
  ])('is written again where all is as it would be injected: %s', async (_, text, options) => {
    const injected = output(await put(text, options))
    const lost = stripped(injected)
    const result = await put(lost, options)
    expect(codes(findings(result))).toEqual(['RECORD_ADOPTED'])
    expect(result.files[0]?.workloads[0]).toMatchObject({ status: 'updated', sidecars: [{ name: 'ship', action: 'updated', state: 'no record' }] })
    expect(stripped(output(result))).toBe(lost)
    expect(findings(await put(output(result), options))).toEqual([])
    const bare = output(await take(output(result), { ...options, sidecars: undefined as never }))
    expect(bare).not.toMatch(/ship|logs|SHIP/)
    expect(output(await put(bare, options))).toContain('name: ship')
  })

  it('gives back the very text where the annotations were the manifest\'s own', async () => {
    const text = pod('  annotations:\n    mine: x\n')
    const again = await put(stripped(output(await put(text, ONE))), ONE)
    expect(output(await take(output(again)))).toBe(text)
  })

  it.each(['hostPath: {path: /x}', 'persistentVolumeClaim: {claimName: x}', 'emptyDir: {sizeLimit: 1Gi}'])(
    'does not claim a folder of the manifest, on a volume with the name of the sidecar\'s: %s', async (source) => {
      const text = pod('', `      volumeMounts: [{name: logs, mountPath: /var/log/app}]\n  volumes: [{name: logs, ${source}}]\n`)
      const result = await put(stripped(output(await put(text, ONE))), ONE)
      expect(codes(findings(result))).toEqual(['RECORD_ADOPTED'])
      expect(findings(await put(output(result), ONE))).toEqual([])
      const bare = output(await take(output(result)))
      expect(bare.replace(/  annotations:.*\n/, '')).toBe(text)
    })

  it('leaves the empty map of annotations where a tool took the record out', async () => {
    const one = templates({ plain: 'container: {image: p}' })
    const lost = stripped(output(await put(pod(), one)))
    expect(lost).toContain('  annotations:\nspec:')
    const again = await put(lost, one)
    expect(codes(findings(again))).toEqual(['RECORD_ADOPTED'])
    expect(output(await take(output(again)))).toBe(pod('  annotations:\n'))
  })

  it('of one sidecar among two is written again beside the other\'s', async () => {
    const both = output(await put(pod(), SHIP))
    const lost = both.replace(recordLines('ship'), '')
    const result = await put(lost, SHIP)
    expect(codes(findings(result))).toEqual(['RECORD_ADOPTED'])
    expect(findings(await put(output(result), SHIP))).toEqual([])
    expect(output(await take(output(result)))).not.toMatch(/ship|gate|SHIP|logs/)
  })

  it.each(['rename', 'keep'] as const)('does not count as a taken name, with --on-conflict=%s', async (onConflict) => {
    const lost = stripped(output(await put(pod(), ONE)))
    expect(codes(findings(await put(lost, { ...ONE, onConflict })))).toEqual(['RECORD_ADOPTED'])
  })

  it.each([
    ['arguments', '- --follow', '- --mine', 'args', 'args:'],
    ['the version of the image', 'ship:1', 'ship:2', 'image', 'example.com/ship:2'],
  ])('is a conflict with its place where something differs: %s', async (_, from, to, field, at) => {
    const lost = stripped(output(await put(pod(), ONE))).replace(from, to)
    const result = await put(lost, ONE)
    const line = lost.split('\n').findIndex((text) => text.includes(at)) + 1
    expect(result.diagnostics.map((found) => [found.code, found.message.split('template in ')[1], found.at?.source.position(found.at.range.start).line]))
      .toEqual([['RECORD_LOST', field, line]])
    expect(result.diagnostics[0]?.hint).toContain('restore the annotation injected.sidecarctl.dev/ship')
    expect(output(result)).toBe(lost)
  })

  it('is a conflict where the sidecar would run in another mode', async () => {
    const lost = stripped(output(await put(pod(), CLASSIC)))
    const result = await put(lost, ONE)
    expect(result.diagnostics.map(({ code, message }) => [code, message.split('template in ')[1]])).toEqual([['RECORD_LOST', 'its place in containers']])
  })

  it('of one sidecar is told where another one is injected or compared', async () => {
    const both = output(await put(pod(), { ...SHIP, sidecars: ['ship', 'gate'] }))
    const lost = both.replace(recordLines('ship'), '')
    const result = await put(lost, { ...SHIP, sidecars: ['gate'] })
    expect(result.diagnostics.map(({ code, severity, path }) => [code, severity, path?.slice(0, 2)])).toEqual([['RECORD_MISSING', 'warning', ['spec', 'initContainers']]])
    expect(output(result)).toBe(lost)
  })

  it('is told by uninject, which removes nothing', async () => {
    const lost = stripped(output(await put(pod(), ONE)))
    const result = await take(lost, SHIP.builtins === undefined ? {} : { builtins: SHIP.builtins })
    expect(codes(findings(result))).toEqual(['RECORD_MISSING'])
    expect(result.files[0]?.workloads[0]).toMatchObject({ status: 'skipped', reason: 'record-lost', sidecars: [] })
    expect(output(result)).toBe(lost)
  })

  it('of one sidecar is told by uninject, which removes the other', async () => {
    const both = output(await put(pod(), SHIP))
    const lost = both.replace(recordLines('ship'), '')
    const result = await take(lost, { builtins: SHIP.builtins ?? DEFAULTS.builtins })
    expect(codes(findings(result))).toEqual(['RECORD_MISSING'])
    expect(result.files[0]?.workloads[0]?.sidecars.map(({ name }) => name)).toEqual(['gate'])
    expect(output(result)).toContain('name: ship')
  })

  it('is none where a container only has the name', async () => {
    const text = pod('', '    - name: ship\n      image: nginx:1\n')
    expect(codes(findings(await put(text, ONE)))).toEqual(['CONTAINER_NAME_TAKEN'])
    expect(findings(await take(text, { builtins: SHIP.builtins ?? DEFAULTS.builtins }))).toEqual([])
  })
})

describe('a sidecar whose record was lost, to whose container another one then added as to an app\'s', () => {
  const both = templates({
    tail: 'container: {image: t, args: [a], env: [{name: A, value: b}]}',
    bare: 'container: {image: u}\nsharedFolders: [{volume: logs, path: /logs}]',
    ship: 'app: {env: [{name: SHIP, value: "1"}], lifecycle: {preStop: {exec: {command: [x]}}}, ports: [{containerPort: 9000}]}\npod: {annotations: {example.com/ship: "yes"}}',
  })
  const modes = new Map([['', 'classic' as const]])
  const flow = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: {mine: x}}\nspec: {containers: [{name: app, image: a}]} # mine\n'
  const without = (text: string, name: string): string =>
    text.replace(new RegExp(`, injected\\.sidecarctl\\.dev/${name}: '[^']*'|${recordLines(name).source}`, 'm'), '')

  it.each([
    ['block', pod('  annotations:\n    mine: x\n'), ['tail', 'ship']], ['flow', flow, ['tail', 'ship']],
    ['block, the other first', pod('  annotations:\n    mine: x\n'), ['ship', 'tail']], ['flow, the other first', flow, ['ship', 'tail']],
    ['block, with a folder', pod('  annotations:\n    mine: x\n'), ['bare', 'ship']], ['flow, with a folder', flow, ['bare', 'ship']],
    ['block, of two', pod('  annotations:\n    mine: x\n'), ['bare', 'tail', 'ship']], ['flow, of two', flow, ['bare', 'tail', 'ship']],
  ])('is taken up again without what the other added: %s', async (_, text, sidecars) => {
    const lostOnes = sidecars.filter((name) => name !== 'ship')
    const first = output(await put(text, { ...both, modes, sidecars: lostOnes }))
    const lost = lostOnes.reduce(without, first)
    const shipped = output(await put(lost, { ...both, modes, sidecars: ['ship'] }))
    expect(shipped.match(/name: SHIP/g)).toHaveLength(1 + lostOnes.length)
    const result = await put(shipped, { ...both, modes, sidecars })
    expect(new Set(codes(findings(result)))).toEqual(new Set(['RECORD_ADOPTED']))
    const again = output(result)
    expect(again.match(/name: SHIP/g)).toHaveLength(1)
    expect(findings(await put(again, { ...both, modes, sidecars }))).toEqual([])
    // A list of shared folders that held nothing else is made for it, as far as it can be told.
    expect(output(await take(again, { builtins: both.builtins as never, sidecars: undefined as never }))).toBe(text)
  })

  it('is an error with its place where it alone is to be taken up', async () => {
    const first = output(await put(pod(), { ...both, modes, sidecars: ['tail'] }))
    const shipped = output(await put(without(first, 'tail'), { ...both, modes, sidecars: ['ship'] }))
    const result = await put(shipped, { ...both, modes, sidecars: ['tail'] })
    expect(codes(findings(result))).toEqual(['RECORD_LOST'])
    expect(result.diagnostics[0]?.hint).toContain('restore the annotation injected.sidecarctl.dev/tail')
    expect(output(result)).toBe(shipped)
  })
})

describe('a record of which something is missing in the manifest', () => {
  it('is told by uninject, with what is missing', async () => {
    const injected = output(await put(pod(), ONE)).replace(/      env:\n        - name: SHIP\n          value: "1"\n/, '')
    const result = await take(injected)
    expect(result.diagnostics.map(({ code, message }) => [code, message.split(': ')[1]])).toEqual([['RECORD_INCOMPLETE', 'spec.containers[app].env[SHIP]']])
    expect(output(result)).toBe(pod())
  })

  it('is told by uninject where nothing of the sidecar is left', async () => {
    const record = output(await put(pod('  annotations: {mine: x}\n'), { ...SHIP, sidecars: ['gate'] })).split('\n').find((line) => line.includes('injected.sidecarctl.dev/')) as string
    const key = /injected[^']*'[^']*'/.exec(record)?.[0] as string
    const result = await take(pod(`  annotations: {mine: x, ${key}}\n`))
    expect(result.diagnostics.map(({ message }) => message)).toEqual(['nothing of sidecar "gate" is left in the manifest; only its record is removed'])
  })
})

it('conflict markers of git in a record are named', async () => {
  const text = pod('  annotations:\n    injected.sidecarctl.dev/ship: |\n      <<<<<<< HEAD\n      {"version":"1","own":{}}\n      =======\n      {}\n      >>>>>>> other\n')
  for (const result of [await put(text, ONE), await take(text)]) {
    expect(codes(findings(result))).toEqual(['RECORD_INVALID'])
    expect(result.diagnostics[0]?.message).toContain('git conflict markers')
    expect(output(result)).toBe(text)
  }
})
