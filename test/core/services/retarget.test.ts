import { describe, expect, it } from 'vitest'
import { inject, uninject } from '../../../src/core/inject/run.ts'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import type { RunResult } from '../../../src/core/inject/result.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { asked, findings, templates } from '../inject/run.ts'

const SPECS = {
  gate: 'parameters: {port: {type: port, default: 9090}}\ncontainer: {name: gate, image: g, ports: [{name: gate, containerPort: "${{ params.port }}"}]}\nproxies: 8080',
  wall: 'parameters: {behind: {type: port, default: 9090}}\ncontainer: {name: wall, image: w, ports: [{name: wall, containerPort: 7070}]}\nproxies: ${{ params.behind }}',
  mute: 'container: {name: mute, image: m}\nproxies: 8080',
  plain: 'container: {name: plain, image: p}',
}
const { builtins } = templates(SPECS) as Pick<InjectOptions, 'builtins'>
const GATE: Partial<InjectOptions> = { builtins, sidecars: ['gate'], retargetServices: true }

const app = (name = 'web', more = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  labels: {name: ${name}}
${more}spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: app, image: a, ports: [{name: http, containerPort: 8080}]}
`
const service = (port = 'targetPort: 8080', more = ''): string => `apiVersion: v1
kind: Service
metadata:
  name: web
spec:
${more}  selector:
    app: web
  ports:
  - port: 80
    ${port}
