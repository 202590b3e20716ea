/** Where containers name volumes, and which of ours would be taken away from them. */
import type { JsonObject } from '../../../src/core/json/json.ts'
import { formatFieldPath, parseFieldPath, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import type { PatchOp } from '../../../src/core/field-path/patch-op.ts'
import { emptyRecord } from '../../../src/core/ownership/record.ts'
import { earlierUses, isVolume, volumeName, volumesInUse, volumeUses } from '../../../src/core/desired/volume-use.ts'
import { table } from '../../helpers/table.ts'

const at = (text: string): FieldPath => parseFieldPath(text) as FieldPath
const pod = (containers: JsonObject[], more: JsonObject = {}): JsonObject => ({ spec: { containers, ...more } })
const mount = (volume: string, path = `/${volume}`): JsonObject => ({ name: volume, mountPath: path })

table<JsonObject, string, string[]>('a volume is named by mounts, devices, and variables from files', (template) =>
  volumeUses(template).map(({ volume, container, address }) => `${volume} ${container} ${formatFieldPath(address)}`), [
  [pod([{ name: 'a', volumeMounts: [mount('v')] }]), 'a mount', ['v a spec.containers[a].volumeMounts[/v]']],
  [pod([{ name: 'a', volumeDevices: [{ name: 'v', devicePath: '/d' }] }]), 'a device', ['v a spec.containers[a].volumeDevices']],
  [pod([{ name: 'a', env: [{ name: 'E', valueFrom: { fileKeyRef: { volumeName: 'v' } } }] }]), 'a variable', ['v a spec.containers[a].env[E]']],
  [pod([], { initContainers: [{ name: 'i', volumeMounts: [mount('v')] }] }), 'an init container', ['v i spec.initContainers[i].volumeMounts[/v]']],
  [pod([{ volumeMounts: [mount('v')] }]), 'a container without a name has no address', []],
  [pod([{ name: 'a', volumeMounts: [{ mountPath: '/a' }, { name: 1 }, null, mount('w')] }]), 'what names no volume', ['w a spec.containers[a].volumeMounts[/w]']],
  [pod([{ name: 'a', env: [{ name: 'E', valueFrom: { secretKeyRef: { name: 'v' } } }] }]), 'another reference', []],
  [{}, 'nothing at all', []],
  [pod([null as unknown as JsonObject, { name: 'a', volumeMounts: [mount('v')] }]), 'an empty item between containers', ['v a spec.containers[a].volumeMounts[/v]']],
])

table<string, string, unknown>('a volume is known by its address', (address, name) => [volumeName(at(address)), isVolume(at(address), name)], [
  ['spec.volumes[v]', 'v', ['v', true]],
  ['spec.volumes[v]', 'w', ['v', false]],
  ['spec.volumes', 'v', [undefined, false]],
  ['spec.volumes[v].x', 'v', [undefined, false]],
  ['spec.containers[v]', 'v', [undefined, false]],
  ['metadata.volumes[v]', 'v', [undefined, false]],
  ['spec.volumes.v', 'v', [undefined, false], 'not a key'],
])

const owning = (...own: string[]): ReturnType<typeof emptyRecord> => {
  const record = emptyRecord()
  if (own.length > 0) record.sidecars.set('x', { version: '1', own: own.map(at), digests: new Map() })
  return record
}

const remove = (...addresses: string[]): PatchOp[] => addresses.map((address) => ({ type: 'remove', address: at(address) }))
const V = { volumes: [{ name: 'v' }, { name: 'w' }] }

table<JsonObject, readonly [PatchOp[], string[]?, string[]?], string[]>('a volume that goes stays where something of the user\'s still uses it', (template, [changes, uses = [], next = []]) =>
  volumesInUse(template, { ...emptyRecord(), uses: uses.map(at) }, changes, owning(...next))
    .map(({ volume, container, address, sidecar = '' }) => `${volume} ${container} ${formatFieldPath(address)} ${sidecar}`.trim()), [
  [pod([{ name: 'a', volumeMounts: [mount('v')] }], V), [remove('spec.volumes[v]')], ['v a spec.containers[a].volumeMounts[/v]']],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }], V), [remove('spec.volumes[w]')], []],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }], V), [remove('spec.volumes[v]', 'spec.containers[a].volumeMounts[/v]')], []],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }], V), [remove('spec.volumes[v]', 'spec.containers[a]')], []],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }], V), [[...remove('spec.volumes[v]'), { type: 'restore', address: at('spec.containers[a].volumeMounts'), text: ' ~' }]], []],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }], V), [[...remove('spec.volumes[v]'), { type: 'replace', address: at('spec.containers[a].volumeMounts[/v]'), value: mount('w', '/v') }]], []],
  [pod([{ name: 'a' }], V), [[...remove('spec.volumes[v]'), { type: 'insert', address: at('spec.containers[a].volumeMounts[/v]'), value: mount('v'), place: 'last' }]], ['v a spec.containers[a].volumeMounts[/v]']],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }], V), [remove('spec.volumes[v]'), ['spec.containers[a].volumeMounts[/v]']], [], 'a use from before the volume does not keep it'],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }, { name: 'b', volumeMounts: [mount('v')] }], V), [remove('spec.volumes[v]')], ['v a spec.containers[a].volumeMounts[/v]'], 'the first use is told'],
  [pod([{ name: 'a', volumeMounts: [mount('v'), mount('w')] }], V), [remove('spec.volumes[w]', 'spec.volumes[v]')], ['w a spec.containers[a].volumeMounts[/w]', 'v a spec.containers[a].volumeMounts[/v]']],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }], V), [[]], []],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }], V), [[{ type: 'replace', address: at('spec.volumes[v]'), value: { name: 'v' } }]], [], 'a volume that changes does not go'],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }], V), [remove('spec.volumes[v]'), [], ['spec.containers[a].volumeMounts[/v]']], ['v a spec.containers[a].volumeMounts[/v] x'], 'the use of a sidecar'],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }, { name: 'b', volumeMounts: [mount('v')] }], V), [remove('spec.volumes[v]'), [], ['spec.containers[a]']], ['v b spec.containers[b].volumeMounts[/v]'], 'one of the manifest counts first'],
])

