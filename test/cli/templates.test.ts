import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadEngine } from '../../src/cli/engine.ts'
import { main } from '../../src/cli/main.ts'
import { TEMPLATE_SCHEMA } from '../../src/core/template/template-schema.ts'
import { captureHost, folder } from './fake.ts'

const ROOT = join(import.meta.dirname, '../..')
const DEPLOYMENT = readFileSync(join(ROOT, 'fixtures/samples/deployment.yaml'), 'utf8')
const OWN = `# Says hello.
apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: hello, version: "2", description: Greets | waves.}
spec:
  parameters:
    who: {type: string, description: Who., enum: [you, me], required: true, example: you}
  requires: {kinds: [Deployment], kubernetes: '>=1.30', hostNetwork: skip}
  container: {image: "busybox:1", args: ["\${{ params.who }}"]}
`

async function run(argv: string[], files: Record<string, string> = {}, stdin?: string) {
  const cwd = folder(files)
  const captured = captureHost({ cwd, ...(stdin !== undefined && { stdin }) })
  const code = await main(argv, captured.host, loadEngine)
  return { code, stdout: captured.stdout(), stderr: captured.stderr(), cwd }
}

describe('templates list', () => {
  it('names the built-in templates with version and description', async () => {
    const { code, stdout, stderr } = await run(['templates', 'list'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^NAME +VERSION +DESCRIPTION\nadapter +1\.1\.0 +Fluentd converts/)
    expect(stdout.split('\n')).toHaveLength(1 + 16 + 1)
  })

  it("names the user's own with -t, in place of a built-in one of the same name", async () => {
    const { stdout } = await run(['templates', 'list', '-t', 't'], {
      't/a.yaml': OWN,
      't/b.yaml': OWN.replace('name: hello', 'name: logging'),
    })
    expect(stdout).toMatch(/^hello +2 +Greets \| waves\.$/m)
    expect(stdout.match(/^logging .*$/m)?.[0]).toMatch(/^logging +2 /)
  })

  it('prints nothing when one of them has errors', async () => {
    const { code, stdout, stderr } = await run(['templates', 'list', '-t', 't'], {
      't/a.yaml': OWN.replace('kinds', 'kinsd'),
    })
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('did you mean kinds?')
  })
})

describe('templates images', () => {
  const DIGEST = `sha256:${'ab'.repeat(32)}`
  const policy = (spec: string): string => `apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec:\n${spec}`

  it('lists the image of every template, and when the newest release was looked up', async () => {
    const { code, stdout, stderr } = await run(['templates', 'images'])
    expect([code, stderr]).toEqual([0, ''])
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^IMAGE +SIDECAR +VERSION +NEWEST$/)
    // All but the two meshes, whose proxies come from injectors in the cluster.
    expect(lines).toHaveLength(1 + 14)
    for (const line of lines.slice(1)) expect(line).toMatch(/^\S+ +\S+ +1\.\d+\.\d+ +[\d.]+ on \d{4}-\d\d-\d\d$/)
    expect(stdout).toMatch(/^registry\.k8s\.io\/git-sync\/git-sync:v4\S+ +config-sync /m)
  })

  it('applies policy and parameters, of the sidecars that rules add', async () => {
    const files = {
      'sidecarctl.yaml': policy(`  images: {registry: r.example.com/m, pins: {"busybox:1": "${DIGEST}"}}
  templates: [t]
  rules:
  - add: [{name: hello, parameters: {who: me}}, config-http]
  - {match: {names: [db]}, add: [{name: config-http, parameters: {image: "quay.io/own/curl:1"}}]}
`),
      't/a.yaml': OWN,
    }
    const { code, stdout, stderr } = await run(['templates', 'images', '-o', 'json'], files)
    expect([code, stderr]).toEqual([0, ''])
    const { images } = JSON.parse(stdout) as { images: Record<string, unknown>[] }
    const short = images.map(({ sidecar, image, source, containers }) => [sidecar, image, source, containers])
    expect(short).toEqual([
      ['hello', `r.example.com/m/library/busybox:1@${DIGEST}`, 'busybox:1', ['hello']],
      [
        'config-http',
        expect.stringMatching(/^r\.example\.com\/m\/curlimages\/curl:[\d.]+$/),
        expect.stringMatching(/^curlimages\/curl:[\d.]+$/),
        ['config-http', 'config-http-init'],
      ],
      ['config-http', 'r.example.com/m/own/curl:1', 'quay.io/own/curl:1', ['config-http', 'config-http-init']],
    ])
    const names = [
      'templates',
      'images',
      '-o',
      'name',
      '-s',
      'hello',
      '--set',
      'hello.who=you',
      '--no-config',
      '-t',
      't',
    ]
    expect((await run(names, files)).stdout).toBe('busybox:1\n')
  })

  it.each([
    ['{"busybox:2": "DIGEST"}', 'this pin is for a tag that no sidecar uses'],
    ['{redis: "DIGEST"}', 'no sidecar uses the image of this pin'],
  ])('says of the pins %s: %s', async (pins, message) => {
    const spec = `  images: {pins: ${pins.replace('DIGEST', DIGEST)}}\n  rules: [{add: [wait-for]}]\n`
    const { code, stderr } = await run(['templates', 'images'], { 'sidecarctl.yaml': policy(spec) })
    expect([code, stderr]).toEqual([0, expect.stringContaining(message)])
  })

  it.each([
    [['-s', 'loging'], 2, 'unknown sidecar "loging"'],
    [['--set', 'wait-for.interval=x'], 2, 'wait-for.interval'],
    [['--set', 'wait.interval=1'], 2, 'unknown sidecar "wait"'],
    [['-s', 'logging', '--set', 'wait-for.interval=1'], 2, 'sidecar "wait-for" is not selected'],
    [['-o', 'yaml'], 2, "unknown value 'yaml'"],
  ])('%j is an error', async (flags, exit, message) => {
    const { code, stdout, stderr } = await run(['templates', 'images', ...flags])
    expect([code, stdout, stderr]).toEqual([exit, '', expect.stringContaining(message)])
  })
})

