/** Maps and lists that a run creates for what it adds, and that go when they are empty again. */
import { dropEmptied, noteAdoptedParents, noteCreated } from '../../../src/core/desired/created-parents.ts'
import { DesiredPod } from '../../../src/core/desired/desired-pod.ts'
import type { ReconcileInput } from '../../../src/core/desired/reconcile-input.ts'
import { formatFieldPath, parseFieldPath, type FieldPath } from '../../../src/core/field-path/field-path.ts'
import type { PatchOp } from '../../../src/core/field-path/patch-op.ts'
import type { JsonObject } from '../../../src/core/json/json.ts'
import { emptyRecord, type OwnershipRecord } from '../../../src/core/ownership/record.ts'
import { table } from '../../helpers/table.ts'

const at = (text: string): FieldPath => parseFieldPath(text) as FieldPath
const remove = (text: string): PatchOp => ({ type: 'remove', address: at(text) })
const insert = (text: string): PatchOp => ({ type: 'insert', address: at(text), value: 1, place: 'last' })
/** What a record says of created parents, each with the text that it replaced. */
const said = ({ created, was }: OwnershipRecord): string[] => created.map(formatFieldPath).map((key) => (was.has(key) ? `${key} for ${was.get(key)}` : key))

table<JsonObject, PatchOp[], string[]>('what has no parents gets them', (template, changes) => {
  const next = emptyRecord()
  noteCreated({ template, text: { textAt: () => ' ~' } } as unknown as ReconcileInput, changes, next)
  return said(next)
}, [
  [{ spec: { volumes: [] } }, [insert('spec.volumes[v]')], []],
  [{ spec: {} }, [insert('spec.volumes[v]'), insert('spec.volumes[w]')], ['spec.volumes']],
  [{}, [insert('metadata.annotations.a')], ['metadata', 'metadata.annotations']],
  [{ spec: { volumes: null } }, [insert('spec.volumes[v]')], ['spec.volumes for  ~'], 'in the place of null'],
  [{ metadata: { annotations: { a: 'b' } } }, [insert('metadata.annotations.b')], []],
  [{ metadata: { annotations: { 'internal.config.kubernetes.io/index': '0' } } }, [insert('metadata.annotations.a')], ['metadata.annotations'], 'a map that kustomize takes away again counts as none'],
  [{}, [remove('spec.volumes[v]')], [], 'only what is inserted needs them'],
])

interface Adoption {
  owned: string[]
  adopted?: string[]
  created?: string[]
}

table<JsonObject, Adoption, string[]>('lists of a lost record with nothing else in them were created', (spec, { owned, adopted = owned, created = [] }) => {
  const template = { spec }
  const draft = new DesiredPod(template, emptyRecord(), new Set())
  draft.adopted.push(...adopted.map(at))
  const next: OwnershipRecord = { ...emptyRecord(), created: created.map(at), sidecars: new Map([['x', { version: '1', own: owned.map(at), digests: new Map() }]]) }
  noteAdoptedParents({ template, draft } as unknown as ReconcileInput, next)
  return said(next)
}, [
  [{ volumes: [{ name: 'v' }] }, { owned: ['spec.volumes[v]'] }, ['spec.volumes']],
  [{ volumes: [{ name: 'v' }, { name: 'w' }] }, { owned: ['spec.volumes[v]', 'spec.volumes[w]'] }, ['spec.volumes'], 'each once'],
  [{ volumes: [{ name: 'v' }, { name: 'own' }] }, { owned: ['spec.volumes[v]'] }, []],
  [{ volumes: [{ name: 'v' }, {}] }, { owned: ['spec.volumes[v]'] }, []],
  [{ volumes: [{ name: 'v' }] }, { owned: ['spec.volumes[v]'], adopted: [] }, [], 'only those of what is adopted'],
  [{ volumes: [{ name: 'v' }] }, { owned: ['spec.volumes[v]'], created: ['spec.volumes'] }, ['spec.volumes'], 'not those that are known'],
  [{ containers: [{ name: 'x' }] }, { owned: ['spec.containers[x]'] }, [], 'never the list of containers'],
  [{ initContainers: [{ name: 'x' }] }, { owned: ['spec.initContainers[x]'] }, ['spec.initContainers']],
  [{ containers: [{ name: 'app', volumeMounts: [{ mountPath: '/v' }] }] }, { owned: ['spec.containers[app].volumeMounts[/v]'] }, ['spec.containers[app].volumeMounts']],
  [{ hostIPC: true }, { owned: ['spec.hostIPC'] }, [], 'maps may have been there'],
])

interface Dropping {
  created: string[]
  changes: PatchOp[]
  was?: { [address: string]: string }
  keepsRecord?: boolean
}

table<JsonObject, Dropping, string[]>('what was created goes when it is empty', (template, { created, changes, was = {}, keepsRecord = false }) => {
  const record: OwnershipRecord = { ...emptyRecord(), created: created.map(at), was: new Map(Object.entries(was)) }
  const next: OwnershipRecord = { ...record, was: new Map(record.was) }
  const left = dropEmptied(template, record, next, changes, keepsRecord)
  return [...left.map((change) => `${change.type} ${formatFieldPath(change.address)}${change.type === 'restore' ? ` ${change.text}` : ''}`), ...said(next)]
}, [
  [{ spec: { volumes: [{ name: 'v' }] } }, { created: [], changes: [remove('spec.volumes[v]')] }, ['remove spec.volumes[v]'], 'not what was not created'],
  [{ spec: { volumes: [{ name: 'v' }] } }, { created: ['spec.volumes'], changes: [remove('spec.volumes[v]')] }, ['remove spec.volumes']],
  [{ spec: { volumes: [{ name: 'v' }, { name: 'w' }] } }, { created: ['spec.volumes'], changes: [remove('spec.volumes[v]')] }, ['remove spec.volumes[v]', 'spec.volumes']],
  [{ spec: { volumes: [{ name: 'v' }] } }, { created: ['spec.volumes'], changes: [remove('spec.volumes[v]')], was: { 'spec.volumes': ' ~' } }, ['restore spec.volumes  ~']],
  [{ spec: { volumes: null } }, { created: ['spec.volumes'], changes: [] }, ['remove spec.volumes'], 'null is left where someone took the items out'],
  [{ spec: {} }, { created: ['spec.volumes'], changes: [] }, [], 'what is gone already is forgotten'],
  [{ metadata: { annotations: { a: 'b' } } }, { created: ['metadata', 'metadata.annotations'], changes: [remove('metadata.annotations.a')] }, ['remove metadata'], 'all in it with it'],
  [{ metadata: { annotations: { a: 'b' } } }, { created: ['metadata.annotations'], changes: [remove('metadata.annotations.a')], keepsRecord: true }, ['remove metadata.annotations.a', 'metadata.annotations'], 'not where the record stays in it'],
])
