import { mapsOf, textOf, type JsonObject } from '../json/json.ts'
import type { SharedFolder } from '../template/template.ts'
import { allOf, celLiteral, celString } from './cel-literal.ts'
import { POD } from './names.ts'
import { DEFAULT_CONTAINER, type Part, type SidecarParts } from './sidecar-parts.ts'

/** CEL expression: whether an ownership record in the Pod contains a text, which is an expression, too. */
export function isRecorded(text: string): string {
  return `${POD.records}.exists(r, r.contains(${text}))`
}

/** CEL expression: whether the container `c` of a list is a sidecar's, according to the records. */
export function isOwnContainer(list: 'containers' | 'initContainers'): string {
  const known = list === 'containers' ? POD.ownContainers : POD.ownInits
  return `${known}.exists(keys, '"spec.${list}[' + c.name + ']":' in keys)`
}

/** CEL expression: whether a text is among the pieces of records in a variable. */
export function isAmong(pieces: string, text: string): string {
  return `${pieces}.exists(list, ${text} in list)`
}

/** Names of a sidecar's variables as expressions use them. */
export interface Names {
  wanted: string
  fits: string
  targets: string
  folder: (n: number) => string
  /** Entries of records for the volume of a folder, if another sidecar has added that volume. */
  shared: (n: number) => string
  mounts: string
  owned: string
  created: string
}

/** An item or hook that each app container gets. */
export interface AppPart extends Part {
  /** CEL expression: whether the container of `target` lacks it. */
  isMissing: string
  /** Whether it is the mount of a shared folder. */
  isOfFolder: boolean
}

/** CEL expression: whether a volume is missing and needed. */
export function volumeIsAdded(parts: SidecarParts, names: Names, { value }: Part): string {
  const name = textOf((value as JsonObject)['name'])
  const folder = parts.folders.findIndex(({ volume }) => volume === name)
  return allOf([
    `!${POD.volumes}.exists(v, v.name == ${celString(name)})`,
    ...(folder >= 0 ? [`size(${names.folder(folder)}) == 0`] : []),
  ])
}

/** CEL expression: whether a key of labels or annotations is missing. */
export function keyIsMissing({ address }: Part, map: string): string {
  return `!(${celString(String(address[2]))} in ${map})`
}

/**
 * CEL expression: whether an annotation is added, because it is missing, and so are all that belong together with it.
 */
export function annotationIsAdded({ sidecar }: SidecarParts, part: Part): string {
  const key = String(part.address[2])
  const group = sidecar.together.flatMap(({ annotations }) =>
    annotations.includes(key) ? [`!${POD.annotations}.exists(k, k in ${celLiteral([...annotations])})`] : [],
  )
  return allOf(group.length > 0 ? group : [keyIsMissing(part, POD.annotations)])
}

/** CEL expression: whether the annotation that names kubectl's default container is added. */
export function namesContainer(): string {
  return `!(${celString(DEFAULT_CONTAINER)} in ${POD.annotations}) && size(${POD.apps}) > 0`
}

/** CEL expression: whether a pull secret is missing. */
export function secretIsMissing({ value }: Part): string {
  return `!object.spec.?imagePullSecrets.orValue([]).exists(s, s.?name.orValue('') == ${celString(textOf((value as JsonObject)['name']))})`
}

/** CEL expression: whether a single field of the spec is missing. */
export function fieldIsMissing({ address }: Part): string {
  const [last = '', ...before] = address.toReversed().map(String)
  const holder = ['object', ...before.toReversed()]
  return holder.length === 2
    ? `!has(object.spec.${last})`
    : `!object.spec.?${holder.slice(2).join('.?')}.?${last}.hasValue()`
}

/**
 * CEL expression: whether the grace period of the Pod, 30 seconds by default, is raised for the sidecar.
 * @param least what the sidecar needs, in seconds
 */
export function graceIsRaised(least: number): string {
  return `object.spec.?terminationGracePeriodSeconds.orValue(30) < ${least}`
}

/** The mounts of a sidecar's container, except those of shared folders. */
export function fixedMounts({ folders }: SidecarParts, container: JsonObject): JsonObject[] {
  const mounts = mapsOf(container['volumeMounts'])
  return mounts.filter((mount) => !isSharedMount(folders, mount))
}

function isSharedMount(folders: readonly SharedFolder[], mount: JsonObject): boolean {
  return folders.some(({ volume, sidecarPath }) => mount['name'] === volume && mount['mountPath'] === sidecarPath)
}
