import { isObject, type Json, type JsonObject } from '../json/json.ts'
import type { SharedFolder, Sidecar } from '../template/template.ts'
import { isEqual } from '../json/equality.ts'
import { valueAt } from '../kube/workload.ts'
import type { DesiredPod } from './desired-pod.ts'
import { chosenContainers, nameOf, putVolume, type ApplyContext } from './pod-paths.ts'
import { CONTAINERS } from '../field-path/pod-fields.ts'

/** A mount through which an app container already sees the folder. */
interface Found {
  container: string
  mountPath: string
  /** The mount that the sidecar needs to see the same folder. */
  mount: JsonObject
}

/**
 * Gives a sidecar access to a folder of the app: through the volume that an app container mounts there or above, or
 * else through a new volume that is mounted into the app's containers.
 * @returns the sidecar's mounts; none when an error was reported
 */
export function shareFolder(
  draft: DesiredPod,
  sidecar: Sidecar,
  folder: SharedFolder,
  targets: readonly string[],
  context: ApplyContext,
): JsonObject[] {
  const found = chosenContainers(draft).flatMap((container) => findMounts(container, folder))
  const [first] = found
  if (first !== undefined && found.every((f) => isEqual(f.mount, first.mount))) {
    if (!folder.sidecarReadOnly && isReadOnlyVolume(draft, nameOf(first.mount))) {
      context.report({
        code: 'SHARED_FOLDER_READ_ONLY',
        message: `sidecar "${sidecar.name}" writes to ${folder.path}, but the volume there is not writable`,
        hint: 'set another folder for the sidecar with a parameter, or mount that volume elsewhere',
        address: [...CONTAINERS, { id: first.container }, 'volumeMounts', { id: first.mountPath }],
      })
      return []
    }
    if (folder.readsAgain && outlastsPods(draft, nameOf(first.mount), context))
      context.report({
        code: 'FOLDER_READ_AGAIN',
        message: `the volume at ${folder.path} outlasts the pod, but the read position of sidecar "${sidecar.name}" does not: a new pod sends everything again`,
        hint: `keep it in the folder: --set ${sidecar.name}.stateInFolder=true, if only one pod uses it`,
        address: [...CONTAINERS, { id: first.container }, 'volumeMounts', { id: first.mountPath }],
      })
    adopt(draft, sidecar, first)
    return [first.mount]
  }
  if (first !== undefined) {
    const names = [...new Set(found.map((f) => f.container))].join(', ')
    context.report({
      code: 'SHARED_FOLDER_AMBIGUOUS',
      message: `containers ${names} mount different volumes at ${folder.path}`,
      hint: `set another folder for sidecar "${sidecar.name}" with a parameter`,
      address: [...CONTAINERS, { id: first.container }, 'volumeMounts', { id: first.mountPath }],
    })
    return []
  }
  putVolume(draft, sidecar.name, { name: folder.volume, ...folder.source }, ['spec', 'sharedFolders'], context)
  for (const target of targets) {
    const mount: JsonObject = { name: folder.volume, mountPath: folder.path }
    if (folder.appReadOnly && !hasMountsBelow(draft.get([...CONTAINERS, { id: target }]), folder.path))
      mount['readOnly'] = true
    draft.set(sidecar.name, [...CONTAINERS, { id: target }, 'volumeMounts', { id: folder.path }], mount)
  }
  return [sidecarMount(folder, folder.volume, '')]
}

/** Volume sources that the kubelet mounts read-only whatever a mount says. */
const READ_ONLY_SOURCES: ReadonlySet<string> = new Set(['configMap', 'secret', 'projected', 'downwardAPI', 'image'])

/** Volume sources that do not outlast the pod. */
const SOURCES_OF_PODS: ReadonlySet<string> = new Set(['emptyDir', 'ephemeral', ...READ_ONLY_SOURCES])

/** Names of the volumes from `volumeClaimTemplates` of a StatefulSet. */
export function volumeClaims(workload: JsonObject): ReadonlySet<string> {
  const claims = valueAt(workload, ['spec', 'volumeClaimTemplates'])
  const names = (Array.isArray(claims) ? claims : []).map((claim) => valueAt(claim, ['metadata', 'name']))
  return new Set(names.filter((name) => typeof name === 'string'))
}

