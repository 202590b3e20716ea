/** A record that can be read, and may all the same claim what no run puts in: what is said of it. */
import { expect, it } from 'vitest'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { readRecord } from '../../../src/core/ownership/record-text.ts'
import type { OwnershipRecord } from '../../../src/core/ownership/record.ts'
import { validateRecord } from '../../../src/core/ownership/validate-record.ts'
import { table, type Row } from '../../helpers/table.ts'

interface Claims {
  own?: string[]
  /** What a second sidecar, w, owns. */
  other?: string[]
  new?: string[]
  was?: { [address: string]: string }
  objects?: string[]
  /** The objects of the second sidecar. */
  others?: string[]
}

/** What is said of a record of the sidecar x; an alias of &it stands for 1. */
function said(template: JsonObject, { own = [], other, objects = [], others = [], ...rest }: Claims): string | undefined {
  const claim = (addresses: string[]): JsonObject => Object.fromEntries(addresses.map((address): [string, Json] => [address, '']))
  const one = { version: '1', own: claim(own), objects: claim(objects), ...rest }
  const annotations: JsonObject = { 'injected.sidecarctl.dev/x': JSON.stringify(one) }
  if (other !== undefined) annotations['injected.sidecarctl.dev/w'] = JSON.stringify({ version: '1', own: claim(other), objects: claim(others) })
  const { record } = readRecord({ metadata: { annotations } }) as { record: OwnershipRecord }
  return validateRecord(template, record, (name) => (name === 'it' ? 1 : undefined))
}
const rows = (rule: string, list: readonly Row<JsonObject, Claims, string | undefined>[]): void => { table(rule, said, list) }

const POD: JsonObject = { spec: { containers: [{ name: 'app' }, { name: 'x' }], volumes: [{ name: 'v' }] } }
const odd = (address: string): string => `says that ${address} came with sidecar "x", which sidecars cannot add`

rows('a record may claim what a sidecar adds', [
  [POD, { own: ['spec.containers[x]', 'spec.initContainers[x]', 'spec.volumes[v]', 'spec.imagePullSecrets[s]'] }, undefined],
  [POD, { own: ['metadata.labels.a', 'metadata.annotations[a/b]'] }, undefined],
  [POD, { own: ['spec.shareProcessNamespace', 'spec.securityContext.fsGroup', 'spec.serviceAccountName', 'spec.terminationGracePeriodSeconds'] }, undefined],
  [POD, { own: ['spec.containers[app].env[E]', 'spec.containers[app].volumeMounts[/a]', 'spec.containers[app].lifecycle'] }, undefined],
  [POD, { own: ['spec.containers[app].lifecycle.preStop', 'spec.containers[app].securityContext.capabilities.add'] }, undefined],
  [POD, { own: ['spec.initContainers[app].env[E]'] }, undefined],
  [POD, { own: ['spec.volumes[v]'], other: ['spec.volumes[v]'] }, undefined, 'two sidecars the same'],
  [POD, { objects: ['v1/ConfigMap/c', 'networking.k8s.io/v1/NetworkPolicy/p'] }, undefined],
])

