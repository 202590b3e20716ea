import { describe, expect, it } from 'vitest'
import { parseSelector } from '../../../src/core/kube/selector.ts'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import type { Json } from '../../../src/core/json/json.ts'
import { builtinTemplate } from '../../../src/core/template/library.ts'
import { digestOf, shortHash } from '../../../src/core/ownership/record.ts'
import { asked, findings, output, put, take, templates } from './run.ts'

const SHIP = templates({
  ship: `
container: {image: s}
app: {env: [{name: SHIP, value: "1"}], volumeMounts: [{name: conf, mountPath: /conf}]}
volumes: [{name: conf, configMap: {name: "\${{ workload.name }}-ship"}}]
objects: [{apiVersion: v1, kind: ConfigMap, data: {a: b}}]
`,
})
const { sidecars: _, ...KNOWN } = SHIP

const app = (name = 'web', more = '', container = 'app'): string => `apiVersion: apps/v1
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
        - name: ${container}
          image: a
`
const OBJECTS = `---
apiVersion: v1
kind: Secret
metadata:
  name: db
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: deny-all
spec: {podSelector: {}}
`
const only = (name: string): Partial<InjectOptions> => {
  const selector = parseSelector(`name=${name}`)
  return selector.ok ? { selector: selector.value } : {}
}
const codes = (found: readonly string[]): string[] => found.map((f) => f.split(' ')[0] as string)

