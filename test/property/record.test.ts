import { array, assert, asyncProperty, nat } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isObject, type Json, type JsonObject } from '../../src/core/json/json.ts'
import { formatFieldPath, type FieldPath } from '../../src/core/field-path/field-path.ts'
import { mergeKeyOf } from '../../src/core/field-path/merge-keys.ts'
import { readInput, type ReadDocument } from '../../src/core/inject/read-input.ts'
import type { RunResult } from '../../src/core/inject/result.ts'
import { SourceText } from '../../src/core/text/source.ts'
import { findings, output, put, take, templates } from '../core/inject/run.ts'

const RUNS = Number(process.env['SIDECARCTL_RUNS'] ?? 300)
const LIMITS = { numRuns: RUNS, ...(RUNS <= 300 && { interruptAfterTimeLimit: 20_000 }) }

const ALL = templates({
  tail: `
container: {image: t, args: [a], resources: {limits: {cpu: 1}}, env: [{name: A, value: b}]}
sharedFolders: [{volume: logs, path: /var/log/app, sidecarPath: /logs}]
pod: {annotations: {example.com/tail: "yes"}, labels: {tail: "yes"}, minTerminationGracePeriodSeconds: 60}
`,
  ship: `
container: {image: s}
initContainers: [{name: prepare, image: p}]
sharedFolders: [{volume: logs, path: /var/log/app, sidecarPath: /logs}]
app: {env: [{name: SHIP, value: "1"}], ports: [{containerPort: 81}], lifecycle: {preStop: {exec: {command: [x]}}}}
pod: {fsGroup: 3, imagePullSecrets: [{name: s}], shareProcessNamespace: true, serviceAccountName: s}
objects: [{apiVersion: v1, kind: ConfigMap, data: {a: b}}]
`,
})
const NEWER = templates({
  tail: 'container: {image: u, args: [b, c]}\nvolumes: [{name: state, emptyDir: {}}]',
  ship: 'container: {image: s, env: [{name: B, value: c}]}\nsharedFolders: [{volume: logs, path: /var/log/app, sidecarPath: /logs}]',
})

const PODS = [
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\nspec:\n  containers:\n    - name: app\n      image: a\n',
  `apiVersion: v1
kind: Pod
metadata:
  name: a
  labels: {app: a}
  annotations:
    own: "1" # mine
spec:
  terminationGracePeriodSeconds: 10
  securityContext: {}
  initContainers:
    - name: init
      image: i
  containers:
    - name: app
      image: a
      env:
        - name: OWN
          value: "1"
      volumeMounts: [{name: data, mountPath: /data}]
      ports:
    - name: tail
      resources:
  volumes:
    - name: data
      emptyDir: {}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: own}
`,
  'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: app, image: a}, {name: two, image: b}], volumes: [{name: v, emptyDir: {}}]}\n',
  `${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, spec: { containers: [{ name: 'app', image: 'a' }] } }, undefined, 2)}\n`,
]

/** Every address of a template: its maps, its items, its values. */
function addressesIn(value: Json, base: FieldPath, list: string): FieldPath[] {
  const own = base.length > 0 ? [base] : []
  if (Array.isArray(value)) {
    return own.concat(value.flatMap((item) => {
      const id = mergeKeyOf(list, item)
      return id === undefined ? [] : addressesIn(item, [...base, { id }], '')
    }))
  }
  if (!isObject(value)) return own
  return own.concat(Object.entries(value).flatMap(([key, child]) => addressesIn(child, [...base, key], key)))
}

const NONSENSE = ['spec.containers', 'spec.containers[none]', 'spec.containers[app].volumeMounts', 'metadata', 'spec.volumes[none].name',
  'spec.nothing', 'spec.containers[app]', 'spec.containers[app].env[NONE]', 'metadata.annotations[sidecarctl.dev/injected]', 'metadata.labels']
const WAS = ['', ' ~', ' null', ' []', ' {}', ' 30', ' &x 30', ' *x', ' word', '\n    ~']

interface Entry { v: string; h: string; own: string[]; objs?: string[] }
interface Raw { sidecars: Record<string, Entry>; new?: string[]; was?: Record<string, string>; uses?: string[] }