rows('it may claim nothing else', [
  [POD, { own: ['metadata.labels'] }, odd('metadata.labels')],
  [POD, { own: ['metadata.name'] }, odd('metadata.name')],
  [POD, { own: ['metadata.finalizers.x'] }, odd('metadata.finalizers.x')],
  [POD, { own: ['metadata.labels.a.b'] }, odd('metadata.labels.a.b')],
  [POD, { own: ['metadata.annotations[injected.sidecarctl.dev/x]'] }, odd('metadata.annotations[injected.sidecarctl.dev/x]')],
  [POD, { own: ['metadata.annotations[sidecarctl.dev/injected]'] }, odd('metadata.annotations[sidecarctl.dev/injected]')],
  [POD, { own: ['metadata.labels[injected.sidecarctl.dev/x]'] }, undefined, 'a label of that name is one like any other'],
  [POD, { own: ['spec.hostNetwork'] }, odd('spec.hostNetwork')],
  [POD, { own: ['spec.volumes'] }, odd('spec.volumes')],
  [POD, { own: ['spec.volumes[v].emptyDir'] }, odd('spec.volumes[v].emptyDir')],
  [POD, { own: ['spec.hostAliases[a]'] }, odd('spec.hostAliases[a]')],
  [POD, { own: ['spec.containers.x'] }, odd('spec.containers.x')],
  [POD, { own: ['spec.containers[app].name'] }, odd('spec.containers[app].name')],
  [POD, { own: ['spec.containers[app].env[E].value'] }, odd('spec.containers[app].env[E].value')],
  [POD, { own: ['spec.volumes[v]', 'spec.hostIPC'] }, odd('spec.hostIPC')],
  [POD, { objects: ['v1/ConfigMap/c', 'v1/Secret/c'], other: [], others: ['v1/Secret/c'] }, 'says that the object v1/Secret/c came with sidecar "w", and also with "x"'],
  [POD, { objects: ['v1/ConfigMap/c'], other: [], others: ['v1/Secret/c'] }, undefined],
  [POD, { objects: ['v1/Pod/a'] }, 'says that the object v1/Pod/a came with sidecar "x", which sidecars cannot add'],
  [POD, { objects: ['apps/v1/Deployment/a'] }, 'says that the object apps/v1/Deployment/a came with sidecar "x", which sidecars cannot add'],
  [POD, { objects: ['v1/ConfigMap/'] }, 'says that the object v1/ConfigMap/ came with sidecar "x", which sidecars cannot add'],
  [POD, { objects: ['v1//c'] }, 'says that the object v1//c came with sidecar "x", which sidecars cannot add'],
  [POD, { objects: ['ConfigMap/c'] }, 'says that the object ConfigMap/c came with sidecar "x", which sidecars cannot add'],
  [POD, { objects: ['/ConfigMap/c'] }, 'says that the object /ConfigMap/c came with sidecar "x", which sidecars cannot add'],
])

rows('it may claim nothing twice, and nothing in what it claims', [
  [POD, { own: ['spec.volumes[v]', 'spec[volumes][v]'] }, 'says twice that spec.volumes[v] came with sidecar "x"'],
  [POD, { own: ['spec.containers[x]', 'spec.containers[x].image'] }, 'says that spec.containers[x].image came with a sidecar, and also a field that contains it'],
  [POD, { own: ['spec.containers[x]'], other: ['spec.containers[x].env[E]'] }, 'says that spec.containers[x].env[E] came with a sidecar, and also a field that contains it'],
])

rows('it may say of lists and maps that they were made', [
  [POD, { new: ['metadata', 'metadata.labels', 'metadata.annotations', 'spec.volumes', 'spec.imagePullSecrets', 'spec.initContainers', 'spec.securityContext', 'spec.containers[app].env'] }, undefined],
  [POD, { new: ['metadata.containers[app].env'] }, 'says that metadata.containers[app].env was created for a sidecar, which never happens'],
  [POD, { new: ['spec.containers'] }, 'says that spec.containers was created for a sidecar, which never happens'],
  [POD, { new: ['spec.volumes[v]'] }, 'says that spec.volumes[v] was created for a sidecar, which never happens'],
  [POD, { new: ['spec.containers[app].env[E]'] }, 'says that spec.containers[app].env[E] was created for a sidecar, which never happens'],
  [POD, { new: ['spec.volumes', 'spec.volumes'] }, 'says twice that spec.volumes was created for a sidecar'],
])

const wrong = (address: string): string => `records an original value of ${address} that cannot be restored`

