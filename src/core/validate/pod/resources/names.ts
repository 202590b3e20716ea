import { wordSet } from '../../../common/words.ts'
import { qualifiedName } from '../../../kube/names.ts'

const CONTAINER_RESOURCES = new Set(['cpu', 'memory', 'ephemeral-storage'])
/** Resources that count objects, in whole numbers. Source: core helper integerResources. */
export const OBJECT_COUNTS = wordSet(`
  pods services replicationcontrollers resourcequotas secrets configmaps persistentvolumeclaims services.nodeports
  services.loadbalancers
`)

/** Source: `IsHugePageResourceName`. */
export function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-')
}

/** True for a name that belongs to Kubernetes: without a domain, or below kubernetes.io. Source: `IsNativeResource`. */
function isNative(name: string): boolean {
  return !name.includes('/') || name.includes('kubernetes.io/')
}

/** True for an extended resource, such as a device. Source: `IsExtendedResourceName`. */
export function isExtended(name: string): boolean {
  return !isNative(name) && !name.startsWith('requests.') && qualifiedName(`requests.${name}`).length === 0
}

/** True if requests may be lower than limits. Source: `IsOvercommitAllowed`. */
export function isOvercommitAllowed(name: string): boolean {
  return isNative(name) && !isHugePages(name)
}

/** True if amounts must be whole numbers. Source: `IsIntegerResourceName`. */
export function isCounted(name: string): boolean {
  return isExtended(name) || OBJECT_COUNTS.has(name)
}

/** The faults of the name of a container's resource. Source: `validateContainerResourceName`. */
export function containerResourceName(name: string): string[] {
  const faults = qualifiedName(name)
  if (!name.includes('/')) {
    if (!CONTAINER_RESOURCES.has(name) && !isHugePages(name)) faults.push('must be a standard resource for containers')
  } else if (!isNative(name) && !isExtended(name)) {
    faults.push("doesn't follow the naming of extended resources: example.com/device")
  }
  return faults
}

/** The faults of the name of a pod-level resource (KEP-2837). Source: `validatePodResourceName`. */
export function podResourceName(name: string): string[] {
  const faults = qualifiedName(name)
  if (faults.length > 0 || isPodLevel(name)) return faults
  return ['unsupported at pod level: supported are cpu, memory and hugepages-*']
}

/** Source: `IsSupportedPodLevelResource`. */
export function isPodLevel(name: string): boolean {
  return name === 'cpu' || name === 'memory' || isHugePages(name)
}
