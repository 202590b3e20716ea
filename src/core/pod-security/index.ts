import { isObject, type FieldPath, type JsonObject } from '../json.ts'
import type { KubeVersion } from '../kube/version.ts'
import { placeOf } from '../validate/place.ts'
import { effectivePodSpec } from '../validate/pod/effective.ts'
import { BASELINE } from './baseline.ts'
import { below, type Control, type PodSecurityLevel, type SecuredContainer, type SecuredPod } from './control.ts'
import { RESTRICTED } from './restricted.ts'
import { field, listField, mapField } from './setters.ts'

export { POD_SECURITY_LEVELS, type PodSecurityLevel } from './control.ts'

/** A pod to hold against the Pod Security Standards. */
export interface PodSecuritySubject {
  /** `Pod`, or the kind of the object whose template it is. */
  readonly kind: string
  readonly spec: JsonObject
  /** Where the spec lies in its object. */
  readonly specPath: FieldPath
  /** Metadata of the pod or template. */
  readonly metadata: JsonObject | undefined
  readonly metadataPath: FieldPath
  /** The version whose standards are meant: they grow with Kubernetes. */
  readonly kubeVersion: KubeVersion
}

/** What a level of the Pod Security Standards forbids in a pod. */
export interface PodSecurityViolation {
  /** The check's ID in k8s.io/pod-security-admission. */
  readonly control: string
  /** The lowest level that forbids it. */
  readonly level: 'baseline' | 'restricted'
  /** As the admission controller words it: `privileged (container "web" must not set ...)`. */
  readonly message: string
  /** The fields that have part in it, or that are missing, from the object's root; at least one. */
  readonly places: readonly FieldPath[]
}

/** From this minor on, the standards trust a pod's own user namespace (KEP-127). */
const USER_NAMESPACES_SINCE = 35

const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const

/**
 * What a level forbids in a pod: one violation per control, in the order of the admission controller. Fields that the
 * API server drops, since their feature gate is off by default, do not count.
 */
export function podSecurityViolations(level: PodSecurityLevel, subject: PodSecuritySubject): PodSecurityViolation[] {
  const controls = controlsOf(level, subject.kubeVersion)
  if (controls.length === 0) return []
  const pod = readPod(subject)
  return controls.flatMap((control) => {
    const verdict = control.check(pod)
    if (verdict === undefined) return []
    const message = `${verdict.reason} (${verdict.detail})`
    return [{ control: control.id, level: control.level, message, places: verdict.places }]
  })
}

/** The strictest level that a pod satisfies. */
export function podSecurityLevel(subject: PodSecuritySubject): PodSecurityLevel {
  if (podSecurityViolations('baseline', subject).length > 0) return 'privileged'
  return podSecurityViolations('restricted', subject).length > 0 ? 'baseline' : 'restricted'
}

function controlsOf(level: PodSecurityLevel, { minor }: KubeVersion): readonly Control[] {
  if (level === 'privileged') return []
  const known = ({ since }: Control): boolean => since === undefined || minor >= since
  const baseline = BASELINE.filter(known)
  if (level === 'baseline') return baseline
  const restricted = RESTRICTED.filter(known)
  const overridden = new Set(restricted.flatMap(({ overrides }) => overrides ?? []))
  return [...baseline.filter(({ id }) => !overridden.has(id)), ...restricted]
}

function readPod(subject: PodSecuritySubject): SecuredPod {
  const { specPath, metadata, metadataPath, kubeVersion } = subject
  const spec = effectivePodSpec(subject.spec, placeOf(specPath), subject, () => {})
  const { minor } = kubeVersion
  return {
    minor,
    spec,
    specPath,
    containers: CONTAINER_LISTS.flatMap((list) => containersOf(spec, specPath, list)),
    annotations: mapField(metadata ?? {}, 'annotations') ?? {},
    annotationsPath: [...metadataPath, 'annotations'],
    windows: field(spec, 'os', 'name') === 'windows',
    userNamespace: minor >= USER_NAMESPACES_SINCE && field(spec, 'hostUsers') === false,
  }
}

function containersOf(spec: JsonObject, specPath: FieldPath, list: string): SecuredContainer[] {
  return listField(spec, list).flatMap((data, i) => {
    if (!isObject(data)) return []
    const name = field(data, 'name')
    return [{ name: typeof name === 'string' ? name : '', data, path: below(specPath, list, i) }]
  })
}
