import fs from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { Diagnostic } from '../../../src/core/diagnostics/diagnostic.ts'
import { isObject, type Json, type JsonObject } from '../../../src/core/json/json.ts'
import { validateTemplate } from '../../../src/core/template/validate-template.ts'
import { builtinDocument } from '../../../src/core/template/library.ts'
import type { TemplateDocument } from '../../../src/core/template/parse-template.ts'
import { resolveTemplate } from '../../../src/core/template/resolve-template.ts'
import type { GivenValue, Sidecar, Template, TemplateContext } from '../../../src/core/template/template.ts'
import type { SourceText } from '../../../src/core/text/source.ts'
import { builtinTemplates } from '../../../src/io/builtin-templates.ts'
import { CONTEXT, examples, read } from './support.ts'

const BUILTIN = builtinTemplates({
  fs,
  templatesFolder: fileURLToPath(new URL('../../../templates', import.meta.url)),
  compiledTemplatesFolder: undefined,
})

const loaded = new Map<string, Promise<{ template?: Template; diagnostics: Diagnostic[] }>>()

async function load(name: string): Promise<Template> {
  const loading = loaded.get(name) ?? validateTemplate(builtinDocument(name, BUILTIN) as TemplateDocument)
  loaded.set(name, loading)
  const { template, diagnostics } = await loading
  expect(diagnostics).toEqual([])
  return template as Template
}

async function sidecar(name: string, more: GivenValue[] = [], context: TemplateContext = CONTEXT): Promise<Sidecar> {
  const template = await load(name)
  const { sidecar: made, diagnostics } = resolveTemplate(template, [...examples(template), ...more], context)
  expect(diagnostics).toEqual([])
  return made as Sidecar
}

function containers(of: Sidecar): JsonObject[] {
  return [...(of.container === undefined ? [] : [of.container]), ...of.initContainers]
}

const object = (value: Json | undefined): JsonObject => (isObject(value) ? value : {})
const objects = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : [])

it('there are the sidecars that the README names', () => {
  expect(BUILTIN.names).toEqual([
    'adapter', 'ambassador', 'auth-proxy', 'config-http', 'config-sync', 'data-sync', 'logging', 'logging-fluentd',
    'mesh-istio', 'mesh-linkerd', 'metrics', 'metrics-nginx', 'metrics-node', 'metrics-statsd', 'proxy', 'wait-for',
  ])
  expect(BUILTIN.read('../package')).toBeUndefined()
})

