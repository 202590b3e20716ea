/**
 * Fields that hold quantities (resource.Quantity in Kubernetes' Go types). client-node's models show them as
 * plain strings, so they are named here, by definition without its API version. Those not listed are strings.
 */
export const QUANTITY_FIELDS = {
  BasicDevice: ['capacity'],
  CapacityRequestPolicy: ['default', 'validValues'],
  CapacityRequestPolicyRange: ['max', 'min', 'step'],
  CapacityRequirements: ['requests'],
  ContainerStatus: ['allocatedResources'],
  Counter: ['value'],
  CSIStorageCapacity: ['capacity', 'maximumVolumeSize'],
  DeviceCapacity: ['value'],
  DeviceRequestAllocationResult: ['consumedCapacity'],
  EmptyDirVolumeSource: ['sizeLimit'],
  HPAScalingRules: ['tolerance'],
  LimitRangeItem: ['default', 'defaultRequest', 'max', 'maxLimitRequestRatio', 'min'],
  MetricTarget: ['averageValue', 'value'],
  MetricValueStatus: ['averageValue', 'value'],
  NodeAllocatableResourceClaimStatus: ['resources'],
  NodeAllocatableResourceMapping: ['allocationMultiplier'],
  NodeStatus: ['allocatable', 'capacity'],
  Overhead: ['podFixed'],
  PersistentVolumeClaimStatus: ['allocatedResources', 'capacity'],
  PersistentVolumeSpec: ['capacity'],
  PodSpec: ['overhead'],
  PodStatus: ['allocatedResources'],
  ResourceFieldSelector: ['divisor'],
  ResourceQuotaSpec: ['hard'],
  ResourceQuotaStatus: ['hard', 'used'],
  ResourceRequirements: ['limits', 'requests'],
  VolumeResourceRequirements: ['limits', 'requests'],
}

/** `V1beta1DeviceCapacity` -> `DeviceCapacity`. */
function unversioned(definition) {
  return definition.replace(/^V\d+(?:alpha\d+|beta\d+)?/, '')
}

/** Turns the string fields of the table into quantities, in place. */
export function markQuantities(definitions) {
  for (const [name, { fields }] of Object.entries(definitions)) {
    const table = QUANTITY_FIELDS[unversioned(name)]
    for (const field of table ?? []) {
      if (fields[field] !== undefined) fields[field] = fields[field].replace(/^((?:\[\]|\{\})*)string$/, '$1quantity')
    }
  }
}
