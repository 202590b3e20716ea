import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { SourceText } from '../../../src/core/text/source.ts'
import { parseKubeVersion } from '../../../src/core/kube/version.ts'
import { checkPromises } from '../../cases/promises.ts'
import { asked, findings, output, put, take, templates } from './run.ts'

const TAIL = templates({
  tail: `
container:
  image: example.com/tail:1
  args: [--follow, /logs]
  env:
    - {name: LEVEL, value: info}
    - {name: FORMAT, value: json}
  ports:
    - {name: metrics, containerPort: 9000}
  readinessProbe:
    httpGet: {path: /ready, port: 9000}
    periodSeconds: 5
  resources:
    requests: {cpu: 10m, memory: 64Mi}
    limits: {memory: 128Mi}
  securityContext:
    runAsNonRoot: true
    capabilities: {drop: [ALL]}
    seccompProfile: {type: RuntimeDefault}
sharedFolders:
  - {volume: logs, path: /var/log/app, sidecarPath: /logs}
`,
})

const app = (rest: string, annotation = '  annotations: {sidecarctl.dev/override: tail}\n'): string => `apiVersion: v1
kind: Pod
metadata:
  name: a
${annotation}spec:
  containers:
    - name: app
      image: example.com/a:1
${rest}`

type Container = Record<string, never>

async function overridden(text: string, options = TAIL): Promise<{ tail: Container; app: Container; list: string }> {
  const result = await put(text, options)
  expect(findings(result).filter((f) => !f.startsWith('SIDECAR_OVERRIDDEN'))).toEqual([])
  await checkPromises(new SourceText('in.yaml', text), output(result), asked(options))
  const { spec } = parse(output(result)) as { spec: Record<string, Container[]> }
  const list = Object.keys(spec).find((key) => spec[key]?.some?.((c) => c['name'] === 'tail')) ?? ''
  const find = (key: string, name: string): Container => spec[key]?.find((c) => c['name'] === name) as Container
  return { tail: find(list, 'tail'), app: find('containers', 'app'), list }
}

