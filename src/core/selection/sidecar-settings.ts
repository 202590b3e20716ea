import { getOrMake } from '../common/maps.ts'
import type { SourceLocation } from '../diagnostics/diagnostic.ts'
import { isObject, type Json, type JsonObject, type JsonPath } from '../json/json.ts'
import { imageName, parseImageReference, type ImageReference } from '../kube/image-reference.ts'
import type { Sidecar } from '../template/template.ts'

/** What a policy says of the containers of all sidecars. */
export interface SidecarSettings {
  /** What replaces a registry, by its name; under an empty name for all others. */
  readonly registries: ReadonlyMap<string, string>
  readonly pullSecrets: readonly string[]
  readonly pins: readonly ImagePin[]
  /** Whether sidecars set runAsUser, runAsGroup and fsGroup. */
  readonly assignUids: boolean
}

/** A digest for an image of a name and tag, or of a name alone. */
export interface ImagePin {
  image: ImageReference
  digest: string
  at: SourceLocation
}

/** Collects the problems of a policy, and finds its fields in the file. */
export interface SettingsReader {
  problem: (path: JsonPath, message: string, hint?: string) => void
  at: (path: JsonPath) => SourceLocation
}

/** Reads `images` and `security` of a policy's spec, of which the schema was checked; undefined where it has neither. */
export function readSidecarSettings(spec: JsonObject, reader: SettingsReader): SidecarSettings | undefined {
  if (spec['images'] === undefined && spec['security'] === undefined) return undefined
  const images = isObject(spec['images']) ? spec['images'] : {}
  const security = isObject(spec['security']) ? spec['security'] : {}
  const registry = images['registry']
  return {
    registries: new Map(
      typeof registry === 'string'
        ? [['', registry]]
        : Object.entries(isObject(registry) ? registry : {}).map(([from, to]) => [from, String(to)]),
    ),
    pullSecrets: Array.isArray(images['pullSecrets']) ? [...new Set(images['pullSecrets'].map(String))] : [],
    pins: readPins(isObject(images['pins']) ? images['pins'] : {}, reader),
    assignUids: security['assignUids'] !== false,
  }
}

function readPins(pins: JsonObject, { problem, at }: SettingsReader): ImagePin[] {
  const seen = new Map<string, string>()
  return Object.entries(pins).flatMap(([key, digest]): ImagePin[] => {
    const path = ['spec', 'images', 'pins', key]
    const image = parseImageReference(key)
    if (image === undefined || image.digest !== undefined) {
      problem(path, `"${key}" is not the name of an image with or without a tag`, 'for example busybox:1.37.0')
      return []
    }
    const id = `${imageName(image)}:${image.tag ?? ''}`
    const other = seen.get(id)
    if (other !== undefined) problem(path, `"${key}" and "${other}" are the same image`, 'remove one of them')
    seen.set(id, key)
    return [{ image, digest: String(digest), at: at(path) }]
  })
}

/** Kept as long as both the settings and the sidecar. */
const ADAPTED = new WeakMap<SidecarSettings, WeakMap<Sidecar, Sidecar>>()

/** A sidecar as the policy wants it. The same sidecar gives the very same object, as `resolveTemplate` does. */
export function withSettings(sidecar: Sidecar, settings: SidecarSettings | undefined): Sidecar {
  if (settings === undefined) return sidecar
  const known = getOrMake(ADAPTED, settings, () => new WeakMap<Sidecar, Sidecar>())
  return getOrMake(known, sidecar, () => adapt(sidecar, settings))
}

function adapt(sidecar: Sidecar, settings: SidecarSettings): Sidecar {
  const { container, initContainers, volumes, pod } = sidecar
  const adaptContainer = (one: JsonObject): JsonObject => withUids(withImage(one, settings), settings)
  const hasImages = container !== undefined || initContainers.length > 0
  const present = new Set(pod.imagePullSecrets.map(({ name }) => name))
  const secrets = hasImages ? settings.pullSecrets.filter((name) => !present.has(name)) : []
  return {
    ...sidecar,
    container: container === undefined ? undefined : adaptContainer(container),
    initContainers: initContainers.map(adaptContainer),
    volumes: volumes.map((volume) => withImageOfVolume(volume, settings)),
    pod: {
      ...pod,
      imagePullSecrets: [...pod.imagePullSecrets, ...secrets.map((name): JsonObject => ({ name }))],
      fsGroup: settings.assignUids ? pod.fsGroup : undefined,
    },
  }
}

function withImage(container: JsonObject, settings: SidecarSettings): JsonObject {
  return withReference(container, 'image', settings)
}

function withImageOfVolume(volume: JsonObject, settings: SidecarSettings): JsonObject {
  const image = volume['image']
  return isObject(image) ? { ...volume, image: withReference(image, 'reference', settings) } : volume
}

function withReference(map: JsonObject, key: string, settings: SidecarSettings): JsonObject {
  const image = map[key]
  return typeof image === 'string' ? { ...map, [key]: imageUnder(image, settings) } : map
}

/**
 * An image with the policy's registry and digest. A text that is not an image reference is returned unchanged; an image
 * that has a digest keeps it, and one from that registry keeps its name.
 */
export function imageUnder(text: string, settings: SidecarSettings): string {
  const image = parseImageReference(text)
  if (image === undefined) return text
  const digest = image.digest ?? pinOf(image, settings)?.digest
  const [name] = text.split('@')
  const suffix = digest === undefined ? '' : `@${digest}`
  const target = settings.registries.get(image.registry) ?? settings.registries.get('')
  if (target === undefined || imageName(image).startsWith(`${target}/`)) return `${name}${suffix}`
  const tag = image.tag === undefined ? '' : `:${image.tag}`
  return `${target}/${image.repository}${tag}${suffix}`
}

function pinOf(image: ImageReference, { pins }: SidecarSettings): ImagePin | undefined {
  const named = pins.filter((pin) => imageName(pin.image) === imageName(image))
  return named.find((pin) => pin.image.tag === image.tag) ?? named.find((pin) => pin.image.tag === undefined)
}

/** Pins of an image of another tag than the one that is used, which therefore gets no digest. */
export function missedPins(text: string, settings: SidecarSettings): ImagePin[] {
  const image = parseImageReference(text)
  if (image === undefined || image.digest !== undefined || pinOf(image, settings) !== undefined) return []
  return settings.pins.filter((pin) => imageName(pin.image) === imageName(image))
}

const UIDS: ReadonlySet<string> = new Set(['runAsUser', 'runAsGroup'])

function withUids(container: JsonObject, { assignUids }: SidecarSettings): JsonObject {
  const context = container['securityContext']
  if (assignUids || !isObject(context)) return container
  const kept = Object.entries(context).filter(([key]) => !UIDS.has(key))
  const { securityContext: _, ...rest } = container
  return kept.length === 0 ? rest : { ...container, securityContext: Object.fromEntries<Json>(kept) }
}

/** The images of a sidecar: of its containers, and of its image volumes, by their names. */
export function imagesOf({ container, initContainers, volumes }: Sidecar): { container: string; image: string }[] {
  const containers = [...initContainers, ...(container === undefined ? [] : [container])]
  return [
    ...containers.map(({ name, image }) => ({ name, image })),
    ...volumes.map(({ name, image }) => ({ name, image: isObject(image) ? image['reference'] : undefined })),
  ].flatMap(({ name, image }) => (typeof image === 'string' ? [{ container: String(name), image }] : []))
}
