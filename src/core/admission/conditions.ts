import { isObject, textOf, type JsonObject } from '../json/json.ts'
import type { SharedFolder } from '../template/template.ts'
import { allOf, celLiteral, celString } from './cel-literal.ts'
import { POD } from './names.ts'
import { DEFAULT_CONTAINER, type Part, type SidecarParts } from './sidecar-parts.ts'

/** Whether a record in the Pod has a piece of text. */
export function isRecorded(text: string): string {
  return `${POD.records}.exists(r, r.contains(${text}))`
}

/** Whether a container `c` of a list is a sidecar's, as records say. */
export function isOwnContainer(list: 'containers' | 'initContainers'): string {
  const known = list === 'containers' ? POD.ownContainers : POD.ownInits
  return `${known}.exists(keys, '"spec.${list}[' + c.name + ']":' in keys)`
}

/** Whether records have a piece of text, by a variable that has such pieces. */
export function isAmong(pieces: string, text: string): string {
  return `${pieces}.exists(list, ${text} in list)`
}

/** Names of a sidecar's variables as expressions use them. */
export interface Names {
  wanted: string
  fits: string
  targets: string
  folder: (n: number) => string
  /** What records say of the volume of a folder, where another sidecar has brought it. */
  shared: (n: number) => string
  mounts: string
  owned: string
  created: string
}

/** An item or hook for each app container. */
export interface AppPart extends Part {
  /** Whether a container of `target` lacks it, as an expression. */
  isMissing: string
  /** Whether it is the mount of a shared folder. */
  isOfFolder: boolean
}

/** Whether a volume is missing and needed, as an expression. */
export function volumeIsAdded(parts: SidecarParts, names: Names, { value }: Part): string {
  const name = textOf((value as JsonObject)['name'])
  const folder = parts.folders.findIndex(({ volume }) => volume === name)
  return allOf([
    `!${POD.volumes}.exists(v, v.name == ${celString(name)})`,
    ...(folder >= 0 ? [`size(${names.folder(folder)}) == 0`] : []),
  ])
}

/** Whether a key of labels or annotations is missing. */
export function keyIsMissing({ address }: Part, map: string): string {
  return `!(${celString(String(address[2]))} in ${map})`
}

/** Whether an annotation is added: it is missing, and so are those that belong together with it. */
export function annotationIsAdded({ sidecar }: SidecarParts, part: Part): string {
  const key = String(part.address[2])
  const group = sidecar.together.flatMap(({ annotations }) =>
    annotations.includes(key) ? [`!${POD.annotations}.exists(k, k in ${celLiteral([...annotations])})`] : [],
  )
  return allOf(group.length > 0 ? group : [keyIsMissing(part, POD.annotations)])
}

/** Whether the annotation for kubectl's container is added. */
export function namesContainer(): string {
  return `!(${celString(DEFAULT_CONTAINER)} in ${POD.annotations}) && size(${POD.apps}) > 0`
}

/** Whether a pull secret is missing. */
export function secretIsMissing({ value }: Part): string {
  return `!object.spec.?imagePullSecrets.orValue([]).exists(s, s.?name.orValue('') == ${celString(textOf((value as JsonObject)['name']))})`
}

/** Whether a single field of the spec is missing. */
export function fieldIsMissing({ address }: Part): string {
  const [last = '', ...before] = address.toReversed().map(String)
  const holder = ['object', ...before.toReversed()]
  return holder.length === 2
    ? `!has(object.spec.${last})`
    : `!object.spec.?${holder.slice(2).join('.?')}.?${last}.hasValue()`
}

/** Whether the grace period is raised for the sidecar. Without one in the Pod it is Kubernetes' default, 30 seconds. */
export function graceIsRaised(least: number): string {
  return `object.spec.?terminationGracePeriodSeconds.orValue(30) < ${least}`
}

/** The mounts of a container of ours other than those of shared folders. */
export function fixedMounts({ folders }: SidecarParts, container: JsonObject): JsonObject[] {
  const mounts = Array.isArray(container['volumeMounts']) ? container['volumeMounts'].filter(isObject) : []
  return mounts.filter((mount) => !isSharedMount(folders, mount))
}

export function isSharedMount(folders: readonly SharedFolder[], mount: JsonObject): boolean {
  return folders.some(({ volume, sidecarPath }) => mount['name'] === volume && mount['mountPath'] === sidecarPath)
}
