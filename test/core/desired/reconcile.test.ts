/** What is wanted beside what is there: the changes that make one the other, and the record of what is ours then. */
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { formatFieldPath, parseFieldPath, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import type { PatchOp } from '../../../src/core/field-path/patch-op.ts'
import { DesiredPod } from '../../../src/core/desired/desired-pod.ts'
import { reconcile } from '../../../src/core/desired/reconcile.ts'
import type { Reconciled, TemplateText } from '../../../src/core/desired/reconcile-input.ts'
import { emptyRecord, fieldDigest, OLD_RECORD, recordKey, shortHash, type OwnershipRecord } from '../../../src/core/ownership/record.ts'
import { formatRecord, readRecord } from '../../../src/core/ownership/record-text.ts'
import { table, type Row } from '../../helpers/table.ts'

const at = (text: string): FieldPath => parseFieldPath(text) as FieldPath

/** What one sidecar wants: values by address; a `<` before an address puts an item first, a `!` replaces the user's value. */
type Wants = { [address: string]: Json }

interface Run {
  /** What each sidecar wants in this run. One that is in the record and wants nothing is taken out. */
  sidecars: { [name: string]: Wants }
  /** Sidecars of the record that are not part of the run. */
  keep?: string[]
  text?: Partial<TemplateText>
  objects?: { [name: string]: JsonObject[] }
}

interface Before {
  template: JsonObject
  owned?: { [sidecar: string]: string[] }
  created?: string[]
  was?: { [address: string]: string }
  uses?: string[]
  /** All of it, in the place of the others. */
  record?: OwnershipRecord
}

function recordOf({ owned = {}, created = [], was = {}, uses = [] }: Before): OwnershipRecord {
  const record = emptyRecord()
  for (const [name, own] of Object.entries(owned)) record.sidecars.set(name, { version: '1', own: own.map(at), digests: new Map() })
  return Object.assign(record, { created: created.map(at), was: new Map(Object.entries(was)), uses: uses.map(at) })
}

const SIGNS = { insert: '+', replace: '~', remove: '-', restore: '<', 'write-out': '*' } as const

function sign(change: PatchOp): string {
  const address = formatFieldPath(change.address).replace(/^metadata\.annotations\[(?:injected\.sidecarctl\.dev\/(.*)|sidecarctl\.dev\/injected)\]$/, (_, name: string | undefined) => (name === undefined ? 'old record' : `record of ${name}`))
  if (change.type === 'restore') return `< ${address} ${JSON.stringify(change.text)}`
  return `${SIGNS[change.type]} ${address}${change.type === 'insert' && change.place !== 'last' ? ` ${change.place}` : ''}`
}

/** The changes, and after `is ours`, `made` and `was` what the record says then. */
function reconciled(before: Before, { sidecars, keep = [], text = {}, objects = {} }: Run): { all: Reconciled; lines: string[] } {
  const record = before.record ?? recordOf(before)
  const renew = new Set([...record.sidecars.keys(), ...Object.keys(sidecars)].filter((name) => !keep.includes(name)))
  const draft = new DesiredPod(before.template, record, renew)
  for (const [owner, wants] of Object.entries(sidecars)) {
    for (const [written, value] of Object.entries(wants)) {
      const address = at(written.replace(/^[<!]/, ''))
      if (written.startsWith('!')) draft.override(owner, address, value)
      else draft.set(owner, address, value, written.startsWith('<') ? 'first' : 'last')
    }
  }
  const all = reconcile({
    template: before.template, record, draft, renew,
    versions: new Map(Object.keys(sidecars).map((name) => [name, '2'])),
    objects: new Map(Object.entries(objects)),
    text: { textAt: () => undefined, aliasOn: () => undefined, anchored: () => undefined, ...text },
  })
  const { record: next } = all
  const lines = all.changes.map(sign)
  // Without a sidecar there is no record.
  if (next.sidecars.size === 0) return { all, lines }
  for (const [name, { own, objects: ids }] of next.sidecars) lines.push(`is ours for ${name}: ${own.map(formatFieldPath).join(' ')}${ids === undefined ? '' : ` and ${[...ids.keys()].join(' ')}`}`)
  if (next.created.length > 0) lines.push(`made: ${next.created.map(formatFieldPath).join(' ')}`)
  for (const [address, was] of next.was) lines.push(`was at ${address}: ${JSON.stringify(was)}`)
  if (next.uses.length > 0) lines.push(`used before: ${next.uses.map(formatFieldPath).join(' ')}`)
  return { all, lines }
}
const rows = (rule: string, list: readonly Row<Before, Run, string[]>[]): void => {
  table(rule, (before, run) => reconciled(before, run).lines, list)
}

const APP: JsonObject = { name: 'app' }
const pod = (spec: JsonObject = {}, metadata: JsonObject = { annotations: { a: 'b' } }): JsonObject => ({ metadata, spec: { containers: [APP], ...spec } })
const V: JsonObject = { name: 'v', emptyDir: {} }

rows('what is missing comes, and the record says that it is ours', [
  [{ template: pod() }, { sidecars: { x: { 'spec.containers[x]': { name: 'x' } } } }, [
    '+ spec.containers[x]', '+ record of x', 'is ours for x: spec.containers[x]',
  ]],
  [{ template: pod() }, { sidecars: { x: { '<spec.initContainers[x]': { name: 'x' } } } }, [
    '+ spec.initContainers[x] first', '+ record of x', 'is ours for x: spec.initContainers[x]', 'made: spec.initContainers',
  ], 'with the list that is made for it'],
  [{ template: pod({}, {}) }, { sidecars: { x: { 'spec.volumes[v]': V, 'spec.volumes[w]': { name: 'w' } } } }, [
    '+ spec.volumes[v]', '+ spec.volumes[w]', '+ record of x', 'is ours for x: spec.volumes[v] spec.volumes[w]', 'made: spec.volumes metadata.annotations',
  ], 'each once'],
  [{ template: { spec: { containers: [APP] } } }, { sidecars: { x: { 'spec.containers[app].env[E]': { name: 'E' } } } }, [
    '+ spec.containers[app].env[E]', '+ record of x', 'is ours for x: spec.containers[app].env[E]', 'made: spec.containers[app].env metadata metadata.annotations',
  ]],
  [{ template: pod({ volumes: null }) }, { sidecars: { x: { 'spec.volumes[v]': V } }, text: { textAt: () => ' ~' } }, [
    '+ spec.volumes[v]', '+ record of x', 'is ours for x: spec.volumes[v]', 'made: spec.volumes', 'was at spec.volumes: " ~"',
  ], 'in the place of a null, which is kept as it is written'],
  [{ template: pod({ volumes: [V] }) }, { sidecars: { x: { 'spec.volumes[v]': V, 'spec.volumes[w]': { name: 'w' } } } }, [
    '+ spec.volumes[w]', '+ record of x', 'is ours for x: spec.volumes[w]',
  ], 'what the user has in the same way is not ours'],
  [{ template: pod() }, { sidecars: {} }, [], 'nothing is wanted, nothing is there'],
  [{ template: pod() }, { sidecars: { x: { 'spec.volumes[v]': V }, w: { 'spec.volumes[v]': V } } }, [
    '+ spec.volumes[v]', '+ record of x', '+ record of w', 'is ours for x: spec.volumes[v]', 'is ours for w: spec.volumes[v]', 'made: spec.volumes',
  ], 'two sidecars own it together'],
  [{ template: pod() }, { sidecars: { x: { 'spec.hostIPC': true } }, objects: { x: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } }] } }, [
    '+ spec.hostIPC', '+ record of x', 'is ours for x: spec.hostIPC and v1/ConfigMap/c',
  ], 'with its further objects'],
  [{ template: pod() }, { sidecars: { x: {} } }, ['+ record of x', 'is ours for x: '], 'a sidecar that wants nothing has a record, too'],
  [{ template: pod() }, { sidecars: { x: { 'spec.volumes[v]': V } }, text: { textAt: () => ' ~' } }, [
    '+ spec.volumes[v]', '+ record of x', 'is ours for x: spec.volumes[v]', 'made: spec.volumes',
  ], 'where there is no null none is kept'],
])

