import type { Finding } from '../../diagnostics/finding.ts'

/**
 * Feature gates of the API server that decide whether fields of pods and other objects are kept, or how they are
 * validated, by the first minor version in which they are on by default; undefined if they are off by default in all
 * supported versions.
 * Source: pkg/features.
 */
export const GATES = {
  ClusterTrustBundleProjection: undefined,
  ContainerRestartRules: 35,
  ContainerStopSignals: undefined,
  DRAConsumableCapacity: 36,
  DRADeviceBindingConditions: 36,
  DRADeviceTaints: 36,
  DRAExtendedResource: 36,
  DRAPartitionableDevices: 36,
  DRAPrioritizedList: 34,
  DynamicResourceAllocation: 34,
  EnvFiles: 35,
  GenericWorkload: undefined,
  HPAConfigurableTolerance: 35,
  HostnameOverride: 35,
  ImageVolume: 35,
  InPlacePodVerticalScaling: 33,
  JobManagedBy: 32,
  MatchLabelKeysInPodTopologySpreadSelectorMerge: 34,
  MutableCSINodeAllocatableCount: 35,
  PodCertificateRequest: undefined,
  PodLevelResources: 34,
  PodLifecycleSleepActionAllowZero: 33,
  PreferSameTrafficDistribution: 34,
  ProcMountType: 33,
  RelaxedDNSSearchValidation: 33,
  RelaxedEnvironmentVariableValidation: 32,
  RestartAllContainersOnContainerExits: 36,
  SELinuxChangePolicy: 33,
  StrictIPCIDRValidation: 36,
  SupplementalGroupsPolicy: 33,
  TaintTolerationComparisonOperators: undefined,
  UserNamespacesHostNetworkSupport: undefined,
  UserNamespacesSupport: 33,
  VolumeAttributesClass: 34,
} as const

export type Gate = keyof typeof GATES

/** True if the gate is on by default in a minor version. */
export function gateOn(gate: Gate, minor: number): boolean {
  const since: number | undefined = GATES[gate]
  return since !== undefined && minor >= since
}

/** The warning about a field that the API server drops, at the key of the field. */
export function droppedFinding(
  name: string,
  gate: Gate,
  minor: number,
): Required<Pick<Finding, 'code' | 'on' | 'message' | 'hint'>> {
  return {
    code: 'FIELD_DROPPED',
    on: 'key',
    message: `${name} is dropped by the API server, because feature gate ${gate} is off by default in 1.${minor}`,
    hint: 'remove it, or enable the gate in the cluster',
  }
}