const RICH = {
  name: 'app',
  image: 'a',
  env: [{ name: 'DB', value: 'x' }],
  securityContext: { runAsNonRoot: true },
  livenessProbe: { tcpSocket: { port: 80 } },
  volumeMounts: [{ name: 'data', mountPath: '/data' }],
}
const rich = (annotation: string, value: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: a
  annotations:
    ${annotation}: '${value}'
spec:
  containers:
    - ${JSON.stringify(RICH)}
    - {name: other, image: b}
  volumes:
    - {name: data, emptyDir: {}}
`

describe('a forged record', () => {
  it.each([
    ['the old form', 'sidecarctl.dev/injected', '{"sidecars":{"logging":{"v":"1.0.0","h":"00000000","own":[],"objs":["v1/Secret/db","networking.k8s.io/v1/NetworkPolicy/deny-all"]}}}'],
    ['the new form', 'injected.sidecarctl.dev/logging', '{"version":"1.0.0","own":{},"objects":{"v1/Secret/db":"","networking.k8s.io/v1/NetworkPolicy/deny-all":"00000000"}}'],
    ['an unknown sidecar', 'injected.sidecarctl.dev/none', '{"version":"1.0.0","own":{},"objects":{"v1/Secret/db":"","networking.k8s.io/v1/NetworkPolicy/deny-all":"00000000"}}'],
  ])('of %s deletes no objects', async (_form, annotation, value) => {
    const text = rich(annotation, value) + OBJECTS
    const results = [await take(text), await put(text, { sidecars: ['logging'] })]
    for (const result of _form === 'an unknown sidecar' ? results.slice(0, 1) : results) {
      expect(findings(result).filter((f) => f.startsWith('RECORD'))).toEqual(['RECORD_UNPROVEN in.yaml:14:1', 'RECORD_UNPROVEN in.yaml:19:1'])
      expect(output(result)).toBe(text)
    }
    const forced = await take(text, { force: 'yes' })
    expect(codes(findings(forced))).toEqual(['RECORD_LEFT', 'RECORD_LEFT'])
    expect(output(forced)).toContain('kind: Secret')
    expect(output(forced)).toContain('kind: NetworkPolicy')
  })

  const CLAIMS: [string, Json, string][] = [
    ['spec.containers[app]', RICH as unknown as Json, 'in.yaml:9:7'],
    ['spec.containers[other]', { name: 'other', image: 'b' }, 'in.yaml:10:7'],
    ['spec.containers[app].env[DB]', RICH.env[0] as Json, 'in.yaml:9:40'],
    ['spec.containers[app].securityContext', RICH.securityContext, 'in.yaml:9:67'],
    ['spec.containers[app].securityContext.runAsNonRoot', true, 'in.yaml:9:101'],
    ['spec.containers[app].livenessProbe', RICH.livenessProbe as unknown as Json, 'in.yaml:9:107'],
    ['spec.containers[app].volumeMounts[/data]', RICH.volumeMounts[0] as Json, 'in.yaml:9:165'],
    ['spec.containers[app].volumeMounts', RICH.volumeMounts as unknown as Json, 'in.yaml:9:149'],
    ['spec.volumes[data]', { name: 'data', emptyDir: {} }, 'in.yaml:12:7'],
  ]

  it.each(CLAIMS)('takes nothing of the user: %s', async (address, value, place) => {
    // That of the template: one of another version may have had other parts.
    const version = builtinTemplate('wait-for', asked({}).builtins)?.version ?? ''
    const digests = ['', '00000000', digestOf(value)]
    for (const digest of digests) {
      const text = rich('injected.sidecarctl.dev/wait-for', JSON.stringify({ version, own: { [address]: digest } }))
      const result = await take(text)
      expect([findings(result), output(result)]).toEqual([[`RECORD_UNPROVEN ${place}`], text])
    }
    const h = shortHash(JSON.stringify([[address, value]]))
    const old = rich('sidecarctl.dev/injected', JSON.stringify({ sidecars: { 'wait-for': { v: version, h, own: [address] } } }))
    expect(output(await take(old))).toBe(old)
    expect(codes(findings(await take(old)))).toEqual(['RECORD_UNPROVEN'])
  })

  it.each(CLAIMS)('of an unknown sidecar takes nothing without its digest, and no container: %s', async (address, value) => {
    const text = rich('injected.sidecarctl.dev/unknown', JSON.stringify({ version: '1', own: { [address]: '' } }))
    const result = await take(text, { force: 'yes' })
    const isItem = address.endsWith(']') && /env|volumeMounts|volumes/.test(address)
    const isForced = codes(findings(result)).includes('INJECTED_LOST')
    expect([isForced, output(result) === text]).toEqual(isItem ? [true, false] : [false, true])
    expect(output(await take(text))).toBe(text)
    const known = rich('injected.sidecarctl.dev/unknown', JSON.stringify({ version: '1', own: { [address]: digestOf(value) } }))
    if (!isItem) expect(findings(await take(known))).toEqual([expect.stringMatching(/^RECORD_UNPROVEN /)])
  })
})

describe('a copy of an injected Deployment', () => {
  const copied = async (): Promise<string> => {
    const first = output(await put(app(), SHIP))
    return `${first}---\n${first.slice(0, first.indexOf('---\n')).replace('  name: web\n  labels: {name: web}', '  name: two\n  labels: {name: two}')}`
  }

  it('leaves the first one its ConfigMap', async () => {
    const text = await copied()
    const result = await take(text, { ...KNOWN, ...only('two') })
    expect(codes(findings(result))).toEqual(['RECORD_LEFT'])
    expect(output(result)).toBe(`${output(await put(app(), SHIP))}---\n${app('two')}`)
    expect(output(await take(text, KNOWN))).toBe(`${app()}---\n${app('two')}`)
    expect(findings(await take(text, KNOWN))).toEqual([])
  })

  it('takes nothing of the first one, which has another namespace since', async () => {
    const moved = (await copied()).replace('  name: web\n', '  name: web\n  namespace: prod\n')
    const result = await put(moved, SHIP)
    expect(output(result)).toBe(output(await put(`${app().replace('  name: web\n', '  name: web\n  namespace: prod\n')}---\n${app('two')}`, SHIP)))
    expect(output(await take(moved, { ...KNOWN, ...only('two') }))).toContain('name: web-ship')
  })

  it('gets an own one', async () => {
    const result = await put(await copied(), SHIP)
    expect(codes(findings(result))).toEqual(['RECORD_LEFT'])
    expect(output(result)).toBe(output(await put(`${app()}---\n${app('two')}`, SHIP)))
  })
})

describe('a volume that two sidecars share, in the record of one of them only', () => {
  const folder = 'sharedFolders: [{volume: logs, path: /var/log/app, sidecarPath: /logs}]'
  const BOTH = templates({ tail: `container: {image: t}\n${folder}`, ship: `container: {image: s}\n${folder}` })
  const { sidecars: _both, ...known } = BOTH
  const two = app().replace('image: a\n', 'image: a\n        - name: helper\n          image: b\n')
  const claims = ['spec.containers[app].volumeMounts[/var/log/app]', 'spec.containers[helper].volumeMounts[/var/log/app]', 'spec.volumes[logs]']
  const subsets = claims.flatMap((_, n) => claims.slice(n).map((_one, m) => claims.slice(n, n + m + 1))).concat([[claims[0] as string, claims[2] as string]])
  const forged = (text: string, name: string, gone: readonly string[]): string =>
    text.replace(new RegExp(`(injected.sidecarctl.dev/${name}: )'([^']*)'`), (_line, key: string, json: string) => {
      const record = JSON.parse(json) as { own: { [address: string]: string } }
      return `${key}'${JSON.stringify({ ...record, own: Object.fromEntries(Object.entries(record.own).filter(([address]) => !gone.includes(address))) })}'`
    })

  it('is not given up by the one while the other mounts it', async () => {
    const text = forged(output(await put(two, BOTH)), 'tail', ['spec.containers[app].volumeMounts[/var/log/app]', 'spec.volumes[logs]'])
    for (const [result, command] of [[await put(text, { ...BOTH, sidecars: ['ship'] }), 'inject'], [await take(text, { ...known, sidecars: ['ship'] }), 'remove'], [await put(text, { ...BOTH, sidecars: ['ship'], force: 'yes' }), 'inject']] as const) {
      expect([findings(result), output(result)]).toEqual([['RECORD_UNPROVEN in.yaml:20:15'], text])
      expect(result.diagnostics[0]?.message).toBe('volume "logs" would be removed, because only "ship" is recorded as its sidecar, but sidecar "tail" uses it here')
      expect(result.diagnostics[0]?.hint).toBe(`restore the record from version control, or ${command} these sidecars together: -s ship,tail`)
    }
    expect(output(await take(text, known))).toBe(two)
    expect(output(await put(text, BOTH))).toContain('"spec.volumes[logs]"')
  })

  it.each(['tail', 'ship'].flatMap((name) => subsets.map((gone) => [name, gone] as const)))('is kept, or nothing is changed: %s without %s', async (name, gone) => {
    const text = forged(output(await put(two, BOTH)), name, gone)
    expect(text).toContain('volumes:')
    for (const sidecars of [['tail'], ['ship'], ['tail', 'ship']]) {
      for (const force of [{}, { force: 'yes' as const }]) {
        for (const result of [await put(text, { ...BOTH, sidecars, ...force }), await take(text, { ...known, sidecars, ...force })]) {
          expect(codes(findings(result))).not.toContain('EDIT_UNSAFE')
          expect(codes(findings(result))).not.toContain('VOLUME_LEFT')
        }
      }
    }
  })
})