`
const ONE = `${app()}---\n${service()}`

async function work(command: typeof inject, files: Record<string, string> | string, options: Partial<InjectOptions>): Promise<RunResult> {
  const named = typeof files === 'string' ? { 'in.yaml': files } : files
  return await command(Object.entries(named).map(([label, text]) => new SourceText(label, text)), asked(options))
}

function texts({ files }: RunResult): Record<string, string> {
  return Object.fromEntries(files.map(({ source, output }) => [source.label, output]))
}

async function put(files: Record<string, string> | string, options: Partial<InjectOptions> = {}): Promise<RunResult> {
  return await work(inject, files, { ...GATE, ...options })
}

const outputOf = (result: RunResult): string => result.files.map(({ output }) => output).join('')
const targets = (text: string): string[] => [...text.matchAll(/targetPort: *(\S*)/g)].map((match) => match[1] as string)
const actions = ({ files }: RunResult): string[] => files.flatMap(({ services = [] }) => services.flatMap(({ ports }) => ports.map(({ action }) => action)))

describe('a proxy that a container of the manifest overrides', () => {
  const overridden = (fields: string, port = 'targetPort: http'): string =>
    `${app().replace(/^ {6}- /m, `      - {name: gate${fields}}\n$&`)}---\n${service(port)}`

  it.each([
    ['', 'targetPort: http', ['gate']],
    [', env: [{name: A, value: b}]', 'targetPort: 8080', ['9090']],
    [', ports: [{name: extra, containerPort: 1}, {name: mine, containerPort: 9090}]', 'targetPort: http', ['mine']],
    [', ports: [{containerPort: 9090}]', 'targetPort: http', ['9090']],
    [', ports: [{name: udp, containerPort: 9090, protocol: UDP}]', 'targetPort: http', ['gate']],
  ])('leads to its port as that container names it, and back: %s', async (fields, port, expected) => {
    const text = overridden(fields, port)
    const done = await put(text)
    expect(findings(done).filter((f) => !f.startsWith('SIDECAR_OVERRIDDEN'))).toEqual([])
    expect(targets(outputOf(done))).toEqual(expected)
    const back = await work(uninject, outputOf(done), { builtins })
    expect(findings(back)).toEqual([])
    expect(outputOf(back)).toBe(text)
  })
})

describe('an alias that was there, in a file that another program rewrote', () => {
  const aliased = `${app()}---\n${service('targetPort: *it').replace('port: 80\n', 'port: &it 8080\n')}`

  it.each([
    ['without anchors', 'port: 8080\n'],
    ['with another value behind the anchor', 'port: &it 8081\n'],
  ])('is restored as its value: %s', async (_, port) => {
    const done = outputOf(await put(aliased))
    expect(done).toContain('"was":"*it","from":8080')
    const back = await work(uninject, done.replace('port: &it 8080\n', port), { builtins })
    expect(findings(back)).toEqual([])
    expect(outputOf(back)).toBe(aliased.replace('port: &it 8080\n', port).replace('*it', '8080'))
  })

  it('is restored where its anchor stayed', async () => {
    expect(outputOf(await work(uninject, outputOf(await put(aliased)), { builtins }))).toBe(aliased)
  })

  it('of annotations that mean nothing goes with them', async () => {
    const text = aliased.replace('name: web\nspec:\n  selector:\n    app', 'name: web\n  labels: &none\n  annotations: *none\nspec:\n  selector:\n    app')
    const done = outputOf(await put(text))
    expect(outputOf(await work(uninject, done, { builtins }))).toBe(text)
    expect(outputOf(await work(uninject, done.replace('labels: &none', 'labels:'), { builtins }))).toBe(text.replace(' &none\n  annotations: *none', ''))
  })
})

describe('the value that was there', () => {
  it.each([
    '8080', '0x1F90', '8_080', '!!int 8080', '&port 8080', 'http', '"http"', "'http'", '"ht\\x74p"', '!!str http',
    '8080 # the app', '\n      8080', '# the app\n      8080',
  ])('comes back as it was: %s', async (value) => {
    const text = `${service(`targetPort: ${value}`)}---\n${app()}`
    const result = await put(text)
    expect(findings(result)).toEqual([])
    expect(actions(result)).toEqual(['retargeted'])
    const output = outputOf(result)
    expect(output).toMatch(/targetPort:\s+(?:# the app\s+)?(?:9090|gate)\b/)
    expect(output.includes('# the app')).toBe(value.includes('# the app'))
    expect(outputOf(await put(output))).toBe(output)
    expect(outputOf(await work(uninject, output, { builtins }))).toBe(text)
  })

  it.each(['targetPort:', 'targetPort: ~', 'targetPort: 0', 'targetPort: ""', 'targetPort: # none', 'protocol: TCP', 'targetPort: null # none'])(
    'may stand for the port: %s', async (field) => {
      const text = `${service(field).replace('port: 80\n', 'port: 8080\n')}---\n${app()}`
      const output = outputOf(await put(text))
      expect(targets(output)).toEqual(['9090'])
      expect(output.includes('# none')).toBe(field.includes('# none'))
      expect(outputOf(await work(uninject, output, { builtins }))).toBe(text)
    },
  )

  it('is refused where it could not be put back', async () => {
    const result = await put(`${service('targetPort: |-\n      http')}---\n${app()}`)
    expect(findings(result)).toEqual(['EDIT_LAYOUT in.yaml:9:5'])
  })

  it('is refused where the record has no place', async () => {
    const result = await put(`${service('targetPort: http').replace('metadata:', 'metadata:\n  annotations: !!str ~')}---\n${app()}`)
    expect(findings(result)).toEqual(['EDIT_LAYOUT in.yaml:1:1'])
  })
})

describe('the new value', () => {
  const named = `${app()}---\n${service('targetPort: http')}`
  it.each([
    ['a name for a name, with an ordinary container', named, '', 'classic', 'gate'],
    ['a name of a native sidecar where those are found', named, '1.36', 'native', 'gate'],
    ['a number where names of native sidecars are not found', named, '1.31', 'native', '9090'],
    ['a number for a number', ONE, '1.36', 'native', '9090'],
  ] as const)('is %s', async (_, text, version, mode, expected) => {
    const kubeVersion = version === '' ? {} : { kubeVersion: { minor: Number(version.slice(2)) } as InjectOptions['kubeVersion'] }
    const result = await put(text, { modes: new Map([['gate', mode]]), ...kubeVersion })
    expect(targets(outputOf(result))).toEqual([expected])
  })

  it('leads to the outermost of several', async () => {
    const result = await put(ONE, { sidecars: ['gate', 'wall'] })
    expect(targets(outputOf(result))).toEqual(['7070'])
    expect(outputOf(result)).toContain('"by":["wall","gate"]')
  })

  it('follows the port of the proxy, and what was there first is remembered', async () => {
    const output = outputOf(await put(ONE))
    const again = await put(output, { parameters: [{ template: 'gate', name: 'port', value: '9191' }] })
    expect(targets(outputOf(again))).toEqual(['9191'])
    expect(actions(again)).toEqual(['updated'])
    expect(outputOf(await work(uninject, outputOf(again), { builtins }))).toBe(ONE)
  })

  it('follows it without being asked again', async () => {
    const output = outputOf(await put(ONE))
    const { retargetServices: _, ...plain } = GATE
    const result = await work(inject, output, { ...plain, parameters: [{ template: 'gate', name: 'port', value: '9191' }] })
    expect(targets(outputOf(result))).toEqual(['9191'])
  })
})

describe('a workload without a port of the name that the Service leads to', () => {
  /** As the Pod of a chart's tests: the Service selects it and sends nothing to it. */
  const tests = (ports = ''): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: test, labels: {app: web}, annotations: {sidecarctl.dev/inject: "false"}}\nspec: {containers: [{name: t, image: t${ports}}]}\n`
  const chart = (pod = tests(), port = 'targetPort: http'): string =>
    `${app('web', '  annotations: {sidecarctl.dev/inject: gate}\n')}---\n${service(port)}---\n${pod}`
  const { sidecars: _, ...options } = GATE

  it('is no reason against it', async () => {
    const result = await work(inject, chart(), options)
    expect(findings(result)).toEqual([])
    expect(targets(outputOf(result))).toEqual(['gate'])
    expect(targets(outputOf(await work(inject, outputOf(result), options)))).toEqual(['gate'])
    expect(outputOf(await work(uninject, outputOf(result), { builtins }))).toBe(chart())
  })

  it.each([
    ['has a port of that name', tests(', ports: [{name: http, containerPort: 1}]'), 'targetPort: http'],
    ['has a port of the name of the proxy', tests(', ports: [{name: gate, containerPort: 1}]'), 'targetPort: http'],
    ['would get traffic by number', tests(), 'targetPort: 8080'],
  ])('is one where it %s', async (_, pod, port) => {
    const { diagnostics } = await work(inject, chart(pod, port), options)
    expect(diagnostics.map(({ message }) => /because (.*)$/.exec(message)?.[1])).toEqual(['it also selects Pod test, which has no proxy for it'])
  })

  it('is one where the proxy can be named by its number alone', async () => {
    const { diagnostics } = await work(inject, chart(), { ...options, kubeVersion: { minor: 31 } as InjectOptions['kubeVersion'], modes: new Map([['gate', 'native']]) })
    expect(diagnostics.map(({ message }) => /because (.*)$/.exec(message)?.[1])).toEqual(['it also selects Pod test, which has no proxy for it'])
  })
})