/**
 * True where the content of a volume is still there for the next pod: by its source, or as a claim of a StatefulSet.
 */
function outlastsPods(draft: DesiredPod, name: string, { claims }: ApplyContext): boolean {
  const volume = draft.get(['spec', 'volumes', { id: name }])
  if (!isObject(volume)) return claims.has(name)
  return Object.keys(volume).some((key) => key !== 'name' && !SOURCES_OF_PODS.has(key))
}

/**
 * True where no mount of a volume is writable: by its kind, or by `readOnly` of its source (nfs, csi, a claim, ...).
 */
function isReadOnlyVolume(draft: DesiredPod, name: string): boolean {
  const volume = draft.get(['spec', 'volumes', { id: name }])
  return (
    isObject(volume) &&
    Object.entries(volume).some(
      ([key, source]) => isObject(source) && (READ_ONLY_SOURCES.has(key) || source['readOnly'] === true),
    )
  )
}

/** Where the API server mounts the token of the service account, possibly below another mount. */
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * True where a container has mounts below a path. A read-only mount there would keep it from starting: the runtime
 * creates the folders of the deeper mounts in its volume (runc: "read-only file system").
 */
export function hasMountsBelow(container: Json | undefined, path: string): boolean {
  const mounts =
    isObject(container) && Array.isArray(container['volumeMounts']) ? container['volumeMounts'].filter(isObject) : []
  const prefix = `${trimSlash(path).replace(/^\/$/, '')}/`
  return [TOKEN_PATH, ...mounts.map((mount) => mount['mountPath'])].some(
    (at) => typeof at === 'string' && at.startsWith(prefix),
  )
}

/** Makes the sidecar an owner of a volume and mounts that another sidecar added. */
function adopt(draft: DesiredPod, sidecar: Sidecar, found: Found): void {
  const volume = ['spec', 'volumes', { id: nameOf(found.mount) }]
  if (!draft.isOurs(volume)) return
  const value = draft.get(volume)
  if (value !== undefined) draft.set(sidecar.name, volume, value)
  for (const container of chosenContainers(draft)) {
    const address = [...CONTAINERS, { id: nameOf(container) }, 'volumeMounts', { id: found.mountPath }]
    const mount = draft.get(address)
    if (mount !== undefined && draft.isOurs(address)) draft.set(sidecar.name, address, mount)
  }
}

/** The deepest mount of a container that shows the folder; empty if none does. */
function findMounts(container: JsonObject, folder: SharedFolder): Found[] {
  const path = trimSlash(folder.path)
  const mounts = Array.isArray(container['volumeMounts']) ? container['volumeMounts'].filter(isObject) : []
  const above = mounts
    .map((mount) => ({ mount, at: typeof mount['mountPath'] === 'string' ? trimSlash(mount['mountPath']) : undefined }))
    .filter(
      ({ at, mount }) =>
        at !== undefined && (path === at || path.startsWith(`${at}/`)) && typeof mount['name'] === 'string',
    )
    .sort((a, b) => (b.at as string).length - (a.at as string).length)
  const [deepest] = above
  if (deepest === undefined) return []
  const rest = path.slice((deepest.at as string).length + 1)
  const { mount } = deepest
  const key = typeof mount['subPathExpr'] === 'string' && mount['subPathExpr'] !== '' ? 'subPathExpr' : 'subPath'
  const base = typeof mount[key] === 'string' ? mount[key] : ''
  const inside = [base, rest].filter((part) => part !== '').join('/')
  return [
    {
      container: nameOf(container),
      mountPath: mount['mountPath'] as string,
      mount: sidecarMount(folder, mount['name'] as string, inside, key),
    },
  ]
}

function sidecarMount(folder: SharedFolder, volume: string, inside: string, key = 'subPath'): JsonObject {
  const mount: JsonObject = { name: volume, mountPath: folder.sidecarPath }
  if (inside !== '') mount[key] = inside
  if (folder.sidecarReadOnly) mount['readOnly'] = true
  return mount
}

function trimSlash(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path
}