describe('templates show', () => {
  it.each(['logging', 'adapter'])('prints the file of %s', async (name) => {
    const { code, stdout } = await run(['templates', 'show', name])
    expect([code, stdout]).toEqual([0, readFileSync(join(ROOT, 'templates', `${name}.yaml`), 'utf8')])
  })

  it("prints the user's own", async () => {
    expect((await run(['templates', 'show', 'hello', '-t', 'a.yaml'], { 'a.yaml': OWN })).stdout).toBe(OWN)
  })

  it('suggests a name', async () => {
    const { code, stdout, stderr } = await run(['templates', 'show', 'loging'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('did you mean logging?')
  })
})

describe('templates docs', () => {
  it.each(readdirSync('templates').filter((name) => name.endsWith('.yaml')))(
    'prints a command that works: %s',
    async (file) => {
      const name = file.replace('.yaml', '')
      const { stdout } = await run(['templates', 'docs', name])
      const command = /^ {4}sidecarctl (.*)$/m.exec(stdout)?.[1] ?? ''
      const argv = execFileSync('sh', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' })
        .split('\0')
        .slice(0, -1)
      const result = await run([...argv, '--no-config', '--allow-lower-pod-security'], { 'deploy.yaml': DEPLOYMENT })
      expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining('1 injected') })
    },
  )

  it('tells all of a template', async () => {
    const { code, stdout } = await run(['templates', 'docs', 'hello', '-t', 'a.yaml'], { 'a.yaml': OWN })
    expect(code).toBe(0)
    expect(stdout).toBe(`# hello

Greets | waves.

Version 2.

    sidecarctl inject deploy.yaml -t a.yaml -s hello --set hello.who=you

## Notes

Says hello.

## Parameters

| Parameter | Type | Default | Description |
| --- | --- | --- | --- |
| \`who\` | string | *required* | Who. One of \`you\`, \`me\`. Example: \`you\`. |

## Requirements

- Kinds: Deployment
- Kubernetes >=1.30
- Pods that use the host network are skipped
`)
  })

  it('tells the parameters of what a template extends', async () => {
    const { stdout } = await run(['templates', 'docs', 'adapter'])
    expect(stdout).toMatch(/^\| `uniform` \| boolean \| `true` \| /m)
    expect(stdout).toContain('Required when `parser` is regexp or multiline.')
  })
})

describe('templates validate', () => {
  it('is silent on stdout for valid templates', async () => {
    const { code, stdout, stderr } = await run(['templates', 'validate', 't'], {
      't/a.yaml': OWN,
      't/deep/b.yaml': OWN.replace('name: hello', 'name: hi'),
    })
    expect([code, stdout, stderr]).toEqual([0, '', '2 templates are valid\n'])
  })

  it('reports errors of every file with their places', async () => {
    const files = {
      'a.yaml': OWN.replace('params.who', 'params.whom'),
      'b.yaml': 'a: [',
      'c.yaml': OWN.replace('name: hello', 'name: hi'),
    }
    const { code, stdout, stderr } = await run(['templates', 'validate', 'a.yaml', 'b.yaml', 'c.yaml'], files)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(
      /^a\.yaml:9:42 error TEMPLATE_INVALID: spec\.container\.args\[0\]: unknown value params\.whom$/m,
    )
    expect(stderr).toContain('did you mean params.who?')
    expect(stderr).toMatch(/b\.yaml:\d+:\d+ error YAML_SYNTAX/)
    expect(stderr).not.toContain('c.yaml')
  })

  it.each([
    [
      'ports: [{containerPort: ${{ params.who }}}]',
      /YAML_SYNTAX.*\n.*\n.*\n  hint: inside \{ } and \[ ] a placeholder must be quoted: '\$\{\{ params\.who }}'/,
    ],
    ["args: ['a', ${{ params.who }}]", /hint: inside/],
    ['args: ["{{ params.who }}"]', /a placeholder must begin with \$\{\{\n.*\n.*\n  hint: write \$\{\{ params\.who }}/],
    ['args: ["${{ who }}"]', /unknown value who\n.*\n.*\n  hint: did you mean params\.who\?/],
  ])('says how a placeholder is written: %s', async (text, expected) => {
    const { code, stderr } = await run(['templates', 'validate', '-'], {}, OWN.replace(/args: .*]/, text))
    expect([code, stderr]).toEqual([1, expect.stringMatching(expected)])
  })

  it('reports what a template hardly means', async () => {
    const { code, stderr } = await run(
      ['templates', 'validate', '-'],
      {},
      OWN.replace('${{ params.who }}', '${params.who}'),
    )
    expect(code).toBe(1)
    expect(stderr).toContain('hint: write ${{ params.who }}')
    expect(stderr).toContain('parameter "who" is not used')
  })

  it.each([
    'args: ["{{ .Values.who }} {{ params.other }} ${{ params.who }}"]',
    "args: ['a{', '}', '${{ params.who }}']",
  ])('leaves braces of other programs alone: %s', async (text) => {
    expect(await run(['templates', 'validate', '-'], {}, OWN.replace(/args: .*]/, text))).toMatchObject({ code: 0 })
  })

  it('reads standard input, and what is extended from -t', async () => {
    const extending = OWN.replace('spec:', 'spec:\n  extends: base').replace('name: hello', 'name: more')
    const base = OWN.replace('name: hello', 'name: base')
    expect((await run(['templates', 'validate', '-', '-t', 'b.yaml'], { 'b.yaml': base }, extending)).code).toBe(0)
    expect((await run(['templates', 'validate', '-'], {}, extending)).code).toBe(1)
  })

  it.each([
    [['templates', 'validate', 'none.yaml']],
    [['templates', 'validate']],
    [['templates', 'show']],
    [['templates', 'mend']],
  ])('%j cannot be done', async (argv) => {
    const { code, stdout, stderr } = await run(argv)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).not.toBe('')
  })
})

