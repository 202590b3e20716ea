/** The variables of a policy that the expressions of all sidecars use. */
export const POD = {
  annotations: 'variables.pod_annotations',
  labels: 'variables.pod_labels',
  volumes: 'variables.pod_volumes',
  inits: 'variables.pod_init_containers',
  /** The ownership records in the Pod, as texts. */
  records: 'variables.pod_records',
  /** Keys of records for containers (init containers) of sidecars: a list for each record. */
  ownContainers: 'variables.pod_sidecar_containers',
  ownInits: 'variables.pod_sidecar_init_containers',
  /**
   * Entries of records for items in app containers, and for lists that were created in them: a list for each record.
   */
  appItems: 'variables.pod_recorded_items',
  appLists: 'variables.pod_recorded_lists',
  /** The app's containers, each with `index`, `name` and `container`. */
  apps: 'variables.pod_app_containers',
  /** Names of the sidecars that annotations or labels ask for; `['true']` if the policy decides. */
  asked: 'variables.pod_asked',
} as const

/** The prefix of a sidecar's variables. A name may begin with a digit, which a variable may not. */
export function variablePrefix(sidecar: string): string {
  const name = sidecar.replaceAll('-', '_')
  return /^[0-9]/.test(name) ? `_${name}` : name
}

/** A regular expression (RE2) for a text itself. */
export function quotedPattern(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, (char) => `\\${char}`)
}
