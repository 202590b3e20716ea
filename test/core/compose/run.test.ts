import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { injectAny } from '../../../src/core/compose/run.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { builtins, options, put, take } from './support.ts'

const ONE = `services:
  web:
    image: nginx:1.29
    ports: ["8080:80"]
`
const SHOP = `# The shop.
name: shop

services:
  web:
    image: nginx:1.29   # the web server
    ports:
      - "8080:80"
    environment:
      - GREETING=hello
    volumes:
      - ./html:/usr/share/nginx/html:ro
      - logs:/var/log/app
    depends_on: {db: {condition: service_started}}

  # The data.
  db:
    image: postgres:17
    environment: {POSTGRES_PASSWORD: "x"}
    expose: [5432]
    volumes: ["data:/var/lib/postgresql/data"]

volumes:
  logs:
  data:
`
const FLOW = '{"services": {"web": {"image": "a", "ports": ["80"]}}}\n'
const BARE = 'services:\n    web:\n        build: .\n        expose: ["80"]'

const MINE = `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: mine, version: "1", description: x}
spec:
  container:
    image: a:1
    args: [run, $HOME, $(WORD)]
    env: [{name: WORD, value: x}, {name: PRICE, value: 5 $}]
    volumeMounts: [{name: files, mountPath: /etc/mine}]
  volumes: [{name: files, configMap: {name: "\${{ workload.name }}-mine"}}]
  objects: [{apiVersion: v1, kind: ConfigMap, data: {a.conf: "root $dir\\n"}}]
`

/** Sidecars that only set what a cluster reads. */
const ONLY_IN_A_CLUSTER = ['mesh-istio', 'mesh-linkerd']
const USABLE = builtins.names.filter((name) => !ONLY_IN_A_CLUSTER.includes(name))

const service = (text: string, name: string): Record<string, unknown> =>
  (parse(text) as { services: Record<string, Record<string, unknown>> }).services[name] ?? {}

describe.each(USABLE)('%s', (name) => {
  it.each([
    ['one service', ONE],
    ['several services', SHOP],
    ['JSON', FLOW],
    ['no line break at the end', BARE],
    ['CRLF', SHOP.replaceAll('\n', '\r\n')],
  ])('is the same twice, and goes again: %s', async (_title, text) => {
    const first = await put(text, [name])
    expect(first.said.filter((one) => !one.startsWith('SERVICE_BYPASSES_PROXY'))).toEqual([])
    expect(first.services.every((one) => one.includes(' injected '))).toBe(true)
    expect(first.text).not.toBe(text)
    const second = await put(first.text, [name])
    expect(second.text).toBe(first.text)
    expect(second.services.every((one) => one.includes(' up to date '))).toBe(true)
    expect((await take(first.text)).text).toBe(text)
  })
})

it.each(ONLY_IN_A_CLUSTER)('%s is refused', async (name) => {
  const { said, text } = await put(ONE, [name])
  expect(said).toEqual([`COMPOSE_UNSUPPORTED: sidecar "${name}" adds no container, and the rest of it works only in a cluster`])
  expect(text).toBe(ONE)
})

it('that the default sidecar is used is noted once for all services', async () => {
  const { diagnostics } = await injectAny([new SourceText('compose.yaml', SHOP)], options(undefined))
  expect(diagnostics.filter(({ code }) => code === 'SIDECAR_DEFAULT')).toHaveLength(1)
})

