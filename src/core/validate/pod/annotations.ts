import { append } from '../../common/append.ts'
import { emptyObject, isObject, type Json, type JsonObject, parseJson } from '../../json/json.ts'
import { descendingPath } from './paths.ts'
import { checkToleration } from './scheduling/placement.ts'
import { at, forbidden, invalid, type PodRule, type PodScope } from './scope.ts'
import { appArmorFileFaults } from './security/profiles.ts'
import { childOf, type Part, partOf, textOf } from './values.ts'

/** Part of every annotation key that has a meaning in Kubernetes. */
const KUBERNETES = 'kubernetes.io/'
export const MIRROR = 'kubernetes.io/config.mirror'
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost'
const TOLERATIONS = 'scheduler.alpha.kubernetes.io/tolerations'
export const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod'
export const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/'
export const APPARMOR = 'container.apparmor.security.beta.kubernetes.io/'

/** The annotations of the pod that are strings. */
export function annotationsOf(pod: PodScope): ReadonlyMap<string, string> {
  const given = childOf(pod.metadata.data, 'annotations')
  if (given === undefined) return NONE
  const all = Object.entries(given)
  return new Map(all.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

const NONE: ReadonlyMap<string, string> = new Map()

/** Annotations with a meaning in Kubernetes. Source: `ValidatePodSpecificAnnotations`. */
export const podAnnotations: PodRule = (pod) => {
  for (const [key, value] of annotationsOf(pod)) {
    if (!key.includes(KUBERNETES)) continue
    const path = at(pod.metadata.path, 'annotations', key)
    const faults: string[] = []
    if (key === DELETION_COST && !isInt32(value)) faults.push('must be a 32bit integer')
    if (key === MIRROR && !textOf(pod.spec.data, 'nodeName')) {
      faults.push('must set spec.nodeName if mirror pod annotation is set')
    }
    if (key === SECCOMP_POD || key.startsWith(SECCOMP_CONTAINER)) append(faults, seccompFaults(value))
    if (key.startsWith(APPARMOR)) {
      const name = key.slice(APPARMOR.length)
      if (!pod.allContainers.some(({ data }) => textOf(data, 'name') === name))
        faults.push(`container "${name}" not found`)
      if (!/^(?:|runtime\/default|unconfined|localhost\/.*)$/s.test(value)) faults.push('invalid AppArmor profile name')
    }
    invalid(pod, 'POD_ANNOTATION_INVALID', path, value, faults)
    if (key === TOLERATIONS && value !== '') checkTolerations(value, path, pod)
  }
}

/** An int32 without a plus sign or leading zeros. Source: `GetDeletionCostFromPodAnnotations`. */
function isInt32(value: string): boolean {
  return /^(?:0|[1-9][0-9]*|-[0-9]+)$/.test(value) && Math.abs(Number(value) + 0.5) <= 2147483647.5
}

/** Source: `ValidateSeccompProfile`. */
function seccompFaults(profile: string): string[] {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(profile)) return []
  if (profile.startsWith('localhost/')) return descendingPath(profile.slice('localhost/'.length))
  return ['must be a valid seccomp profile']
}

/** Source: `ValidateTolerationsInPodAnnotations`. */
function checkTolerations(value: string, path: Part['path'], pod: PodScope): void {
  const parsed = parseJson(value)
  if (parsed === undefined) return invalid(pod, 'POD_ANNOTATION_INVALID', path, value, ['must be tolerations in JSON'])
  if (!Array.isArray(parsed) && parsed !== null) {
    return invalid(pod, 'POD_ANNOTATION_INVALID', path, value, ['must be a list of tolerations in JSON'])
  }
  // The text of an annotation has no positions inside, so findings point at it as a whole.
  const here: PodScope = { ...pod, report: (finding) => pod.report({ ...finding, path, on: 'value' }) }
  for (const item of parsed ?? []) {
    const toleration = decodedToleration(item)
    if (toleration === undefined) invalid(pod, 'POD_ANNOTATION_INVALID', path, value, ['must be tolerations in JSON'])
    else checkToleration({ data: toleration, path }, here)
  }
}

const TOLERATION_TEXTS: ReadonlySet<string> = new Set(['key', 'operator', 'value', 'effect'])

/**
 * A toleration as Go decodes it: keys in any case, unknown ones left out, null as if absent. Undefined if a value has a
 * wrong type.
 */
function decodedToleration(item: Json): JsonObject | undefined {
  const toleration = emptyObject()
  if (item === null) return toleration
  if (!isObject(item)) return undefined
  for (const [name, value] of Object.entries(item)) {
    const key = name.toLowerCase()
    if (value === null) continue
    if (TOLERATION_TEXTS.has(key)) {
      if (typeof value !== 'string') return undefined
      toleration[key] = value
    } else if (key === 'tolerationseconds') {
      if (!Number.isInteger(value)) return undefined
      toleration.tolerationSeconds = value
    }
  }
  return toleration
}

/** The profile that an annotation names: its type, and for Localhost its file. */
function profileOf(annotation: string): { type: string; file?: string } {
  if (annotation === 'unconfined') return { type: 'Unconfined' }
  if (annotation.startsWith('localhost/')) return { type: 'Localhost', file: annotation.slice('localhost/'.length) }
  return { type: annotation === 'runtime/default' ? 'RuntimeDefault' : annotation }
}

/**
 * An old annotation and the field that replaced it must agree.
 * Source: `validateSeccompAnnotationsAndFields`, `validateAppArmorAnnotationsAndFieldsMatchOnCreate`.
 */
export const profilesMatchAnnotations: PodRule = (pod) => {
  const annotations = annotationsOf(pod)
  if (annotations.size === 0) return
  const security = partOf(pod.spec, 'securityContext')
  const seccomp = security && partOf(security, 'seccompProfile')
  compare(annotations.get(SECCOMP_POD), seccomp?.data, seccomp?.path, pod)
  const windows = textOf(childOf(pod.spec.data, 'os') ?? {}, 'name') === 'windows'
  for (const container of pod.allContainers) {
    const name = textOf(container.data, 'name') ?? ''
    const own = partOf(container, 'securityContext')
    const ownSeccomp = own && partOf(own, 'seccompProfile')
    compare(annotations.get(SECCOMP_CONTAINER + name), ownSeccomp?.data, ownSeccomp?.path, pod)
    if (windows) continue
    const annotation = annotations.get(APPARMOR + name)
    const ownAppArmor = own && partOf(own, 'appArmorProfile')
    if (pod.isPod && ownAppArmor === undefined && annotation !== undefined && isAppArmor(annotation)) {
      const faults = appArmorFileFaults(profileOf(annotation).file ?? '')
      invalid(pod, 'POD_ANNOTATION_INVALID', at(pod.metadata.path, 'annotations', APPARMOR + name), annotation, faults)
      continue
    }
    const appArmor = ownAppArmor ?? (security && partOf(security, 'appArmorProfile'))
    compare(annotation, appArmor?.data, appArmor?.path, pod)
  }
}

/**
 * True for an annotation that the API server copies to the field of a Pod's container without one, which then overrides
 * the profile of the Pod. It copies none in templates. Source: registry/core/pod `applyAppArmorVersionSkew`.
 */
function isAppArmor(annotation: string): boolean {
  return annotation === 'unconfined' || annotation === 'runtime/default' || /^localhost\/./s.test(annotation)
}

function compare(
  annotation: string | undefined,
  field: JsonObject | undefined,
  path: Part['path'] | undefined,
  pod: PodScope,
): void {
  if (annotation === undefined || field === undefined || path === undefined) return
  const type = textOf(field, 'type') ?? ''
  if (!['Unconfined', 'RuntimeDefault', 'Localhost'].includes(type)) return
  // docker/default is an old name of runtime/default for seccomp. AppArmor never had it; its format is validated
  // before.
  const told = profileOf(annotation === 'docker/default' ? 'runtime/default' : annotation)
  if (told.type !== type) {
    forbidden(
      pod,
      'POD_PROFILE_MISMATCH',
      at(path, 'type'),
      `type ${type} differs from the annotation's "${annotation}": they must match`,
    )
  } else if (type === 'Localhost' && told.file !== textOf(field, 'localhostProfile')) {
    const message = `profile differs from the annotation's "${annotation}": they must match`
    forbidden(pod, 'POD_PROFILE_MISMATCH', at(path, 'localhostProfile'), message)
  }
}