describe('what a sidecar that stays shares with one of the run', () => {
  it('is no one\'s that cannot have added it', async () => {
    const both = templates({ tail: 'container: {image: t}', ship: 'container: {image: s}\npod: {labels: {ship: "yes"}}' })
    const { sidecars: _all, ...known } = both
    const classic = { ...both, modes: new Map([['', 'classic' as const]]) }
    const injected = output(await put(app(), classic))
    const claim = /"spec.containers\[tail\]":"\w+"/.exec(injected)?.[0] ?? ''
    const text = injected.replace('"own":{"metadata.labels.ship"', `"own":{${claim},"metadata.labels.ship"`)
    expect(text).not.toBe(injected)
    for (const result of [await put(text, { ...classic, sidecars: ['tail'] }), await take(text, { ...known, sidecars: ['tail'] }), await take(text, { ...known, sidecars: ['tail'], force: 'yes' })]) {
      expect([codes(findings(result)), output(result)]).toEqual([['RECORD_UNPROVEN'], text])
      expect(result.diagnostics[0]?.message).toContain('the record says that sidecar "ship" added this')
    }
  })

  it('a grace period that the other one raises is recorded for both', async () => {
    const both = templates({ tail: 'container: {image: t}\npod: {minTerminationGracePeriodSeconds: 60}', ship: 'container: {image: s}\npod: {minTerminationGracePeriodSeconds: 90}' })
    const { sidecars: _all, ...known } = both
    const first = output(await put(app(), { ...both, sidecars: ['tail'] }))
    const result = await put(first, { ...both, sidecars: ['ship'] })
    expect([findings(result), output(result).match(/terminationGracePeriodSeconds: \d+/)?.[0]]).toEqual([[], 'terminationGracePeriodSeconds: 90'])
    expect(findings(await put(output(result), { ...both, sidecars: ['ship'] }))).toEqual([])
    for (const gone of [['tail'], ['ship']]) {
      const one = await take(output(result), { ...known, sidecars: gone })
      expect([findings(one), findings(await take(output(one), known)), output(await take(output(one), known))]).toEqual([[], [], app()])
    }
    const edited = first.replace('terminationGracePeriodSeconds: 60', 'terminationGracePeriodSeconds: 70')
    expect(codes(findings(await take(output(await put(edited, { ...both, sidecars: ['ship'] })), known)))).toEqual(['INJECTED_MODIFIED'])
  })

  it('a folder inside that of the other one goes with the last of them', async () => {
    const both = templates({ tail: 'container: {image: t}\nsharedFolders: [{volume: logs, path: /var/log}]', ship: 'container: {image: s}\nsharedFolders: [{volume: more, path: /var/log/app}]' })
    const { sidecars: _all, ...known } = both
    const injected = await put(app(), both)
    expect(findings(injected)).toEqual([])
    expect(output(await take(output(injected), known))).toBe(app())
    for (const gone of [['tail'], ['ship']]) {
      const one = await take(output(injected), { ...known, sidecars: gone })
      expect([findings(one), output(one).includes('- name: logs')]).toEqual([[], true])
      expect([findings(await take(output(one), known)), output(await take(output(one), known))]).toEqual([[], app()])
    }
  })
})