rows('what is right already stays, and what differs is replaced', [
  [{ template: pod({ volumes: [V] }), owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes'] }, { sidecars: { x: { 'spec.volumes[v]': V } } }, [
    '+ record of x', 'is ours for x: spec.volumes[v]', 'made: spec.volumes',
  ]],
  [{ template: pod({ volumes: [V] }), owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes'] }, { sidecars: { x: { 'spec.volumes[v]': { name: 'v', hostPath: {} } } } }, [
    '~ spec.volumes[v]', '+ record of x', 'is ours for x: spec.volumes[v]', 'made: spec.volumes',
  ]],
  [{ template: pod({ terminationGracePeriodSeconds: 10 }) }, { sidecars: { x: { '!spec.terminationGracePeriodSeconds': 45 } }, text: { textAt: () => ' 0xA' } }, [
    '~ spec.terminationGracePeriodSeconds', '+ record of x', 'is ours for x: spec.terminationGracePeriodSeconds', 'was at spec.terminationGracePeriodSeconds: " 0xA"',
  ], 'a value of the user\'s is remembered as it is written'],
  [{ template: pod({ terminationGracePeriodSeconds: 10 }) }, { sidecars: { x: { '!spec.terminationGracePeriodSeconds': 45 } } }, [
    '~ spec.terminationGracePeriodSeconds', '+ record of x', 'is ours for x: spec.terminationGracePeriodSeconds', 'was at spec.terminationGracePeriodSeconds: ""',
  ]],
  [{ template: pod({ terminationGracePeriodSeconds: 45 }), owned: { x: ['spec.terminationGracePeriodSeconds'] }, was: { 'spec.terminationGracePeriodSeconds': ' 10' } },
    { sidecars: { x: { '!spec.terminationGracePeriodSeconds': 60 } }, text: { textAt: () => ' 45' } }, [
      '~ spec.terminationGracePeriodSeconds', '+ record of x', 'is ours for x: spec.terminationGracePeriodSeconds', 'was at spec.terminationGracePeriodSeconds: " 10"',
    ], 'and what was there first is remembered, not ours of before'],
  [{ template: pod({ terminationGracePeriodSeconds: 45 }), owned: { x: ['spec.terminationGracePeriodSeconds'] } },
    { sidecars: { x: { '!spec.terminationGracePeriodSeconds': 60 } }, text: { textAt: () => ' 45' } }, [
      '~ spec.terminationGracePeriodSeconds', '+ record of x', 'is ours for x: spec.terminationGracePeriodSeconds',
    ], 'where nothing was there, nothing comes back'],
])

