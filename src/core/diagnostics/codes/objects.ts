/** Findings about whole objects: metadata, selectors, the workload kinds' own rules, and other kinds. */
export const objectCodes = () =>
  ({
    METADATA_NAME: { severity: 'error', meaning: 'an object has no name, or its name is invalid for its kind' },
    METADATA_NAMESPACE: { severity: 'error', meaning: 'a namespace is not a DNS label' },
    METADATA_LABEL: { severity: 'error', meaning: 'the key or value of a label is invalid' },
    METADATA_ANNOTATION: {
      severity: 'error',
      meaning: 'the key of an annotation is invalid, or the annotations are too large',
    },
    METADATA_FINALIZER: {
      severity: 'error',
      meaning: 'a finalizer is not a qualified name, or two finalizers conflict',
    },
    METADATA_OWNER: { severity: 'error', meaning: 'an owner reference is incomplete, or several are controllers' },
    METADATA_NAME_HOSTNAME: {
      severity: 'warning',
      meaning: 'a name used for pods is not a DNS label, so hostnames differ',
    },
    DEPRECATED_FIELD: { severity: 'warning', meaning: 'a field, value or annotation is deprecated or has no effect' },
    IGNORED_FIELD: { severity: 'warning', meaning: 'a field is ignored because of other fields' },

    SELECTOR_REQUIRED: { severity: 'error', meaning: 'a workload requires a selector that is not empty' },
    SELECTOR_MISMATCH: { severity: 'error', meaning: "a workload's selector does not match its template's labels" },
    NUMBER_NEGATIVE: { severity: 'error', meaning: 'a count or duration is below 0' },
    NUMBER_RANGE: { severity: 'error', meaning: 'a number is out of range, or conflicts with another' },
    TEMPLATE_RESTART_POLICY: {
      severity: 'error',
      meaning: "a pod template's restartPolicy is not supported by the workload",
    },
    TEMPLATE_FIELD: { severity: 'error', meaning: 'a pod template has a field that its workload does not allow' },

    WORKLOAD_STRATEGY: { severity: 'error', meaning: 'an update strategy is unknown, or has fields of another one' },
    WORKLOAD_ROLLING_UPDATE: { severity: 'error', meaning: 'maxSurge, maxUnavailable or partition is not allowed' },
    STATEFULSET_FIELD: { severity: 'error', meaning: 'a field of a StatefulSet is invalid' },
    JOB_COMPLETION: { severity: 'error', meaning: "a Job's completion mode, counts or limits conflict" },
    JOB_SELECTOR: {
      severity: 'error',
      meaning: "a Job's selector or template labels conflict with the generated ones",
    },
    JOB_POLICY: { severity: 'error', meaning: 'a pod failure, success or replacement policy is not allowed' },
    CRONJOB_SCHEDULE: { severity: 'error', meaning: 'a schedule is invalid' },
    CRONJOB_TIME_ZONE: { severity: 'error', meaning: 'unknown time zone' },
    CRONJOB_FIELD: { severity: 'error', meaning: 'a field of a CronJob is invalid' },

    SERVICE_TYPE: { severity: 'error', meaning: "a Service's type is unknown, or it has fields of another type" },
    SERVICE_PORT: { severity: 'error', meaning: 'a port of a Service is missing, duplicate or invalid' },
    SERVICE_ADDRESS: { severity: 'error', meaning: 'an address or address family of a Service is not allowed' },
    SERVICE_TRAFFIC: { severity: 'error', meaning: 'a traffic policy or session affinity of a Service is not allowed' },
    CONFIG_KEY: { severity: 'error', meaning: 'a key of a ConfigMap or Secret is not allowed' },
    CONFIG_SIZE: { severity: 'error', meaning: 'a ConfigMap or Secret is larger than 1 MiB' },
    SECRET_TYPE: { severity: 'error', meaning: 'a Secret lacks data that its type requires' },
    INGRESS_FIELD: { severity: 'error', meaning: 'a host, path or backend of an Ingress is not allowed' },
    NETWORK_POLICY_FIELD: { severity: 'error', meaning: 'a peer or port of a NetworkPolicy is not allowed' },
    AUTOSCALER_FIELD: {
      severity: 'error',
      meaning: 'a bound, metric or behavior of a HorizontalPodAutoscaler is not allowed',
    },
    DISRUPTION_BUDGET: { severity: 'error', meaning: 'a PodDisruptionBudget has bounds that are not allowed' },
    CLAIM_FIELD: { severity: 'error', meaning: 'a persistent volume claim has a field that is not allowed' },
    VOLUME_FIELD: { severity: 'error', meaning: 'a persistent volume has a field that is not allowed' },
    STORAGE_FIELD: { severity: 'error', meaning: 'a StorageClass or CSI object has a field that is not allowed' },
    RBAC_RULE: { severity: 'error', meaning: 'a rule of a Role or ClusterRole is incomplete' },
    RBAC_BINDING: { severity: 'error', meaning: 'a role reference or subject of a binding is not allowed' },
    QUOTA_FIELD: {
      severity: 'error',
      meaning: 'a resource, amount or scope of a ResourceQuota or LimitRange is not allowed',
    },
    ENDPOINTS_FIELD: {
      severity: 'error',
      meaning: 'an address or port of Endpoints or an EndpointSlice is not allowed',
    },
    CRD_FIELD: { severity: 'error', meaning: 'a CustomResourceDefinition is invalid' },
    WEBHOOK_FIELD: { severity: 'error', meaning: 'an admission webhook has a field that is not allowed' },
    POLICY_FIELD: { severity: 'error', meaning: 'an admission policy or its binding has a field that is not allowed' },
    FLOW_CONTROL_FIELD: {
      severity: 'error',
      meaning: 'a FlowSchema or PriorityLevelConfiguration has a field that is not allowed',
    },
    DEVICE_FIELD: { severity: 'error', meaning: 'a device class, claim or slice has a field that is not allowed' },
    CLUSTER_FIELD: { severity: 'error', meaning: 'a cluster-wide setting has a value that is not allowed' },
  }) as const
