/** What the conditions of a policy's rules mean, and what a policy says of one workload. */
import { describe, expect, it } from 'vitest'
import type { SourceLocation } from '../../../src/core/diagnostics/diagnostic.ts'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { parseSelector, type LabelSelector } from '../../../src/core/kube/selector.ts'
import { refOf, type Workload } from '../../../src/core/kube/workload.ts'
import { CONDITIONS, exclusion, labelCondition, namespaceOf, noteRules, policyStatement } from '../../../src/core/selection/match-policy.ts'
import type { Statement } from '../../../src/core/selection/selection.ts'
import { policy } from './support.ts'

const META = { name: 'web', namespace: 'shop', labels: { app: 'web', tier: 1 }, annotations: { team: 'shop-a', size: 'small', on: true } }
const WEB: JsonObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: META } as unknown as JsonObject
const JOB: JsonObject = { apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'run-' } }
const BARE: JsonObject = { apiVersion: 'v1', kind: 'Pod' }

/** A workload in a document of its own, or as an item of a list. */
function workload(data: JsonObject, label = 'apps/a.yaml', list?: JsonObject): Workload {
  const doc = { source: { label }, data: list ?? data }
  return { doc, path: list === undefined ? [] : ['items', 0], data, ref: refOf(data) } as unknown as Workload
}

function selectorOf(text: string): LabelSelector {
  const parsed = parseSelector(text)
  if (!('value' in parsed)) throw new Error(text)
  return parsed.value
}

const holds = (condition: string, value: Json, data: JsonObject, path?: string): boolean =>
  (CONDITIONS[condition] as NonNullable<(typeof CONDITIONS)[string]>)(value)(workload(data), path)

describe('a condition', () => {
  it.each<[string, Json, JsonObject, boolean]>([
    ['kinds', ['Deployment'], WEB, true],
    ['kinds', ['Job', 'Deployment.apps'], WEB, true],
    ['kinds', ['Deployment.batch'], WEB, false],
    ['kinds', ['Pod.'], BARE, true],
    ['kinds', 'Deployment', WEB, false],
    ['kinds', [], WEB, false],
    ['namespaces', ['sh*'], WEB, true],
    ['namespaces', ['other', 'shop'], WEB, true],
    ['namespaces', ['other', 'x*'], WEB, false],
    ['namespaces', ['default'], BARE, true],
    ['namespaces', [''], BARE, false],
    ['names', ['other', 'we?'], WEB, true],
    ['names', ['other'], WEB, false],
    ['names', ['run-'], JOB, false],
    ['names', ['run-?????'], JOB, true],
    ['names', ['x', 'run-*'], JOB, true],
    ['names', ['?????'], BARE, false],
    ['annotations', { team: 'shop-*' }, WEB, true],
    ['annotations', { team: 'shop-*', size: 'small' }, WEB, true],
    ['annotations', { team: 'shop-*', size: 'large' }, WEB, false],
    ['annotations', { on: '*' }, WEB, false],
    ['annotations', { toString: '*' }, WEB, false],
    ['annotations', { team: '*' }, BARE, false],
    ['annotations', {}, BARE, true],
  ])('%s: %j', (condition, value, data, expected) => {
    expect(holds(condition, value, data)).toBe(expected)
  })

  it.each<[Json, string | undefined, boolean]>([
    [['apps'], 'apps/a.yaml', true],
    [['other', '*/a.yaml'], 'apps/a.yaml', true],
    [['other'], 'apps/a.yaml', false],
    [['*'], undefined, false],
    [['undefined'], undefined, false],
  ])('paths: %j with the path %j', (value, path, expected) => {
    expect(holds('paths', value, WEB, path)).toBe(expected)
  })

  it.each<[string, JsonObject, boolean]>([
    ['app=web', WEB, true],
    ['app=other', WEB, false],
    ['tier', WEB, false],
    ['!tier', WEB, true],
    ['!app', BARE, true],
  ])('labels: %s', (selector, data, expected) => {
    expect(labelCondition(selectorOf(selector))(workload(data), undefined)).toBe(expected)
  })
})

it.each([[WEB, 'shop'], [JOB, 'default'], [BARE, 'default']])('the namespace of %j counts as %s', (data, expected) => {
  expect(namespaceOf(workload(data))).toBe(expected)
})

const LIST: JsonObject = { apiVersion: 'config.kubernetes.io/v1', kind: 'ResourceList', items: [] }
const placed = (path: string): JsonObject =>
  ({ ...WEB, metadata: { ...META, annotations: { 'config.kubernetes.io/path': path } } }) as unknown as JsonObject