table<JsonObject, { now: string[]; before?: string[]; noted?: string[] }, string[]>('uses that were there before a volume of ours came are noted', (template, { now, before = [], noted = [] }) =>
  earlierUses(template, { ...owning(...before), uses: noted.map(at) }, owning(...now)).map(formatFieldPath), [
  [pod([{ name: 'a', volumeMounts: [mount('v')] }]), { now: ['spec.volumes[v]'] }, ['spec.containers[a].volumeMounts[/v]']],
  [pod([{ name: 'a', volumeMounts: [mount('w')] }]), { now: ['spec.volumes[v]'] }, []],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }]), { now: ['spec.volumes[v]', 'spec.containers[a].volumeMounts[/v]'] }, [], 'our own use is none'],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }]), { now: ['spec.volumes[v]'], before: ['spec.containers[a].volumeMounts[/v]'] }, [], 'nor one that was ours'],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }]), { now: ['spec.volumes[v]', 'spec.containers[a]'] }, [], 'nor one in a container of ours'],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }], { volumes: [{ name: 'v' }] }), { now: ['spec.volumes[v]'] }, [], 'with the volume there it is not known who was first'],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }], { volumes: [{ name: 'v' }] }), { now: ['spec.volumes[v]'], noted: ['spec.containers[a].volumeMounts[/v]'] }, ['spec.containers[a].volumeMounts[/v]'], 'but that was noted'],
  [pod([{ name: 'a', volumeMounts: [mount('v')] }]), { now: ['spec.containers[x]'] }, []],
])
