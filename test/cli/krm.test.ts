import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadEngine } from '../../src/cli/engine.ts'
import { main } from '../../src/cli/main.ts'
import { captureHost, folder } from './fake.ts'

async function run(argv: readonly string[], stdin: string, files: Record<string, string> = {}) {
  const { host, stdout, stderr } = captureHost({ cwd: folder(files), stdin })
  return { code: await main(argv, host, loadEngine), stdout: stdout(), stderr: stderr() }
}

const CONF = `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: conf, version: 1.0.0, description: Brings a ConfigMap.}
spec:
  parameters:
    letter: {type: string, default: a, description: A letter.}
  container:
    image: busybox:1.37.0
    command: [sh, -c, sleep 1000]
  objects:
  - apiVersion: v1
    kind: ConfigMap
    metadata: {name: '\${{ workload.name }}-conf'}
    data: {letter: '\${{ params.letter }}'}
`

/** A list as kpt passes it: with comments, and each object's place. */
const list = (config: string, extra = ''): string => `apiVersion: config.kubernetes.io/v1
kind: ResourceList
items:
- apiVersion: v1
  kind: Pod
  metadata:
    name: web # the shop
    annotations:
      config.kubernetes.io/index: '0'
      config.kubernetes.io/path: 'k8s/web.yaml'
      internal.config.kubernetes.io/index: '0'
      internal.config.kubernetes.io/path: 'k8s/web.yaml'
      internal.config.kubernetes.io/id: '7'
  spec:
    containers:
    - {name: web,   image: "web:1"}
- apiVersion: v1
  kind: Service # in front
  metadata:
    name: web
    annotations: {internal.config.kubernetes.io/index: '1', internal.config.kubernetes.io/path: k8s/web.yaml}
  spec: {ports: [{port: 80}]}
functionConfig:
${config.replace(/^/gm, '  ').trimEnd()}
${extra}`

const INJECTION = `apiVersion: sidecarctl.dev/v1
kind: SidecarInjection
metadata: {name: x}
spec: {sidecars: [conf], templates: [conf.yaml], set: {conf.letter: b}, mode: {conf: classic}, kubernetesVersion: "1.34"}
`
const POLICY = `apiVersion: sidecarctl.dev/v1
kind: Policy
metadata: {name: x}
spec:
  templates: [conf.yaml]
  kubernetesVersion: "1.34"
  parameters: {conf: {letter: b}}
  modes: {conf: classic}
  rules: [{match: {paths: [k8s/*]}, add: [conf]}]
`
const CONFIG_MAP = `apiVersion: v1
kind: ConfigMap
metadata: {name: x}
data: {sidecars: conf, templates: conf.yaml, conf.letter: b, mode: conf=classic, kubernetesVersion: "1.34"}
`
const NAMED = `apiVersion: sidecarctl.dev/v1
kind: SidecarInjection
metadata: {name: x}
spec: {policy: policy.yaml}
`
const FILES = { 'conf.yaml': CONF, 'policy.yaml': POLICY }

/** The items of a printed list. */
const itemsOf = (text: string): Record<string, unknown>[] => parse(text).items
const resultsOf = (text: string): Record<string, unknown>[] => parse(text).results