it('a record with which no removal can be proved is told where it stands', async () => {
  const both = templates({ tail: 'container: {image: t}', ship: 'container: {image: s}\npod: {minTerminationGracePeriodSeconds: 90}' })
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: app\n      image: a\n      args: &v [x]\n  terminationGracePeriodSeconds: 10\n'
  const text = output(await put(pod, { ...both, sidecars: ['tail'] })).replace(/\}'\n/, ',"was":{"spec.terminationGracePeriodSeconds":" *v"}}\'\n')
  const result = await put(text, { ...both, sidecars: ['ship'] })
  expect([findings(result), output(result)]).toEqual([['RECORD_UNPROVEN in.yaml:6:35'], text])
  expect(result.diagnostics[0]?.message).toMatch(/^with what the records say was added, /)
  expect(result.diagnostics[0]?.hint).toContain('if the records were not edited, this is a bug in sidecarctl')
})

describe('what was renamed since', () => {
  it('a workload takes its object along', async () => {
    const renamed = output(await put(app(), SHIP)).replace('  name: web\n  labels: {name: web}', '  name: two\n  labels: {name: two}')
    expect(findings(await put(renamed, SHIP))).toEqual([])
    expect(output(await put(renamed, SHIP))).toBe(output(await put(app('two'), SHIP)))
    expect(output(await take(renamed, KNOWN))).toBe(app('two'))
  })

  it('a namespace that was added takes the object along', async () => {
    const moved = output(await put(app(), SHIP)).replace('  name: web\n', '  name: web\n  namespace: prod\n')
    const result = await put(moved, SHIP)
    expect(findings(result)).toEqual([])
    expect(output(result)).toBe(output(await put(app().replace('  name: web\n', '  name: web\n  namespace: prod\n'), SHIP)))
    expect(output(await take(moved, KNOWN))).toBe(app().replace('  name: web\n', '  name: web\n  namespace: prod\n'))
  })

  it('a container keeps nothing of ours', async () => {
    const renamed = output(await put(app(), SHIP)).replace('- name: app\n', '- name: main\n')
    const taken = await take(renamed, KNOWN)
    expect([findings(taken), output(taken)]).toEqual([[], app('web', '', 'main')])
    expect(output(await put(renamed, SHIP))).toBe(output(await put(app('web', '', 'main'), SHIP)))
  })

  it('is judged alike before and after another sidecar goes, whose record was forged', async () => {
    const renamed = output(await put(app(), SHIP)).replace('- name: app\n', '- name: main\n')
      .replace('        injected.', `        injected.sidecarctl.dev/tail: '{"version":"1","own":{"spec.containers[app].env[NONE]":""}}'\n$&`)
    const result = await take(renamed, { ...KNOWN, sidecars: ['tail'] })
    expect(codes(findings(result))).not.toContain('EDIT_UNSAFE')
    expect(output(await take(output(result), KNOWN))).toBe(app('web', '', 'main'))
  })

  it('a container of one of two like workloads is no matter of the other', async () => {
    const { tail } = { tail: templates({ tail: 'container: {image: t}\napp: {env: [{name: A, value: b}]}' }) }
    const pod = (name: string, container: string): string => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  containers:\n    - name: ${container}\n      image: a\n`
    const [one, two] = await Promise.all(['a', 'b'].map(async (name) => output(await put(pod(name, 'app'), tail)).replace('name: app', 'name: main')))
    const result = await take(`${one}---\n${two?.replace('value: b', 'value: c')}`, { builtins: tail.builtins as InjectOptions['builtins'] })
    expect(codes(findings(result))).toEqual(['RECORD_UNPROVEN'])
    expect(output(await take(`${one}---\n${two}`))).toBe(`${pod('a', 'main')}---\n${pod('b', 'main')}`)
  })

  it('a container whose items were modified, too, is told', async () => {
    const renamed = output(await put(app(), SHIP)).replace('- name: app\n', '- name: main\n').replace('value: "1"', 'value: "2"')
    for (const result of [await take(renamed, KNOWN), await put(renamed, SHIP)]) {
      expect([codes(findings(result)).filter((code) => code !== 'SETTING_KEPT'), output(result)]).toEqual([['RECORD_UNPROVEN', 'RECORD_UNPROVEN'], renamed])
    }
    const forced = await take(renamed, { ...KNOWN, force: 'yes' })
    expect(codes(findings(forced))).toEqual(['RECORD_INCOMPLETE', 'RECORD_LEFT', 'RECORD_LEFT', 'VOLUME_LEFT'])
    expect(output(forced)).toContain('SHIP')
  })

  it('a container to which two added needs both, where the items of one were modified', async () => {
    const both = templates({ tail: 'container: {image: t}\napp: {env: [{name: A, value: b}]}', ship: 'container: {image: s}\napp: {env: [{name: SHIP, value: "1"}]}' })
    const pod = (name: string): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - name: ${name}\n      image: a\n`
    const renamed = output(await put(pod('app'), both)).replace('name: app', 'name: main').replace('value: "1"', 'value: mine')
    const one = await put(renamed, { ...both, sidecars: ['ship'], force: 'yes' })
    expect([codes(findings(one)), output(one)]).toEqual([['RECORD_UNPROVEN', 'SETTING_KEPT'], renamed])
    expect(one.diagnostics[0]?.hint).toBe('rename the container to "app", or inject these sidecars together: -s ship,tail')
    const all = await put(renamed, { ...both, sidecars: ['ship', 'tail'], force: 'yes' })
    expect(new Set(codes(findings(all)))).toEqual(new Set(['SETTING_KEPT', 'RECORD_LEFT']))
    expect(findings(await put(output(all), { ...both, sidecars: ['ship', 'tail'] }))).toEqual([expect.stringContaining('SETTING_KEPT')])
  })

  it('and what is not there is not said to be removed', async () => {
    const without = output(await put(app(), SHIP)).replace(/ +env:\n +- name: SHIP\n.*\n/, '')
    const result = await take(without, KNOWN)
    expect(codes(findings(result))).toEqual(['RECORD_INCOMPLETE'])
    expect(result.files[0]?.workloads[0]?.sidecars[0]?.details).not.toContain('spec.template.spec.containers[app].env[SHIP]')
    expect(result.files[0]?.workloads[0]?.sidecars[0]?.details.some((detail) => detail.includes('SHIP'))).toBe(false)
  })
})

