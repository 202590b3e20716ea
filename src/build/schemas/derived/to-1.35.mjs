/**
 * Kubernetes 1.35 has no client-node release of its own. This table takes 1.36 back to 1.35. Whatever 1.34 and 1.36
 * both have, 1.35 has too; each difference is decided by the release that brought it.
 */
export default {
  drop: {
    definitions: [
      // KEP-3962, mutating admission policies: v1 since 1.36.
      /^V1(?:ApplyConfiguration|JSONPatch|Mutation|MutatingAdmissionPolicy.*)$/,
      // KEP-4671, gang scheduling: v1alpha2 took the place of v1alpha1 in 1.36; pods name a schedulingGroup.
      /^V1alpha2(?:GangSchedulingPolicy|PodGroup.*|TopologyConstraint|TypedLocalObjectReference|Workload.*)$/,
      /^V1PodSchedulingGroup$/,
      // KEP-5055, device taints and tolerations: DeviceTaintRule is in v1beta2 since 1.36.
      /^V1beta2DeviceTaint(?:Rule.*|Selector)$/,
      // KEP-5517, native resources through dynamic resource allocation: since 1.36.
      /NodeAllocatableResource(?:Mapping|ClaimStatus)$/,
      // KEP-5677, availability of resource pools: since 1.36.
      /^V1alpha3(?:PoolStatus|ResourcePoolStatusRequest.*)$/,
      // KEP-5365, image volumes show their digest: since 1.36.
      /^V1(?:ImageVolumeStatus|VolumeStatus)$/,
      // KEP-5866, sharded lists and watches: since 1.36.
      /^V1ShardInfo$/,
    ],
    kinds: [
      /^admissionregistration\.k8s\.io\/v1 MutatingAdmissionPolicy/,
      /^resource\.k8s\.io\/v1alpha3 ResourcePoolStatusRequest/,
      /^resource\.k8s\.io\/v1beta2 DeviceTaintRule/,
      /^scheduling\.k8s\.io\/v1alpha2 /,
    ],
    fields: {
      V1PodSpec: ['schedulingGroup'], // KEP-4671
      V1PodStatus: ['nodeAllocatableResourceClaimStatuses'], // KEP-5517
      V1ResourceHealth: ['message'], // KEP-4680: since 1.36
      V1VolumeMountStatus: ['volumeStatus'], // KEP-5365
      V1ListMeta: ['shardInfo'], // KEP-5866
      V1CSIDriverSpec: ['preventPodSchedulingIfMissing'], // KEP-5030: since 1.36
      V1Device: ['nodeAllocatableResourceMappings'], // KEP-5517
      V1beta1BasicDevice: ['nodeAllocatableResourceMappings'],
      V1beta2Device: ['nodeAllocatableResourceMappings'],
      V1DeviceAttribute: ['bools', 'ints', 'strings', 'versions'], // KEP-5491, list attributes: since 1.36
      V1beta1DeviceAttribute: ['bools', 'ints', 'strings', 'versions'],
      V1beta2DeviceAttribute: ['bools', 'ints', 'strings', 'versions'],
      V1beta1PodCertificateRequestSpec: ['stubPKCS10Request'], // KEP-4317: since 1.36
    },
  },
  fields: {
    V1PodSpec: { workloadRef: 'V1WorkloadReference' }, // KEP-4671 in its first form: 1.35 only
  },
  // The OpenAPI document of 1.36 corrected many required marks; validation is the same in both.
  required: {
    AuthenticationV1TokenRequest: ['spec'],
    V1CronJob: [],
    V1EndpointSlice: ['addressType', 'endpoints'],
    V1HorizontalPodAutoscaler: [],
    V1IPAddress: [],
    V1PodDisruptionBudgetStatus: ['currentHealthy', 'desiredHealthy', 'disruptionsAllowed', 'expectedPods'],
    V1PriorityClass: ['value'],
    V1RoleRef: ['apiGroup', 'kind', 'name'],
    V1TokenRequestSpec: ['audiences'],
    V1TokenRequestStatus: ['expirationTimestamp', 'token'],
    V1TokenReviewSpec: [],
    V1ValidatingAdmissionPolicyBinding: [],
    V1ValidatingAdmissionPolicyBindingSpec: [],
    V1alpha1ServerStorageVersion: [],
    V1alpha1StorageVersion: ['spec', 'status'],
    V1alpha2LeaseCandidate: [],
    V1beta1IPAddress: [],
    V1beta1LeaseCandidate: [],
    V1beta1PodCertificateRequestSpec: [
      'nodeName',
      'nodeUID',
      'pkixPublicKey',
      'podName',
      'podUID',
      'proofOfPossession',
      'serviceAccountName',
      'serviceAccountUID',
      'signerName',
    ],
    V2HorizontalPodAutoscaler: [],
  },
  // Models of 1.35 that 1.36 no longer has but whose files are still in the package.
  restore: [
    'V1WorkloadReference',
    'V1alpha1GangSchedulingPolicy',
    'V1alpha1PodGroup',
    'V1alpha1PodGroupPolicy',
    'V1alpha1TypedLocalObjectReference',
    'V1alpha1Workload',
    'V1alpha1WorkloadList',
    'V1alpha1WorkloadSpec',
  ],
  definitions: {},
  kinds: { 'scheduling.k8s.io/v1alpha1 Workload': ['workloads', 'namespace'] },
}