describe.each(BUILTIN.names)('%s', (name) => {
  it('is named like its file and describes every parameter', async () => {
    const template = await load(name)
    expect(template.name).toBe(name)
    expect(template.version).toMatch(/^\d+\.\d+\.\d+$/)
    expect([...template.parameters.values()].filter((p) => p.description === '')).toEqual([])
  })

  it.each(['1.1', '1.2'] as const)('means to readers of YAML %s what it means to kubectl', (version) => {
    const source = BUILTIN.read(name) as SourceText
    expect(parse(source.text, { version })).toEqual(read(source).data)
  })

  it.each(['classic', 'native'] as const)('%s: resolves with nothing left to fill', async (mode) => {
    const made = await sidecar(name, [], { ...CONTEXT, mode })
    expect(JSON.stringify(made)).not.toContain('${{')
    expect(JSON.stringify(made)).not.toMatch(/"\$(?:when|value|json|yaml|spread)"/)
  })

  it('pins its image, with requests, limits and the restricted security context', async () => {
    for (const container of containers(await sidecar(name))) {
      expect(container['image']).toMatch(/^[^:@]+:(?!latest)[^:@]+$/)
      expect(container['resources']).toEqual({
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { cpu: expect.any(String), memory: expect.any(String) },
      })
      expect(container['securityContext']).toMatchObject({
        runAsNonRoot: true,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      })
      expect(object(container['securityContext'])['runAsUser']).toBeGreaterThan(0)
    }
  })

  it('has probes, of its own ports or by a command', async () => {
    const { container } = await sidecar(name)
    const ports = objects(container?.['ports']).flatMap((p) => [p['name'], p['containerPort']])
    // What carries no traffic of the app must not take it out of service.
    const ready = /^(logging|adapter|metrics)/.test(name) ? [] : ['readinessProbe']
    if (ready.length === 0) expect(container).not.toHaveProperty('readinessProbe')
    for (const probe of container === undefined ? [] : ['startupProbe', 'livenessProbe', ...ready]) {
      const { httpGet, exec } = object(container?.[probe])
      if (exec === undefined) expect(ports).toContain(object(httpGet)['port'])
      else expect(object(exec)['command']).toEqual(expect.arrayContaining([expect.any(String)]))
    }
    for (const port of objects(container?.['ports']).flatMap((p) => p['name'] ?? [])) {
      expect(port).toMatch(/^(?=.*[a-z])[a-z0-9](?:-?[a-z0-9]){0,14}$/)
    }
  })

  it('mounts only what it brings or shares, and each path once', async () => {
    const made = await sidecar(name)
    const volumes = made.volumes.map((v) => v['name'])
    for (const container of containers(made)) {
      const mounts = objects(container['volumeMounts'])
      for (const mount of mounts) expect(volumes).toContain(mount['name'])
      const paths = [...mounts.map((m) => m['mountPath']), ...made.sharedFolders.map((f) => f.sidecarPath)]
      expect(new Set(paths).size).toBe(paths.length)
    }
  })
})

it.each(BUILTIN.names)('%s leaves the user to the cluster where it is asked to, and limits every emptyDir of its own', async (name) => {
  const template = await load(name)
  const given = template.parameters.has('runAsUser') ? [{ name: 'runAsUser', value: 'null' }] : []
  const made = await sidecar(name, given)
  for (const container of containers(made)) {
    expect(container['securityContext']).toMatchObject({ runAsNonRoot: true })
    expect(Object.keys(object(container['securityContext'])).filter((key) => /^runAs(User|Group)$/.test(key))).toEqual([])
    expect(Object.values(container).filter((value) => Array.isArray(value) && value.length === 0)).toEqual([])
  }
  for (const volume of made.volumes.filter((one) => one['emptyDir'] !== undefined)) {
    expect(volume['emptyDir']).toEqual({ sizeLimit: expect.stringMatching(/^\d+Mi$/) as string })
  }
})

it('storage of the node is reserved and limited only where it is asked for', async () => {
  const plain = (await sidecar('logging')).container?.['resources']
  expect(JSON.stringify(plain)).not.toContain('ephemeral')
  const asked = (await sidecar('logging', set({ ephemeralStorageRequest: '64Mi', ephemeralStorageLimit: '1Gi' }))).container?.['resources']
  expect(asked).toMatchObject({ requests: { 'ephemeral-storage': '64Mi' }, limits: { 'ephemeral-storage': '1Gi' } })
})

it('what takes ports of a node goes into no pod on the network of its host, but where it is asked to', async () => {
  for (const name of BUILTIN.names) {
    const made = await sidecar(name)
    const expected = objects(made.container?.['ports']).length > 0 && name !== 'metrics-node' ? 'skip' : made.requires.hostNetwork
    expect([name, made.requires.hostNetwork]).toEqual([name, expected])
  }
  expect((await sidecar('logging', set({ hostNetwork: 'allow' }))).requires.hostNetwork).toBe('allow')
})

it('no two built-in sidecars take the same port, container or volume name', async () => {
  const seen: Json[] = []
  for (const name of BUILTIN.names) {
    const made = await sidecar(name)
    const ports = objects(made.container?.['ports']).flatMap((p) => [p['name'] ?? [], p['containerPort'] ?? []].flat())
    const names = containers(made).map((c) => `container ${String(c['name'])}`)
    const volumes = [...made.volumes.map((v) => v['name']), ...made.sharedFolders.map((f) => f.volume)]
    seen.push(...ports, ...names, ...volumes.map((v) => `volume ${String(v)}`))
  }
  expect(seen.filter((value, i) => seen.indexOf(value) !== i)).toEqual([])
})

