/** Trouble with putting sidecars in or taking them out. */
export const INJECT_CODES = {
  SIDECAR_UNKNOWN: { severity: 'error', meaning: 'no template of that name is known' },
  WORKLOAD_NO_CONTAINERS: { severity: 'error', meaning: 'a workload has no containers to put a sidecar beside' },
  WORKLOAD_MALFORMED: { severity: 'error', meaning: 'a part of a pod template is not of the type it must be' },
  CONTAINER_NAME_TAKEN: { severity: 'error', meaning: 'a container of the sidecar\'s name is there already' },
  VOLUME_NAME_TAKEN: { severity: 'error', meaning: 'a volume of that name is there with other content' },
  PORT_TAKEN: { severity: 'error', meaning: 'another container of the pod uses that port number or port name' },
  MOUNT_PATH_TAKEN: { severity: 'error', meaning: 'another volume is mounted at that path' },
  SHARED_FOLDER_AMBIGUOUS: { severity: 'error', meaning: 'app containers mount different volumes at the shared path' },
  RECORD_INVALID: { severity: 'error', meaning: 'the annotation that records what was injected was changed by hand' },
  EDIT_SHARED_NODE: { severity: 'error', meaning: 'the text to edit is also used elsewhere through an alias' },
  EDIT_UNSAFE: { severity: 'error', meaning: 'the text could not be edited without touching more than is added' },
  MODE_UNSUPPORTED: { severity: 'error', meaning: 'native sidecars do not exist in the target version' },
  JOB_NEVER_ENDS: { severity: 'error', meaning: 'an ordinary sidecar container would keep a Job from finishing' },
  SETTING_KEPT: { severity: 'warning', meaning: 'a setting of the user differs from what the sidecar asks for, and stays' },
} as const
