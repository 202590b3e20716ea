/**
 * Feature gates of the API server that decide whether fields of a pod spec are kept, by the first minor version in
 * which they are on by default; undefined if they are off by default in all supported versions.
 * Source: pkg/features.
 */
export const GATES = {
  ClusterTrustBundleProjection: undefined,
  ContainerRestartRules: 35,
  ContainerStopSignals: undefined,
  DynamicResourceAllocation: 34,
  EnvFiles: 35,
  GenericWorkload: undefined,
  HostnameOverride: 35,
  ImageVolume: 35,
  InPlacePodVerticalScaling: 33,
  MatchLabelKeysInPodTopologySpreadSelectorMerge: 34,
  PodCertificateRequest: undefined,
  PodLevelResources: 34,
  PodLifecycleSleepActionAllowZero: 33,
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
} as const

export type Gate = keyof typeof GATES

/** True if the gate is on by default in a minor version. */
export function gateOn(gate: Gate, minor: number): boolean {
  const since: number | undefined = GATES[gate]
  return since !== undefined && minor >= since
}
