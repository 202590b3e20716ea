/** What a policy file says, field by field, and what is wrong with it. */
import { describe, expect, it } from 'vitest'
import { LATEST } from '../../../src/core/kube/version.ts'
import type { Addition, Policy } from '../../../src/core/selection/policy.ts'
import { readPolicy } from '../../../src/core/selection/read-policy.ts'
import type { Origin, SetMode, SetValue } from '../../../src/core/selection/selection.ts'
import { SourceText } from '../../../src/core/text/source.ts'
import { policy, problemLine, textAt } from './support.ts'

const by = ({ level, text, at }: Origin): string => `by ${level} ${text} at ${textAt(at)}`
const value = ({ template, name, value: given, data, origin, from, at }: SetValue): string =>
  [`${template}.${name}=${JSON.stringify(given)}`, ...(data === true ? [] : ['to be typed']), `from ${origin}`, by(from), ...(at === from.at ? [] : ['elsewhere'])].join(' ')
const mode = ({ template, mode: wanted, from }: SetMode): string => `${template}:${wanted} ${by(from)}`

function addition({ name, origin, values, mode: wanted, start }: Addition): string[] {
  const place = start === undefined ? [] : [`${start.template}@${start.place} ${by(start.from)}`]
  return [`add ${name} ${by(origin)}`, ...values.map(value), ...(wanted === undefined ? [] : [mode(wanted)]), ...place]
}

/** The only rule of a policy, in lines. */
function rule({ rules }: Policy): string[] {
  const [{ origin, labels, containers, adds, excludes }] = rules as [NonNullable<Policy['rules']>[number]]
  return [
    by(origin),
    ...(labels ?? []).map((one) => `label ${Object.values(one).map((part) => (Array.isArray(part) ? part.join('|') : String(part))).join(' ')}`),
    ...(containers ?? []).map((one) => `container ${one.name} ${by(one.origin)}`),
    ...adds.flatMap(addition),
    ...(excludes === 'all' ? ['exclude all'] : excludes.map(({ name, at }) => `exclude ${name} at ${textAt(at)}`)),
  ]
}

const excluded = (...names: string[]) => (read: Policy): string[] => names.filter((name) => read.excludesNamespace(name))
const pathsOut = (...paths: string[]) => (read: Policy): string[] => paths.filter((path) => read.excludesPath(path))
const optional = { optional: true } as const

