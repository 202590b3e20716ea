import type { Field } from '../field.ts'

const MIRROR = 'kubernetes.io/config.mirror'
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost'
const TOLERATIONS = 'scheduler.alpha.kubernetes.io/tolerations'
const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod'
const SECCOMP_CONTAINER = 'container.seccomp.security.alpha.kubernetes.io/'
const APPARMOR_CONTAINER = 'container.apparmor.security.beta.kubernetes.io/'

const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const

/** Annotations that Kubernetes once read and no longer does. Source: pkg/api/pod/warnings.go deprecatedAnnotations. */
const DEPRECATED = new Map([
  ['scheduler.alpha.kubernetes.io/critical-pod', ['1.16', 'priorityClassName']],
  ['security.alpha.kubernetes.io/sysctls', ['1.11', 'securityContext.sysctls']],
  ['security.alpha.kubernetes.io/unsafe-sysctls', ['1.11', 'securityContext.sysctls']],
])

/**
 * Annotations that have a meaning for pods.
 * Source: core validation ValidatePodSpecificAnnotations; warnings of pkg/api/pod/warnings.go.
 *
 * @param printed the annotations as the API server names them
 */
export function podAnnotations(map: Field, printed: Field, spec: Field): void {
  for (const [key, field] of map.entries()) {
    deprecated(key, field)
    if (field.text === undefined) continue
    const detail = faultOf(key, field.text, spec)
    if (detail !== undefined) printed.get(key).invalid('POD_ANNOTATION', detail, { shown: field.text, at: field.path })
  }
}

function faultOf(key: string, value: string, spec: Field): string | undefined {
  if (key === MIRROR && spec.get('nodeName').empty) return 'must set spec.nodeName if mirror pod annotation is set'
  if (key === DELETION_COST && !isDeletionCost(value)) return 'must be a 32bit integer'
  if (key === TOLERATIONS && value !== '' && !isJsonList(value)) return 'must be a JSON list of tolerations'
  if (key === SECCOMP_POD || key.startsWith(SECCOMP_CONTAINER)) return seccompFault(value)
  return key.startsWith(APPARMOR_CONTAINER) ? appArmorFault(key, value, spec) : undefined
}

/** Source: core helper GetDeletionCostFromPodAnnotations: no plus sign, no leading zeros. */
function isDeletionCost(value: string): boolean {
  if (!/^(?:0|-?[1-9][0-9]{0,9})$/.test(value)) return false
  return Number(value) >= -2147483648 && Number(value) <= 2147483647
}

function isJsonList(value: string): boolean {
  try {
    const parsed: unknown = JSON.parse(value)
    return parsed === null || Array.isArray(parsed)
  } catch {
    return false
  }
}

/** Source: core validation ValidateSeccompProfile. */
function seccompFault(value: string): string | undefined {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(value)) return undefined
  if (!value.startsWith('localhost/')) return 'must be a valid seccomp profile'
  const path = value.slice('localhost/'.length)
  if (path.startsWith('/')) return 'must be a relative path'
  return path.split('/').includes('..') ? "must not contain '..'" : undefined
}

/** Source: core validation ValidateAppArmorPodAnnotations. */
function appArmorFault(key: string, value: string, spec: Field): string | undefined {
  const container = key.slice(APPARMOR_CONTAINER.length)
  const names = CONTAINER_LISTS.flatMap((list) => spec.get(list).items().map((item) => item.get('name').text))
  if (!names.includes(container)) return `container ${JSON.stringify(container)} not found`
  if (['', 'runtime/default', 'unconfined'].includes(value) || value.startsWith('localhost/')) return undefined
  return 'invalid AppArmor profile name'
}

function deprecated(key: string, field: Field): void {
  const entry = DEPRECATED.get(key)
  if (entry === undefined) return
  const hint = `Use the field ${entry[1]} of the pod spec instead.`
  field.report('DEPRECATED_FIELD', `the annotation has had no effect since Kubernetes ${entry[0]}`, { on: 'key', hint })
}
