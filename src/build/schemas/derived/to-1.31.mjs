/**
 * Kubernetes 1.31 has no client-node release of its own. This table takes 1.32 back to 1.31. Whatever 1.30 and 1.32
 * both have, 1.31 has too; each difference is decided by the release that brought it.
 */
export default {
  drop: {
    // KEP-3962, mutating admission policies: alpha in 1.32.
    definitions: [
      /^V1alpha1(?:ApplyConfiguration|JSONPatch|Mutation|MutatingAdmissionPolicy.*)$/,
      // KEP-4355, coordinated leader election: v1alpha2 took the place of v1alpha1 in 1.32.
      /^V1alpha2LeaseCandidate/,
      // KEP-4817, device status in a ResourceClaim: alpha in 1.32.
      /^V1alpha3(?:AllocatedDeviceStatus|NetworkDeviceData)$/,
      // KEP-4381, dynamic resource allocation: v1beta1 since 1.32.
      new RegExp(
        '^V1beta1(?:AllocatedDeviceStatus|AllocationResult|BasicDevice|CELDeviceSelector|Device.*|NetworkDeviceData' +
          '|OpaqueDeviceConfiguration|ResourceClaim.*|ResourcePool|ResourceSlice.*)$',
      ),
    ],
    kinds: [
      /^admissionregistration\.k8s\.io\/v1alpha1 Mutating/,
      /^coordination\.k8s\.io\/v1alpha2 /,
      /^resource\.k8s\.io\/v1beta1 /,
    ],
    fields: {
      V1PodSecurityContext: ['seLinuxChangePolicy'], // KEP-1710: since 1.32
      V1PodSpec: ['resources'], // KEP-2837, pod-level resources: since 1.32
      V1DeleteOptions: ['ignoreStoreReadErrorWithClusterBreakingPotential'], // KEP-3926: since 1.32
      V1alpha3DeviceRequestAllocationResult: ['adminAccess'], // KEP-5018 in its first form: since 1.32
      V1alpha3ResourceClaimStatus: ['devices'], // KEP-4817
    },
  },
  // KEP-3063, classic dynamic resource allocation with a control plane controller, was withdrawn in 1.32.
  fields: {
    V1alpha3AllocationResult: { controller: 'string' },
    V1alpha3DeviceClassSpec: { suitableNodes: 'V1NodeSelector' },
    V1alpha3ResourceClaimSpec: { controller: 'string' },
    V1alpha3ResourceClaimStatus: { deallocationRequested: 'bool' },
  },
  // The models left over from 1.30 mark less than 1.31 did.
  required: {
    V1alpha1ValidatingAdmissionPolicyBindingList: ['items'],
    V1alpha1ValidatingAdmissionPolicyList: ['items'],
  },
  // Models of APIs that 1.32 no longer serves but whose files are still in the package.
  restore: [
    'V1alpha1AuditAnnotation',
    'V1alpha1ExpressionWarning',
    'V1alpha1TypeChecking',
    'V1alpha1ValidatingAdmissionPolicy',
    'V1alpha1ValidatingAdmissionPolicyBinding',
    'V1alpha1ValidatingAdmissionPolicyBindingList',
    'V1alpha1ValidatingAdmissionPolicyBindingSpec',
    'V1alpha1ValidatingAdmissionPolicyList',
    'V1alpha1ValidatingAdmissionPolicySpec',
    'V1alpha1ValidatingAdmissionPolicyStatus',
    'V1alpha1Validation',
    'V1alpha1SelfSubjectReview',
    'V1alpha1SelfSubjectReviewStatus',
    'V1beta3ExemptPriorityLevelConfiguration',
    'V1beta3FlowDistinguisherMethod',
    'V1beta3FlowSchema',
    'V1beta3FlowSchemaCondition',
    'V1beta3FlowSchemaList',
    'V1beta3FlowSchemaSpec',
    'V1beta3FlowSchemaStatus',
    'V1beta3GroupSubject',
    'V1beta3LimitResponse',
    'V1beta3LimitedPriorityLevelConfiguration',
    'V1beta3NonResourcePolicyRule',
    'V1beta3PolicyRulesWithSubjects',
    'V1beta3PriorityLevelConfiguration',
    'V1beta3PriorityLevelConfigurationCondition',
    'V1beta3PriorityLevelConfigurationList',
    'V1beta3PriorityLevelConfigurationReference',
    'V1beta3PriorityLevelConfigurationSpec',
    'V1beta3PriorityLevelConfigurationStatus',
    'V1beta3QueuingConfiguration',
    'V1beta3ResourcePolicyRule',
    'V1beta3ServiceAccountSubject',
    'V1beta3Subject',
    'V1beta3UserSubject',
  ],
  // Served in 1.31 only, so that no release has their models.
  definitions: {
    V1alpha1LeaseCandidate: {
      fields: { apiVersion: 'string', kind: 'string', metadata: 'V1ObjectMeta', spec: 'V1alpha1LeaseCandidateSpec' },
      required: [],
    },
    V1alpha1LeaseCandidateList: {
      fields: { apiVersion: 'string', items: '[]V1alpha1LeaseCandidate', kind: 'string', metadata: 'V1ListMeta' },
      required: ['items'],
    },
    V1alpha1LeaseCandidateSpec: {
      fields: {
        binaryVersion: 'string',
        emulationVersion: 'string',
        leaseName: 'string',
        pingTime: 'microtime',
        preferredStrategies: '[]string',
        renewTime: 'microtime',
      },
      required: ['leaseName', 'preferredStrategies'],
    },
    V1alpha3PodSchedulingContext: {
      fields: {
        apiVersion: 'string',
        kind: 'string',
        metadata: 'V1ObjectMeta',
        spec: 'V1alpha3PodSchedulingContextSpec',
        status: 'V1alpha3PodSchedulingContextStatus',
      },
      required: ['spec'],
    },
    V1alpha3PodSchedulingContextList: {
      fields: { apiVersion: 'string', items: '[]V1alpha3PodSchedulingContext', kind: 'string', metadata: 'V1ListMeta' },
      required: ['items'],
    },
    V1alpha3PodSchedulingContextSpec: { fields: { potentialNodes: '[]string', selectedNode: 'string' }, required: [] },
    V1alpha3PodSchedulingContextStatus: {
      fields: { resourceClaims: '[]V1alpha3ResourceClaimSchedulingStatus' },
      required: [],
    },
    V1alpha3ResourceClaimSchedulingStatus: {
      fields: { name: 'string', unsuitableNodes: '[]string' },
      required: ['name'],
    },
  },
  kinds: {
    'admissionregistration.k8s.io/v1alpha1 ValidatingAdmissionPolicy': ['validatingadmissionpolicies', 'cluster'],
    'admissionregistration.k8s.io/v1alpha1 ValidatingAdmissionPolicyBinding': [
      'validatingadmissionpolicybindings',
      'cluster',
    ],
    'authentication.k8s.io/v1alpha1 SelfSubjectReview': ['selfsubjectreviews', 'cluster', 'unlisted'],
    'coordination.k8s.io/v1alpha1 LeaseCandidate': ['leasecandidates', 'namespace'],
    'flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema': ['flowschemas', 'cluster'],
    'flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration': ['prioritylevelconfigurations', 'cluster'],
    'resource.k8s.io/v1alpha3 PodSchedulingContext': ['podschedulingcontexts', 'namespace'],
  },
}