describe('a policy file says', () => {
  it.each<[string, (read: Policy) => unknown, unknown]>([
    ['{}', ({ rules, templates, kubeVersion, allowPlaceholders, retarget, sidecarSettings, kinds, values, modes, versions }) => ({ rules, templates, kubeVersion, allowPlaceholders, retarget, sidecarSettings, kinds, values, modes, versions }),
      { rules: undefined, templates: [], kubeVersion: undefined, allowPlaceholders: false, retarget: undefined, sidecarSettings: undefined, kinds: [], values: [], modes: [], versions: [] }],
    ['{}', ({ source, pathOf, used }) => [source.label, pathOf('a.yaml'), used.size], ['sidecarctl.yaml', 'a.yaml', 0]],
    ['templates: [a, b/c.yaml, "..d", e..]', ({ templates }) => templates.map(({ path, at }) => `${path} at ${textAt(at)}`), ['a at a', 'b/c.yaml at b/c.yaml', '..d at "..d"', 'e.. at e..']],
    ['allowPlaceholders: true', ({ allowPlaceholders }) => allowPlaceholders, true],
    ['allowPlaceholders: false', ({ allowPlaceholders }) => allowPlaceholders, false],
    ['kubernetesVersion: "1.34"', ({ kubeVersion }) => kubeVersion, { minor: 34 }],
    ['kubernetesVersion: latest', ({ kubeVersion }) => kubeVersion, LATEST],
    ['parameters: {ship: {level: debug, port: 1}, b: {}}', ({ values }) => values.map(value), [
      'ship.level="debug" from sidecarctl.yaml, spec.parameters.ship.level by policy spec.parameters.ship.level at debug',
      'ship.port=1 from sidecarctl.yaml, spec.parameters.ship.port by policy spec.parameters.ship.port at 1']],
    ['modes: {ship: native, b: auto}', ({ modes }) => modes.map(mode), ['ship:native by policy spec.modes.ship at native', 'b:auto by policy spec.modes.b at auto']],
    ['versions: {ship: 1.2.0, b: "2"}', ({ versions }) => versions.map(({ name, version, at }) => `${name} ${version} at ${textAt(at)}`), ['ship 1.2.0 at 1.2.0', 'b 2 at "2"']],
    ['services: {retarget: true}', ({ retarget }) => [retarget?.value, by(retarget?.origin as Origin)], [true, 'by policy spec.services.retarget at true']],
    ['services: {retarget: false}', ({ retarget }) => retarget?.value, false],
    ['services: {}', ({ retarget }) => retarget, undefined],
    ['security: {assignUids: false}', ({ sidecarSettings }) => sidecarSettings?.assignUids, false],
    ['workloadKinds: [{kind: Farm, podTemplatePath: template}]', ({ kinds }) => kinds, [{ group: '', kind: 'Farm', shortName: 'farm', templatePath: ['template'], ...optional }]],
    ['workloadKinds: [{group: example.com, kind: Farm, podTemplatePath: "spec.rows[*].pods[*]", inline: true}]', ({ kinds }) => kinds,
      [{ group: 'example.com', kind: 'Farm', shortName: 'farm.example.com', templatePath: ['spec', 'rows', '*', 'pods', '*'], ...optional, inline: true }]],
    ['workloadKinds: [{kind: Farm, podTemplatePath: spec.pod, inline: false}]', ({ kinds }) => kinds, [{ group: '', kind: 'Farm', shortName: 'farm', templatePath: ['spec', 'pod'], ...optional }]],
    // What is never changed.
    ['{}', excluded('kube-system', 'kube-public', 'default'), ['kube-system']],
    ['exclude: {paths: [a]}', excluded('kube-system', 'default'), ['kube-system']],
    ['exclude: {namespaces: []}', excluded('kube-system', 'default'), []],
    ['exclude: {namespaces: [shop, "*-infra"]}', excluded('kube-system', 'shop', 'net-infra', 'infra'), ['shop', 'net-infra']],
    ['exclude: {namespaces: [shop, "*-infra"]}', ({ excludedNamespaces }) => excludedNamespaces, ['shop', '*-infra']],
    ['{}', pathsOut('a/b.yaml'), []],
    ['exclude: {paths: [a, "*.yml"]}', pathsOut('a/b.yaml', 'b/a.yaml', 'c.yml'), ['a/b.yaml', 'c.yml']],
    // Rules.
    ['rules: []', ({ rules }) => rules, []],
    ['rules: [{}]', rule, ['by policy rule 1 at {}']],
    ['rules: [{name: logs}, {}]', ({ rules }) => rules?.map(({ origin }) => origin.text), ['rule "logs"', 'rule 2']],
    ['rules: [{add: [a, {name: b}]}]', rule, ['by policy rule 1 at {add: [a, {name: b}]}', 'add a by policy rule 1 at a', 'add b by policy rule 1 at b']],
    ['rules: [{name: r, add: [{name: a, parameters: {x: [1]}, mode: classic, start: "after:migrate"}]}]', (read) => rule(read).slice(1), [
      'add a by policy rule "r" at a',
      'a.x=[1] from sidecarctl.yaml, spec.rules[0].add[0].parameters.x by policy spec.rules[0].add[0].parameters.x at x',
      'a:classic by policy spec.rules[0].add[0].mode at classic',
      'a@after:migrate by policy rule "r" at "after:migrate"']],
    ['rules: [{name: r, containers: [web, db]}]', (read) => rule(read).slice(1), ['container web by policy rule "r" at web', 'container db by policy rule "r" at db']],
    ['rules: [{exclude: [a, b]}]', (read) => rule(read).slice(1), ['exclude a at a', 'exclude b at b']],
    ['rules: [{exclude: all}]', (read) => rule(read).slice(1), ['exclude all']],
    ['rules: [{match: {labels: "app=web,!old"}}]', (read) => rule(read).slice(1), ['label app in web', 'label old absent']],
    ['rules: [{match: {labels: {app: web, tier: front}}}]', (read) => rule(read).slice(1), ['label app in web', 'label tier in front']],
    ['rules: [{match: {labels: {}}}]', ({ rules }) => rules?.map(({ labels }) => labels), [[]]],
    ['rules: [{match: {names: [web]}}]', ({ rules }) => rules?.map(({ match, labels }) => ({ match, labels })), [{ match: { names: ['web'] }, labels: undefined }]],
  ])('%s', async (spec, part, expected) => expect(part(await policy(spec))).toEqual(expected))
})

const HEAD = 'apiVersion: sidecarctl.dev/v1\nkind: Policy\n'
const ONE_MAP = 'a policy file must contain exactly one document, a map with apiVersion and kind | -'
const OUTSIDE = 'this path leads out of the folder of the policy file | put the templates next to the policy file, or name them with --templates'

