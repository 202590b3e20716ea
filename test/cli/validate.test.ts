import { describe, expect, it } from 'vitest'
import { loadEngine } from '../../src/cli/engine.ts'
import { main } from '../../src/cli/main.ts'
import { captureHost, folder, run } from './fake.ts'
import { POLICY, template } from './gitops.ts'

const GOOD = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'
const BAD = `${GOOD}dta: {a: b}\n`
const FOO = 'apiVersion: example.com/v1\nkind: Foo\nmetadata: {name: a}\n'
const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {hostPID: true, containers: [{name: a, image: x}]}\n'

const OFF = 'apiVersion: resource.k8s.io/v1beta2\nkind: DeviceClass\nmetadata: {name: a}\nspec: {}\n'

describe('validate', () => {
  const cases: { name: string; argv: string[]; stdin?: string; code: number; stdout?: RegExp; stderr: RegExp }[] = [
    { name: 'valid', argv: ['-'], stdin: GOOD, code: 0, stdout: /^$/, stderr: /^1 valid \(1 object in 1 file\)\n$/ },
    {
      name: 'invalid',
      argv: ['-'],
      stdin: BAD,
      code: 1,
      stdout: /^<stdin>:4:1 error FIELD_UNKNOWN.*\n[^]*did you mean "data"\?/,
      stderr: /1 invalid/,
    },
    {
      name: 'a folder and a missing file',
      argv: ['.', 'no.yaml'],
      code: 2,
      stdout: /no\.yaml error IO_NOT_FOUND[^]*bad\.yaml:4:1 error/,
      stderr: /1 valid, 1 invalid/,
    },
    { name: 'broken YAML', argv: ['-'], stdin: 'a: [', code: 1, stdout: /YAML_SYNTAX/, stderr: /1 invalid/ },
    {
      name: 'a template',
      argv: ['-'],
      stdin: 'kind: {{ .x }}\n',
      code: 1,
      stdout: /TEMPLATE_TEXT/,
      stderr: /1 invalid/,
    },
    {
      name: 'rules whose codes begin like trouble',
      argv: ['-'],
      stdin: `${GOOD}data: {"a/b": c}\n`,
      code: 1,
      stdout: /CONFIG_KEY/,
      stderr: /1 invalid/,
    },
    {
      name: 'a kind without a schema',
      argv: ['-'],
      stdin: FOO,
      code: 0,
      stdout: /^$/,
      stderr: /1 skipped[^]*Foo \(example\.com\/v1\)/,
    },
    {
      name: 'the same, strictly',
      argv: ['-', '--strict-kinds'],
      stdin: FOO,
      code: 1,
      stdout: /KIND_NOT_CHECKED/,
      stderr: /1 invalid/,
    },
    {
      name: 'warnings alone',
      argv: ['-'],
      stdin: `${GOOD}data: {a: b, a: c}\n`,
      code: 0,
      stdout: /warning YAML_DUPLICATE_KEY/,
      stderr: /1 valid.*1 warning/,
    },
    {
      name: 'warnings in quiet mode',
      argv: ['-', '-q'],
      stdin: `${GOOD}data: {a: b, a: c}\n`,
      code: 0,
      stdout: /^$/,
      stderr: /^$/,
    },
    {
      name: 'verbose',
      argv: ['-', '-v'],
      stdin: GOOD,
      code: 0,
      stdout: /^$/,
      stderr: /<stdin>:1 ConfigMap a: valid\n/,
    },
    {
      name: 'an old version',
      argv: ['-', '--kubernetes-version', '1.31'],
      stdin: POD.replace('hostPID: true', 'hostnameOverride: a'),
      code: 1,
      stdout: /known since 1\.34/,
      stderr: /1 invalid/,
    },
    {
      name: 'Pod Security Standards',
      argv: ['-', '--pod-security', 'baseline'],
      stdin: POD,
      code: 1,
      stdout: /"baseline:v1\.36": host namespaces \(hostPID=true\)/,
      stderr: /1 invalid/,
    },
    {
      name: 'definitions',
      argv: ['-', '--crd', 'good.yaml'],
      stdin: GOOD,
      code: 0,
      stdout: /good\.yaml:1:1 warning CRD_NONE/,
      stderr: /1 warning/,
    },
    {
      name: 'missing definitions',
      argv: ['-', '--crd', 'no.yaml'],
      stdin: GOOD,
      code: 2,
      stdout: /no\.yaml error IO_NOT_FOUND/,
      stderr: /1 valid/,
    },
    {
      name: 'an unknown format',
      argv: ['-', '-o', 'xml'],
      stdin: GOOD,
      code: 2,
      stdout: /^$/,
      stderr: /use one of: text, json, sarif, junit, github/,
    },
    {
      name: 'an unknown level',
      argv: ['-', '--pod-security', 'high'],
      stdin: GOOD,
      code: 2,
      stdout: /^$/,
      stderr: /use one of: privileged, baseline, restricted/,
    },
    {
      name: 'a version that is off by default',
      argv: ['-'],
      stdin: OFF,
      code: 1,
      stdout: /API_NOT_DEFAULT[^]*--served resource\.k8s\.io\/v1beta2/,
      stderr: /1 invalid/,
    },
    {
      name: 'the same where the cluster has it',
      argv: ['-', '--served', 'resource.k8s.io/v1beta2'],
      stdin: OFF,
      code: 0,
      stdout: /^(?![^]*API_NOT_DEFAULT)/,
      stderr: /1 valid/,
    },
    {
      name: 'a version that is none',
      argv: ['-', '--served', 'v1beta2'],
      stdin: OFF,
      code: 2,
      stdout: /^$/,
      stderr: /GROUP\/VERSION/,
    },
    {
      name: 'kinds',
      argv: ['--list-kinds'],
      code: 0,
      stdout:
        /^APIVERSION +KIND +CHECKED +SERVED\n[^]*\napps\/v1 +Deployment +rules +by default\n[^]*SelfSubjectReview +schema only/,
      stderr: /^$/,
    },
    {
      name: 'kinds for programs',
      argv: ['--list-kinds', '-o', 'json', '--kubernetes-version', '1.31'],
      code: 0,
      stdout:
        /^\{\n {2}"apiVersion": "sidecarctl\.dev\/v1",\n {2}"kind": "KindList",\n {2}"kubernetesVersion": "1\.31",\n {2}"kinds": \[/,
      stderr: /^$/,
    },
    {
      name: 'kinds of a path',
      argv: ['--list-kinds', '-'],
      stdin: GOOD,
      code: 2,
      stdout: /^$/,
      stderr: /takes no PATH/,
    },
    { name: 'no paths', argv: [], code: 2, stdout: /^$/, stderr: /Examples:[^]*no PATH/ },
    { name: 'an empty pipe', argv: [], stdin: '', code: 2, stdout: /IO_EMPTY/, stderr: /0 objects/ },
  ]
  it.each(cases)('$name: $code', async ({ argv, stdin, code, stdout, stderr }) => {
    const cwd = folder({ 'good.yaml': GOOD, 'bad.yaml': BAD })
    const result = await run(['validate', ...argv], { cwd, ...(stdin !== undefined && { stdin }) })
    expect(result.stdout()).toMatch(stdout ?? /./)
    expect(result.stderr()).toMatch(stderr)
    expect(result.code).toBe(code)
  })

  it.each([
    [
      'json',
      /^\{\n {2}"apiVersion": "sidecarctl\.dev\/v1",\n {2}"kind": "ValidateReport",\n {2}"results": \[\n[^]*"code": "FIELD_UNKNOWN"/,
    ],
    ['sarif', /"version": "2\.1\.0"[^]*"ruleId": "FIELD_UNKNOWN"/],
    ['junit', /^<\?xml[^]*type="FIELD_UNKNOWN"/],
    ['github', /^::error line=4,/],
  ])('-o %s goes to stdout, findings or not', async (format, expected) => {
    const bad = await run(['validate', '-', '-o', format], { stdin: BAD })
    expect(bad.stdout()).toMatch(expected)
    expect([bad.code, (await run(['validate', '-', '-o', format], { stdin: GOOD })).code]).toEqual([1, 0])
  })

  describe('--crd', () => {
    const crd = (kind: string): string =>
      JSON.stringify({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `${kind.toLowerCase()}s.example.com` },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { kind, plural: `${kind.toLowerCase()}s` },
          versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
        },
      })
    const FILES = {
      'foo.yaml': FOO,
      'one.json': crd('Foo'),
      'bundle.yaml': `${GOOD}---\n${crd('Foo')}\n---\n${GOOD}`,
      'all/deep/foo.json': crd('Foo'),
      'all/other.yaml': GOOD,
      'all/values.yaml': 'a: {{ .b }}\n',
      'chart/Chart.yaml': 'name: c\n',
      'chart/templates/x.yaml': 'kind: {{ .x }}\n# CustomResourceDefinition\n',
      'chart/crds/foo.json': crd('Bar'),
      'chart/charts/sub/Chart.yaml': 'name: sub\n',
      'chart/charts/sub/crds/foo.json': crd('Foo'),
      'none/a.yaml': GOOD,
    }
    it.each([
      ['a file', 'one.json'],
      ['a bundle', 'bundle.yaml'],
      ['a folder', 'all'],
      ['a chart', 'chart'],
      ['its folder', 'chart/charts/sub/crds/'],
    ])('takes %s', async (_name, path) => {
      const result = await run(['validate', 'foo.yaml', '--crd', path], { cwd: folder(FILES) })
      expect([result.stdout(), result.stderr(), result.code]).toEqual(['', '1 valid (1 object in 1 file)\n', 0])
    })

    it('says where there is none', async () => {
      const result = await run(['validate', 'foo.yaml', '--crd', 'none'], { cwd: folder(FILES) })
      expect(result.stdout()).toContain('none/a.yaml:1:1 warning CRD_NONE')
      expect(result.stderr()).toContain(
        'skipped because they have no schema: Foo (example.com/v1); provide their definitions with --crd',
      )
    })
  })

  it('prints findings of each input as they come', async () => {
    const bad = (name: string): string => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}, dat: {}}\n`
    const { host, stdout } = captureHost({ cwd: folder({ 'a.yaml': bad('a'), 'b.yaml': bad('b') }) })
    const pieces: string[] = []
    const { write } = host.stdout
    const told = {
      ...host.stdout,
      write: async (piece: string) => {
        pieces.push(piece.slice(0, piece.indexOf(' ')))
        await write.call(host.stdout, piece)
      },
    }
    expect(await main(['validate', '.'], { ...host, stdout: told as never }, loadEngine)).toBe(1)
    expect(pieces.filter((piece) => piece !== '')).toEqual(['./a.yaml:1:56', './b.yaml:1:56'])
    expect(stdout().match(/FIELD_UNKNOWN/g)).toHaveLength(2)
  })

  it('colours by the stream', async () => {
    const { stdout, stderr } = await run(['validate', '-'], { stdin: BAD, tty: { stdout: true } })
    expect(stdout()).toContain('\u001B[31m')
    expect(stderr()).not.toContain('\u001B')
  })

  describe('with a policy file', () => {
    const NEW = POD.replace('hostPID: true', 'hostnameOverride: a')
    const FILES = {
      'sidecarctl.yaml': `${POLICY}  kubernetesVersion: "1.31"\n`,
      'other.yaml': POLICY,
      'broken.yaml': `${POLICY}  kubernetesVersions: "1.31"\n`,
      'sidecars/sleeper.yaml': template(),
      'k8s/pod.yaml': NEW,
    }
    it.each<[string, string[], number, RegExp, RegExp]>([
      ['takes its version', ['k8s'], 1, /known since 1\.34/, /1 invalid \(1 object in 1 file\)/],
      ['takes a flag over it', ['k8s', '--kubernetes-version', 'latest'], 0, /^$/, /1 valid/],
      ['takes the newest version where it names none', ['k8s', '--config', 'other.yaml'], 0, /^$/, /1 valid/],
      ['uses none when told so', ['k8s', '--no-config'], 0, /^$/, /1 valid/],
      [
        'takes neither it nor its templates for manifests',
        ['-R', '.', '--strict-kinds', '--kubernetes-version', '1.36', '--config', 'sidecarctl.yaml'],
        0,
        /^$/,
        /1 valid \(1 object in 1 file\)\n$/,
      ],
      [
        'says what is wrong in it, and checks nothing',
        ['k8s', '--config', 'broken.yaml'],
        2,
        /^broken\.yaml:\d+:\d+ error CONFIG_INVALID[^]*did you mean kubernetesVersion/,
        /0 objects/,
      ],
      ['says that it is missing', ['k8s', '--config', 'no.yaml'], 2, /^no\.yaml error CONFIG_NOT_FOUND/, /0 objects/],
    ])('%s', async (_, argv, code, stdout, stderr) => {
      const found = await run(['validate', ...argv], { cwd: folder(FILES) })
      expect(found.stdout()).toMatch(stdout)
      expect(found.stderr()).toMatch(stderr)
      expect(found.code).toBe(code)
    })
  })
})
