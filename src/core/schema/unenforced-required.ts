/**
 * Fields that OpenAPI marks as required, but the API server does not require: their zero value is valid, or a default
 * fills them in. Keys are definitions without their API version. (Kubernetes decodes into Go structs, where OpenAPI's
 * `required` has no effect; only the validation functions named here decide.)
 */
const NOT_ENFORCED: Readonly<Record<string, readonly string[]>> = {
  CapacityRequestPolicyRange: ['min'], // validateRequestPolicyRange: zero is a quantity
  ClusterTrustBundleProjection: ['path'], // dropped while ClusterTrustBundleProjection is off; validateProjectionSources
  ConfigMapNodeConfigSource: ['kubeletConfigKey', 'name', 'namespace'], // dynamic kubelet configuration is gone
  ControllerRevision: ['revision'], // ValidateControllerRevision: not negative
  CoreEvent: ['involvedObject', 'metadata'], // legacyValidateEvent: an empty reference is in the default namespace
  Counter: ['value'], // zero is a quantity
  CounterSet: ['counters'],
  CSIDriver: ['spec'], // SetDefaults_CSIDriver fills it
  CSINode: ['spec'], // validateCSINodeSpec: an empty list is valid
  CSINodeSpec: ['drivers'],
  CustomResourceDefinitionVersion: ['served', 'storage'], // false
  DeviceCapacity: ['value'],
  DeviceClass: ['spec'], // validateDeviceClassSpec: all optional
  DeviceCounterConsumption: ['counters'],
  EndpointSlice: ['endpoints'], // ValidateEndpointSlice: an empty list is valid
  EventsEventSeries: ['count', 'lastObservedTime'],
  FieldSelectorRequirement: ['key', 'operator'],
  ForZone: ['name'], // discovery validateHints: an empty label value
  GroupResource: ['group'], // empty is the core group
  HTTPHeader: ['value'], // validateHTTPGetAction looks at names only
  ISCSIPersistentVolumeSource: ['lun'], // zero is a logical unit
  ISCSIVolumeSource: ['lun'],
  LimitRangeSpec: ['limits'], // ValidateLimitRange: an empty list is valid
  ModifyVolumeStatus: ['status'], // as PersistentVolumeClaimCondition
  NetworkPolicySpec: ['podSelector'], // an empty selector selects all pods
  OwnerReference: ['apiVersion', 'kind', 'name', 'uid'], // the rules of metadata decide; those of a template are unread
  PersistentVolumeClaimCondition: ['status', 'type'], // the status of a claim, or of a claim template, is not validated
  PodFailurePolicy: ['rules'], // validatePodFailurePolicy: at most twenty
  PodFailurePolicyOnPodConditionsPattern: ['status'], // SetDefaults_PodFailurePolicyOnPodConditionsPattern
  PodCertificateProjection: ['keyType', 'signerName'], // dropped while PodCertificateRequest is off
  PreferredSchedulingTerm: ['preference'], // ValidatePreferredSchedulingTerms: an empty term
  PriorityClass: ['value'], // zero is a priority
  ResourceClaim: ['spec'], // validateDeviceClaim: all optional
  ResourceClaimTemplate: ['spec'],
  ResourceClaimTemplateSpec: ['spec'],
  ResourcePool: ['generation'], // zero is a generation
  ResourceResourceClaim: ['spec'],
  RoleRef: ['apiGroup'], // SetDefaults_RoleBinding and SetDefaults_ClusterRoleBinding
  ScaleIOPersistentVolumeSource: ['secretRef'], // validateScaleIOPersistentVolumeSource
  ScaleIOVolumeSource: ['secretRef'], // validateScaleIOVolumeSource
  SleepAction: ['seconds'], // KEP-4818: zero is valid since 1.32; before, the rule of lifecycle hooks reports it
  StatefulSetSpec: ['serviceName'], // ValidateStatefulSetSpec: empty is valid
  StorageTokenRequest: ['audience'], // empty means the API server's own
  StorageVersion: ['metadata', 'spec', 'status'],
  Sysctl: ['value'], // validateSysctls looks at names only
  TypedLocalObjectReference: ['kind', 'name'], // the rules of PersistentVolumeClaims and Ingresses decide
  TypedObjectReference: ['kind', 'name'], // as above; one to another namespace is dropped
  WebhookConversion: ['conversionReviewVersions'], // validateCustomResourceConversion, by the strategy
}

/** `V1beta1DeviceClass` -> `DeviceClass`, `CoreV1Event` -> `CoreEvent`. */
const UNVERSIONED = /^(Core|Events|Resource|Storage)?V\d+(?:alpha\d+|beta\d+)?/

/** Whether the API server rejects an object of the definition in which a field is absent or null, by the field's name. */
export function enforcedIn(definition: string): (field: string) => boolean {
  const name = definition.replace(UNVERSIONED, '$1')
  const passed = Object.hasOwn(NOT_ENFORCED, name) ? NOT_ENFORCED[name]! : []
  return (field) => !passed.includes(field)
}