describe('a container of the manifest with the name of a sidecar', () => {
  it.each([
    ['its image wins, the rest comes in', 'image: own:2', ['image'], 'own:2'],
    ['a list without identities is its own', 'args: [own]', ['args'], ['own']],
    ['an empty list too', 'args: []', ['args'], []],
    ['env is merged by name, its own first', 'env: [{name: LEVEL, value: debug}]', ['env'],
      [{ name: 'LEVEL', value: 'debug' }, { name: 'FORMAT', value: 'json' }]],
    ['a variable that it has from elsewhere stays whole', 'env: [{name: LEVEL, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]',
      ['env', 0], { name: 'LEVEL', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
    ['mounts are merged by path', 'volumeMounts: [{name: logs, mountPath: /logs, readOnly: true}]', ['volumeMounts'],
      [{ name: 'logs', mountPath: '/logs', readOnly: true }]],
    ['ports are merged by number', 'ports: [{containerPort: 9001}]', ['ports'],
      [{ containerPort: 9001 }, { name: 'metrics', containerPort: 9000 }]],
    ['maps are merged deeply', 'resources: {limits: {cpu: "1"}}', ['resources'],
      { limits: { cpu: '1', memory: '128Mi' }, requests: { cpu: '10m', memory: '64Mi' } }],
    ['a null is no value', 'resources:', ['resources'],
      { limits: { memory: '128Mi' }, requests: { cpu: '10m', memory: '64Mi' } }],
    ['an empty map is filled', 'resources: {}', ['resources'],
      { limits: { memory: '128Mi' }, requests: { cpu: '10m', memory: '64Mi' } }],
    ['its limit takes out a request above it', 'resources: {limits: {memory: 32Mi}}', ['resources'],
      { limits: { memory: '32Mi' }, requests: { cpu: '10m' } }],
    ['its request takes out a limit below it', 'resources: {requests: {memory: 1Gi}}', ['resources', 'limits'], {}],
    ['its probe keeps its own handler', 'readinessProbe: {tcpSocket: {port: 9000}}', ['readinessProbe'],
      { tcpSocket: { port: 9000 }, periodSeconds: 5 }],
    ['a profile is one choice', 'securityContext: {seccompProfile: {type: Unconfined}}', ['securityContext', 'seccompProfile'],
      { type: 'Unconfined' }],
    ['root is not told to be none', 'securityContext: {runAsUser: 0}', ['securityContext'],
      { runAsUser: 0, capabilities: { drop: ['ALL'] }, seccompProfile: { type: 'RuntimeDefault' } }],
  ] as const)('%s', async (_, own, path, expected) => {
    const { tail, list } = await overridden(app(`    # mine\n    - name: tail\n      ${own} # as I want it\n`))
    expect(list).toBe('containers')
    expect(path.reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], tail)).toEqual(expected)
  })

  it('is none of the app\'s containers', async () => {
    const { tail, app: web } = await overridden(app('    - name: tail\n      image: own:2\n'))
    expect(web['volumeMounts']).toEqual([{ name: 'logs', mountPath: '/var/log/app' }])
    expect(tail['volumeMounts']).toEqual([{ name: 'logs', mountPath: '/logs' }])
  })

  it('stays an ordinary container where it stands as one, and says so', async () => {
    const result = await put(app('    - name: tail\n'), TAIL)
    expect(findings(result)).toEqual(['SIDECAR_OVERRIDDEN in.yaml:10:13'])
    expect(result.diagnostics[0]?.message).toContain('as a classic one')
    expect(output(result)).not.toContain('initContainers:')
  })

  it.each([['its own policy', '      restartPolicy: Always\n'], ['no image of its own', '      tty: false\n']])(
    'stays a native sidecar among the init containers: %s', async (_, own) => {
      const text = app(`  initContainers:\n    - name: setup\n      image: s:1\n    - name: tail\n${own}`)
      const { tail, list } = await overridden(text, { ...TAIL, kubeVersion: parseKubeVersion('1.32') as never })
      expect(list).toBe('initContainers')
      expect(tail).toMatchObject({ restartPolicy: 'Always', image: 'example.com/tail:1', startupProbe: { failureThreshold: 30 } })
    })

  it.each([
    ['the only container', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: tail\n      image: own:2\n',
      ['CONTAINER_NAME_TAKEN in.yaml:6:13']],
    ['an init container that ends', app('  initContainers:\n    - name: tail\n      image: own:2\n'), ['CONTAINER_NAME_TAKEN in.yaml:11:13']],
    ['a port of the app in the override', app('      ports:\n        - containerPort: 80\n    - name: tail\n      ports:\n        - containerPort: 80\n'),
      ['PORT_TAKEN in.yaml:11:11', 'SIDECAR_OVERRIDDEN in.yaml:12:13']],
    ['an ordinary sidecar in a Job', `apiVersion: batch/v1\nkind: Job\nmetadata: {name: a}\nspec:\n  template:\n    spec:
      restartPolicy: Never\n      containers:\n        - {name: app, image: a}\n        - {name: tail}\n`, ['JOB_NEVER_ENDS in.yaml:1:1']],
  ])('is refused: %s', async (_, text, expected) => {
    const result = await put(text, TAIL)
    expect(findings(result).map((f) => f.split(' < ')[0])).toEqual(expected)
    expect(output(result)).toBe(text)
  })

  it.each([
    ['flow style', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: app, image: a}, {name: tail, args: [x]}]}\n'],
    ['JSON', '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":{"containers":[{"name":"app","image":"a"},{"name":"tail"}]}}'],
    ['no final line break', app('    - name: tail\n      image: own:2 # mine')],
    ['flush dashes', app('').replaceAll('    -', '  -').replaceAll('      image', '    image') + '  - name: tail\n    env:\n    - name: X\n'],
    ['a block in the middle', app('    - name: tail\n      resources:\n        limits:\n          cpu: 1\n      # behind\n    - name: other\n      image: o\n')],
    ...['args: # mine', 'args:\n        # mine', 'args: ~ # mine', 'args: &x # mine', 'args: !!null # mine', 'env: # mine', 'env: [] # mine', 'resources: # mine'].map(
      (own): [string, string] => [JSON.stringify(own), app(`    - name: tail\n      ${own}\n      image: own:2\n`)]),
    ['a null where a list goes', app('    - name: tail\n      args:\n      image: own:2\n')],
    ['a name behind other fields', app('    - image: own:2\n      name: tail\n')],
  ])('keeps its bytes in %s', async (_, text) => {
    expect(await overridden(text)).toMatchObject({ list: 'containers', tail: { readinessProbe: { periodSeconds: 5 } } })
  })

  it.each(['      args: &n\n', '      env: &n\n'])('is refused at a null that stands elsewhere, too: %j', async (own) => {
    const result = await put(app(`    - name: tail\n${own}      command: *n\n`), TAIL)
    expect(findings(result).map((f) => f.split(' ')[0])).toEqual(['SIDECAR_OVERRIDDEN', 'EDIT_SHARED_NODE'])
  })

  it('keeps what is ours in it when another sidecar comes later', async () => {
    const text = app('    - name: tail\n      image: own:2\n')
    const both = templates({ tail: 'container: {image: t, args: [x]}', extra: 'container: {image: e}\nsharedFolders: [{volume: v, path: /v}]' })
    const first = output(await put(text, { ...both, sidecars: ['tail'] }))
    const second = output(await put(first, { ...both, sidecars: ['extra'] }))
    expect((parse(second) as { spec: { containers: Container[] } }).spec.containers.map((c) => [c['name'], Object.keys(c)])).toEqual([
      ['app', ['name', 'image', 'volumeMounts']], ['tail', ['name', 'image', 'args']],
    ])
    expect(output(await put(text, both))).toContain('initContainers')
  })
})