rows('what is no longer wanted goes, with what was made for it', [
  [{ template: pod({ volumes: [V] }, { annotations: { [recordKey('x')]: '{}' } }), owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes', 'metadata.annotations'] }, { sidecars: {} }, [
    '- spec.volumes', '- metadata.annotations',
  ]],
  [{ template: pod({ volumes: [V, { name: 'users' }] }, { annotations: { [recordKey('x')]: '{}', b: 'c' } }), owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes', 'metadata.annotations'] }, { sidecars: {} }, [
    '- spec.volumes[v]', '- record of x',
  ], 'not where something of the user\'s is in it since'],
  [{ template: pod({ volumes: [V] }), owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes'], was: { 'spec.volumes': ' ~' } }, { sidecars: {} }, [
    '< spec.volumes " ~"',
  ], 'the null of before comes back'],
  [{ template: pod({ terminationGracePeriodSeconds: 45 }), owned: { x: ['spec.terminationGracePeriodSeconds'] }, was: { 'spec.terminationGracePeriodSeconds': ' 10' } }, { sidecars: {} }, [
    '< spec.terminationGracePeriodSeconds " 10"',
  ]],
  [{ template: pod({ volumes: [V] }), owned: { x: ['spec.volumes[v]', 'spec.containers[x]'] }, created: ['spec.volumes'] }, { sidecars: { x: { 'spec.volumes[v]': V } } }, [
    '+ record of x', 'is ours for x: spec.volumes[v]', 'made: spec.volumes',
  ], 'what someone took out by hand is not taken out again'],
  [{ template: pod({ volumes: [V, { name: 'w' }] }), owned: { x: ['spec.volumes[v]', 'spec.volumes[w]'] }, created: ['spec.volumes'] }, { sidecars: { x: { 'spec.volumes[v]': V } } }, [
    '- spec.volumes[w]', '+ record of x', 'is ours for x: spec.volumes[v]', 'made: spec.volumes',
  ]],
  [{ template: pod({ volumes: [V] }), owned: { x: ['spec.volumes[v]'], w: ['spec.volumes[v]'] }, created: ['spec.volumes'] }, { sidecars: {}, keep: ['w'] }, [
    '+ record of w', 'is ours for w: spec.volumes[v]', 'made: spec.volumes',
  ], 'what another sidecar owns, too, stays'],
  [{ template: pod({ volumes: [V] }), owned: { x: ['spec.volumes[v]'], w: ['spec.volumes[v]'] }, created: ['spec.volumes'] }, { sidecars: {} }, [
    '- spec.volumes',
  ], 'with both it goes once'],
  [{ template: pod({ volumes: null }), owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes'] }, { sidecars: {} }, ['- spec.volumes'], 'null is what is left when someone empties a list by hand'],
  [{ template: pod(), owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes', 'spec.volumes[v].other'], was: { 'spec.volumes': ' ~' } }, { sidecars: { w: { 'spec.hostIPC': true } } }, [
    '+ spec.hostIPC', '+ record of w', 'is ours for w: spec.hostIPC',
  ], 'what is gone is no longer in the record'],
  [{ template: pod({ containers: [{ name: 'app', env: [{ name: 'E' }] }] }), owned: { x: ['spec.containers[app].env[E]'] }, created: ['spec.containers[app].env'] }, { sidecars: {} }, [
    '- spec.containers[app].env',
  ]],
  [{ template: pod({ hostIPC: true, terminationGracePeriodSeconds: 45 }), owned: { x: ['spec.hostIPC', 'spec.terminationGracePeriodSeconds'] }, was: { 'spec.terminationGracePeriodSeconds': ' 10' } }, { sidecars: { x: { 'spec.hostIPC': true } } }, [
    '< spec.terminationGracePeriodSeconds " 10"', '+ record of x', 'is ours for x: spec.hostIPC',
  ], 'what came back is no longer in the record'],
  [{ template: { metadata: { annotations: { [recordKey('x')]: '{}' } }, spec: { containers: [APP], hostIPC: true } }, owned: { x: ['spec.hostIPC'] }, created: ['metadata', 'metadata.annotations'] }, { sidecars: {} }, [
    '- spec.hostIPC', '- metadata',
  ], 'the outermost that is left empty goes, with what is in it'],
  [{ template: pod({ containers: [APP, { name: 'x', env: [{ name: 'E' }] }] }), owned: { x: ['spec.containers[x]'], w: ['spec.containers[x].env[E]'] } }, { sidecars: {} }, [
    '- spec.containers[x]',
  ]],
  [{ template: pod({ hostIPC: true }, { annotations: {} }), owned: { x: ['spec.hostIPC'] }, created: ['metadata.annotations'] }, { sidecars: { x: { 'spec.hostIPC': true } } }, [
    '+ record of x', 'is ours for x: spec.hostIPC', 'made: metadata.annotations',
  ], 'not what is to hold the record'],
])

rows('sidecars that the run is not about keep their place and what they have', [
  [{ template: pod({ volumes: [V] }), owned: { x: ['spec.volumes[v]'], w: ['spec.hostIPC'] }, created: ['spec.volumes'] }, { sidecars: { w: { 'spec.hostPID': true } }, keep: ['x'] }, [
    '+ spec.hostPID', '+ record of x', '+ record of w', 'is ours for x: spec.volumes[v]', 'is ours for w: spec.hostPID', 'made: spec.volumes',
  ]],
  [{ template: pod(), owned: { w: ['spec.hostIPC'], x: ['spec.hostPID'] } }, { sidecars: { b: { 'spec.hostUsers': true }, x: { 'spec.hostPID': true } }, keep: ['w'] }, [
    '+ spec.hostUsers', '+ spec.hostPID', '+ record of w', '+ record of x', '+ record of b', 'is ours for w: spec.hostIPC', 'is ours for x: spec.hostPID', 'is ours for b: spec.hostUsers',
  ]],
])

rows('a container of ours that is to start before the app\'s moves there from behind it', [
  [{ template: { spec: { containers: [APP, { name: 'x' }] } }, owned: { x: ['spec.containers[x]'] } }, { sidecars: { x: { '<spec.containers[x]': { name: 'x' } } } }, [
    '- spec.containers[x]', '+ spec.containers[x] first', '+ record of x', 'is ours for x: spec.containers[x]', 'made: metadata metadata.annotations',
  ]],
  [{ template: { spec: { containers: [{ name: 'x' }, APP] } }, owned: { x: ['spec.containers[x]'] } }, { sidecars: { x: { '<spec.containers[x]': { name: 'x' } } } }, [
    '+ record of x', 'is ours for x: spec.containers[x]', 'made: metadata metadata.annotations',
  ], 'before it there is nothing to move'],
  [{ template: { spec: { containers: [{ name: 'w' }, { name: 'x' }, APP] } }, owned: { w: ['spec.containers[w]'], x: ['spec.containers[x]'] } },
    { sidecars: { x: { '<spec.containers[x]': { name: 'x' } } }, keep: ['w'] }, [
      '+ record of w', '+ record of x', 'is ours for w: spec.containers[w]', 'is ours for x: spec.containers[x]', 'made: metadata metadata.annotations',
    ], 'behind another sidecar\'s it may stay'],
  [{ template: { spec: { containers: [APP, { name: 'x' }] } }, owned: { x: ['spec.containers[x]'] } }, { sidecars: { x: { 'spec.containers[x]': { name: 'x' } } } }, [
    '+ record of x', 'is ours for x: spec.containers[x]', 'made: metadata metadata.annotations',
  ], 'one that need not be first stays'],
  [{ template: { spec: { containers: [APP], initContainers: [{ name: 'users' }, { name: 'x' }] } }, owned: { x: ['spec.initContainers[x]'] } }, { sidecars: { x: { '<spec.initContainers[x]': { name: 'x' } } } }, [
    '+ record of x', 'is ours for x: spec.initContainers[x]', 'made: metadata metadata.annotations',
  ], 'among the init containers it stays where it was put'],
  [{ template: { spec: { containers: [{ name: 'users' }, { name: 'app', env: [{ name: 'F' }, { name: 'E' }] }] } }, owned: { x: ['spec.containers[app].env[E]'] } }, { sidecars: { x: { '<spec.containers[app].env[E]': { name: 'E' } } } }, [
    '+ record of x', 'is ours for x: spec.containers[app].env[E]', 'made: metadata metadata.annotations',
  ], 'and so does what is in a container'],
])

rows('a volume of ours that a container of the user\'s uses since stays', [
  [{ template: pod({ containers: [{ name: 'app', volumeMounts: [{ name: 'v', mountPath: '/a' }] }], volumes: [V] }), owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes'] }, { sidecars: {} }, []],
  [{ template: pod({ containers: [{ name: 'app', volumeMounts: [{ name: 'v', mountPath: '/a' }] }], volumes: [V] }), owned: { x: ['spec.volumes[v]', 'spec.containers[app].volumeMounts[/a]'] }, created: ['spec.volumes', 'spec.containers[app].volumeMounts'] }, { sidecars: {} }, [
    '- spec.containers[app].volumeMounts', '- spec.volumes',
  ], 'our own mount goes with it'],
  [{ template: pod({ containers: [{ name: 'app', volumeMounts: [{ name: 'v', mountPath: '/a' }] }], volumes: [V] }), owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes'], uses: ['spec.containers[app].volumeMounts[/a]'] }, { sidecars: {} }, [
    '- spec.volumes',
  ], 'a mount that was there before the volume does not keep it'],
  [{ template: pod({ containers: [{ name: 'app', volumeMounts: [{ name: 'v', mountPath: '/a' }] }] }) }, { sidecars: { x: { 'spec.volumes[v]': V } } }, [
    '+ spec.volumes[v]', '+ record of x', 'is ours for x: spec.volumes[v]', 'made: spec.volumes', 'used before: spec.containers[app].volumeMounts[/a]',
  ], 'that is what the record says of it'],
])

describe('a volume that stays', () => {
  it('is told with a use of it', () => {
    const template = pod({ containers: [{ name: 'app', volumeMounts: [{ name: 'v', mountPath: '/a' }] }, { name: 'b', env: [{ name: 'E', valueFrom: { fileKeyRef: { volumeName: 'v' } } }] }], volumes: [V] })
    const { all } = reconciled({ template, owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes'] }, { sidecars: {} })
    expect(all.left).toEqual([{ volume: 'v', container: 'app', address: at('spec.containers[app].volumeMounts[/a]') }])
  })
})

const IT: Partial<TemplateText> = {
  aliasOn: (address) => (formatFieldPath(address).startsWith('spec.containers[app]') ? { address: at('spec.containers[app]'), text: ' *it' } : undefined),
  anchored: (name) => (name === 'it' ? { name: 'app' } : undefined),
}

rows('an alias that gives way to a value comes back when nothing but its value is left', [
  [{ template: pod() }, { sidecars: { x: { 'spec.containers[app].tty': true } }, text: IT }, [
    '+ spec.containers[app].tty', '+ record of x', 'is ours for x: spec.containers[app].tty', 'was at spec.containers[app]: " *it"',
  ]],
  [{ template: pod({ containers: [{ name: 'app', tty: true }] }), owned: { x: ['spec.containers[app].tty'] }, was: { 'spec.containers[app]': ' *it' } }, { sidecars: {}, text: IT }, [
    '< spec.containers[app] " *it"',
  ]],
  [{ template: pod({ containers: [{ name: 'app', tty: true, stdin: true }] }), owned: { x: ['spec.containers[app].tty'] }, was: { 'spec.containers[app]': ' *it' } }, { sidecars: {}, text: IT }, [
    '- spec.containers[app].tty',
  ], 'not where something else is there'],
  [{ template: pod({ containers: [{ name: 'app', tty: true }] }), owned: { x: ['spec.containers[app].tty'], w: ['spec.hostIPC'] }, was: { 'spec.containers[app]': ' *it' } }, { sidecars: {}, keep: ['w'], text: { anchored: IT.anchored as never } }, [
    '< spec.containers[app] " *it"', '+ record of w', 'is ours for w: spec.hostIPC',
  ], 'also while another sidecar stays'],
  [{ template: pod(), was: { 'spec.containers[gone]': ' *it' } }, { sidecars: { x: { 'spec.hostIPC': true } } }, [
    '+ spec.hostIPC', '+ record of x', 'is ours for x: spec.hostIPC', 'was at spec.containers[gone]: " *it"',
  ], 'not where place and anchor are gone'],
  [{ template: pod(), was: { 'spec.containers[gone]': ' *it' } }, { sidecars: { x: { 'spec.hostIPC': true } }, text: IT }, [
    '+ spec.hostIPC', '+ record of x', 'is ours for x: spec.hostIPC', 'was at spec.containers[gone]: " *it"',
  ], 'not at a place that is gone'],
])

/** A pod with a volume of x, and with annotations. */
const recorded = (annotations: JsonObject, { owned = { x: ['spec.volumes[v]'] }, created = ['spec.volumes'] }: Partial<Before> = {}): Before =>
  ({ template: pod({ volumes: [V] }, { annotations: { a: 'b', ...annotations } }), owned, created })
const WANTS: Run = { sidecars: { x: { 'spec.volumes[v]': V } } }
/** The records that a first run makes of sidecars that want the volume, each by its annotation. */
const recordsOf = (...names: string[]): JsonObject => {
  const sidecars = Object.fromEntries(names.map((name) => [name, { 'spec.volumes[v]': V }]))
  return Object.fromEntries(formatRecord(reconciled({ template: pod() }, { sidecars }).all.record))
}
const OWN = ['is ours for x: spec.volumes[v]', 'made: spec.volumes']

rows('each sidecar has a record, which is written only where it differs', [
  [recorded(recordsOf('x')), WANTS, OWN],
  [recorded({ [recordKey('x')]: '{}' }), WANTS, ['~ record of x', ...OWN]],
  [recorded(recordsOf('x', 'w'), { owned: { x: ['spec.volumes[v]'], w: ['spec.volumes[v]'] } }), WANTS, ['- record of w', ...OWN], 'that of a sidecar that goes goes with it'],
  [recorded(recordsOf('x', 'w'), { owned: { x: ['spec.volumes[v]'], w: ['spec.volumes[v]'] } }), { sidecars: {} }, ['- record of x', '- record of w', '- spec.volumes']],
])

/** The record of the old form, with what it says of x; a run is of version 2. */
const old = (version: string): JsonObject => ({ [OLD_RECORD]: JSON.stringify({ sidecars: { x: { v: version, h: '', own: ['spec.volumes[v]'] } }, new: ['spec.volumes'] }) })
/** What becomes of a pod with annotations, whose record is read from them. */
function reconciledAgain(annotations: JsonObject, run: Run): string[] {
  const before = recorded(annotations)
  const { record } = readRecord(before.template) as { record: OwnershipRecord }
  return reconciled({ ...before, record }, run).lines
}

table('the record of the old form stays while nothing else changes', reconciledAgain, [
  [old('2'), WANTS, OWN],
  [old('1'), WANTS, ['+ record of x', '- old record', ...OWN], 'another version is a change'],
  [old('2'), { sidecars: { x: { 'spec.volumes[v]': { name: 'v', emptyDir: { medium: 'Memory' } } } } }, ['~ spec.volumes[v]', '+ record of x', '- old record', ...OWN]],
  [old('2'), { sidecars: { x: { 'spec.volumes[v]': { name: 'v' } } } }, OWN, 'what a server adds is none'],
  [old('2'), { sidecars: {} }, ['- old record', '- spec.volumes']],
  [{ ...recordsOf('x'), ...old('2') }, WANTS, ['- old record', ...OWN], 'not beside the new form'],
  [{ [recordKey('x')]: JSON.stringify({ version: '2', own: { 'spec.volumes[v]': '12345678' }, new: ['spec.volumes'] }) }, WANTS, ['~ record of x', ...OWN], 'in the new form digests count, too'],
] satisfies Row<JsonObject, Run, string[]>[])

describe('a record', () => {
  const digests = (before: Before, run: Run): unknown => reconciled(before, run).all.record.sidecars.get('x')?.digests

  it('has a digest of each value that its sidecar put in', () => {
    expect(digests({ template: pod() }, { sidecars: { x: { 'spec.hostIPC': true, 'spec.volumes[v]': V } } }))
      .toEqual(new Map([['spec.hostIPC', fieldDigest(at('spec.hostIPC'), true)], ['spec.volumes[v]', fieldDigest(at('spec.volumes[v]'), V)]]))
  })

  it.each([['as it was put there, with digests', shortHash(JSON.stringify([['spec.volumes[v]', V]])), new Map([['spec.volumes[v]', fieldDigest(at('spec.volumes[v]'), V)]])], ['edited by hand, without', '0', new Map()]])(
    'of the old form that stays in a run is one of the new form: %s', (_, hash, expected) => {
      const record: OwnershipRecord = { ...emptyRecord(), sidecars: new Map([['x', { version: '1', own: [at('spec.volumes[v]')], digests: new Map(), hash }]]) }
      const { all } = reconciled({ template: pod({ volumes: [V] }), record }, { sidecars: { w: { 'spec.hostIPC': true } }, keep: ['x'] })
      expect(all.record.sidecars.get('x')).toEqual({ version: '1', own: [at('spec.volumes[v]')], digests: expected })
    })

  it('of the new form that stays in a run is as it was, whatever became of what it names', () => {
    const owned = { version: '1', own: [at('spec.volumes[v]')], digests: new Map([['spec.volumes[v]', '12345678']]) }
    const record: OwnershipRecord = { ...emptyRecord(), sidecars: new Map([['x', owned]]) }
    const { all } = reconciled({ template: pod({ volumes: [V] }), record }, { sidecars: { w: { 'spec.hostIPC': true } }, keep: ['x'] })
    expect(all.record.sidecars.get('x')).toEqual(owned)
  })
})
