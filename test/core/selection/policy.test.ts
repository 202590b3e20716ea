import { describe, expect, it } from 'vitest'
import { uninject } from '../../../src/core/inject/run.ts'
import { matchesGlob, matchesPath } from '../../../src/core/selection/glob.ts'
import { readPolicy } from '../../../src/core/selection/read-policy.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { chosen, deployment, OPTIONS, policy, run } from './support.ts'

describe('patterns', () => {
  it.each([
    ['shop', 'shop', true],
    ['shop-*', 'shop-dev', true],
    ['shop-*', 'shop', false],
    ['*', '', true],
    ['?-*-c', 'a-b-b-c', true],
    ['*a*b', 'xaxxbxb', true],
    ['a.c', 'abc', false],
    ['*'.repeat(60) + 'x', 'a'.repeat(5000), false],
  ])('%s on the name %s: %s', (pattern, name, expected) => {
    expect(matchesGlob(pattern, name)).toBe(expected)
  })

  it.each([
    ['apps', 'apps/web/deploy.yaml', true],
    ['apps/', 'apps/web/deploy.yaml', true],
    ['./apps/*', 'apps/web/deploy.yaml', true],
    ['apps/*.yaml', 'apps/web/deploy.yaml', false],
    ['apps/**/*.yaml', 'apps/deploy.yaml', true],
    ['**/vendor', 'a/b/vendor/c/d.yaml', true],
    ['vendor', 'a/vendor/b.yaml', false],
    ['**/test-*.yaml', 'a/b/test-1.yaml', true],
  ])('%s on the path %s: %s', (pattern, path, expected) => {
    expect(matchesPath(pattern, path)).toBe(expected)
  })

  it.each([
    ['*', '.hidden', true],
    ['*', '.git/config', true],
    ['**/*.yaml', '.github/x.yaml', true],
    ['[ab].yaml', 'a.yaml', false],
    ['[ab].yaml', '[ab].yaml', true],
    ['{a,b}', 'a', false],
    ['!a', 'b', false],
    ['a\\*', 'a*', false],
    ['**', 'a', true],
    ['a/**', 'a', true],
    ['', 'a', false],
    ['.', 'a', false],
  ])('what else %s means on %s: %s', (pattern, path, expected) => {
    expect(matchesPath(pattern, path)).toBe(expected)
  })

  it.each([
    ['*a*a*a*a*a*ab', 'a'.repeat(250)],
    [`${'*a'.repeat(2000)}b`, 'a'.repeat(4000)],
    [`${'**/a/'.repeat(2000)}b`, `${'a/'.repeat(2000)}c`],
    [`${'**/*a*'.repeat(500)}b`, `${'aa/'.repeat(1300)}c`],
  ])('%.30s takes time in proportion to pattern and path', (pattern, path) => {
    const start = performance.now()
    expect(matchesPath(pattern, path)).toBe(false)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})

describe('rules', () => {
  const web = { namespace: 'shop', labels: '{app: web, tier: front}', annotations: '{team: shop-a}' }
  it.each([
    ['[{match: {}, add: [metrics]}]', 'metrics'],
    ['[{match: {kinds: [Deployment]}, add: [metrics]}]', 'metrics'],
    ['[{match: {kinds: [Deployment.apps]}, add: [metrics]}]', 'metrics'],
    ['[{match: {kinds: [Deployment.example.com]}, add: [metrics]}]', 'no-sidecars'],
    ['[{match: {kinds: [StatefulSet, Deployment]}, add: [metrics]}]', 'metrics'],
    ['[{match: {namespaces: ["sh*"]}, add: [metrics]}]', 'metrics'],
    ['[{match: {namespaces: [default]}, add: [metrics]}]', 'no-sidecars'],
    ['[{match: {names: ["w?b"]}, add: [metrics]}]', 'metrics'],
    ['[{match: {labels: "app=web,tier in (front)"}, add: [metrics]}]', 'metrics'],
    ['[{match: {labels: {app: web, tier: back}}, add: [metrics]}]', 'no-sidecars'],
    ['[{match: {annotations: {team: "shop-*"}}, add: [metrics]}]', 'metrics'],
    ['[{match: {annotations: {other: "*"}}, add: [metrics]}]', 'no-sidecars'],
    ['[{match: {paths: [apps]}, add: [metrics]}]', 'metrics'],
    ['[{match: {paths: ["*/b.yaml"]}, add: [metrics]}]', 'no-sidecars'],
    ['[{match: {names: [web], kinds: [Job]}, add: [metrics]}]', 'no-sidecars'],
    ['[{add: [logging]}, {match: {names: [web]}, add: [metrics]}]', 'logging,metrics'],
    ['[{add: [logging, metrics]}, {match: {names: [web]}, exclude: [logging]}]', 'metrics'],
    ['[{add: [logging, metrics]}, {exclude: all}]', 'no-sidecars'],
    ['[{exclude: all}, {add: [metrics]}]', 'metrics'],
  ])('%s: %s', async (rules, expected) => {
    const result = await run({ 'apps/a.yaml': deployment(web) }, { policy: await policy(`rules: ${rules}`) })
    expect(chosen(result)).toBe(expected)
  })

  it('set values, the later one over the earlier one and over the defaults', async () => {
    const spec = `parameters: {logging: {folder: /default, files: "*.a"}}
rules:
- add: [{name: logging, parameters: {folder: /first}}]
- match: {names: [web]}
  add: [{name: logging, parameters: {folder: /second}, mode: classic}]`
    const { output } = (await run({ 'a.yaml': deployment() }, { policy: await policy(spec) })).files[0] ?? {}
    expect(output).toContain('mountPath: /second\n')
    expect(output).toContain('*.a')
    expect(output).not.toContain('initContainers')
  })

  it('leave the choice to the default when there are none', async () => {
    const result = await run({ 'a.yaml': deployment() }, { policy: await policy('parameters: {logging: {folder: /x}}') })
    expect(chosen(result)).toBe('logging')
    expect(result.files[0]?.output).toContain('mountPath: /x\n')
  })
})

describe('exclusions', () => {
  it.each([
    ['rules: [{add: [metrics]}]', { namespace: 'kube-system' }, {}, 'excluded-namespace'],
    ['exclude: {namespaces: []}\nrules: [{add: [metrics]}]', { namespace: 'kube-system' }, {}, 'metrics'],
    ['exclude: {namespaces: ["*-infra"]}', { namespace: 'net-infra' }, { sidecars: ['logging'] }, 'excluded-namespace'],
    ['exclude: {paths: [apps]}', { annotations: '{sidecarctl.dev/inject: metrics}' }, {}, 'excluded-path'],
    ['exclude: {paths: [app]}', {}, {}, 'logging'],
  ])('%s', async (spec, parts, options, expected) => {
    const files = { 'apps/a.yaml': deployment(parts) }
    expect(chosen(await run(files, { ...options, policy: await policy(spec) }))).toBe(expected)
  })

  it('are none without a policy', async () => {
    expect(chosen(await run({ 'a.yaml': deployment({ namespace: 'kube-system' }) }))).toBe('logging')
  })
})

/** A task of a Volcano Job. */
function task(name: string): string {
  return `  - name: ${name}\n    template:\n      spec:\n        containers:\n        - {name: a, image: b}\n`
}

describe('workload kinds', () => {
  const template = 'template:\n    spec:\n      containers:\n      - {name: a, image: b}\n'
  it.each([
    ['argoproj.io/v1alpha1', 'Rollout', `  ${template}`, 1],
    ['argoproj.io/v1alpha1', 'Rollout', '  workloadRef: {apiVersion: apps/v1, kind: Deployment, name: web}\n', 0],
    ['serving.knative.dev/v1', 'Service', `  ${template}`, 1],
    ['v1', 'Service', `  ${template}`, 0],
    ['apps.kruise.io/v1alpha1', 'CloneSet', `  ${template}`, 1],
    ['batch.volcano.sh/v1alpha1', 'Job', `  ${template}`, 0],
    ['sparkoperator.k8s.io/v1beta2', 'SparkApplication', '  driver: {}\n  executor:\n    cores: 1\n', 0],
    ['sparkoperator.k8s.io/v1beta2', 'SparkApplication',
      '  driver:\n    template: {spec: {containers: [{name: a}]}}\n  executor:\n    template: {spec: {containers: [{name: b}]}}\n', 2],
    ['serving.kserve.io/v1beta1', 'InferenceService', '  predictor:\n    containers: [{name: a}]\n  explainer:\n    containers: [{name: b}]\n', 2],
    ['serving.kserve.io/v1beta1', 'InferenceService', '  predictor:\n    model: {modelFormat: {name: onnx}}\n', 0],
  ])('%s %s is known: %#', async (apiVersion, kind, spec, count) => {
    const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: x\nspec:\n${spec}`
    const result = await run({ 'a.yaml': text }, { sidecars: ['logging'], validate: true })
    expect(chosen(result)).toBe(count === 0 ? '' : 'logging')
    expect(result.files[0]?.workloads.length).toBe(count)
    if (count === 0) expect(result.files[0]?.output).toBe(text)
  })

  it('can be declared, with a template in every item of a list', async () => {
    const kinds = 'workloadKinds: [{group: batch.volcano.sh, kind: Job, podTemplatePath: "spec.tasks[*].template"}]'
    const text = `apiVersion: batch.volcano.sh/v1alpha1\nkind: Job\nmetadata:\n  name: x\nspec:\n  tasks:\n${task('a')}${task('b')}`
    const result = await run({ 'a.yaml': text }, { sidecars: ['logging'], policy: await policy(kinds) })
    expect(result.files[0]?.workloads.map((w) => w.status)).toEqual(['injected', 'injected'])
  })

  it('can be declared with the pod spec inline, in a list as well', async () => {
    const kinds = 'workloadKinds: [{group: example.com, kind: Farm, podTemplatePath: "spec.servers[*].pod", inline: true}]'
    const server = '  - pod:\n      labels: {a: b}\n      containers:\n      - {name: a, image: b}\n'
    const text = `apiVersion: example.com/v1\nkind: Farm\nmetadata:\n  name: x\nspec:\n  servers:\n${server}${server}`
    const options = { policy: await policy(kinds), modes: new Map([['', 'native' as const]]) }
    const result = await run({ 'a.yaml': text }, { sidecars: ['logging'], ...options })
    expect(result.files[0]?.workloads.map((w) => w.status)).toEqual(['injected', 'injected'])
    expect(result.files[0]?.output.match(/^      (?:initContainers|annotations):$/gm)?.length).toBe(4)
    const back = await uninject([new SourceText('a.yaml', result.files[0]?.output ?? '')], { ...OPTIONS, ...options })
    expect(back.files[0]?.output).toBe(text)
  })

  it.each([
    ['podTemplatePath: spec.pod', 'pod: {spec: {containers: [{name: a, image: b}]}}'],
    ['podTemplatePath: spec.pod, inline: true', 'pod: {containers: [{name: a, image: b}]}'],
  ])('that are declared are not lowered in Pod Security, either: %s', async (declared, spec) => {
    const text = `apiVersion: example.com/v1\nkind: Farm\nmetadata: {name: x}\nspec: {${spec}}\n`
    const options = { sidecars: ['metrics-node'], policy: await policy(`workloadKinds: [{group: example.com, kind: Farm, ${declared}}]`) }
    const result = await run({ 'a.yaml': text }, options)
    expect(result.diagnostics.map((d) => d.code)).toEqual(['POD_SECURITY_LOWERED'])
    const allowed = await run({ 'a.yaml': text }, { ...options, allowLowerPodSecurity: true })
    expect(allowed.diagnostics.map((d) => d.code)).toEqual([])
  })
})

describe('a policy file that is wrong', () => {
  const HEAD = 'apiVersion: sidecarctl.dev/v1\nkind: Policy\n'
  it.each([
    [`${HEAD}spec: {}\nmetadatas: {}\n`, 'CONFIG_INVALID', 4, /did you mean metadata/],
    [`${HEAD}spec: {allowPlaceholder: true}\n`, 'CONFIG_INVALID', 3, /did you mean allowPlaceholders/],
    [`${HEAD}spec: {version: {logging: "1"}}\n`, 'CONFIG_INVALID', 3, /did you mean versions/],
    [`${HEAD}spec: {containers: [web]}\n`, 'CONFIG_INVALID', 3, /^containers belongs in spec\.rules\[\]$/],
    [`${HEAD}spec:\n  rules:\n  - container: [web]\n`, 'CONFIG_INVALID', 5, /did you mean containers/],
    [`${HEAD}spec:\n  rules:\n  - match: {}\n    ad: [logging]\n`, 'CONFIG_INVALID', 6, /did you mean add/],
    [`${HEAD}spec:\n  rules:\n  - add: [{nam: logging}]\n`, 'CONFIG_INVALID', 5, /did you mean name/],
    [`${HEAD}spec:\n  workloadKinds:\n  - {kind: Job, podTemplate: spec.template}\n`, 'CONFIG_INVALID', 5, /did you mean podTemplatePath/],
    [`${HEAD}spec:\n  workloadKinds:\n  - {kind: Job, podTemplatePath: spec.template, in_line: true}\n`, 'CONFIG_INVALID', 5, /did you mean inline/],
    [`${HEAD}spec: {ruls: []}\n`, 'CONFIG_INVALID', 3, /did you mean rules/],
    [`${HEAD}spec:\n  rules:\n  - mach: {}\n`, 'CONFIG_INVALID', 5, /did you mean match/],
    [`${HEAD}spec: {kubernetesVersions: "1.36"}\n`, 'CONFIG_INVALID', 3, /did you mean kubernetesVersion/],
    [`${HEAD}spec:\n  rules:\n  - match: {kind: [Job]}\n`, 'CONFIG_INVALID', 5, /did you mean kinds/],
    [`${HEAD}spec:\n  rules:\n  - add: [{name: logging, params: {}}]\n`, 'CONFIG_INVALID', 5, /did you mean parameters/],
    [`${HEAD}spec: {exclude: {namespace: [a]}}\n`, 'CONFIG_INVALID', 3, /did you mean namespaces/],
    [`${HEAD}spec: {services: {retargets: true}}\n`, 'CONFIG_INVALID', 3, /did you mean retarget/],
    [`${HEAD}spec: {add: [logging]}\n`, 'CONFIG_INVALID', 3, /^add belongs in spec\.rules\[\]$/],
    [`${HEAD}spec: {}\nrules: []\n`, 'CONFIG_INVALID', 4, /^rules belongs in spec$/],
    [`${HEAD}spec:\n  rules:\n  - namespaces: [shop]\n`, 'CONFIG_INVALID', 5, /^namespaces belongs in spec\.exclude or spec\.rules\[\]\.match$/],
    [`${HEAD}spec: {constructor: red}\n`, 'CONFIG_INVALID', 3, /^known names: allowPlaceholders, exclude, /],
    [`${HEAD}spec: {colour: red}\n`, 'CONFIG_INVALID', 3, /^known names: allowPlaceholders, exclude, images, kubernetesVersion, modes, /],
    [`${HEAD}spec:\n  rules:\n  - match: {kinds: Deployment}\n`, 'CONFIG_INVALID', 5, undefined],
    [`${HEAD}spec:\n  rules:\n  - match: {labels: "a in"}\n`, 'CONFIG_INVALID', 5, /kubectl/],
    [`${HEAD}spec:\n  templates: [../x]\n`, 'CONFIG_OUTSIDE', 4, undefined],
    [`${HEAD}spec:\n  templates: [/etc]\n`, 'CONFIG_OUTSIDE', 4, undefined],
    [`${HEAD}spec:\n  kubernetesVersion: "1.2"\n`, 'CONFIG_INVALID', 4, /1\.31/],
    [`${HEAD}spec: {workloadKinds: [{kind: Job, podTemplatePath: "a..b"}]}\n`, 'CONFIG_INVALID', 3, undefined],
    [`${HEAD}spec: {workloadKinds: [{kind: Job, podTemplatePath: a, inline: "yes"}]}\n`, 'CONFIG_INVALID', 3, undefined],
    ['kind: Policy\nspec: {}\n', 'CONFIG_INVALID', 1, undefined],
    ['a: [\n', 'YAML_SYNTAX', 2, undefined],
    [`${HEAD}spec: {}\n---\na: 1\n`, 'CONFIG_INVALID', 5, undefined],
    [`${HEAD}spec: {}\nspec: {}\n`, 'YAML_DUPLICATE_KEY', 4, undefined],
  ])('%j', async (text, code, line, hint) => {
    const source = new SourceText('sidecarctl.yaml', text)
    const { policy: read, diagnostics } = await readPolicy(source, (label) => label)
    expect(read).toBeUndefined()
    const [found] = diagnostics
    expect(found?.code).toBe(code)
    expect(source.position(found?.at?.range.start ?? -1).line).toBe(line)
    if (hint !== undefined) expect(found?.hint).toMatch(hint)
  })

  it.each([
    ['rules: [{match: {names: [no-such]}, add: [loging]}]', 'SIDECAR_UNKNOWN'],
    ['rules: [{exclude: [loging]}]', 'SIDECAR_UNKNOWN'],
    ['parameters: {loging: {folder: /x}}', 'SIDECAR_UNKNOWN'],
    ['parameters: {metrics: {prot: 1}}', 'PARAM_UNKNOWN'],
    ['rules: [{match: {names: [no-such]}, add: [{name: metrics, parameters: {port: x}}]}]', 'PARAM_INVALID'],
  ])('%s: %s, once for all workloads', async (spec, code) => {
    const result = await run({ 'a.yaml': deployment(), 'b.yaml': deployment() }, { policy: await policy(spec) })
    expect(result.diagnostics.map((d) => d.code)).toEqual([code])
    expect(result.diagnostics[0]?.at?.source.label).toBe('sidecarctl.yaml')
  })
})