it('a list that another sidecar had made in what becomes an override is not noted as text of the user', async () => {
  const both = templates({
    tail: 'container: {image: t, env: [{name: A, value: b}]}',
    ship: 'container: {image: s}\napp: {env: [{name: SHIP, value: "1"}]}',
  })
  const text = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations: {sidecarctl.dev/override: tail}\nspec: {containers: [{name: app, image: a}, {name: tail, image: u}]}\n'
  const first = output(await put(text, { ...both, sidecars: ['ship'] }))
  const second = await put(first, { ...both, sidecars: ['tail', 'ship'] })
  expect(findings(second).filter((found) => !found.startsWith('SIDECAR_OVERRIDDEN'))).toEqual([])
  expect(output(await take(output(second)))).toBe(text)
})

describe('a container with the name of a sidecar is an override', () => {
  const plain = (rest: string): string => app(rest, '')
  const noted = (value: string): string => `  annotations:\n    sidecarctl.dev/override: ${value}\n`

  it.each([
    ['without an image', plain('    - name: tail\n'), 'example.com/tail:1'],
    ['with an image that is null', plain('    - name: tail\n      image: # none\n'), 'example.com/tail:1'],
    ['with image: auto', plain('    - name: tail\n      image: auto # the sidecar\'s\n'), 'example.com/tail:1'],
    ['with image: "auto"', plain('    - name: tail\n      image: "auto"\n'), 'example.com/tail:1'],
    ['with image: \'auto\' in flow style', plain('    - {name: tail, image: \'auto\', tty: true}\n'), 'example.com/tail:1'],
    ['named by the annotation', app('    - name: tail\n      image: own:2\n', noted('tail')), 'own:2'],
    ['named by it among others', app('    - name: tail\n      image: own:2\n', noted('"app, tail"')), 'own:2'],
  ])('%s', async (_, text, image) => {
    expect((await overridden(text)).tail).toMatchObject({ image, readinessProbe: { periodSeconds: 5 } })
  })

  it('named by the annotation of the workload around it', async () => {
    const text = `apiVersion: apps/v1
kind: Deployment
metadata: {name: a, annotations: {sidecarctl.dev/override: tail}}
spec:
  selector: {matchLabels: {a: b}}
  template:
    metadata: {labels: {a: b}}
    spec: {containers: [{name: app, image: a}, {name: tail, image: own:2}]}
`
    const result = await put(text, TAIL)
    expect(findings(result)).toEqual(['SIDECAR_OVERRIDDEN in.yaml:8:55'])
    expect(output(await take(output(result)))).toBe(text)
  })

  it('among the init containers with image: auto, as a native sidecar', async () => {
    const text = plain('  initContainers:\n    - name: tail\n      image: auto\n')
    expect(await overridden(text)).toMatchObject({ list: 'initContainers', tail: { image: 'example.com/tail:1', restartPolicy: 'Always' } })
  })

  it('and stays one when another sidecar comes later', async () => {
    const both = templates({ tail: 'container: {image: t, args: [x]}', extra: 'container: {image: e}\nsharedFolders: [{volume: v, path: /v}]' })
    const text = plain('    - name: tail\n      image: auto\n')
    const first = output(await put(text, { ...both, sidecars: ['tail'] }))
    const second = output(await put(first, { ...both, sidecars: ['extra'] }))
    const { spec } = parse(second) as { spec: { containers: Container[] } }
    expect(spec.containers.map((c) => [c['name'], Object.keys(c)])).toEqual([['app', ['name', 'image', 'volumeMounts']], ['tail', ['name', 'image', 'args']]])
    expect(output(await take(second))).toBe(text)
  })

  it.each([
    ['its name', plain('    - name: tail\n      image: nginx:1\n'), ['CONTAINER_NAME_TAKEN in.yaml:9:13 < tail.yaml:5:3']],
    ['its name, where another is named', app('    - name: tail\n      image: nginx:1\n', noted('app')), ['CONTAINER_NAME_TAKEN in.yaml:11:13 < tail.yaml:5:3']],
  ])('not by %s alone', async (_, text, expected) => {
    const result = await put(text, TAIL)
    expect(findings(result)).toEqual(expected)
    expect(result.diagnostics[0]?.hint).toContain('add the annotation sidecarctl.dev/override: tail')
    expect(output(result)).toBe(text)
  })

  it('where it is none, and the sidecar gets another name, it is one of the app\'s', async () => {
    const text = plain('    - name: tail\n      image: nginx:1\n')
    const result = await put(text, { ...TAIL, onConflict: 'rename' })
    const { spec } = parse(output(result)) as { spec: { containers: Container[]; initContainers: Container[] } }
    expect(spec.containers.map((c) => Object.keys(c))).toEqual([['name', 'image', 'volumeMounts'], ['name', 'image', 'volumeMounts']])
    expect(spec.initContainers.map((c) => c['name'])).toEqual(['tail-2'])
    expect(output(await take(output(result)))).toBe(text)
  })

  it('where it is none, and the sidecar is left out, nothing changes', async () => {
    const text = plain('    - name: tail\n      image: nginx:1\n')
    const result = await put(text, { ...TAIL, onConflict: 'keep' })
    expect(output(result)).toBe(text)
    expect(result.files[0]?.workloads[0]?.sidecars).toMatchObject([{ action: 'skipped', reason: 'container-name-taken' }])
  })

  it.each([
    ['a container that does not exist', noted('taill'), 'ANNOTATION_INVALID in.yaml:6:30', 'did you mean tail?'],
    ['nothing', noted('""'), 'ANNOTATION_INVALID in.yaml:6:30', 'separate container names with commas'],
    ['no name between commas', noted('"tail,,app"'), 'ANNOTATION_INVALID in.yaml:6:30', 'separate container names with commas'],
  ])('not where the annotation names %s', async (_, annotation, finding, hint) => {
    const text = app('    - name: tail\n', annotation)
    const result = await put(text, TAIL)
    expect(findings(result)[0]).toBe(finding)
    expect(result.diagnostics[0]?.hint).toBe(hint)
    expect(output(result)).toBe(text)
  })

  it('not by the annotation of a Namespace, which is told', async () => {
    const text = `apiVersion: v1\nkind: Namespace\nmetadata: {name: default, annotations: {sidecarctl.dev/override: tail}}\n---\n${plain('')}`
    expect(findings(await put(text, TAIL))).toEqual(['ANNOTATION_UNKNOWN in.yaml:3:41'])
  })
})