describe('a ResourceList on standard input', () => {
  it.each([
    ['SidecarInjection', INJECTION],
    ['a policy', POLICY],
    ['ConfigMap', CONFIG_MAP],
    ['SidecarInjection that names a policy', NAMED],
  ])('gets the same sidecars from a functionConfig that is %s', async (_, config) => {
    for (const argv of [['krm'], ['inject'], ['inject', '-']]) {
      const { code, stdout } = await run(argv, list(config), FILES)
      expect(code).toBe(0)
      const items = itemsOf(stdout)
      expect(items.map(({ kind }) => kind)).toEqual(['Pod', 'ConfigMap', 'Service'])
      expect(items[0]).toMatchObject({ spec: { containers: [{ name: 'web' }, { name: 'conf' }] } })
      expect(items[1]).toMatchObject({
        metadata: {
          name: 'web-conf',
          annotations: {
            'sidecarctl.dev/owned-by': 'Pod/web/conf',
            'config.kubernetes.io/path': 'k8s/web.yaml',
            'config.kubernetes.io/index': '2',
            'internal.config.kubernetes.io/path': 'k8s/web.yaml',
            'internal.config.kubernetes.io/index': '2',
          },
        },
        data: { letter: 'b' },
      })
      expect(JSON.stringify(items[1])).not.toContain('config.kubernetes.io/id')
    }
  })

  it('keeps every byte that is not of the sidecar, and changes nothing in a second run', async () => {
    const before = list(INJECTION)
    const once = await run(['krm', '-q'], before, FILES)
    expect(before.split('\n').filter((line) => !once.stdout.split('\n').includes(line))).toEqual([])
    const twice = await run(['krm', '-q'], once.stdout, FILES)
    expect(twice).toEqual({ code: 0, stdout: once.stdout, stderr: '' })
    const back = await run(['uninject', '-q', '-t', 'conf.yaml'], once.stdout, FILES)
    expect(back).toEqual({ code: 0, stdout: before, stderr: '' })
  })

  it('takes no annotation of kustomize or kpt for an edit by hand', async () => {
    const once = (await run(['krm'], list(INJECTION), FILES)).stdout
    const moved = once.replace(/(config.kubernetes.io\/index: )"2"/g, '$1"9"')
    expect(moved).not.toBe(once)
    const again = await run(['krm'], moved.replace('conf.letter: b', 'conf.letter: c'), FILES)
    expect(again.code).toBe(0)
    expect(itemsOf(again.stdout)[1]).toMatchObject({
      metadata: { annotations: { 'config.kubernetes.io/index': '9', 'config.kubernetes.io/path': 'k8s/web.yaml' } },
      data: { letter: 'c' },
    })
  })

  it('leaves no empty map where all annotations were those of the host', async () => {
    const before = list('apiVersion: sidecarctl.dev/v1\nkind: SidecarInjection\n')
    const injected = (await run(['krm', '-q', '-s', 'logging'], before, FILES)).stdout
    // What kpt writes to the file of the Pod.
    const pod = (text: string): string => {
      const [first = ''] = /^- apiVersion: v1\n {2}kind: Pod\n[^]*?(?=^- )/m.exec(text) ?? []
      const own = first.replace(/^.*config\.kubernetes\.io.*\n/gm, '').replace(/^[- ] /gm, '')
      return own.includes('sidecarctl') ? own : own.replace(/^ {2}annotations:\n/m, '')
    }
    expect(pod(injected)).toContain('injected.sidecarctl.dev/logging')
    expect(await run(['uninject', '-q'], pod(injected), FILES)).toEqual({ code: 0, stdout: pod(before), stderr: '' })
  })

  it('lets flags override the functionConfig', async () => {
    const { stdout } = await run(['krm', '--set', 'conf.letter=z', '--mode', 'native'], list(INJECTION), FILES)
    expect(itemsOf(stdout)[1]).toMatchObject({ data: { letter: 'z' } })
    // A flag for all sidecars overrides what the functionConfig says of one.
    expect(itemsOf(stdout)[0]).toMatchObject({ spec: { initContainers: [{ name: 'conf' }] } })
    const files = { ...FILES, 'values.yaml': 'conf: {letter: v}\n' }
    const valued = await run(['krm', '--values', 'values.yaml'], list(INJECTION), files)
    expect(itemsOf(valued.stdout)[1]).toMatchObject({ data: { letter: 'v' } })
    const bad = await run(['krm', '--values', 'none.yaml'], list(INJECTION), files)
    expect(bad.code).toBe(1)
    expect(resultsOf(bad.stdout)).toMatchObject([{ severity: 'error' }])
  })

  it.each([
    ['for all', INJECTION.replace('mode: {conf: classic}', 'mode: native, start: last')],
    ['by name', INJECTION.replace('mode: {conf: classic}', 'mode: native, start: {conf: last}')],
    ['as a text', CONFIG_MAP.replace('mode: conf=classic', 'mode: native, start: "conf=last"')],
  ])('places a sidecar among the init containers: %s', async (_, config) => {
    const { code, stdout } = await run(['krm'], list(config), FILES)
    expect(code).toBe(0)
    expect(stdout).toContain('"start":"last"')
    expect((await run(['krm', '--start', 'first'], list(config), FILES)).stdout).not.toContain('"start"')
  })

  it('comes out with an error as a result, unchanged apart from that, with exit code 1', async () => {
    const config = INJECTION.replace('[conf]', '[logging]').replace(
      'set: {conf.letter: b}, mode: {conf: classic}, ',
      '',
    )
    const broken = list(config).replace(
      '{name: web,   image: "web:1"}',
      '{name: web, image: "web:1", ports: [{containerPort: 0}]}',
    )
    const { code, stdout, stderr } = await run(['krm'], broken, FILES)
    expect(code).toBe(1)
    expect(stdout.startsWith(broken)).toBe(true)
    expect(resultsOf(stdout)).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        resourceRef: { apiVersion: 'v1', kind: 'Pod', name: 'web' },
        field: { path: 'spec.containers[0].ports[0].containerPort', currentValue: 0 },
        file: { path: 'k8s/web.yaml', index: 0 },
      }),
    )
    expect(stderr).toContain('error')
    expect((await run(['inject', '-'], broken, FILES)).stdout).toBe(stdout)
  })

  it.each([
    [
      'a field outside of spec',
      'apiVersion: sidecarctl.dev/v1\nkind: SidecarInjection\nsidecars: [logging]\n',
      /sidecars: unknown field \(sidecars belongs in spec\)/,
    ],
    [
      'an unknown field',
      INJECTION.replace('sidecars', 'sidecar'),
      /spec\.sidecar: unknown field \(did you mean sidecars\?\)/,
    ],
    ['an unknown key', CONFIG_MAP.replace('sidecars', 'sidecar'), /data\[sidecar\]: unknown field/],
    ['a version that is a number', INJECTION.replace('"1.34"', '1.34'), /write it in quotes: "1\.34"/],
    ['an unknown mode', INJECTION.replace('classic', 'clasic'), /unknown mode "clasic"/],
    ['an unknown place', INJECTION.replace('mode: {conf: classic}', 'start: behind'), /"behind" is not a place among/],
    ['another kind', 'apiVersion: v1\nkind: Secret\n', /functionConfig is "v1" "Secret"/],
    ['a scalar', '7\n', /functionConfig must be an object/],
    ['a policy with an error', POLICY.replace('rules', 'rulez'), /rulez/],
    [
      'a path outside',
      INJECTION.replace('[conf.yaml]', '[/etc/hosts]'),
      /etc\/hosts is not read: it is outside of the repository/,
    ],
    ['a path above', INJECTION.replace('[conf.yaml]', '[../conf.yaml]'), /not read: it is outside/],
    ['no manifest', INJECTION.replace('[conf.yaml]', '[conf.txt]'), /it is not a \.yaml, \.yml or \.json file/],
    ['an unknown sidecar', INJECTION.replace('[conf]', '[cnf]'), /unknown sidecar "cnf"/],
    [
      'an unknown parameter',
      INJECTION.replace('conf.letter: b', 'conf.leter: b'),
      /no parameter "leter" \(set by functionConfig spec\.set\[conf\.leter\]\) \(did you mean letter\?\)/,
    ],
    [
      'an unknown parameter in a ConfigMap',
      CONFIG_MAP.replace('conf.letter', 'conf.leter'),
      /no parameter "leter" \(set by functionConfig data\[conf\.leter\]\)/,
    ],
    [
      'a missing policy',
      NAMED.replace('policy.yaml', 'none.yaml'),
      /^none\.yaml: no such policy file \(paths in a functionConfig/,
    ],
    [
      'a missing template',
      INJECTION.replace('[conf.yaml]', '[none]'),
      /^none: no such file or folder \(paths in a functionConfig/,
    ],
  ])('reports a bad functionConfig as a result: %s', async (_, config, message) => {
    const before = list(config)
    const { code, stdout } = await run(['krm'], before, { ...FILES, 'conf.txt': CONF })
    expect(code).toBe(1)
    expect(stdout.startsWith(before)).toBe(true)
    expect(resultsOf(stdout).map((one) => one['message'])).toEqual(
      expect.arrayContaining([expect.stringMatching(message)]),
    )
    expect((await run(['krm'], stdout, { ...FILES, 'conf.txt': CONF })).stdout).toBe(stdout)
  })

  it('points to the functionConfig for a path that does not exist', async () => {
    const config = INJECTION.replace('[conf.yaml]', '[none]')
    const before = list(config)
    const line = before.split('\n').indexOf('functionConfig:') + 1
    const { stderr } = await run(['krm'], before, FILES)
    expect(stderr).toContain(`<stdin>:${line}:1 error IO_NOT_FOUND: none: no such file or folder\n`)
    const streamed = await run(['krm', '--fn-config', 'fn.yaml'], before, { ...FILES, 'fn.yaml': config })
    expect(streamed).toMatchObject({ code: 2, stdout: '' })
    expect(streamed.stderr).toContain('fn.yaml:1:1 error IO_NOT_FOUND: none: no such file or folder\n')
  })

  it('points to the functionConfig for what the policy in it says', async () => {
    const before = list(POLICY.replace('[conf]', '[cnf]').replaceAll('add: [conf]', 'add: [cnf]'))
    const { code, stdout, stderr } = await run(['krm'], before, FILES)
    expect(code).toBe(1)
    const line = before.split('\n').indexOf('functionConfig:') + 1
    expect(stderr).toContain(`<stdin>:${line}:1 error SIDECAR_UNKNOWN: unknown sidecar "cnf"\n`)
    expect(resultsOf(stdout)).toEqual([expect.not.objectContaining({ file: expect.anything() })])
    const wrong = list(POLICY.replace('kubernetesVersion', 'version'))
    for (const command of ['krm', 'validate'])
      expect((await run([command], wrong, FILES)).stderr).toContain(`<stdin>:${line}:1 error CONFIG_INVALID: `)
  })

  it.each([
    ['with results', 'results:\n- {message: before, severity: info}\n', ['before', 'unknown sidecar']],
    ['with an empty list of results', 'results: []\n', ['unknown sidecar']],
    ['with results of null', 'results:\n', ['unknown sidecar']],
  ])('keeps earlier results: a list %s', async (_, extra, messages) => {
    const { stdout } = await run(['krm'], list(INJECTION.replace('[conf]', '[cnf]'), extra), FILES)
    expect(resultsOf(stdout).map((one) => String(one['message']))).toEqual([
      ...messages.slice(0, -1),
      expect.stringContaining(messages.at(-1) as string),
    ])
  })

  it('may be JSON, and have no functionConfig', async () => {
    const { functionConfig: _, ...data } = parse(list(INJECTION)) as Record<string, unknown>
    const before = JSON.stringify(data)
    const done = await run(['krm', '-s', 'conf', '-t', 'conf.yaml'], before, FILES)
    expect(done.code).toBe(0)
    expect(itemsOf(done.stdout).map(({ kind }) => kind)).toEqual(['Pod', 'ConfigMap', 'Service'])
    expect((await run(['uninject', '-q'], done.stdout, FILES)).stdout).toBe(before)
    const failed = await run(['krm', '-s', 'cnf'], before, FILES)
    expect(failed.code).toBe(1)
    expect(JSON.parse(failed.stdout)).toMatchObject({ results: [{ severity: 'error' }] })
  })

  it('may be empty', async () => {
    const before = 'apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: []\n'
    expect(await run(['krm', '-q', '-s', 'logging'], before)).toMatchObject({ code: 0, stdout: before })
  })

  it('is validated as a function too, with findings as results', async () => {
    const good = list(INJECTION)
    expect(await run(['validate', '-q'], good, FILES)).toMatchObject({ code: 0, stdout: good })
    const bad = good.replace('port: 80', 'port: 800000')
    const { code, stdout } = await run(['validate'], bad, FILES)
    expect(code).toBe(1)
    expect(stdout.startsWith(bad)).toBe(true)
    expect(resultsOf(stdout)).toMatchObject([
      { severity: 'error', field: { path: 'spec.ports[0].port' }, file: { path: 'k8s/web.yaml', index: 1 } },
    ])
    expect((await run(['validate', '-o', 'json'], bad, FILES)).stdout).not.toContain('ResourceList')
    const unknown = await run(['validate'], list(INJECTION.replace('1.34', '1.3')), FILES)
    expect(unknown.code).toBe(1)
    expect(resultsOf(unknown.stdout)).toMatchObject([{ tags: { code: 'FUNCTION_CONFIG' } }])
  })
})

