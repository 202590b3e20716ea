import { isKnownInjectorContainer } from '../desired/known-injectors.ts'
import { nameOf } from '../desired/pod-paths.ts'
import { isObject, itemsOf, mapsOf, type Json, type JsonObject } from '../json/json.ts'
import { valueAt } from '../kube/workload.ts'
import { readRecord } from '../ownership/record-text.ts'
import { declaredPorts } from '../services/ports.ts'
import type { GraphContainer, GraphMount, GraphPort, GraphProbe, GraphSetting, GraphVolume } from './pod-graph.ts'

/** The containers and volumes of a pod template. */
export interface PodParts {
  containers: GraphContainer[]
  volumes: GraphVolume[]
}

/**
 * Reads the parts of a pod template; what is not of the form of a pod is left out.
 * @param claimTemplates names of the volumes that a StatefulSet makes for each pod
 */
export function readPod(template: JsonObject, claimTemplates: ReadonlySet<string>): PodParts {
  const owner = ownerOf(template)
  const volumes = volumesOf(template)
  const isFixed = new Set(volumes.filter(({ kind }) => READ_ONLY.has(kind)).map(({ name }) => name))
  const inits = mapsOf(valueAt(template, ['spec', 'initContainers']))
  const last = inits.length + 1
  const read = [
    ...inits.map((one, n) => readContainer(one, n + 1, one['restartPolicy'] === 'Always' ? 'native' : 'init')),
    ...mapsOf(valueAt(template, ['spec', 'containers'])).map((one) => readContainer(one, last, 'app')),
  ]
  const containers = read.map((one) => placed(one, owner.get(one.name), isFixed))
  return { containers, volumes: [...volumes.map(withoutKind), ...madeElsewhere(containers, volumes, claimTemplates)] }
}

/** A container with what the rest of the pod says of it. */
function placed(
  { isForeign, role, mounts, ...rest }: ReadContainer,
  sidecar: string | undefined,
  isFixed: ReadonlySet<string>,
): GraphContainer {
  const isSidecar = sidecar !== undefined || isForeign
  return {
    ...rest,
    role: role === 'app' && isSidecar ? 'classic' : role,
    sidecar,
    mounts: mounts.map(({ volume, path, access, mark }) => ({
      volume,
      path,
      access: isFixed.has(volume) ? 'reads' : access,
      mark,
    })),
    mark: 'same',
  }
}

/** The labels and annotations that sidecars of ours ask for; not those of our records. */
export function settingsOf(template: JsonObject): GraphSetting[] {
  const read = readRecord(template)
  const sidecars = read !== undefined && 'record' in read ? [...read.record.sidecars] : []
  return sidecars.flatMap(([sidecar, { own }]) =>
    own.flatMap(([root, map, key]): GraphSetting[] => {
      if (root !== 'metadata' || typeof map !== 'string' || typeof key !== 'string') return []
      const kind = map === 'labels' ? 'label' : 'annotation'
      const value = valueAt(template, ['metadata', map, key])
      return [{ kind, key, value: typeof value === 'string' ? value : '', sidecar, mark: 'same' }]
    }),
  )
}

/** Sources of volumes into which no container can write. Source: the documents of volumes on kubernetes.io. */
const READ_ONLY: ReadonlySet<string> = new Set(['configMap', 'secret', 'projected', 'downwardAPI', 'image'])

/** The sidecar of ours to which containers belong, by their names. */
function ownerOf(template: JsonObject): ReadonlyMap<string, string> {
  const read = readRecord(template)
  const sidecars = read !== undefined && 'record' in read ? read.record.sidecars : []
  const owners = new Map<string, string>()
  for (const [sidecar, { own }] of sidecars) {
    for (const [root, list, item] of own.filter((path) => path.length === 3)) {
      const isContainer = root === 'spec' && (list === 'containers' || list === 'initContainers')
      if (isContainer && typeof item === 'object') owners.set(item.id, sidecar)
    }
  }
  return owners
}

interface ReadContainer extends Omit<GraphContainer, 'mark' | 'sidecar'> {
  isForeign: boolean
}