describe('templates new', () => {
  it.each(['counter', 'on', '1e3', 'a-b'])('%s: passes the check and is injected as it is', async (name) => {
    const { code, stdout } = await run(['templates', 'new', name])
    expect(code).toBe(0)
    const app = readFileSync(join(ROOT, 'fixtures/samples/deployment.yaml'), 'utf8')
    const files = { [`t/${name}.yaml`]: stdout, 'app.yaml': app }
    expect(await run(['templates', 'validate', 't'], files)).toMatchObject({ code: 0, stderr: '1 template is valid\n' })
    const injected = await run(['inject', 'app.yaml', '-t', 't', '-s', name], files)
    expect(injected.code).toBe(0)
    expect(injected.stdout).toContain('memcached:1.6.39-alpine')
    const undone = await run(['uninject', '-'], {}, injected.stdout)
    expect(undone.stdout).toBe(app)
  })

  it('says what else can be said: the commented parts are valid as well', async () => {
    const { stdout } = await run(['templates', 'new', 'all'])
    const uncommented = stdout.replaceAll(
      /^ {2}# (?=(?:initContainers|volumes|objects|sharedFolders|pod|proxies|mode|start|classic|order|requires):| {2})/gm,
      '  ',
    )
    expect(uncommented).toContain('\n  order: {position: first')
    expect(uncommented).toContain('\n  classic:\n    startFirst: true')
    expect(await run(['templates', 'validate', '-'], {}, uncommented)).toMatchObject({ code: 0 })
    const said = Object.keys((parse(uncommented) as { spec: object }).spec)
    expect([...said, 'extends'].sort()).toEqual(Object.keys(TEMPLATE_SCHEMA.properties.spec.properties).sort())
  })

  it.each(['Counter', 'a_b', '../x', '-x', 'a'.repeat(56)])('%s is no name', async (name) => {
    expect(await run(['templates', 'new', '--', name])).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('what templates docs says of placeholders', () => {
  const docs = async (spec: string): Promise<string> => {
    const text = `apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: own, version: "1", description: x}\nspec:\n  ${spec}\n`
    return (
      (await run(['templates', 'docs', 'own', '-t', 't.yaml'], { 't.yaml': text })).stdout.split(
        '## Placeholders',
      )[1] ?? ''
    )
  }

  it.each([
    ['container: {image: a, args: ["$(NAME) $$"]}', ''],
    [
      'container: {image: a, args: ["${A}"]}',
      'Flux and envsubst replace `${...}` in spec.container.args[0]: write $${...}, of which',
    ],
    ['container: {image: a, args: ["$${A}"]}', '`$${...}` reaches the program as `${...}`'],
    ['container: {image: a, args: ["$A"]}', 'GNU envsubst replaces `$NAME` too'],
    [
      'objects: [{apiVersion: v1, kind: ConfigMap, data: {a: "${A}"}}]',
      'kustomize.toolkit.fluxcd.io/substitute: disabled',
    ],
  ])('%s', async (spec, expected) => {
    if (expected === '') expect(await docs(spec)).toBe('')
    else expect(await docs(spec)).toContain(expected)
  })
})
