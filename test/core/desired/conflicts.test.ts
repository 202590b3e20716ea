/** Names that are taken: what a sidecar gets in their place. */
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { resolveConflicts, type ConflictPolicy } from '../../../src/core/desired/conflicts.ts'
import { DesiredPod } from '../../../src/core/desired/desired-pod.ts'
import { emptyRecord } from '../../../src/core/ownership/record.ts'
import type { SharedFolder, Sidecar } from '../../../src/core/template/template.ts'
import { table, type Row } from '../../helpers/table.ts'


/** The parts of a sidecar that names matter to. */
interface Parts {
  container?: JsonObject
  initContainers?: JsonObject[]
  volumes?: JsonObject[]
  /** Name and source of each. */
  folders?: [string, JsonObject][]
  mounts?: JsonObject[]
}

interface Task extends Parts {
  policy: ConflictPolicy
  /** Names that containers of the user's may override. */
  overrides?: string[]
}

/** The sidecar to put in, in the same parts; or the name that keeps it out. */
function settled(spec: JsonObject, { policy, overrides = [], folders = [], mounts = [], ...parts }: Task): Json {
  const draft = new DesiredPod({ spec }, emptyRecord(), new Set())
  for (const name of overrides) draft.sidecarNames.add(name)
  const sidecar = {
    name: 'x', container: undefined, initContainers: [], volumes: [], ...parts,
    sharedFolders: folders.map(([volume, source]) => ({ volume, source }) as SharedFolder),
    app: { volumeMounts: mounts },
  } as unknown as Sidecar
  const result = resolveConflicts(draft, sidecar, policy, true)
  if ('taken' in result) return `taken: ${result.taken}`
  const out: { [key: string]: unknown } = {}
  if (result.container !== undefined) out['container'] = result.container
  if (result.initContainers.length > 0) out['initContainers'] = result.initContainers
  if (result.volumes.length > 0) out['volumes'] = result.volumes
  if (folders.length > 0) out['folders'] = result.sharedFolders.map(({ volume, source }) => [volume, source])
  if (mounts.length > 0) out['mounts'] = result.app.volumeMounts
  return JSON.parse(JSON.stringify(out)) as Json
}
const rows = (rule: string, list: readonly Row<JsonObject, Task, unknown>[]): void => { table(rule, settled, list) }

const MINE = { name: 'logs', hostPath: { path: '/l' } }
const OURS = { name: 'logs', emptyDir: {} }
const USES: JsonObject = { name: 'c', volumeMounts: [{ name: 'logs', mountPath: '/l' }, { name: 'other', mountPath: '/o' }, null], volumeDevices: [{ name: 'logs' }] }
const USES_2: JsonObject = { name: 'c', volumeMounts: [{ name: 'logs-2', mountPath: '/l' }, { name: 'other', mountPath: '/o' }, null], volumeDevices: [{ name: 'logs-2' }] }

rows('what is free, or the same, stays as it is', [
  [{}, { policy: 'rename', container: { name: 'x' }, volumes: [OURS] }, { container: { name: 'x' }, volumes: [OURS] }],
  [{ volumes: [OURS] }, { policy: 'rename', volumes: [OURS] }, { volumes: [OURS] }],
  [{ volumes: [MINE] }, { policy: 'fail', volumes: [OURS], container: { name: 'x' } }, { volumes: [OURS], container: { name: 'x' } }, 'and under fail what is taken, too'],
  [{ containers: [{ name: 'x' }] }, { policy: 'fail', container: { name: 'x' } }, { container: { name: 'x' } }],
])

rows('a volume gets another name, with all that mounts it', [
  [{ volumes: [MINE] }, { policy: 'rename', volumes: [OURS, { name: 'other' }], container: USES, initContainers: [USES], mounts: [{ name: 'logs' }, { name: 'other' }] }, {
    volumes: [{ ...OURS, name: 'logs-2' }, { name: 'other' }], container: USES_2, initContainers: [USES_2], mounts: [{ name: 'logs-2' }, { name: 'other' }],
  }],
  [{ volumes: [MINE] }, { policy: 'rename', folders: [['logs', { emptyDir: {} }], ['other', {}]], container: USES }, { folders: [['logs-2', { emptyDir: {} }], ['other', {}]], container: USES_2 }],
  [{ volumes: [{ name: 'logs', emptyDir: {} }] }, { policy: 'rename', folders: [['logs', { emptyDir: {} }]] }, { folders: [['logs', { emptyDir: {} }]] }],
  [{ volumes: [MINE, { name: 'logs-2' }] }, { policy: 'rename', volumes: [OURS, { name: 'logs-3' }] }, { volumes: [{ ...OURS, name: 'logs-4' }, { name: 'logs-3' }] }, 'the first that is free, there and in the sidecar'],
  [{ volumes: [{ name: 'n'.repeat(63) }] }, { policy: 'rename', volumes: [{ name: 'n'.repeat(63), emptyDir: {} }] }, { volumes: [{ name: `${'n'.repeat(61)}-2`, emptyDir: {} }] }, 'of 63 characters at most'],
  [{ volumes: [{ name: `${'n'.repeat(61)}aa` }, { name: `${'n'.repeat(61)}bb` }] }, { policy: 'rename', volumes: [{ name: `${'n'.repeat(61)}aa`, emptyDir: {} }, { name: `${'n'.repeat(61)}bb`, emptyDir: {} }] },
    { volumes: [{ name: `${'n'.repeat(61)}-2`, emptyDir: {} }, { name: `${'n'.repeat(61)}-3`, emptyDir: {} }] }, 'and no two the same'],
])