describe('what a sidecar becomes', () => {
  it('shares a named volume that the service mounts at the folder', async () => {
    const { text } = await put(SHOP, ['logging'])
    expect(service(text, 'web-logging')['volumes']).toContain('logs:/var/log/app:ro')
    expect(service(text, 'web')['volumes']).toEqual(['./html:/usr/share/nginx/html:ro', 'logs:/var/log/app'])
  })

  it('brings a volume of its own where there is none, writable by every user', async () => {
    const { text } = await put(ONE, ['logging'])
    expect(service(text, 'web')['volumes']).toEqual(['web-app-logs:/var/log/app'])
    expect(service(text, 'web-logging')['volumes']).toContain('web-app-logs:/var/log/app:ro')
    const { volumes } = parse(text) as { volumes: Record<string, unknown> }
    expect(volumes['web-app-logs']).toMatchObject({ driver_opts: { type: 'tmpfs', o: expect.stringContaining('mode=1777') } })
  })

  it('joins the network of the service where it must share localhost', async () => {
    const { text } = await put(SHOP, ['proxy'])
    expect(service(text, 'web-proxy')['network_mode']).toBe('service:web')
    expect(service(text, 'web')['depends_on']).toEqual({ db: { condition: 'service_started' } })
  })

  it('otherwise has the networks of the service, which waits for it', async () => {
    const { text } = await put(ONE.replace('ports:', 'networks: [front]\n    ports:'), ['logging'])
    expect(service(text, 'web-logging')).toMatchObject({ networks: ['front'] })
    expect(service(text, 'web')['depends_on']).toEqual({ 'web-logging': { condition: 'service_started' } })
  })

  it('has limits, user, read-only root and no capabilities', async () => {
    expect(service((await put(ONE, ['logging'])).text, 'web-logging')).toMatchObject({
      user: '65532',
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      deploy: { resources: { limits: { memory: '128M' } } },
      restart: 'unless-stopped',
    })
  })

  it('has the health check of its probes, where a program of the image makes it', async () => {
    expect(service((await put(ONE, ['config-sync'])).text, 'web-config-sync')['healthcheck']).toMatchObject({
      test: expect.arrayContaining(['CMD']),
    })
  })

  it('has files of a ConfigMap as configs, in which $ is written twice', async () => {
    const { text } = await put(ONE, ['mine'], { templates: [new SourceText('mine.yaml', MINE)] })
    const { configs } = parse(text) as { configs: Record<string, { content: string }> }
    expect(configs).toEqual({ 'web-files-a.conf': { content: 'root $$dir\n' } })
    expect(service(text, 'web-mine')).toMatchObject({
      command: ['run', '$$HOME', 'x'],
      environment: { WORD: 'x', PRICE: '5 $$' },
      configs: [{ source: 'web-files-a.conf', target: '/etc/mine/a.conf' }],
    })
    expect((await take(text, undefined, { templates: [new SourceText('mine.yaml', MINE)] })).text).toBe(ONE)
  })

  it('has keys of Secrets as variables that must be set', async () => {
    const values = ['credentialsSecret=log', 'output=http', 'host=h.example.com']
    const parameters = values.map((one) => ({ template: 'logging', name: one.split('=')[0] as string, value: one.split('=')[1] as string }))
    const { text } = await put(ONE, ['logging'], { parameters })
    expect(JSON.stringify(service(text, 'web-logging')['environment'])).toContain('${LOG_PASSWORD:?')
  })

  it('gives variables to the app in the form of those that it has', async () => {
    const { text } = await put(SHOP, ['metrics-statsd'])
    expect(service(text, 'web')['environment']).toEqual(['GREETING=hello', 'STATSD_HOST=127.0.0.1', 'STATSD_PORT=9125'])
    expect(service(text, 'db')['environment']).toMatchObject({ STATSD_HOST: '127.0.0.1' })
  })
})

describe('choice', () => {
  const LABELLED = SHOP.replace('  db:\n', '  db:\n    labels: {sidecarctl.dev/inject: "false"}\n')

  it('is by label of the service', async () => {
    expect((await put(LABELLED, undefined)).services).toEqual(['web injected logging added', 'db skipped'])
    const asked = ONE.replace('ports:', 'labels: ["sidecarctl.dev/inject=metrics,logging"]\n    ports:')
    expect((await put(asked, undefined)).services).toEqual(['web injected metrics added logging added'])
  })

  it('is by parameters in labels', async () => {
    const text = ONE.replace('ports:', 'labels: {sidecarctl.dev/logging.folder: /logs}\n    ports:')
    expect(service((await put(text, ['logging'])).text, 'web')['volumes']).toEqual(['web-app-logs:/logs'])
  })

  it('leaves other sidecars where they are', async () => {
    const both = (await put((await put(SHOP, ['logging'])).text, ['metrics-statsd'])).text
    expect((await put(both, ['logging'])).text).toBe(both)
    expect((await take(both, ['metrics-statsd'])).text).toBe((await put(SHOP, ['logging'])).text)
    expect((await take(both)).text).toBe(SHOP)
  })

  it('keeps a volume that another sidecar uses', async () => {
    const one = (await put(ONE, ['logging'])).text
    const both = (await put(one, ['adapter'])).text
    const left = (await take(both, ['logging'])).text
    expect(service(left, 'web')['volumes']).toEqual(['web-app-logs:/var/log/app'])
    expect((await take(left)).text).toBe(ONE)
  })
})