describe('what was edited by hand since', () => {
  it.each<[string, (text: string) => string, string]>([
    ['a key of a ConfigMap', (text) => `${text.trimEnd()}\n  mine: c\n`, 'INJECTED_MODIFIED'],
    ['a variable in an injected container', (text) => text.replace('image: s\n', 'image: s\n          env: [{name: MINE, value: x}]\n'), 'INJECTED_MODIFIED'],
    ['a value in the app', (text) => text.replace('value: "1"', 'value: "2"'), 'INJECTED_MODIFIED'],
  ])('%s is not lost without --force', async (_what, change, code) => {
    const text = output(await put(app(), SHIP))
    const changed = change(text)
    expect(changed).not.toBe(text)
    for (const result of [await put(changed, SHIP), await take(changed, KNOWN)]) {
      expect([codes(findings(result)), output(result)]).toEqual([[code], changed])
      expect(result.diagnostics[0]?.at).toBeDefined()
    }
    const [again, taken] = [await put(changed, { ...SHIP, force: 'yes' }), await take(changed, { ...KNOWN, force: 'yes' })]
    expect([codes(findings(again)), output(again)]).toEqual([['INJECTED_LOST'], text])
    expect([codes(findings(taken)), output(taken)]).toEqual([['INJECTED_LOST'], app()])
    expect(again.files[0]?.workloads[0]?.status).toBe('updated')
  })

  it('removed objects are told', async () => {
    const text = output(await put(app(), SHIP))
    expect((await take(text, KNOWN)).files[0]?.workloads[0]?.objects).toEqual([{ id: 'v1/ConfigMap/web-ship', action: 'removed' }])
    expect((await put(app(), SHIP)).files[0]?.workloads[0]?.objects).toEqual([{ id: 'v1/ConfigMap/web-ship', action: 'added' }])
    expect((await put(text, SHIP)).files[0]?.workloads[0]?.objects).toBeUndefined()
  })
})