/** Changes a record as no program would. */
function mangle(record: Raw, addresses: readonly string[], stream: readonly number[]): Raw {
  let next = 0
  const pick = (n: number): number => (stream[next++] ?? 0) % n
  const of = <T>(all: readonly T[]): T => all[pick(all.length)] as T
  const out = structuredClone(record)
  const cut = <T>(all: T[]): T[] => all.splice(pick(all.length + 1), 1)
  for (let n = 0; n <= pick(3); n++) {
    const name = of(Object.keys(out.sidecars)) ?? 'tail'
    const entry = (out.sidecars[name] ??= { v: '1', h: '', own: [] })
    const address = of(addresses)
    const ways: (() => unknown)[] = [
      () => entry.own.push(address),
      () => entry.own.unshift(address),
      () => cut(entry.own),
      () => entry.own.push(...cut(entry.own), ...entry.own.slice(0, 1)),
      () => (out.new ??= []).push(address),
      () => cut(out.new ?? []),
      () => ((out.was ??= {})[address] = of(WAS)),
      () => ((out.was ??= {})[of([...entry.own, ...(out.new ?? [])]) ?? address] = of(WAS)),
      () => delete (out.was ?? {})[of(Object.keys(out.was ?? {})) ?? ''],
      () => (entry.h = '0'),
      () => (out.uses ??= []).push(address),
      () => (entry.objs = of([[], ['v1/ConfigMap/own'], ['v1/Pod/a'], ['x']])),
      () => delete out.sidecars[name],
      () => (out.sidecars['other'] = entry),
      () => (out.new = []),
    ]
    of(ways)()
  }
  return out
}

/** What may come of a record that someone changed: it is refused, or what it says is done. */
const PRECISE = /^(?:RECORD_INVALID|CONTAINER_NAME_TAKEN|VOLUME_NAME_TAKEN|PORT_TAKEN|SETTING_KEPT|SHARED_FOLDER_\w+|SIDECAR_\w+|VOLUME_LEFT|COMPANION_\w+|RESULT_INVALID|WORKLOAD_\w+) /

async function check(what: string, run: Promise<RunResult>, seen: Set<string>): Promise<void> {
  const result = await run.catch((error: unknown) => { throw new Error(what, { cause: error }) })
  expect(findings(result).filter((f) => !PRECISE.test(f)), `${what}: ${result.diagnostics.map((d) => d.message).join()}`).toEqual([])
  for (const { code } of result.diagnostics) seen.add(code)
  if (result.diagnostics.some((d) => d.severity === 'error')) return
  const { documents, diagnostics } = readInput(new SourceText('in.yaml', output(result)))
  expect(diagnostics).toEqual([])
  const { spec } = (documents[0] as ReadDocument).doc.data as unknown as { spec: { containers: Json[] } }
  expect(spec.containers.length).toBeGreaterThan(0)
}

describe('a record that was changed by hand', () => {
  it('is refused, or done as it says', async () => {
    const seen = new Set<string>()
    const injected = await Promise.all(PODS.map(async (pod) => {
      const text = output(await put(pod, ALL))
      const data = readInput(new SourceText('in.yaml', text)).documents[0]?.doc.data as JsonObject
      const raw = ((data['metadata'] as JsonObject)['annotations'] as Record<string, string>)['sidecarctl.dev/injected'] as string
      const { metadata, spec } = data as { metadata: Json; spec: Json }
      const addresses = [...addressesIn({ metadata, spec }, [], '').map(formatFieldPath), ...NONSENSE]
      return { text, raw, record: JSON.parse(raw) as Raw, addresses }
    }))
    await assert(asyncProperty(nat(PODS.length - 1), array(nat(10_000), { maxLength: 20 }), async (n, stream) => {
      const { text, raw, record, addresses } = injected[n] as (typeof injected)[number]
      const isJson = text.startsWith('{')
      const quoted = (value: string): string => (isJson ? JSON.stringify(value) : `'${value}'`)
      expect(text).toContain(quoted(raw))
      const mangled = JSON.stringify(mangle(record, addresses, stream))
      const changed = text.replace(quoted(raw), () => quoted(mangled))
      await check(`uninject with ${mangled}`, take(changed), seen)
      await check(`uninject tail with ${mangled}`, take(changed, { sidecars: ['tail'] }), seen)
      await check(`inject with ${mangled}`, put(changed, ALL), seen)
      await check(`inject others with ${mangled}`, put(changed, NEWER), seen)
    }), LIMITS)
    expect(seen).toContain('RECORD_INVALID')
  })
})