describe('a Service is not retargeted, and the reason is reported', () => {
  const why = ({ diagnostics }: RunResult): string => diagnostics.map((d) => /not retargeted because (.*)$/.exec(d.message)?.[1] ?? d.message).join('; ')
  it.each([
    ['headless', `${app()}---\n${service(undefined, '  clusterIP: None\n')}`, {}, 'it is headless, so clients choose the port of the pod themselves'],
    ['another workload without proxy', `${app()}---\n${app('b', '').replace('name: b\n', 'name: b\n  annotations: {sidecarctl.dev/inject: "false"}\n').replace('---', '')}---\n${service()}`.replace('name: web\n', 'name: web\n  annotations: {sidecarctl.dev/inject: gate}\n'), { sidecars: undefined }, 'it also selects Deployment b, which has no proxy for it'],
    ['two proxies in front of one port', ONE, { sidecars: ['gate', 'mute'] }, 'several sidecars are proxies for port 8080: gate, mute'],
    ['no port', ONE, { sidecars: ['mute'] }, 'the sidecar "mute" declares no port'],
  ])('%s', async (_, text, options, reason) => {
    const { sidecars, ...rest } = { ...GATE, ...options }
    const result = await work(inject, text, sidecars === undefined ? rest : { ...rest, sidecars })
    expect(why(result)).toBe(reason)
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['SERVICE_BYPASSES_PROXY'])
    expect(targets(outputOf(result))).toEqual(['8080'])
    expect(outputOf(result)).not.toContain('retargeted')
  })

  it('different ports of two proxies, where only a name would do for both', async () => {
    const other = app('b').replace('name: b\n', 'name: b\n  annotations: {sidecarctl.dev/gate.port: "9191"}\n')
    const numbers = await put(`${app()}---\n${other}---\n${service()}`, { modes: new Map([['gate', 'classic']]) })
    expect(targets(outputOf(numbers))).toEqual(['gate'])
    const native = await put(`${app()}---\n${other}---\n${service()}`, { kubeVersion: { minor: 31 } as InjectOptions['kubeVersion'], modes: new Map([['gate', 'native']]) })
    expect(why(native)).toBe('the proxies of the workloads that it selects listen on different ports')
  })

  it('a part of the workloads that the run is not about', async () => {
    const both = outputOf(await put(`${app()}---\n${app('b')}`))
    const selector = [{ key: 'name', operator: 'in', values: ['web'] }] as const
    const result = await put(`${both}---\n${service()}`, { selector })
    expect(why(result)).toBe('it also selects Deployment b, which is not part of this run')
  })
})