describe('a policy', () => {
  it.each<[string, Workload, string | undefined]>([
    ['excludes a namespace', workload({ ...WEB, metadata: { name: 'web', namespace: 'kube-system' } }), 'excluded-namespace'],
    ['excludes a path', workload(WEB, 'vendor/a.yaml'), 'excluded-path'],
    ['excludes no other path', workload(WEB), undefined],
    ['takes the path of a file for items of a List', workload(WEB, 'vendor/a.yaml', { ...LIST, apiVersion: 'v1', kind: 'List' }), 'excluded-path'],
    ['takes the path of an item of a ResourceList', workload(placed('vendor/b.yaml'), 'in.yaml', LIST), 'excluded-path'],
    ['takes no other for it', workload(placed('b.yaml'), 'vendor/a.yaml', LIST), undefined],
    ['knows no path where an item says none', workload(WEB, 'vendor/a.yaml', LIST), undefined],
    ['takes the path of the file for the list itself', workload(LIST, 'vendor/a.yaml'), 'excluded-path'],
  ])('%s', async (_, one, expected) => {
    const read = await policy('exclude: {namespaces: [kube-system], paths: [vendor]}\nrules: []')
    expect(exclusion(read, one)).toBe(expected)
  })

  it('notes the rules that match, and no other', async () => {
    const read = await policy('rules:\n- {name: a, match: {names: [web]}, add: [x]}\n- {name: b, match: {paths: [vendor]}, add: [z]}')
    noteRules(read, workload(WEB))
    expect([...read.used].map(({ origin }) => origin.text)).toEqual(['rule "a"'])
    noteRules(await policy('allowPlaceholders: true'), workload(WEB))
  })
})

const textAt = (at: SourceLocation | undefined): string => at?.source.text.slice(at.range.start, at.range.end) ?? '-'

/** A statement in one line: sidecars with their origins, values, modes, starts and containers. */
function said({ sidecars, values, modes, starts = [], containers, settings, diagnostics }: Statement): string {
  const picks = sidecars?.picks.map(({ name, origin }) => `${name} by ${origin.text}`).join(', ')
  return [
    sidecars === undefined ? 'nothing of sidecars' : `${picks || 'none'}, as ${sidecars.origin.text} at "${textAt(sidecars.origin.at)}"`,
    ...values.map(({ template, name, value }) => `${template}.${name}=${String(value)}`),
    ...modes.map(({ template, mode }) => `${template}:${mode}`),
    ...starts.map(({ template, place }) => `${template}@${JSON.stringify(place)}`),
    ...(containers === undefined ? [] : [`in ${containers.map(({ name }) => name).join(',')}`]),
    ...(settings === undefined ? [] : ['with settings']),
    ...diagnostics.map(({ code }) => code),
  ].join('; ')
}

describe('the statement of a policy', () => {
  it.each<[string, string, string]>([
    ['without rules', 'modes: {b: native}', 'nothing of sidecars; b:native'],
    ['where no rule matches', 'rules: [{match: {names: [other]}, add: [a]}]', 'none, as sidecarctl.yaml, where no rule matches at ""'],
    ['of one rule', 'rules:\n- {name: r, add: [a]}', 'a by rule "r", as rule "r" at "a"'],
    ['of two rules that add the same', 'rules:\n- {name: r, add: [a]}\n- {name: s, add: [{name: a, mode: classic}]}', 'a by rule "r", as rule "r" at "a"; a:classic'],
    ['of a rule that excludes', 'rules:\n- {name: r, add: [a, b]}\n- {name: s, exclude: [a]}', 'b by rule "r", as rule "r" at "b"'],
    ['of a rule that excludes all', 'rules:\n- {name: r, add: [a, b]}\n- {name: s, exclude: all}', 'none, as rule "s" at "{name: s, exclude: all}"'],
    ['with a start', 'rules:\n- {name: r, add: [{name: a, start: last}]}', 'a by rule "r", as rule "r" at "a"; a@"last"'],
    ['with containers', 'rules:\n- {name: r, containers: [web], add: [a]}', 'a by rule "r", as rule "r" at "a"; in web'],
    ['with parameters of the policy and of rules', 'parameters: {a: {x: 1}}\nrules:\n- {name: r, add: [{name: a, parameters: {x: 2}}]}', 'a by rule "r", as rule "r" at "a"; a.x=1; a.x=2'],
    ['with settings', 'images: {pullSecrets: [mirror]}\nrules: []', 'none, as sidecarctl.yaml, where no rule matches at ""; with settings'],
    ['with the modes of the policy', 'modes: {a: classic}\nrules:\n- {name: r, add: [a]}', 'a by rule "r", as rule "r" at "a"; a:classic'],
  ])('%s', async (_, spec, expected) => {
    expect(said(policyStatement(await policy(spec), workload(WEB)))).toBe(expected)
  })
})