describe('an overriding container whose keys another program sorted since', () => {
  const text = app('  initContainers:\n    - name: tail\n      resources: {limits: {memory: 1Gi}}\n')
  const sorted = (source: string): string => stringify(parse(source), { sortMapEntries: true })

  it('is taken out, although its first keys are the sidecar\'s', async () => {
    const result = await take(sorted(output(await put(text, TAIL))))
    expect(findings(result)).toEqual([])
    expect(output(result)).toBe(sorted(text))
  })

  it('keeps the comments between those keys', async () => {
    const commented = sorted(output(await put(text, TAIL))).replace('      env:\n', '      # mine\n      env:\n')
    expect(commented).toContain('# mine')
    expect(output(await take(commented))).toBe(sorted(text).replace('    - name: tail', '    # mine\n    - name: tail'))
  })

  it('is given other values', async () => {
    const next = templates({ tail: 'container: {image: example.com/tail:2}' }, '2')
    const result = await put(sorted(output(await put(text, TAIL))), next)
    expect(findings(result).filter((f) => !f.startsWith('SIDECAR_OVERRIDDEN'))).toEqual([])
    expect(output(await take(output(result)))).toBe(sorted(text))
  })
})

describe('a port that the overriding container names otherwise', () => {
  const NAMED = templates({
    tail: `
container:
  image: example.com/tail:1
  ports: [{name: metrics, containerPort: 9000}]
  readinessProbe: {httpGet: {path: /ready, port: metrics}}
  livenessProbe: {tcpSocket: {port: metrics}}
  lifecycle: {preStop: {httpGet: {port: metrics}}}
`,
  })

  it.each([
    ['by that name', 'ports: [{name: mine, containerPort: 9000}]', 'mine'],
    ['by its number where it has none', 'ports: [{containerPort: 9000}]', 9000],
    ['by its own name where that is the same', 'ports: [{name: metrics, containerPort: 9000, hostPort: 9000}]', 'metrics'],
    ['by its own name where only another protocol has another', 'ports: [{name: mine, containerPort: 9000, protocol: UDP}]', 'metrics'],
  ])('is found by the probes and hooks of the sidecar: %s', async (_, ports, port) => {
    const { tail } = await overridden(app(`  initContainers:\n    - name: tail\n      ${ports}\n`), NAMED)
    expect(tail).toMatchObject({
      startupProbe: { httpGet: { port } }, readinessProbe: { httpGet: { port } }, livenessProbe: { tcpSocket: { port } },
      lifecycle: { preStop: { httpGet: { port } } },
    })
  })

  it('but the manifest\'s own probe keeps the port that it names', async () => {
    const own = 'ports: [{name: mine, containerPort: 9000}]\n      readinessProbe: {httpGet: {port: metrics}}'
    const { tail } = await overridden(app(`    - name: tail\n      ${own}\n`), NAMED)
    expect(tail['readinessProbe']).toEqual({ httpGet: { path: '/ready', port: 'metrics' } })
  })
})