describe('a retargeted Service goes back', () => {
  it.each([
    ['with uninject', {}, true],
    ['when its proxy alone is taken out', { sidecars: ['gate'] }, true],
    ['not when another sidecar is', { sidecars: ['plain'] }, false],
    ['not in another namespace', { namespace: 'other' }, false],
    ['not with another workload', { selector: [{ key: 'name', operator: 'in', values: ['b'] }] }, false],
  ] as const)('%s', async (_, options, isBack) => {
    const output = outputOf(await put(ONE, { sidecars: ['gate', 'plain'] }))
    const result = await work(uninject, output, { builtins, ...options })
    expect(targets(outputOf(result))).toEqual([isBack ? '8080' : '9090'])
    expect(outputOf(result).includes('retargeted')).toBe(!isBack)
  })

  it('when an annotation no longer asks for the proxy', async () => {
    const { sidecars: _, ...options } = GATE
    const asking = ONE.replace('name: web\n', 'name: web\n  annotations: {sidecarctl.dev/inject: "gate"}\n')
    const output = outputOf(await work(inject, asking, options))
    expect(targets(output)).toEqual(['9090'])
    const result = await work(inject, output.replace('"gate"}', '"plain"}'), options)
    expect(targets(outputOf(result))).toEqual(['8080'])
    expect(outputOf(result)).not.toContain('retargeted')
  })

  it('when it is asked to', async () => {
    const output = outputOf(await put(ONE))
    const result = await put(output, { retargetServices: false })
    expect(actions(result)).toEqual(['restored'])
    expect(findings(result)).toEqual(['SERVICE_BYPASSES_PROXY in.yaml:32:17'])
    expect(targets(outputOf(result))).toEqual(['8080'])
  })

  it('not while another run is about other sidecars', async () => {
    const output = outputOf(await put(ONE))
    const result = await put(output, { sidecars: ['plain'] })
    expect(targets(outputOf(result))).toEqual(['9090'])
    expect(actions(result)).toEqual(['kept'])
  })

  it('with what was made for its record', async () => {
    for (const metadata of ['{name: web}', '{name: web, annotations: {}}', '{name: web, annotations: null}', '{name: web, annotations: {a: b}}']) {
      const text = ONE.replace('metadata:\n  name: web\nspec:\n  selector:\n', `metadata: ${metadata}\nspec:\n  selector:\n`)
      expect(text).toContain(metadata)
      const output = outputOf(await put(text))
      expect(targets(output)).toEqual(['9090'])
      expect(outputOf(await work(uninject, output, { builtins }))).toBe(text)
    }
  })

  it('and annotations added since stay', async () => {
    const output = outputOf(await put(ONE)).replace('    sidecarctl.dev/retargeted', '    mine: yes please\n    sidecarctl.dev/retargeted')
    const back = outputOf(await work(uninject, output, { builtins }))
    expect(back).toBe(ONE.replace('name: web\nspec:\n  selector:\n', 'name: web\n  annotations:\n    mine: yes please\nspec:\n  selector:\n'))
  })

  it('when its port was renumbered since', async () => {
    const output = outputOf(await put(ONE)).replace('port: 80\n', 'port: 81\n')
    expect(outputOf(await put(output))).toContain('"81/TCP"')
    expect(outputOf(await work(uninject, output, { builtins }))).toBe(ONE.replace('port: 80\n', 'port: 81\n'))
  })
})

