import { isWholeQuantity, parseQuantity } from '../../../kube/quantity.ts'
import { annotationsOf, APPARMOR, SECCOMP_CONTAINER, SECCOMP_POD } from '../annotations.ts'
import { at, type PodRule, type PodScope } from '../scope.ts'
import { childOf, isSet, itemsOf, numberOf, type Part, partOf, textOf } from '../values.ts'

/**
 * Rules for what `kubectl apply` prints after `Warning:`, though the API server accepts it.
 * Source: `warningsForPodSpecAndMeta` in pkg/api/pod/warnings.go.
 */

/** Annotations that have no effect any more, and what replaced them. */
const DEAD_ANNOTATIONS = new Map([
  ['scheduler.alpha.kubernetes.io/critical-pod', 'use priorityClassName instead'],
  ['security.alpha.kubernetes.io/sysctls', 'use securityContext.sysctls instead'],
  ['security.alpha.kubernetes.io/unsafe-sysctls', 'use securityContext.sysctls instead'],
])

export const deadAnnotations: PodRule = (pod) => {
  const report = (key: string, message: string, hint: string): void =>
    pod.report({
      code: 'ANNOTATION_DEPRECATED',
      path: at(pod.metadata.path, 'annotations', key),
      on: 'key',
      message,
      hint,
    })
  const annotations = annotationsOf(pod)
  if (annotations.size === 0) return
  for (const [key, hint] of DEAD_ANNOTATIONS) {
    if (annotations.has(key)) report(key, `annotation ${key} no longer has any effect`, hint)
  }
  const security = childOf(pod.spec.data, 'securityContext') ?? {}
  const seccompHint = 'use securityContext.seccompProfile instead'
  if (annotations.has(SECCOMP_POD) && !isSet(security, 'seccompProfile')) {
    report(SECCOMP_POD, 'seccomp annotations have had no effect since 1.27', seccompHint)
  }
  for (const container of pod.allContainers) {
    const own = childOf(container.data, 'securityContext') ?? {}
    const seccomp = `${SECCOMP_CONTAINER}${textOf(container.data, 'name')}`
    if (annotations.has(seccomp) && !isSet(own, 'seccompProfile')) {
      report(seccomp, 'seccomp annotations have had no effect since 1.27', seccompHint)
    }
    const appArmor = `${APPARMOR}${textOf(container.data, 'name')}`
    if (annotations.has(appArmor) && !isSet(own, 'appArmorProfile') && !isSet(security, 'appArmorProfile')) {
      report(appArmor, 'AppArmor annotations are deprecated since 1.30', 'use securityContext.appArmorProfile instead')
    }
  }
}

/** Deprecated volume types and their state. */
const OLD_VOLUMES = new Map([
  ['photonPersistentDisk', 'deprecated since 1.11 and has had no effect since 1.16'],
  ['gitRepo', 'deprecated since 1.11 and off by default since 1.33'],
  ['scaleIO', 'deprecated since 1.16 and has had no effect since 1.22'],
  ['flocker', 'deprecated since 1.22 and has had no effect since 1.25'],
  ['storageos', 'deprecated since 1.22 and has had no effect since 1.25'],
  ['quobyte', 'deprecated since 1.22 and has had no effect since 1.25'],
  ['glusterfs', 'deprecated since 1.25 and has had no effect since 1.26'],
  ['cephfs', 'deprecated since 1.28 and has had no effect since 1.31'],
  ['rbd', 'deprecated since 1.28 and has had no effect since 1.31'],
])

export const oldVolumes: PodRule = (pod) => {
  for (const volume of itemsOf(pod.spec, 'volumes')) {
    for (const source of Object.keys(volume.data)) {
      const state = OLD_VOLUMES.get(source)
      if (state === undefined || !isSet(volume.data, source)) continue
      const message = `volume type ${source} is ${state}`
      pod.report({
        code: 'VOLUME_TYPE_DEPRECATED',
        path: at(volume.path, source),
        on: 'key',
        message,
        hint: 'use a CSI driver',
      })
    }
  }
}

/** Lists in which a repeated value is most likely a mistake. */
export const repeatedItems: PodRule = (pod) => {
  repeatedIn('hostAliases', 'ip', pod)
  repeatedIn('imagePullSecrets', 'name', pod)
}

function repeatedIn(list: string, key: string, pod: PodScope): void {
  const items = itemsOf(pod.spec, list)
  if (items.length === 0) return
  const seen = new Set<string>()
  for (const item of items) {
    const value = textOf(item.data, key)
    const path = at(item.path, key)
    if (value === '' && list === 'imagePullSecrets') {
      pod.report({ code: 'PULL_SECRET_EMPTY', path, message: 'an image pull secret without a name has no effect' })
    } else if (value) {
      if (seen.has(value)) pod.report({ code: 'LIST_DUPLICATE', path, message: `duplicate ${key} "${value}"` })
      seen.add(value)
    }
  }
}

export const negativeGrace: PodRule = (pod) => {
  const seconds = numberOf(pod.spec.data, 'terminationGracePeriodSeconds')
  if (seconds === undefined || seconds >= 0) return
  const path = at(pod.spec.path, 'terminationGracePeriodSeconds')
  const message = `${seconds} must be at least 0: negative values are treated as 1`
  pod.report({ code: 'GRACE_NEGATIVE', path, message })
}

/** Warns of amounts with a fraction of a byte: `m` means thousandths, so 128m of memory is an eighth of a byte. */
export const fractionalBytes: PodRule = (pod) => {
  checkBytes(pod.spec, 'overhead', pod)
  for (const container of pod.allContainers) {
    const resources = partOf(container, 'resources')
    if (resources === undefined) continue
    checkBytes(resources, 'limits', pod)
    checkBytes(resources, 'requests', pod)
  }
}

function checkBytes(owner: Part, list: string, pod: PodScope): void {
  const amounts = childOf(owner.data, list) ?? {}
  for (const name of Object.keys(amounts)) {
    if (name !== 'memory' && name !== 'ephemeral-storage') continue
    const text = amounts[name]
    const quantity = parseQuantity(text)
    if (quantity === undefined || isWholeQuantity(quantity)) continue
    const message = `fractional byte value ${JSON.stringify(text)}: must be an integer number of bytes`
    pod.report({
      code: 'RESOURCE_FRACTIONAL_BYTES',
      path: at(owner.path, list, name),
      message,
      hint: 'm means thousandths; mebibytes are Mi',
    })
  }
}
