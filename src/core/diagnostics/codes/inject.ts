/** Problems with injecting or removing sidecars. */
export const injectCodes = () =>
  ({
    SIDECAR_UNKNOWN: { severity: 'error', meaning: 'unknown sidecar or template' },
    SIDECAR_VERSION: {
      severity: 'error',
      meaning: 'the policy pins a sidecar to another version than its template has',
    },
    SIDECAR_NOT_COMPARED: {
      severity: 'error',
      meaning: 'the template of an injected sidecar is unknown, so that it cannot be compared',
    },
    SIDECAR_NOT_CHOSEN: {
      severity: 'error',
      meaning: 'no flag, annotation or policy selects sidecars for a workload of a folder',
    },
    SIDECAR_NOT_INJECTED: {
      severity: 'error',
      meaning: 'a sidecar to be removed is not injected in any of the workloads',
    },
    SELECTION_EMPTY: { severity: 'warning', meaning: 'no workload matches the flags -n and -l' },
    RULE_UNUSED: { severity: 'warning', meaning: 'a rule of a policy matches no workload of its folder' },
    PODS_REJECTED: {
      severity: 'warning',
      meaning: 'a Namespace, LimitRange or ResourceQuota among the inputs would reject pods with the sidecars',
    },
    NETWORK_POLICY_BLOCKS: {
      severity: 'warning',
      meaning: "a NetworkPolicy among the inputs allows the app's port, but not that of its proxy",
    },
    POD_FAILURE_POLICY: {
      severity: 'warning',
      meaning: 'a rule of a Job about exit codes applies to the sidecars too, as it names no container',
    },
    WORKLOAD_NO_CONTAINERS: { severity: 'error', meaning: 'a workload has no containers' },
    WORKLOAD_MALFORMED: { severity: 'error', meaning: 'a field of a pod template has the wrong type' },
    CONTAINER_UNKNOWN: {
      severity: 'error',
      meaning: 'a container that was chosen for the settings of sidecars does not exist',
    },
    INIT_CONTAINER_UNKNOWN: {
      severity: 'error',
      meaning: 'a sidecar is to start before or after an init container that does not exist',
    },
    START_IGNORED: {
      severity: 'warning',
      meaning: 'a sidecar cannot start at the place among the init containers that was chosen for it',
    },
    CONTAINER_NAME_TAKEN: { severity: 'error', meaning: 'a container with the name of the sidecar already exists' },
    VOLUME_NAME_TAKEN: { severity: 'error', meaning: 'a volume with the same name but other content already exists' },
    PORT_TAKEN: { severity: 'error', meaning: 'another container of the pod uses the same port number or port name' },
    MOUNT_PATH_TAKEN: { severity: 'error', meaning: 'another volume is mounted at the same path' },
    SHARED_FOLDER_AMBIGUOUS: {
      severity: 'error',
      meaning: 'app containers mount different volumes at the shared path',
    },
    SHARED_FOLDER_READ_ONLY: { severity: 'error', meaning: 'a sidecar writes to a folder whose volume is read-only' },
    SIDECAR_DEFAULT: { severity: 'info', meaning: 'no sidecar was selected, so the default one is used' },
    SIDECAR_OVERRIDDEN: {
      severity: 'info',
      meaning: "a container of the manifest has the sidecar's name, so its fields override the sidecar's",
    },
    EXTRA_OBJECT_TAKEN: { severity: 'error', meaning: 'an object that a sidecar adds already exists' },
    RECORD_LEFT: {
      severity: 'warning',
      meaning:
        'an item named in a record is not removed, because it belongs to another workload or nothing proves that sidecarctl added it',
    },
    EXTRA_OBJECT_COMMENT: {
      severity: 'warning',
      meaning: 'comments inside an object that a sidecar added are lost, because the object is replaced or removed',
    },
    EXTRA_OBJECT_INVALID: { severity: 'error', meaning: 'an object that a sidecar adds is invalid' },
    SERVICE_BYPASSES_PROXY: {
      severity: 'warning',
      meaning: "a Service sends to the app's own port, bypassing its proxy",
    },
    SERVICE_EDITED: { severity: 'warning', meaning: 'a retargeted targetPort was edited by hand and is not changed' },
    SIDECAR_MISSING: { severity: 'error', meaning: 'a sidecar that is requested is missing' },
    SIDECAR_OUTDATED: {
      severity: 'error',
      meaning: 'a sidecar or Service is not what its template and parameters now make',
    },
    SIDECAR_EDITED: { severity: 'error', meaning: 'what a sidecar added was edited by hand' },
    SIDECAR_LEFT_OVER: { severity: 'error', meaning: 'a sidecar is left over: nothing requests it' },
    SIDECAR_UNRECORDED: { severity: 'error', meaning: 'a sidecar has no record' },
    RECORD_OUTDATED: { severity: 'error', meaning: 'the record of what was injected is not up to date' },
    EXPORT_NO_NAME: { severity: 'error', meaning: 'no exported patch can select an object without metadata.name' },
    SIDECAR_ORDER: { severity: 'error', meaning: 'ordering cycle between sidecars' },
    RECORD_LOST: {
      severity: 'error',
      meaning:
        "a container looks like a sidecar's, but no record says that it was injected, and it differs from the template",
    },
    RECORD_ADOPTED: {
      severity: 'info',
      meaning: 'a sidecar was there without a record, exactly as it would be injected, and is recorded again',
    },
    RECORD_MISSING: {
      severity: 'warning',
      meaning: "a container looks like a sidecar's, but no record says what was injected, so it is not removed",
    },
    RECORD_INCOMPLETE: {
      severity: 'warning',
      meaning: 'the record names items or objects that are no longer in the manifest',
    },
    RECORD_INVALID: {
      severity: 'error',
      meaning: 'the annotation that records what was injected was edited and is invalid',
    },
    COMPOSE_UNSUPPORTED: { severity: 'error', meaning: 'a sidecar needs what Compose does not have' },
    COMPOSE_DIFFERS: { severity: 'info', meaning: 'a sidecar is not quite the same in Compose as in a cluster' },
    FILE_SKIPPED: {
      severity: 'error',
      meaning: 'with --keep-going, a file was not written because it depends on files with errors',
    },
    RECORD_UNPROVEN: {
      severity: 'error',
      meaning: 'the record of what was injected names an item that cannot be proved to come from the sidecar',
    },
    INJECTED_MODIFIED: {
      severity: 'error',
      meaning: 'an item that a sidecar added was modified, and the changes would be lost',
    },
    INJECTED_LOST: {
      severity: 'warning',
      meaning: 'an item that a sidecar added was modified, and the changes are lost because of --force',
    },
    EDIT_SHARED_NODE: { severity: 'error', meaning: 'the text to edit is also used elsewhere through an alias' },
    EDIT_LAYOUT: { severity: 'error', meaning: 'the layout of the text does not allow the edit' },
    EDIT_UNSAFE: { severity: 'error', meaning: 'the edit would change more of the text than intended' },
    RESULT_INVALID: { severity: 'error', meaning: 'the API server would reject the object with its sidecars' },
    POD_SECURITY_LOWERED: {
      severity: 'error',
      meaning: 'the sidecars would lower the Pod Security level of a workload',
    },
    TEMPLATE_VERSION: { severity: 'error', meaning: 'a template does not support the target version of Kubernetes' },
    MODE_UNSUPPORTED: { severity: 'error', meaning: 'native sidecars are not supported in the target version' },
    JOB_NEVER_ENDS: { severity: 'error', meaning: 'a classic sidecar would keep a Job from finishing' },
    KNATIVE_REFUSES: { severity: 'warning', meaning: 'a sidecar uses fields that Knative rejects by default' },
    KSERVE_SERVER_NAME: { severity: 'warning', meaning: 'with a sidecar, KServe does not recognize its model server' },
    VOLUME_LEFT: {
      severity: 'warning',
      meaning: 'a volume that a sidecar added is kept, because a container of the manifest uses it',
    },
    HOST_PORTS_OPENED: {
      severity: 'warning',
      meaning: 'in a pod with the host network, a sidecar opens its ports on the node',
    },
    FOLDER_READ_AGAIN: {
      severity: 'warning',
      meaning: 'a new pod would read files again that an earlier pod has read, as their volume outlasts pods',
    },
    SETTING_KEPT: {
      severity: 'warning',
      meaning: 'a setting of the manifest differs from what the sidecar requests and is kept',
    },
  }) as const
