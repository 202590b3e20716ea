import { getOrMake } from '../../common/maps.ts'
import { isObject, type JsonPath, type JsonObject } from '../../json/json.ts'
import type { KubeVersion } from '../../kube/version.ts'
import { pathOf, type PodPlace, placeOf } from '../place.ts'
import { CONTAINER_LISTS, effectivePodSpec } from '../pod/effective.ts'
import { at } from '../pod/scope.ts'
import { childOf, listOf, valueOf } from '../pod/values.ts'
import { BASELINE } from './baseline.ts'
import {
  type Control,
  type PodSecurityLevel,
  type SecuredContainer,
  type SecuredPod,
  type SecuredVolume,
} from './control.ts'
import { RESTRICTED } from './restricted.ts'

export type { PodSecurityLevel } from './control.ts'

/** A pod to evaluate by the Pod Security Standards. */
export interface PodSecuritySubject {
  /** `Pod`, or the kind of the object whose template it is. */
  readonly kind: string
  readonly spec: JsonObject
  /** The path of the spec in its object. */
  readonly specPath: JsonPath
  /** Metadata of the pod or template. */
  readonly metadata: JsonObject | undefined
  readonly metadataPath: JsonPath
  /** The version of Kubernetes whose standards apply: they grow with Kubernetes. */
  readonly kubeVersion: KubeVersion
}

/** A violation of a level of the Pod Security Standards. */
export interface PodSecurityViolation {
  /** The check's ID in k8s.io/pod-security-admission. */
  readonly control: string
  /** The lowest level that forbids it. */
  readonly level: 'baseline' | 'restricted'
  /** As the admission controller words it: `privileged (container "web" must not set ...)`. */
  readonly message: string
  /** The fields that cause it, or that are missing, by their paths from the object's root; at least one. */
  readonly places: readonly JsonPath[]
}

/** The first minor version whose standards take a pod's own user namespace into account (KEP-127). */
const USER_NAMESPACES_SINCE = 35

/**
 * The violations of a level by a pod: at most one per control, in the order of the admission controller. Fields that
 * the API server drops, since their feature gate is off by default, do not count.
 */
export function podSecurityViolations(level: PodSecurityLevel, subject: PodSecuritySubject): PodSecurityViolation[] {
  const found: PodSecurityViolation[] = []
  if (level === 'privileged') return found
  const pod = readPod(subject)
  for (const control of controlsOf(level, subject.kubeVersion)) {
    const verdict = control.check(pod)
    if (verdict === undefined) continue
    const message = `${verdict.reason} (${verdict.detail})`
    found.push({ control: control.id, level: control.level, message, places: verdict.places.map(pathOf) })
  }
  return found
}

/**
 * The strictest levels that a pod satisfied before a change and satisfies now, if the change lowers the level;
 * undefined if it does not. Level restricted is evaluated first: most pods fail it at once, and then only baseline
 * matters.
 */
export function podSecurityLowered(
  before: PodSecuritySubject,
  after: PodSecuritySubject,
): { from: PodSecurityLevel; to: PodSecurityLevel } | undefined {
  const [was, is] = [readPod(before), readPod(after)]
  if (satisfies('restricted', was)) {
    if (satisfies('restricted', is)) return undefined
    return { from: 'restricted', to: satisfies('baseline', is) ? 'baseline' : 'privileged' }
  }
  if (satisfies('baseline', is) || !satisfies('baseline', was)) return undefined
  return { from: 'baseline', to: 'privileged' }
}

function satisfies(level: PodSecurityLevel, pod: SecuredPod): boolean {
  const controls = controlsOf(level, pod)
  // The controls of the stricter level come last, and few pods satisfy them.
  for (let n = controls.length - 1; n >= 0; n--) if ((controls[n] as Control).check(pod) !== undefined) return false
  return true
}

/** The controls by level and minor version, which are chosen once. */
const CONTROLS = new Map<string, readonly Control[]>()

function controlsOf(level: PodSecurityLevel, { minor }: Pick<KubeVersion, 'minor'>): readonly Control[] {
  const key = `${level} ${minor}`
  return getOrMake(CONTROLS, key, () => chooseControls(level, minor))
}

function chooseControls(level: PodSecurityLevel, minor: number): readonly Control[] {
  if (level === 'privileged') return []
  const known = ({ since }: Control): boolean => since === undefined || minor >= since
  const baseline = BASELINE.filter(known)
  if (level === 'baseline') return baseline
  const restricted = RESTRICTED.filter(known)
  const overridden = new Set(restricted.flatMap(({ overrides }) => overrides ?? []))
  return [...baseline.filter(({ id }) => !overridden.has(id)), ...restricted]
}

const NONE: JsonObject = Object.create(null) as JsonObject

function readPod(subject: PodSecuritySubject): SecuredPod {
  const { specPath, metadata, metadataPath, kubeVersion } = subject
  const place = placeOf(specPath)
  const spec = effectivePodSpec(subject.spec, place, subject, () => {})
  const { minor } = kubeVersion
  return {
    minor,
    spec,
    place,
    security: childOf(spec, 'securityContext') ?? NONE,
    containers: CONTAINER_LISTS.flatMap((list) => named(spec, place, list).map(withSecurity)),
    volumes: named(spec, place, 'volumes'),
    annotations: childOf(metadata ?? NONE, 'annotations') ?? NONE,
    annotationsPlace: placeOf([...metadataPath, 'annotations']),
    windows: valueOf(childOf(spec, 'os') ?? NONE, 'name') === 'windows',
    userNamespace: minor >= USER_NAMESPACES_SINCE && valueOf(spec, 'hostUsers') === false,
  }
}

/** The items of a list that are maps, with their names. */
function named(spec: JsonObject, parent: PodPlace, list: string): SecuredVolume[] {
  const found: SecuredVolume[] = []
  for (const [i, data] of listOf(spec, list).entries()) {
    if (!isObject(data)) continue
    const name = valueOf(data, 'name')
    found.push({ name: typeof name === 'string' ? name : '', data, place: at(parent, list, i) })
  }
  return found
}

function withSecurity({ name, data, place }: SecuredVolume): SecuredContainer {
  return { name, data, place, security: childOf(data, 'securityContext') ?? NONE }
}