describe('a value changed by hand since', () => {
  it('stays, and that is reported on every run', async () => {
    const output = outputOf(await put(ONE)).replace('targetPort: 9090', 'targetPort: 1234')
    const result = await put(output)
    expect(findings(result)).toEqual(['SERVICE_EDITED in.yaml:32:17'])
    expect(outputOf(result)).toBe(output)
    const back = await work(uninject, output, { builtins })
    expect(findings(back)).toEqual(['SERVICE_EDITED in.yaml:32:17'])
    expect(outputOf(back)).toBe(ONE.replace('8080\n', '1234\n'))
  })

  it('to what was there before only removes the record', async () => {
    const output = outputOf(await put(ONE)).replace('targetPort: 9090', 'targetPort: 8080')
    expect(findings(await put(output))).toEqual(['SERVICE_EDITED in.yaml:32:17'])
    const back = await work(uninject, output, { builtins })
    expect([findings(back), outputOf(back)]).toEqual([[], ONE])
  })

  it('to what is right now is ours again', async () => {
    const output = outputOf(await put(ONE)).replace('targetPort: 9090', 'targetPort: 9191')
    const result = await put(output, { parameters: [{ template: 'gate', name: 'port', value: '9191' }] })
    expect(findings(result)).toEqual([])
    expect(outputOf(await work(uninject, outputOf(result), { builtins }))).toBe(ONE)
  })
})