describe('changes since', () => {
  it('an edit is an error, and --force discards it', async () => {
    const made = (await put(ONE, ['logging'])).text
    const edited = made.replace('restart: unless-stopped', 'restart: always')
    expect((await put(edited, ['logging'])).said).toEqual(['INJECTED_MODIFIED: what sidecar "logging" added was edited by hand'])
    expect(await take(edited)).toMatchObject({ text: edited, said: [expect.stringContaining('INJECTED_MODIFIED')] })
    expect((await put(edited, ['logging'], { force: 'yes' })).text).toBe(made)
    expect((await take(edited, undefined, { force: 'yes' })).text).toBe(ONE)
  })

  it('other parameters are an update in place', async () => {
    const made = (await put(SHOP, ['logging'])).text
    const parameters = [{ template: 'logging', name: 'folder', value: '/logs' }]
    const changed = await put(made, ['logging'], { parameters })
    expect(changed.services).toEqual(['web updated logging updated', 'db updated logging updated'])
    expect((await put(changed.text, ['logging'])).text).toBe(made)
    expect((await take(changed.text)).text).toBe(SHOP)
  })

  it('what the user adds around it stays', async () => {
    const made = (await put(ONE, ['logging'])).text
    const more = `${made.replace('image: nginx:1.29\n', 'image: nginx:1.29\n    hostname: w\n')}  mine:\n`
    expect((await take(more)).text).toContain('hostname: w\n')
    expect((await take(more)).text).toContain('\n  mine:\n')
  })
})

