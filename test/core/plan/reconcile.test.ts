/** What is wanted beside what is there: the changes that make one the other, and the record of what is ours then. */
import { describe, expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/core/json.ts'
import { formatAddress, parseAddress, type Address } from '../../../src/core/plan/address.ts'
import type { Change } from '../../../src/core/plan/change.ts'
import { PodDraft } from '../../../src/core/plan/draft.ts'
import { reconcile, recordText, type Reconciled, type TemplateText } from '../../../src/core/plan/reconcile.ts'
import { emptyRecord, formatRecord, RECORD_ANNOTATION, type Record } from '../../../src/core/plan/record.ts'
import { table, type Row } from '../../helpers/table.ts'

const at = (text: string): Address => parseAddress(text) as Address

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
}

function recordOf({ owned = {}, created = [], was = {}, uses = [] }: Before): Record {
  const record = emptyRecord()
  for (const [name, own] of Object.entries(owned)) record.sidecars.set(name, { version: '1', hash: 'h', own: own.map(at) })
  return Object.assign(record, { created: created.map(at), was: new Map(Object.entries(was)), uses: uses.map(at) })
}

const SIGNS = { insert: '+', replace: '~', remove: '-', restore: '<', 'write-out': '*' } as const

function sign(change: Change): string {
  const address = formatAddress(change.address)
  if (address === `metadata.annotations[${RECORD_ANNOTATION}]`) return `${SIGNS[change.type]} record`
  if (change.type === 'restore') return `< ${address} ${JSON.stringify(change.text)}`
  return `${SIGNS[change.type]} ${address}${change.type === 'insert' && change.place === 'first' ? ' first' : ''}`
}

/** The changes, and after `is ours`, `made` and `was` what the record says then. */
function reconciled(before: Before, { sidecars, keep = [], text = {}, objects = {} }: Run): { all: Reconciled; lines: string[] } {
  const record = recordOf(before)
  const renew = new Set([...record.sidecars.keys(), ...Object.keys(sidecars)].filter((name) => !keep.includes(name)))
  const draft = new PodDraft(before.template, record, renew)
  for (const [owner, wants] of Object.entries(sidecars)) {
    for (const [written, value] of Object.entries(wants)) {
      const address = at(written.replace(/^[<!]/, ''))
      if (written.startsWith('!')) draft.override(owner, address, value)
      else draft.put(owner, address, value, written.startsWith('<') ? 'first' : 'last')
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
  for (const [name, { own, objects: ids }] of next.sidecars) lines.push(`is ours for ${name}: ${own.map(formatAddress).join(' ')}${ids === undefined ? '' : ` and ${ids.join(' ')}`}`)
  if (next.created.length > 0) lines.push(`made: ${next.created.map(formatAddress).join(' ')}`)
  for (const [address, was] of next.was) lines.push(`was at ${address}: ${JSON.stringify(was)}`)
  if (next.uses.length > 0) lines.push(`used before: ${next.uses.map(formatAddress).join(' ')}`)
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
    '+ spec.containers[x]', '+ record', 'is ours for x: spec.containers[x]',
  ]],
  [{ template: pod() }, { sidecars: { x: { '<spec.initContainers[x]': { name: 'x' } } } }, [
    '+ spec.initContainers[x] first', '+ record', 'is ours for x: spec.initContainers[x]', 'made: spec.initContainers',
  ], 'with the list that is made for it'],
  [{ template: pod({}, {}) }, { sidecars: { x: { 'spec.volumes[v]': V, 'spec.volumes[w]': { name: 'w' } } } }, [
    '+ spec.volumes[v]', '+ spec.volumes[w]', '+ record', 'is ours for x: spec.volumes[v] spec.volumes[w]', 'made: spec.volumes metadata.annotations',
  ], 'each once'],
  [{ template: { spec: { containers: [APP] } } }, { sidecars: { x: { 'spec.containers[app].env[E]': { name: 'E' } } } }, [
    '+ spec.containers[app].env[E]', '+ record', 'is ours for x: spec.containers[app].env[E]', 'made: spec.containers[app].env metadata metadata.annotations',
  ]],
  [{ template: pod({ volumes: null }) }, { sidecars: { x: { 'spec.volumes[v]': V } }, text: { textAt: () => ' ~' } }, [
    '+ spec.volumes[v]', '+ record', 'is ours for x: spec.volumes[v]', 'made: spec.volumes', 'was at spec.volumes: " ~"',
  ], 'in the place of a null, which is kept as it is written'],
  [{ template: pod({ volumes: [V] }) }, { sidecars: { x: { 'spec.volumes[v]': V, 'spec.volumes[w]': { name: 'w' } } } }, [
    '+ spec.volumes[w]', '+ record', 'is ours for x: spec.volumes[w]',
  ], 'what the user has in the same way is not ours'],
  [{ template: pod() }, { sidecars: {} }, [], 'nothing is wanted, nothing is there'],
  [{ template: pod() }, { sidecars: { x: { 'spec.volumes[v]': V }, w: { 'spec.volumes[v]': V } } }, [
    '+ spec.volumes[v]', '+ record', 'is ours for x: spec.volumes[v]', 'is ours for w: spec.volumes[v]', 'made: spec.volumes',
  ], 'two sidecars own it together'],
  [{ template: pod() }, { sidecars: { x: { 'spec.hostIPC': true } }, objects: { x: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } }] } }, [
    '+ spec.hostIPC', '+ record', 'is ours for x: spec.hostIPC and v1/ConfigMap/c',
  ], 'with its further objects'],
])