describe('a value that a run replaces', () => {
  const GRACE = templates({ tail: 'container: {image: t}\nvolumes: [{name: state, emptyDir: {}}]\npod: {minTerminationGracePeriodSeconds: 60}' })
  const pod = (spec: string): string => app(`${spec}\n`, '')

  it.each([
    ...['!!null null', '!!null ~', '&a !!null ~', '!!null &a', '!!null'].map((text) => `  volumes: ${text}`),
    ...['!!int 30', '!!int "30"', '!!float 30', '&a 30', '0x1E'].map((text) => `  terminationGracePeriodSeconds: ${text}`),
    ...["'auto'", '!!str auto', '"au\\x74o"', '&a auto'].map((text) => `  initContainers:\n    - name: tail\n      image: ${text}`),
  ])('comes back as it was written: %s', async (spec) => {
    const result = await put(pod(spec), { ...GRACE, validate: false })
    expect(findings(result).filter((f) => !f.startsWith('SIDECAR_OVERRIDDEN'))).toEqual([])
    expect(output(result)).not.toBe(pod(spec))
    expect(output(await take(output(result), GRACE))).toBe(pod(spec))
  })

  it.each([
    ['an unusual tag', '  volumes: !<tag:yaml.org,2002:null> ~', 'EDIT_LAYOUT in.yaml:9:12'],
    ['several lines', '  initContainers:\n    - name: tail\n      image: |-\n        auto', 'EDIT_LAYOUT in.yaml:11:14'],
  ])('is an error where its text could not be written back: %s', async (_, spec, finding) => {
    const result = await put(pod(spec), { ...GRACE, validate: false })
    expect(findings(result).filter((f) => !f.startsWith('SIDECAR_OVERRIDDEN'))).toEqual([finding])
    expect(output(result)).toBe(pod(spec))
  })
})
