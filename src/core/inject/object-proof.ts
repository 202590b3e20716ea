import { isObject, itemsOf, type JsonObject } from '../json/json.ts'
import { refOf, valueAt, type KubeObject, type Workload } from '../kube/workload.ts'
import { templateOf } from '../kube/pod-template.ts'
import { isEqual } from '../json/equality.ts'
import { checksumAddress, extraObjectId, ownerMark, ownerOf, withoutOwner } from '../desired/sidecar-objects.ts'
import { digestOf, shortHash } from '../ownership/record.ts'
import type { Template } from '../template/template.ts'
import type { ExtraObjects, RecordedObject } from './workload-result.ts'

/** The objects and workloads of an input, against which claims of records are checked. */
export interface Surroundings {
  /** By namespace and `extraObjectId`. */
  found: ReadonlyMap<string, KubeObject>
  /** By `extraObjectId`, in any namespace. */
  byId: ReadonlyMap<string, readonly KubeObject[]>
  /** All workloads, as `workloadKey` writes them, each in its namespace and in `*`. */
  workloads: ReadonlySet<string>
  find: (name: string) => Template | undefined
}

/** Identifies a workload of an input; the namespace `*` stands for any. */
export function workloadKey(namespace: string, kind: string, name: string): string {
  return `${namespace}/${kind}/${name}`
}

/**
 * What a recorded object is: the sidecar's, unchanged (`ours`) or modified since; that of another workload in the input
 * (`others`); or not proved to come with the sidecar (`foreign`).
 */
export type Proof = 'ours' | 'modified' | 'others' | 'foreign'

/** A recorded object that was found in the input. */
export interface Recorded extends RecordedObject {
  id: string
  there: KubeObject
  proof: Proof
}

/** The objects of a workload's record that are in the input, each with its proof. */
export function recordedObjects(
  workload: Workload,
  { recorded, wanted }: ExtraObjects,
  around: Surroundings,
): Recorded[] {
  const wantedOf = new Map(wanted.map((object) => [extraObjectId(refOf(object)), object]))
  return [...recorded].flatMap(([id, entry]): Recorded[] => {
    const there = around.found.get(`${workload.ref.namespace}/${id}`) ?? movedObject(workload, id, entry, around)
    return there === undefined
      ? []
      : [{ ...entry, id, there, proof: prove(workload, id, entry, there, wantedOf.get(id), recorded, around) }]
  })
}

/** The object in the former namespace of the workload, where no workload of that name is left. */
function movedObject(
  { ref }: Workload,
  id: string,
  { sidecar }: RecordedObject,
  { byId, workloads }: Surroundings,
): KubeObject | undefined {
  const some = (byId.get(id) ?? []).filter(
    (object) => !workloads.has(workloadKey(object.ref.namespace, ref.kind, ref.name)),
  )
  const [first, second] = some.filter(
    (object) => (ownerMark(object.data) ?? ownerOf(ref, sidecar)) === ownerOf(ref, sidecar),
  )
  return second === undefined ? first : undefined
}

function prove(
  workload: Workload,
  id: string,
  entry: RecordedObject,
  there: KubeObject,
  wanted: JsonObject | undefined,
  recorded: ExtraObjects['recorded'],
  around: Surroundings,
): Proof {
  const mark = ownerMark(there.data)
  if (mark === undefined)
    return entry.digest === '' ? proveOld(workload, id, entry, there, wanted, recorded, around) : 'foreign'
  if (mark !== ownerOf(workload.ref, entry.sidecar)) {
    const [kind = '', name = '', sidecar = ''] = typeof mark === 'string' ? mark.split('/') : []
    if (sidecar !== entry.sidecar || kind !== workload.ref.kind) return 'foreign'
    // That workload may have moved to another namespace, and its objects move with it.
    if (around.workloads.has(workloadKey('*', kind, name))) return 'others'
  }
  const isKnown = entry.digest === digestOf(there.data) || (wanted !== undefined && isEqual(there.data, wanted))
  return isKnown ? 'ours' : 'modified'
}

/**
 * An object without an owner annotation, as earlier versions wrote it, is known by its name and by the checksum in the
 * pod template.
 */
function proveOld(
  workload: Workload,
  id: string,
  { sidecar }: RecordedObject,
  there: KubeObject,
  wanted: JsonObject | undefined,
  recorded: ExtraObjects['recorded'],
  { found, find }: Surroundings,
): Proof {
  if (wanted !== undefined && isEqual(withoutOwner(wanted), there.data)) return 'ours'
  if (!mayBeCalled(there, workload, sidecar, find(sidecar))) return 'foreign'
  const own = [...recorded]
    .filter(([, entry]) => entry.sidecar === sidecar)
    .map(([other]) => (other === id ? there : found.get(`${workload.ref.namespace}/${other}`))?.data ?? null)
  const checksum = valueAt(templateOf(workload) as JsonObject, checksumAddress(sidecar))
  return checksum === shortHash(JSON.stringify(own)) ? 'ours' : 'modified'
}

/** True where a sidecar can have added an object of that kind and name. */
function mayBeCalled(
  { ref, data }: KubeObject,
  workload: Workload,
  sidecar: string,
  template: Template | undefined,
): boolean {
  const objects = template?.spec['objects']
  const some = itemsOf(objects)
    .filter(isObject)
    .filter((object) => object['kind'] === data['kind'])
  if (template !== undefined && some.length === 0) return false
  const names = some.map((object) => valueAt(object, ['metadata', 'name']))
  return (
    ref.name === `${workload.ref.name}-${sidecar}` ||
    names.some((name) => typeof name === 'string' && (name === ref.name || name.includes('${{')))
  )
}