rows('what is right already stays, and what differs is replaced', [
  [{ template: pod({ volumes: [V] }), owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes'] }, { sidecars: { x: { 'spec.volumes[v]': V } } }, [
    '+ record', 'is ours for x: spec.volumes[v]', 'made: spec.volumes',
  ]],
  [{ template: pod({ volumes: [V] }), owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes'] }, { sidecars: { x: { 'spec.volumes[v]': { name: 'v', hostPath: {} } } } }, [
    '~ spec.volumes[v]', '+ record', 'is ours for x: spec.volumes[v]', 'made: spec.volumes',
  ]],
  [{ template: pod({ terminationGracePeriodSeconds: 10 }) }, { sidecars: { x: { '!spec.terminationGracePeriodSeconds': 45 } }, text: { textAt: () => ' 0xA' } }, [
    '~ spec.terminationGracePeriodSeconds', '+ record', 'is ours for x: spec.terminationGracePeriodSeconds', 'was at spec.terminationGracePeriodSeconds: " 0xA"',
  ], 'a value of the user\'s is remembered as it is written'],
  [{ template: pod({ terminationGracePeriodSeconds: 10 }) }, { sidecars: { x: { '!spec.terminationGracePeriodSeconds': 45 } } }, [
    '~ spec.terminationGracePeriodSeconds', '+ record', 'is ours for x: spec.terminationGracePeriodSeconds', 'was at spec.terminationGracePeriodSeconds: ""',
  ]],
  [{ template: pod({ terminationGracePeriodSeconds: 45 }), owned: { x: ['spec.terminationGracePeriodSeconds'] }, was: { 'spec.terminationGracePeriodSeconds': ' 10' } },
    { sidecars: { x: { '!spec.terminationGracePeriodSeconds': 60 } }, text: { textAt: () => ' 45' } }, [
      '~ spec.terminationGracePeriodSeconds', '+ record', 'is ours for x: spec.terminationGracePeriodSeconds', 'was at spec.terminationGracePeriodSeconds: " 10"',
    ], 'and what was there first is remembered, not ours of before'],
  [{ template: pod({ terminationGracePeriodSeconds: 45 }), owned: { x: ['spec.terminationGracePeriodSeconds'] } },
    { sidecars: { x: { '!spec.terminationGracePeriodSeconds': 60 } }, text: { textAt: () => ' 45' } }, [
      '~ spec.terminationGracePeriodSeconds', '+ record', 'is ours for x: spec.terminationGracePeriodSeconds',
    ], 'where nothing was there, nothing comes back'],
])