describe('krm', () => {
  it('refuses what is not a ResourceList', async () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: web}]}\n'
    for (const text of [pod, `${list(INJECTION)}---\n${pod}`]) {
      const { code, stdout, stderr } = await run(['krm'], text, FILES)
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toContain('standard input is not a ResourceList')
    }
    expect(await run(['krm'], 'kind: [', FILES)).toMatchObject({ code: 2, stdout: '' })
    expect(await run(['krm'], '', FILES)).toMatchObject({ code: 2, stdout: '' })
  })

  it('takes a stream of manifests with --fn-config', async () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: web}]}\n'
    const { code, stdout } = await run(['krm', '--fn-config', 'fn.yaml'], pod, { ...FILES, 'fn.yaml': INJECTION })
    expect(code).toBe(0)
    expect(stdout).toContain('kind: ConfigMap')
    const bad = await run(['krm', '--fn-config', 'fn.yaml'], pod, { ...FILES, 'fn.yaml': 'kind: Secret\n' })
    expect(bad).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('fn.yaml:1:1 error FUNCTION_CONFIG: '),
    })
  })

  it.each([
    [
      'a template outside of the repository',
      INJECTION.replace('conf.yaml', '/etc/passwd'),
      1,
      /etc\/passwd is not read: it/,
    ],
    [
      'a policy outside of the repository',
      NAMED.replace('policy.yaml', '../x.yaml'),
      1,
      /x\.yaml is not read: it is outside/,
    ],
    ['YAML that cannot be read', 'kind: [\n', 2, /^fn\.yaml:2:1 error YAML_SYNTAX: /],
    [
      'no document',
      '# none\n',
      2,
      /^fn\.yaml:1:1 error FUNCTION_CONFIG: --fn-config must be one functionConfig: .* none/,
    ],
    ['two documents', `${INJECTION}---\n${INJECTION}`, 2, /^fn\.yaml:6:1 error FUNCTION_CONFIG: .* several/],
  ])('--fn-config does not accept %s', async (_, config, code, message) => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: web}]}\n'
    const done = await run(['krm', '--fn-config', 'fn.yaml'], pod, { ...FILES, 'fn.yaml': config })
    expect(done).toMatchObject({ code, stdout: '' })
    expect(done.stderr).toMatch(message)
    expect(done.stderr).not.toContain('root:')
  })
})