describe('several inputs', () => {
  const FILES = { 'k8s/web.yaml': app(), 'k8s/service.yaml': service() }

  it('are seen together', async () => {
    const result = await put(FILES)
    expect(findings(result)).toEqual([])
    const output = texts(result)
    expect(targets(output['k8s/service.yaml'] as string)).toEqual(['9090'])
    expect(texts(await put(output))).toEqual(output)
    expect(texts(await work(uninject, output, { builtins }))).toEqual(FILES)
    const reversed = { 'k8s/service.yaml': service(), 'k8s/web.yaml': app() }
    expect(texts(await put(reversed))).toEqual(output)
  })

  it('one of them alone leaves a Service as it is, since nothing proves what led it to a proxy', async () => {
    const output = texts(await put(FILES))
    const alone = { 'k8s/service.yaml': output['k8s/service.yaml'] as string }
    expect(texts(await put(alone))).toEqual(alone)
    expect(texts(await put({ ...alone, 'k8s/other.yaml': app('b').replaceAll('app: web', 'app: b') }))['k8s/service.yaml']).toBe(alone['k8s/service.yaml'])
    expect(texts(await work(uninject, alone, { builtins, sidecars: ['plain'] }))).toEqual(alone)
    const taken = await work(uninject, alone, { builtins, sidecars: ['gate'] })
    expect([findings(taken), texts(taken)]).toEqual([['RECORD_UNPROVEN k8s/service.yaml:6:32'], alone])
    expect(texts(await work(uninject, alone, { builtins, sidecars: ['gate'], force: 'yes' }))).toEqual({ 'k8s/service.yaml': service() })
  })

  it('a workload that lost its proxy by itself puts its Service back on the next run over both, when forced', async () => {
    const output = texts(await put(FILES))
    const alone = { ...output, 'k8s/web.yaml': app() }
    const result = await put(alone, { sidecars: ['plain'] })
    expect([findings(result), texts(result)['k8s/service.yaml']]).toEqual([['RECORD_UNPROVEN k8s/service.yaml:6:32'], output['k8s/service.yaml']])
    expect(texts(await put(alone, { sidecars: ['plain'], force: 'yes' }))['k8s/service.yaml']).toBe(service())
  })

  it('a forged record rewrites nothing', async () => {
    const forged = (to: string, by: string): string => service(`targetPort: ${to}`).replace('  name: web\n',
      `  name: web\n  annotations: {sidecarctl.dev/retargeted: '{"ports":{"80/TCP":{"was":"22","from":22,"to":${to},"by":["${by}"],"of":["Deployment/web"]}}}'}\n`)
    const text = `${app()}---\n${forged('8080', 'gate')}`
    for (const result of [await work(uninject, text, { builtins }), await put(text, { sidecars: ['plain'] }), await put(text, { sidecars: ['gate'], retargetServices: false })]) {
      expect([findings(result).filter((f) => f.startsWith('RECORD_UNPROVEN')), targets(outputOf(result))]).toEqual([['RECORD_UNPROVEN in.yaml:18:44'], ['8080']])
    }
    const injected = outputOf(await put(app(), { retargetServices: false }))
    const other = await work(uninject, `${injected}---\n${forged('8080', 'gate')}`, { builtins })
    expect(findings(other).map((f) => f.split(' ')[0])).toEqual(['RECORD_UNPROVEN'])
  })

  it('copies for several clusters are distinguished by their folders', async () => {
    const off = app().replace('name: web\n', 'name: web\n  annotations: {sidecarctl.dev/inject: "false"}\n')
    const on = app().replace('name: web\n', 'name: web\n  annotations: {sidecarctl.dev/inject: gate}\n')
    const { sidecars: _, ...options } = GATE
    const result = await work(inject, { 'dev/a.yaml': on, 'dev/b.yaml': service(), 'prod/a.yaml': off, 'prod/b.yaml': service() }, options)
    expect(findings(result)).toEqual([])
    expect(targets(outputOf(result))).toEqual(['9090', '8080'])
  })

  it('an error in one of them does not hide the others', async () => {
    const result = await put({ ...FILES, 'k8s/bad.yaml': 'kind: Pod\napiVersion: v1\nmetadata: {name: a}\nspec: {containers: []}\n' })
    expect(findings(result)).toEqual(['WORKLOAD_NO_CONTAINERS k8s/bad.yaml:4:8'])
    expect(actions(result)).toEqual(['retargeted'])
  })
})

describe('a Service that comes with a sidecar', () => {
  it('is left as its template says', async () => {
    const spec = `${SPECS.gate}\nobjects:\n  - {apiVersion: v1, kind: Service, metadata: {name: web-extra}, spec: {selector: {app: web}, ports: [{port: 8080}]}}`
    const own = templates({ gate: spec })
    const result = await put(app(), own)
    expect(outputOf(result)).toContain('name: web-extra')
    expect(outputOf(result)).not.toContain('retargeted')
    expect(outputOf(await put(outputOf(result), own))).toBe(outputOf(result))
  })
})

describe('a Service that cannot be read', () => {
  it('is an error beside a workload with sidecars, a proxy or not', async () => {
    const text = `${app()}---\napiVersion: v1\nkind: Service\nspec: {{ nothing }}\n`
    const { retargetServices: _, ...unasked } = GATE
    for (const result of [await put(text, { sidecars: ['plain'] }), await put(text), await work(inject, text, unasked)]) {
      expect(findings(result)).toEqual(['TEMPLATE_TEXT in.yaml:16:7'])
    }
    expect(outputOf(await put(text, { sidecars: ['plain'] }))).toBe(text)
  })
})