rows('under keep a volume is what is there', [
  [{ volumes: [MINE] }, { policy: 'keep', volumes: [OURS, { name: 'other' }], container: USES }, { volumes: [MINE, { name: 'other' }], container: USES }],
  [{ volumes: [MINE] }, { policy: 'keep', folders: [['logs', { emptyDir: {} }], ['other', { emptyDir: {} }]] }, { folders: [['logs', { hostPath: { path: '/l' } }], ['other', { emptyDir: {} }]] }],
  [{ volumes: [{ name: 'logs', emptyDir: {}, x: 1 }, { name: 'other', emptyDir: {} }] }, { policy: 'keep', volumes: [OURS, { name: 'other', emptyDir: {} }] }, { volumes: [{ ...OURS, x: 1 }, { name: 'other', emptyDir: {} }] }],
])

const refers = (name: string): JsonObject => ({ name, env: [{ name: 'CPU', valueFrom: { resourceFieldRef: { containerName: name, resource: 'limits.cpu' } } }, { name: 'N', containerName: 'app' }, { name: 'M', value: 'x' }, { name: 'M', value: 'i' }, { containerName: 1 }] })
const downward = (name: string): JsonObject => ({ name: 'v', downwardAPI: { items: [{ path: 'cpu', resourceFieldRef: { containerName: name } }] } })

rows('a container gets another name, with all that refers to it', [
  [{ containers: [{ name: 'x' }] }, { policy: 'rename', container: refers('x'), volumes: [downward('x')], initContainers: [{ name: 'i' }] }, { container: refers('x-2'), volumes: [downward('x-2')], initContainers: [{ name: 'i' }] }],
  [{ initContainers: [{ name: 'i' }] }, { policy: 'rename', container: { name: 'x' }, initContainers: [refers('i')] }, { container: { name: 'x' }, initContainers: [refers('i-2')] }],
  [{ containers: [{ name: 'x' }, { name: 'x-2' }], initContainers: [{ name: 'x-3' }] }, { policy: 'rename', container: { name: 'x' }, initContainers: [{ name: 'x-4' }] }, { container: { name: 'x-5' }, initContainers: [{ name: 'x-4' }] }],
  [{ containers: [{ name: 'x' }] }, { policy: 'keep', container: { name: 'x' } }, 'taken: x', 'under keep the sidecar stays out'],
  [{ containers: [{ name: 'i' }] }, { policy: 'keep', container: { name: 'x' }, initContainers: [{ name: 'i' }] }, 'taken: i'],
])

rows('a container of the name is no obstacle where it overrides the sidecar\'s, or is the same', [
  [{ containers: [{ name: 'x' }] }, { policy: 'rename', overrides: ['x'], container: { name: 'x', image: 'a' } }, { container: { name: 'x', image: 'a' } }],
  [{ containers: [{ name: 'i' }] }, { policy: 'keep', overrides: ['i'], container: { name: 'x' }, initContainers: [{ name: 'i' }] }, 'taken: i', 'nothing overrides an init container'],
  [{ initContainers: [{ name: 'i', image: 'a' }] }, { policy: 'keep', initContainers: [{ name: 'i', image: 'a' }] }, { initContainers: [{ name: 'i', image: 'a' }] }],
  [{ initContainers: [{ name: 'i', image: 'a' }] }, { policy: 'keep', initContainers: [{ name: 'i', image: 'b' }] }, 'taken: i'],
  [{ initContainers: [{ name: 'i' }] }, { policy: 'keep', initContainers: [{ name: 'i' }, { name: 'j' }] }, { initContainers: [{ name: 'i' }, { name: 'j' }] }],
  [{ containers: [{ name: 'i', image: 'a' }] }, { policy: 'keep', initContainers: [{ name: 'i', image: 'a' }] }, 'taken: i', 'the same among the containers is another'],
])