rows('what is no longer wanted goes, with what was made for it', [
  [{ template: pod({ volumes: [V] }, { annotations: { [RECORD_ANNOTATION]: '{}' } }), owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes', 'metadata.annotations'] }, { sidecars: {} }, [
    '- spec.volumes', '- metadata.annotations',
  ]],
  [{ template: pod({ volumes: [V, { name: 'users' }] }, { annotations: { [RECORD_ANNOTATION]: '{}', b: 'c' } }), owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes', 'metadata.annotations'] }, { sidecars: {} }, [
    '- spec.volumes[v]', '- record',
  ], 'not where something of the user\'s is in it since'],
  [{ template: pod({ volumes: [V] }), owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes'], was: { 'spec.volumes': ' ~' } }, { sidecars: {} }, [
    '< spec.volumes " ~"',
  ], 'the null of before comes back'],
  [{ template: pod({ terminationGracePeriodSeconds: 45 }), owned: { x: ['spec.terminationGracePeriodSeconds'] }, was: { 'spec.terminationGracePeriodSeconds': ' 10' } }, { sidecars: {} }, [
    '< spec.terminationGracePeriodSeconds " 10"',
  ]],
  [{ template: pod({ volumes: [V] }), owned: { x: ['spec.volumes[v]', 'spec.containers[x]'] }, created: ['spec.volumes'] }, { sidecars: { x: { 'spec.volumes[v]': V } } }, [
    '+ record', 'is ours for x: spec.volumes[v]', 'made: spec.volumes',
  ], 'what someone took out by hand is not taken out again'],
  [{ template: pod({ volumes: [V, { name: 'w' }] }), owned: { x: ['spec.volumes[v]', 'spec.volumes[w]'] }, created: ['spec.volumes'] }, { sidecars: { x: { 'spec.volumes[v]': V } } }, [
    '- spec.volumes[w]', '+ record', 'is ours for x: spec.volumes[v]', 'made: spec.volumes',
  ]],
  [{ template: pod({ volumes: [V] }), owned: { x: ['spec.volumes[v]'], w: ['spec.volumes[v]'] }, created: ['spec.volumes'] }, { sidecars: {}, keep: ['w'] }, [
    '+ record', 'is ours for w: spec.volumes[v]', 'made: spec.volumes',
  ], 'what another sidecar owns, too, stays'],
  [{ template: pod({ volumes: [V] }), owned: { x: ['spec.volumes[v]'], w: ['spec.volumes[v]'] }, created: ['spec.volumes'] }, { sidecars: {} }, [
    '- spec.volumes',
  ], 'with both it goes once'],
  [{ template: pod({ volumes: null }), owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes'] }, { sidecars: {} }, ['- spec.volumes'], 'null is what is left when someone empties a list by hand'],
  [{ template: pod(), owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes', 'spec.volumes[v].other'], was: { 'spec.volumes': ' ~' } }, { sidecars: { w: { 'spec.hostIPC': true } } }, [
    '+ spec.hostIPC', '+ record', 'is ours for w: spec.hostIPC',
  ], 'what is gone is no longer in the record'],
  [{ template: pod({ containers: [{ name: 'app', env: [{ name: 'E' }] }] }), owned: { x: ['spec.containers[app].env[E]'] }, created: ['spec.containers[app].env'] }, { sidecars: {} }, [
    '- spec.containers[app].env',
  ]],
])

rows('sidecars that the run is not about keep their place and what they have', [
  [{ template: pod({ volumes: [V] }), owned: { x: ['spec.volumes[v]'], w: ['spec.hostIPC'] }, created: ['spec.volumes'] }, { sidecars: { w: { 'spec.hostPID': true } }, keep: ['x'] }, [
    '+ spec.hostPID', '+ record', 'is ours for x: spec.volumes[v]', 'is ours for w: spec.hostPID', 'made: spec.volumes',
  ]],
  [{ template: pod(), owned: { w: ['spec.hostIPC'], x: ['spec.hostPID'] } }, { sidecars: { b: { 'spec.hostUsers': true }, x: { 'spec.hostPID': true } }, keep: ['w'] }, [
    '+ spec.hostUsers', '+ spec.hostPID', '+ record', 'is ours for w: spec.hostIPC', 'is ours for x: spec.hostPID', 'is ours for b: spec.hostUsers',
  ]],
])

rows('a container of ours that is to start before the app\'s moves there from behind it', [
  [{ template: { spec: { containers: [APP, { name: 'x' }] } }, owned: { x: ['spec.containers[x]'] } }, { sidecars: { x: { '<spec.containers[x]': { name: 'x' } } } }, [
    '- spec.containers[x]', '+ spec.containers[x] first', '+ record', 'is ours for x: spec.containers[x]', 'made: metadata metadata.annotations',
  ]],
  [{ template: { spec: { containers: [{ name: 'x' }, APP] } }, owned: { x: ['spec.containers[x]'] } }, { sidecars: { x: { '<spec.containers[x]': { name: 'x' } } } }, [
    '+ record', 'is ours for x: spec.containers[x]', 'made: metadata metadata.annotations',
  ], 'before it there is nothing to move'],
  [{ template: { spec: { containers: [{ name: 'w' }, { name: 'x' }, APP] } }, owned: { w: ['spec.containers[w]'], x: ['spec.containers[x]'] } },
    { sidecars: { x: { '<spec.containers[x]': { name: 'x' } } }, keep: ['w'] }, [
      '+ record', 'is ours for w: spec.containers[w]', 'is ours for x: spec.containers[x]', 'made: metadata metadata.annotations',
    ], 'behind another sidecar\'s it may stay'],
  [{ template: { spec: { containers: [APP, { name: 'x' }] } }, owned: { x: ['spec.containers[x]'] } }, { sidecars: { x: { 'spec.containers[x]': { name: 'x' } } } }, [
    '+ record', 'is ours for x: spec.containers[x]', 'made: metadata metadata.annotations',
  ], 'one that need not be first stays'],
  [{ template: { spec: { containers: [APP], initContainers: [{ name: 'users' }, { name: 'x' }] } }, owned: { x: ['spec.initContainers[x]'] } }, { sidecars: { x: { '<spec.initContainers[x]': { name: 'x' } } } }, [
    '+ record', 'is ours for x: spec.initContainers[x]', 'made: metadata metadata.annotations',
  ], 'among the init containers it stays where it was put'],
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
    '+ spec.volumes[v]', '+ record', 'is ours for x: spec.volumes[v]', 'made: spec.volumes', 'used before: spec.containers[app].volumeMounts[/a]',
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
  aliasOn: (address) => (formatAddress(address).startsWith('spec.containers[app]') ? { address: at('spec.containers[app]'), text: ' *it' } : undefined),
  anchored: (name) => (name === 'it' ? { name: 'app' } : undefined),
}

rows('an alias that gives way to a value comes back when nothing but its value is left', [
  [{ template: pod() }, { sidecars: { x: { 'spec.containers[app].tty': true } }, text: IT }, [
    '+ spec.containers[app].tty', '+ record', 'is ours for x: spec.containers[app].tty', 'was at spec.containers[app]: " *it"',
  ]],
  [{ template: pod({ containers: [{ name: 'app', tty: true }] }), owned: { x: ['spec.containers[app].tty'] }, was: { 'spec.containers[app]': ' *it' } }, { sidecars: {}, text: IT }, [
    '< spec.containers[app] " *it"',
  ]],
  [{ template: pod({ containers: [{ name: 'app', tty: true, stdin: true }] }), owned: { x: ['spec.containers[app].tty'] }, was: { 'spec.containers[app]': ' *it' } }, { sidecars: {}, text: IT }, [
    '- spec.containers[app].tty',
  ], 'not where something else is there'],
  [{ template: pod({ containers: [{ name: 'app', tty: true }] }), owned: { x: ['spec.containers[app].tty'], w: ['spec.hostIPC'] }, was: { 'spec.containers[app]': ' *it' } }, { sidecars: {}, keep: ['w'], text: { anchored: IT.anchored as never } }, [
    '< spec.containers[app] " *it"', '+ record', 'is ours for w: spec.hostIPC',
  ], 'also while another sidecar stays'],
  [{ template: pod(), was: { 'spec.containers[gone]': ' *it' } }, { sidecars: { x: { 'spec.hostIPC': true } }, text: IT }, [
    '+ spec.hostIPC', '+ record', 'is ours for x: spec.hostIPC', 'was at spec.containers[gone]: " *it"',
  ], 'not at a place that is gone'],
])

describe('the record', () => {
  it('is replaced only where it differs', () => {
    const before: Before = { template: pod({ volumes: [V] }), owned: {}, created: [] }
    const first = reconciled({ template: pod() }, { sidecars: { x: { 'spec.volumes[v]': V } } })
    const text = formatRecord(first.all.record)
    const template = pod({ volumes: [V] }, { annotations: { a: 'b', [RECORD_ANNOTATION]: text } })
    expect(reconciled({ ...before, template, owned: { x: ['spec.volumes[v]'] }, created: ['spec.volumes'] }, { sidecars: { x: { 'spec.volumes[v]': V } } }).all.changes).toEqual([])
    expect(recordText(template)).toBe(text)
    expect([recordText(pod()), recordText({}), recordText({ metadata: { annotations: [] } }), recordText({ metadata: null })]).toEqual([undefined, undefined, undefined, undefined])
  })

  it('has a hash of what each sidecar put in', () => {
    const hashes = (value: Json): string | undefined => reconciled({ template: pod() }, { sidecars: { x: { 'spec.hostIPC': value } } }).all.record.sidecars.get('x')?.hash
    expect(hashes(true)).toBe(hashes(true))
    expect(hashes(true)).not.toBe(hashes(false))
    expect(hashes({ a: 1 })).not.toBe(hashes({ a: 2 }))
  })
})