function readContainer(data: JsonObject, step: number, role: GraphContainer['role']): ReadContainer {
  const ports = declaredPorts(data).map(({ number, name, protocol }): GraphPort => ({
    number,
    name,
    protocol,
    mark: 'same',
  }))
  return {
    name: nameOf(data),
    image: textIn(data, 'image'),
    role,
    step,
    ports,
    probes: PROBES.flatMap((kind): GraphProbe[] => {
      const probe = data[`${kind}Probe`]
      return isObject(probe) ? [{ kind, action: probeAction(probe, ports), mark: 'same' }] : []
    }),
    mounts: mountsOf(data),
    isForeign: isKnownInjectorContainer(data),
  }
}

const PROBES = ['startup', 'liveness', 'readiness'] as const

function textIn(data: JsonObject, key: string): string {
  const value = data[key]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** What a probe does, in a few words; the name of a port becomes its number. */
function probeAction(probe: JsonObject, ports: readonly GraphPort[]): string {
  const kind = ['httpGet', 'tcpSocket', 'grpc', 'exec'].find((key) => isObject(probe[key]))
  const data = kind === undefined ? undefined : (probe[kind] as JsonObject)
  if (data === undefined) return 'not known'
  const given = textIn(data, 'port')
  const port = ports.find(({ name }) => name !== '' && name === given)?.number ?? given
  if (kind === 'httpGet') {
    const scheme = textIn(data, 'scheme')
    const path = textIn(data, 'path')
    return `${scheme === 'HTTPS' ? 'HTTPS ' : ''}GET :${port}${path.startsWith('/') ? path : `/${path}`}`
  }
  if (kind === 'exec') {
    const command = itemsOf(data['command']).filter((word) => typeof word === 'string')
    return `exec ${command.join(' ')}`.trimEnd()
  }
  return `${kind === 'grpc' ? 'gRPC' : 'TCP'} :${port}`
}

function mountsOf(data: JsonObject): GraphMount[] {
  const mounts = (list: string, pathKey: string): GraphMount[] =>
    mapsOf(data[list]).map((mount) => ({
      volume: nameOf(mount),
      path: textIn(mount, pathKey),
      access: mount['readOnly'] === true ? 'reads' : 'writes',
      mark: 'same',
    }))
  return [...mounts('volumeMounts', 'mountPath'), ...mounts('volumeDevices', 'devicePath')]
}

interface ReadVolume extends GraphVolume {
  /** The key of its source: `emptyDir`. */
  kind: string
}

function volumesOf(template: JsonObject): ReadVolume[] {
  return mapsOf(valueAt(template, ['spec', 'volumes'])).map((volume) => {
    const kind = Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir'
    return { name: nameOf(volume), kind, source: sourceText(kind, volume[kind]), mark: 'same' }
  })
}

function withoutKind({ name, source, mark }: ReadVolume): GraphVolume {
  return { name, source, mark }
}

/** What a volume is, by the key of its source, with the field that names what it holds. */
const SOURCES: ReadonlyMap<string, readonly [word: string, field: string]> = new Map([
  ['configMap', ['ConfigMap', 'name']],
  ['secret', ['Secret', 'secretName']],
  ['persistentVolumeClaim', ['claim', 'claimName']],
  ['hostPath', ['host', 'path']],
  ['csi', ['CSI', 'driver']],
  ['nfs', ['NFS', 'server']],
  ['image', ['image', 'reference']],
  ['emptyDir', ['emptyDir', 'sizeLimit']],
])

function sourceText(kind: string, source: Json | undefined): string {
  const [word, field] = SOURCES.get(kind) ?? [kind, '']
  const detail = isObject(source) ? textIn(source, field) : ''
  const memory = kind === 'emptyDir' && isObject(source) && source['medium'] === 'Memory' ? 'memory' : ''
  return [word, memory, detail].filter((text) => text !== '').join(' ')
}

/** Volumes that are mounted and stand nowhere in the pod template. */
function madeElsewhere(
  containers: readonly GraphContainer[],
  known: readonly { name: string }[],
  claimTemplates: ReadonlySet<string>,
): GraphVolume[] {
  const listed = new Set(known.map(({ name }) => name))
  const mounted = new Set(containers.flatMap(({ mounts }) => mounts.map(({ volume }) => volume)))
  return [...mounted]
    .filter((name) => !listed.has(name))
    .map((name) => ({ name, source: claimTemplates.has(name) ? 'claim for each pod' : 'not defined', mark: 'same' }))
}