describe('records', () => {
  const forged = (added: object[]): string => {
    const record = JSON.stringify({ sidecar: 'logging', version: '1', service: 'web', digest: 'x', added })
    return `${ONE}    environment: {DB: x}\n    volumes: [data:/d]\n  db: {image: b}\n  web-logging:\n    image: a\n    x-sidecarctl: '${record}'\nvolumes: {data: {}}\n`
  }

  it.each([
    [[{ at: ['services'], key: 'db', digest: 'x' }]],
    [[{ at: ['services', 'web', 'environment'], key: 'DB', digest: 'x' }]],
    [[{ at: ['services', 'web', 'volumes'], item: 'data:/d' }]],
    [[{ at: ['services', 'web'], key: 'image', digest: 'x' }]],
    [[{ at: ['volumes'], key: 'data', digest: 'x' }]],
  ])('claim nothing that cannot be ours: %j', async (added) => {
    const text = forged(added)
    const { text: left, said } = await take(text, undefined, { force: 'yes' })
    expect(left).toBe(text.replace(/ {2}web-logging:\n.*\n.*\n/, ''))
    expect(said).toEqual([expect.stringContaining('RECORD_LEFT')])
  })

  it('name nothing that was there as it is wanted, so that it stays', async () => {
    const state = 'volumes:\n  web-logging-state:\n    driver_opts:\n      type: tmpfs\n      device: tmpfs\n      o: mode=1777,size=268435456\n'
    const own = ONE + state
    const injected = await put(own, ['logging'])
    expect(injected.said).toEqual([])
    expect(injected.text.match(/^ {2}web-logging-state:/gm)).toHaveLength(1)
    expect(injected.text).not.toContain('"key":"web-logging-state"')
    expect(await put(injected.text, ['logging'])).toMatchObject({ text: injected.text, services: ['web up to date logging kept'] })
    expect((await take(injected.text)).text).toBe(own)
  })

  it('with which no removal can be proved are told where they stand', async () => {
    const injected = (await put(ONE, ['logging', 'data-sync'])).text
    const text = injected.replace(/("service":"web","digest":"\w+",)"added":\[\{/, '$1"added":[{"at":["volumes"],"key":"web-x","digest":"00000000"},{')
      .replace(/\n {4}x-sidecarctl: .*(?=\n {2}web-data-sync)/, '').replace(/,"created":\[.*?\]\]/, '')
    expect(text).not.toBe(injected)
    const { text: left, said } = await put(text, ['logging', 'data-sync'], { force: 'yes' })
    expect(left).toBe(text)
    expect(said.join()).not.toContain('EDIT_UNSAFE')
    expect(said).toContainEqual(expect.stringMatching(/^RECORD_UNPROVEN: with what the records say was added, /))
  })

  it('of a service that was renamed are an error for each command, and stay with --force', async () => {
    const injected = (await put(SHOP, ['logging'])).text
    const text = injected.replace('  web:\n', '  front:\n')
    const message = expect.stringMatching(/^RECORD_UNPROVEN: sidecar "logging" was added to service web, which does not exist/)
    for (const done of [await put(text, ['logging']), await take(text), await take(text, ['logging'])])
      expect(done).toMatchObject({ text, said: [message] })
    expect((await take(text, ['metrics'])).said.join()).not.toContain('which does not exist')
    const forced = await take(text, undefined, { force: 'yes' })
    expect(forced.said).toEqual([expect.stringMatching(/^RECORD_LEFT/)])
    expect(forced.text).toContain('  web-logging:\n')
    expect(forced.text).not.toContain('db-logging')
  })

  it('that are broken are an error', async () => {
    const text = `${ONE}  web-logging: {image: a, x-sidecarctl: "{"}\n`
    expect(await put(text, ['logging'])).toMatchObject({
      text,
      said: [expect.stringContaining('RECORD_INVALID'), expect.stringContaining('CONTAINER_NAME_TAKEN')],
    })
  })
})

describe('refusals', () => {
  // file | what is said
  it.each<[string, string]>([
    [`${ONE}  web-logging: {image: mine}\n`, 'CONTAINER_NAME_TAKEN'],
    [`${ONE}    volumes: [/var/log/app]\n`, 'COMPOSE_UNSUPPORTED: sidecar "logging" shares /var/log/app, whose volume has no name'],
    [`${ONE}    tmpfs: /var/log/app\n`, 'COMPOSE_UNSUPPORTED'],
    [`${ONE}    depends_on:\n`, 'EDIT_LAYOUT: services.web.depends_on is empty'],
    [`x-volumes: &v\n  - a:/a\n${ONE}    volumes: *v\n`, 'EDIT_SHARED_NODE'],
  ])('%j', async (text, said) => {
    const result = await put(text, ['logging'])
    expect(result.said[0]).toContain(said)
    expect(result.text).toBe(text)
  })
})

describe('findings are at their places in the file', () => {
  const labels = (text: string) => `services:\n  db: {image: a}\n  web:\n    image: a\n    labels:\n${text}`
  const set = (name: string) => labels(`      a: b\n      ${name}\n`)
  // what is at fault | code | line and column | the file
  it.each<[string, string, string, string]>([
    ['the name of a parameter', 'ANNOTATION_UNKNOWN', '7:7', set('sidecarctl.dev/logging.foldr: /x')],
    ['the value of a label', 'ANNOTATION_INVALID', '7:38', set('sidecarctl.dev/logging.output: 7')],
    ['the name of a sidecar', 'ANNOTATION_UNKNOWN', '7:30', set('sidecarctl.dev/inject: loging')],
    ['one with line ends of Windows', 'ANNOTATION_UNKNOWN', '7:30', set('sidecarctl.dev/inject: loging').replaceAll('\n', '\r\n')],
    ['an item of a list', 'ANNOTATION_UNKNOWN', '7:9', labels('      - a=b\n      - sidecarctl.dev/inject=loging\n')],
    ['the last of two items', 'ANNOTATION_UNKNOWN', '7:9', labels('      - sidecarctl.dev/inject=logging\n      - sidecarctl.dev/inject=loging\n')],
    ['a service, where no label is', 'PARAM_REQUIRED', '3:3', set('sidecarctl.dev/inject: wait-for')],
    ['a merge key behind a sidecar', 'EDIT_SHARED_NODE', '4:5', 'x: &a {depends_on: [x]}\nservices:\n  a:\n    <<: *a\n    image: b\n'],
    ['an alias behind a sidecar', 'EDIT_SHARED_NODE', '5:17', 'x: &a [x]\nservices:\n  db: {image: a}\n  web:\n    depends_on: *a\n    image: b\n'],
    ['an empty key behind a sidecar', 'EDIT_LAYOUT', '5:5', 'services:\n  db: {image: a}\n  web:\n    image: b\n    depends_on:\n'],
  ])('%s', async (_, code, place, text) => {
    const source = new SourceText('compose.yaml', text)
    const { diagnostics } = await injectAny([source], options(undefined))
    const found = diagnostics.find(({ severity }) => severity === 'error')
    const { line, column } = source.position(found?.at?.range.start ?? 0)
    expect([found?.code, `${line}:${column}`, found?.resource?.kind]).toEqual([code, place, 'Service'])
    expect(found?.hint).toBeDefined()
  })
})

// Names that are words of messages in small letters.
it.each(['Port', 'Metrics', 'Sidecar', '_'])('a finding in the service %s says what the sidecar says', async (service) => {
  const text = `services:\n  ${service}:\n    image: a\n    expose: ["8889"]\n`
  const { said } = await put(text, ['metrics'])
  expect(said).toEqual(['PORT_TAKEN: sidecar "metrics" and container "app" both use port 8889/TCP'])
})

describe('a collection in which nothing of the user\'s is left', () => {
  const AMBASSADOR = { parameters: [['host', 'db.shop'], ['port', '5432'], ['hostVariable', 'DB_HOST']].map(([name = '', value = '']) => ({ template: 'ambassador', name, value })) }
  const compose = (environment: string): string => `services:\n  web:\n    image: a\n    environment:${environment}\n    volumes:\n      - ./x:/x\n`
  const emptied = (text: string): string => text.replace('      GREETING: hello\n', '').replace('      - ./x:/x\n', '')

  it('is left empty, as null is not valid there', async () => {
    const done = emptied((await put(compose('\n      GREETING: hello'), ['ambassador', 'logging'], AMBASSADOR)).text)
    expect(done).toContain('environment:\n      DB_HOST: 127.0.0.1\n')
    expect((await take(done)).text).toBe('services:\n  web:\n    image: a\n    environment: {}\n    volumes: []\n')
  })

  it('is filled again when the sidecar is updated', async () => {
    const done = emptied((await put(compose('\n      GREETING: hello'), ['ambassador'], AMBASSADOR)).text)
    const [host, port] = AMBASSADOR.parameters
    const other = { parameters: [host, port, { template: 'ambassador', name: 'hostVariable', value: 'DB' }] as typeof AMBASSADOR.parameters }
    expect((await put(done, ['ambassador'], other)).text).toContain('environment:\n      DB: 127.0.0.1\n')
  })

  it.each([' {}', ' {} # none', ' []'])('may be empty from the beginning: %s', async (environment) => {
    const text = compose(environment)
    const { text: done } = await put(text, ['ambassador'], AMBASSADOR)
    expect(done).not.toBe(text)
    expect((await take(done)).text).toBe(text)
  })

  it.each(['', ' ~', ' { }'])('is an error where it could not be restored: %j', async (environment) => {
    const text = compose(environment)
    const result = await put(text, ['ambassador'], AMBASSADOR)
    expect(result.text).toBe(text)
    expect(result.said).toEqual(['EDIT_LAYOUT: services.web.environment is empty'])
  })
})