rows('it may say what stood where something of ours is, or was made', [
  [POD, { own: ['spec.volumes[v]'], new: ['spec.volumes'], was: { 'spec.volumes': ' ~' } }, undefined],
  [POD, { new: ['spec.volumes'], was: { 'spec.volumes': ' []' } }, undefined, 'where something was made, an empty one may have been'],
  [POD, { own: ['spec.serviceAccountName'], was: { 'spec.serviceAccountName': ' ~' } }, undefined],
  [POD, { own: ['spec.serviceAccountName'], was: { 'spec.serviceAccountName': ' []' } }, wrong('spec.serviceAccountName')],
  [POD, { own: ['spec.serviceAccountName'], was: { 'spec.serviceAccountName': ' users' } }, wrong('spec.serviceAccountName'), 'a value of the user\'s never gives way'],
  [POD, { own: ['spec.serviceAccountName'], was: { 'spec.serviceAccountName': ' 30' } }, wrong('spec.serviceAccountName')],
  [POD, { own: ['spec.terminationGracePeriodSeconds'], was: { 'spec.terminationGracePeriodSeconds': ' 30' } }, undefined, 'but for the one that is raised'],
  [POD, { own: ['spec.terminationGracePeriodSeconds'], was: { 'spec.terminationGracePeriodSeconds': ' yes' } }, wrong('spec.terminationGracePeriodSeconds')],
  [POD, { was: { 'spec.terminationGracePeriodSeconds': ' 30' } }, wrong('spec.terminationGracePeriodSeconds'), 'where it is ours'],
  [POD, { was: { 'spec.volumes': ' ~' } }, wrong('spec.volumes')],
  [POD, { own: ['spec.volumes[v]'], was: { 'spec.volumes[v]': ' ~' } }, wrong('spec.volumes[v]'), 'an item was nothing else'],
  [POD, { was: { 'spec..': ' ~' } }, wrong('spec..')],
  [POD, { was: { 'spec.containers[app]': ' *it' } }, undefined, 'an alias may have been anywhere'],
  [POD, { was: { 'metadata.annotations[injected.sidecarctl.dev/x]': ' *it' } }, wrong('metadata.annotations[injected.sidecarctl.dev/x]'), 'but where the record is'],
  [{ spec: { ...POD['spec'] as JsonObject, securityContext: { fsGroup: {} } } }, { own: ['spec.securityContext.fsGroup'], was: { 'spec.securityContext.fsGroup': ' ~' } }, 'records an original value of spec.securityContext.fsGroup, which sidecarctl never replaces', 'a map is filled key by key'],
  [{ spec: { containers: [{ name: 'app', lifecycle: {} }] } }, { own: ['spec.containers[app].lifecycle'], was: { 'spec.containers[app].lifecycle': ' ~' } }, undefined, 'but hooks'],
])

rows('an alias needs its anchor', [
  [POD, { own: ['spec.volumes[v]'], new: ['spec.volumes'], was: { 'spec.volumes': ' *it' } }, undefined],
  [POD, { own: ['spec.volumes[v]'], new: ['spec.volumes'], was: { 'spec.volumes': ' *gone' } }, 'says that the original value of spec.volumes was *gone, but no anchor &gone precedes it'],
  [POD, { own: ['spec.serviceAccountName'], was: { 'spec.serviceAccountName': ' *gone' } }, 'says that the original value of spec.serviceAccountName was *gone, but no anchor &gone precedes it'],
])

rows('one container at least is the app\'s', [
  [POD, { own: ['spec.containers[x]'] }, undefined],
  [POD, { own: ['spec.containers[x]', 'spec.containers[app]'] }, 'says that every container came with a sidecar, which leaves none for the app'],
  [POD, { own: ['spec.containers[x]'], other: ['spec.containers[app]'] }, 'says that every container came with a sidecar, which leaves none for the app'],
  [{ spec: { containers: [{ name: 'x' }, {}] } }, { own: ['spec.containers[x]'] }, undefined, 'one without a name is none of ours'],
  [{ spec: { containers: [{ name: 'x' }, null] } }, { own: ['spec.containers[x]'] }, undefined],
  [{ spec: { containers: 1 } }, { own: ['spec.containers[x]'] }, undefined, 'where there is no list others tell'],
  [{ spec: { containers: [{ name: 'x' }] } }, { own: ['spec.containers[x]'] }, 'says that every container came with a sidecar, which leaves none for the app'],
])

it('of no sidecar is no record', () => {
  const { record } = readRecord({ metadata: { annotations: { 'sidecarctl.dev/injected': '{"sidecars":{}}' } } }) as { record: OwnershipRecord }
  expect(validateRecord(POD, record, () => undefined)).toBe('names no sidecar')
})