describe('a policy file is invalid', () => {
  it.each<[string, string[]]>([
    ['', [`CONFIG_INVALID at 1:1: ${ONE_MAP}`]],
    ['- a\n', [`CONFIG_INVALID at 1:1: ${ONE_MAP}`]],
    [`${HEAD}spec: {}\n---\na: 1\n`, [`CONFIG_INVALID at 5:1: ${ONE_MAP}`]],
    [`${HEAD}spec:\n  kubernetesVersion: {{ .Values.version }}\n`, ['CONFIG_INVALID at {{ .Values.version }}: this is the syntax of Helm charts, which policy files do not have | -']],
    [`${HEAD}spec: {}\nspec: {}\n`, ['YAML_DUPLICATE_KEY at spec: duplicate key "spec" | -']],
    [HEAD, ['CONFIG_INVALID at apiVersion: spec: this field is required | -']],
  ])('%j', async (text, expected) => {
    const { policy: read, diagnostics } = await readPolicy(new SourceText('sidecarctl.yaml', text), (label) => label)
    expect(read).toBeUndefined()
    expect(diagnostics.map(problemLine)).toEqual(expected)
  })

  it.each<[string, string[]]>([
    ['colour: red', ['CONFIG_INVALID at red: spec.colour: unknown field "colour" | known names: allowPlaceholders, exclude, images, kubernetesVersion, modes, parameters, rules, security, services, templates, versions, workloadKinds']],
    ['kubernetesVersion: 1.30', ['CONFIG_INVALID at 1.30: spec.kubernetesVersion: this must be a string | put it in quotes: "1.30"']],
    ['rules: [{containers: []}]', ['CONFIG_INVALID at containers: spec.rules[0].containers: this must not be empty | -']],
    ['rules: [{add: logging}]', ['CONFIG_INVALID at logging: spec.rules[0].add: this must be a list | -']],
    ['services: true', ['CONFIG_INVALID at true: spec.services: this must be a map | -']],
    ['rules: [{name: ""}]', ['CONFIG_INVALID at "": spec.rules[0].name: this must not be empty | -']],
    [`rules: [{name: ${'a'.repeat(101)}}]`, [`CONFIG_INVALID at ${'a'.repeat(101)}: spec.rules[0].name: this must have at most 100 characters | -`]],
    ['images: {registry: "https://a/b"}', ['CONFIG_INVALID at "https://a/b": spec.images.registry: this must be a registry without https://, or a map of registries | -']],
    ['images: {pins: {a: b}}', ['CONFIG_INVALID at b: spec.images.pins.a: this must be a digest: sha256: and 64 hexadecimal digits | -']],
    ['versions: {logging: latest}', ['CONFIG_INVALID at latest: spec.versions.logging: this must be a version such as "1.2.0" or "1.2" | -']],
    ['workloadKinds: [{kind: job, podTemplatePath: spec..a}]', [
      'CONFIG_INVALID at job: spec.workloadKinds[0].kind: this must be a kind such as Job | -',
      'CONFIG_INVALID at spec..a: spec.workloadKinds[0].podTemplatePath: this must be a path such as spec.template | -']],
    ['workloadKinds: [{kind: Job, podTemplate: a}]', [
      'CONFIG_INVALID at a: spec.workloadKinds[0].podTemplate: unknown field "podTemplate" | did you mean podTemplatePath?',
      'CONFIG_INVALID at {kind: Job, podTemplate: a}: spec.workloadKinds[0].podTemplatePath: this field is required | -']],
    ['workloadKinds: [{kin: Job, podTemplate: a}]', [
      'CONFIG_INVALID at Job: spec.workloadKinds[0].kin: unknown field "kin" | did you mean kind?',
      'CONFIG_INVALID at a: spec.workloadKinds[0].podTemplate: unknown field "podTemplate" | did you mean podTemplatePath?',
      'CONFIG_INVALID at {kin: Job, podTemplate: a}: spec.workloadKinds[0].kind: this field is required | -',
      'CONFIG_INVALID at {kin: Job, podTemplate: a}: spec.workloadKinds[0].podTemplatePath: this field is required | -']],
    ['templates: [/etc, a, "C:x", "\\\\x", ../b, c/.., "d\\\\..\\\\e"]', [
      `CONFIG_OUTSIDE at /etc: spec.templates[0]: ${OUTSIDE}`, `CONFIG_OUTSIDE at "C:x": spec.templates[2]: ${OUTSIDE}`, `CONFIG_OUTSIDE at "\\\\x": spec.templates[3]: ${OUTSIDE}`,
      `CONFIG_OUTSIDE at ../b: spec.templates[4]: ${OUTSIDE}`, `CONFIG_OUTSIDE at c/..: spec.templates[5]: ${OUTSIDE}`, `CONFIG_OUTSIDE at "d\\\\..\\\\e": spec.templates[6]: ${OUTSIDE}`]],
    ['kubernetesVersion: "1.2"', ['CONFIG_INVALID at "1.2": spec.kubernetesVersion: Kubernetes 1.2 is not supported | use one of: 1.31, 1.32, 1.33, 1.34, 1.35, 1.36, latest']],
    ['rules: [{match: {labels: "a in"}}]', [`CONFIG_INVALID at "a in": spec.rules[0].match.labels: character 5: expected '(' but found the end | write it as in kubectl: app=web,tier!=db`]],
    ['images: {pins: {a: "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", docker.io/library/a: "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}}', ['CONFIG_INVALID at "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef": spec.images.pins[docker.io/library/a]: "docker.io/library/a" and "a" are the same image | remove one of them']],
    ['images: {pins: {"A b": "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}}', ['CONFIG_INVALID at "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef": spec.images.pins[A b]: "A b" is not the name of an image with or without a tag | for example busybox:1.37.0']],
  ])('%s', async (spec, expected) => {
    const text = `${HEAD}spec: {${spec}}\n`
    const { policy: read, diagnostics } = await readPolicy(new SourceText('sidecarctl.yaml', text), (label) => label)
    expect(read).toBeUndefined()
    expect(diagnostics.map(problemLine)).toEqual(expected)
  })
})