const set = (values: Record<string, string>): GivenValue[] =>
  Object.entries(values).map(([name, value]) => ({ name, value }))

async function codes(name: string, values: Record<string, string>): Promise<string[]> {
  const template = await load(name)
  const { diagnostics } = resolveTemplate(template, set(values), CONTEXT)
  return diagnostics.map((d) => `${d.code} ${d.message.match(/\bfor (\w+)/)?.[1] ?? ''}`.trim())
}

describe('logging', () => {
  it('tails the folder read-only and prints by default', async () => {
    const made = await sidecar('logging')
    expect(made.sharedFolders).toMatchObject([{ volume: 'app-logs', path: '/var/log/app', sidecarReadOnly: true }])
    const args = made.container?.['args'] as string[]
    expect(args).toContain('--prop=path=/var/log/app/*.log')
    expect(args).toContain('--output=stdout')
    expect(args.filter((a) => /host=|parser|http_user/.test(a))).toEqual([])
  })

  it.each(['forward', 'http', 'loki', 'elasticsearch'])('output %s needs a host', async (output) => {
    expect(await codes('logging', { output })).toEqual(['PARAM_REQUIRED host'])
    const made = await sidecar('logging', set({ output, host: 'logs.example.com' }))
    const args = made.container?.['args'] as string[]
    expect(args.filter((a) => a.startsWith('--output='))).toHaveLength(1)
    expect(args).toContain('--prop=host=logs.example.com')
    expect(args).not.toContain('--output=stdout')
  })

  it('takes credentials from a secret, never as text', async () => {
    const values = { output: 'loki', host: 'x', credentialsSecret: 'log-auth', tls: 'true', port: '443' }
    const { container } = await sidecar('logging', set(values))
    expect(container?.['args']).toEqual(
      expect.arrayContaining(['--prop=http_passwd=$${OUTPUT_PASSWORD}', '--prop=tls.verify=true', '--prop=port=443']),
    )
    expect(objects(container?.['env']).find((e) => e['name'] === 'OUTPUT_PASSWORD')).toMatchObject({
      valueFrom: { secretKeyRef: { name: 'log-auth', key: 'password' } },
    })
  })
})

describe('metrics', () => {
  it('configures the collector in its environment', async () => {
    const made = await sidecar('metrics')
    const config = parse(objects(made.container?.['env'])[0]?.['value'] as string) as Record<string, never>
    expect(config).toMatchObject({
      receivers: {
        prometheus: {
          config: { scrape_configs: [{ job_name: 'web', static_configs: [{ targets: ['localhost:8080'] }] }] },
        },
        http_check: { targets: [{ method: 'GET', endpoint: 'http://localhost:8080/healthz' }] },
      },
      exporters: { prometheus: { endpoint: ':8889' } },
      service: { pipelines: { metrics: { receivers: ['prometheus', 'http_check'], exporters: ['prometheus'] } } },
    })
    expect(made.pod.annotations).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': '8889',
      'prometheus.io/path': '/metrics',
    })
  })

  it('every component of the pipeline is configured', async () => {
    for (const checkHealth of ['true', 'false']) {
      const made = await sidecar('metrics', set({ checkHealth, annotate: 'false' }))
      const config = parse(objects(made.container?.['env'])[0]?.['value'] as string)
      for (const kind of ['receivers', 'processors', 'exporters']) {
        expect(Object.keys(config[kind])).toEqual(config.service.pipelines.metrics[kind])
      }
      expect(made.pod.annotations).toEqual({})
    }
  })
})

async function bootstrap(values: Record<string, string> = {}) {
  const made = await sidecar('proxy', set(values))
  const args = made.container?.['args'] as string[]
  const config = parse(args[args.indexOf('--config-yaml') + 1] as string)
  return { made, config, http: config.static_resources.listeners[0].filter_chains[0].filters[0].typed_config }
}