describe('taking out what made a Pod restricted', () => {
  const strict = 'securityContext: {allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}'
  const tail = templates({ tail: `container: {image: t, ${strict}}` })
  const pod = `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations: {sidecarctl.dev/override: tail}\nspec:\n  containers:\n    - {name: app, image: a, ${strict}}\n    - name: tail\n      image: mine\n`

  it('is an error unless it is allowed', async () => {
    const injected = output(await put(pod, tail))
    expect(injected).not.toBe(pod)
    const result = await take(injected)
    expect([codes(findings(result)), output(result)]).toEqual([['POD_SECURITY_LOWERED'], injected])
    expect(result.diagnostics[0]?.message).toContain('removing the sidecars would lower its Pod Security level from restricted to baseline')
    const allowed = await take(injected, { allowLowerPodSecurity: true })
    expect([findings(allowed), output(allowed)]).toEqual([[], pod])
  })
})

describe('records of the old form', () => {
  const OLD = `apiVersion: v1
kind: Pod
metadata:
  name: a
  annotations:
    config.sidecarctl.dev/ship: "47a67e0c"
    sidecarctl.dev/injected: '{"sidecars":{"ship":{"v":"1","h":"HASH","own":["spec.initContainers[ship]","metadata.annotations[config.sidecarctl.dev/ship]"],"objs":["v1/ConfigMap/a-ship"]}},"new":["spec.initContainers","metadata.annotations"]}'
spec:
  initContainers:
    - name: ship
      image: s
      restartPolicy: Always
  containers:
    - name: app
      image: a
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: a-ship
data:
  a: b
`
  const checksum = shortHash(JSON.stringify([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a-ship' }, data: { a: 'b' } }]))
  const h = shortHash(JSON.stringify([['spec.initContainers[ship]', { name: 'ship', image: 's', restartPolicy: 'Always' }], ['metadata.annotations[config.sidecarctl.dev/ship]', checksum]]))
  const text = OLD.replace('47a67e0c', checksum).replace('HASH', h)
  const bare = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: app\n      image: a\n'

  it('go with their objects, which have no mark, where the checksum is right', async () => {
    expect(output(await take(text, KNOWN))).toBe(bare)
    const changed = text.replace('  a: b\n', '  a: b\n  mine: c\n')
    expect([findings(await take(changed, KNOWN)), output(await take(changed, KNOWN))]).toEqual([['INJECTED_MODIFIED in.yaml:17:1'], changed])
  })

  it('stay as they are while nothing else changes', async () => {
    const plain = templates({ ship: 'container: {image: s}' })
    const own = text.replace(`    config.sidecarctl.dev/ship: "${checksum}"\n`, '').replace(',"metadata.annotations[config.sidecarctl.dev/ship]"', '').replace(/,"objs":\[[^\]]*\]/, '')
      .replace(h, shortHash(JSON.stringify([['spec.initContainers[ship]', { name: 'ship', image: 's', restartPolicy: 'Always' }]]))).replace(/---\n[^]*/, '')
    const result = await put(own, plain)
    expect([findings(result), output(result), result.files[0]?.workloads[0]?.status]).toEqual([[], own, 'up to date'])
    const second = await put(own, templates({ ship: 'container: {image: t}' }))
    expect(output(second)).toContain('injected.sidecarctl.dev/ship: ')
    expect(output(second)).not.toContain('sidecarctl.dev/injected: ')
    expect(output(await take(output(second), KNOWN))).toBe(bare)
  })
})