describe('proxy', () => {
  it('is in front of the port of the app', async () => {
    const { made, config } = await bootstrap()
    expect(made.proxies).toBe(8080)
    expect(made.requires).toMatchObject({ hostNetwork: 'skip', minMinor: 30 })
    const [app] = config.static_resources.clusters
    expect(app.load_assignment.endpoints[0].lb_endpoints[0].endpoint.address.socket_address).toEqual({
      address: '127.0.0.1',
      port_value: 8080,
    })
    expect(config.admin.address.socket_address).toEqual({ address: '127.0.0.1', port_value: 9901 })
  })

  it('routes only to clusters that exist', async () => {
    const { config } = await bootstrap()
    const clusters = config.static_resources.clusters.map((c: { name: string }) => c.name)
    const routed = [...JSON.stringify(config).matchAll(/"cluster":"([^"]*)"/g)].map((m) => m[1])
    expect(routed).toEqual(['app', 'admin', 'admin'])
    expect(clusters).toEqual(expect.arrayContaining(routed))
  })

  it('has what is asked for and nothing of what is switched off', async () => {
    const plain = (await bootstrap()).http
    // No limit and no timeout that was not asked for.
    expect(plain.http_filters).toHaveLength(1)
    expect(plain.stream_idle_timeout).toBe('0s')
    expect(plain.route_config.virtual_hosts[0].routes[0].route.timeout).toBe('0s')
    expect(plain.route_config.virtual_hosts[0].routes[0].route.retry_policy).not.toHaveProperty('per_try_timeout')
    const on = (await bootstrap({ rateLimit: '100', timeout: '15s', perTryTimeout: '5s' })).http
    expect(on.http_filters).toHaveLength(2)
    expect(on.access_log).toHaveLength(1)
    expect(on.route_config.virtual_hosts[0].routes[0].route).toMatchObject({
      timeout: '15s',
      retry_policy: { num_retries: 2, per_try_timeout: '5s' },
    })
    const off = (await bootstrap({ rateLimit: '0', accessLog: 'no', retries: '0' })).http
    expect(off.http_filters).toHaveLength(1)
    expect(off.access_log).toEqual([])
    expect(off.route_config.virtual_hosts[0].routes[0].route).not.toHaveProperty('retry_policy')
  })

  it('needs a port where the app declares none', async () => {
    const template = await load('proxy')
    const context = { ...CONTEXT, app: { ...CONTEXT.app, port: undefined } }
    expect(resolveTemplate(template, [], context).diagnostics.map((d) => d.code)).toEqual(['PARAM_REQUIRED'])
  })
})

describe('config-sync', () => {
  it('needs a repository', async () => {
    expect(await codes('config-sync', {})).toEqual(['PARAM_REQUIRED repo'])
  })

  it('runs once before the app as an ordinary container, and by its startup probe as a native sidecar', async () => {
    const classic = await sidecar('config-sync', [], { ...CONTEXT, mode: 'classic' })
    expect(classic.initContainers.map((c) => c['name'])).toEqual(['config-sync-init'])
    expect(classic.initContainers[0]?.['args']).toContain('--one-time')
    const native = await sidecar('config-sync', [], { ...CONTEXT, mode: 'native' })
    expect(native.initContainers).toEqual([])
    expect(native.container).toHaveProperty('startupProbe')
  })

  it('mounts the key for ssh in both runs', async () => {
    const made = await sidecar('config-sync', set({ sshSecret: 'git-ssh' }))
    for (const container of containers(made)) {
      expect(objects(container['volumeMounts']).map((m) => m['name'])).toContain('config-sync-ssh')
    }
    expect(made.volumes).toContainEqual({
      name: 'config-sync-ssh',
      secret: { secretName: 'git-ssh', defaultMode: 0o444 },
    })
  })
})
