/** The variables of a policy that all sidecars use. */
export const POD = {
  annotations: 'variables.pod_annotations',
  labels: 'variables.pod_labels',
  volumes: 'variables.pod_volumes',
  inits: 'variables.pod_init_containers',
  /** The texts of the records in the Pod. */
  records: 'variables.pod_records',
  /** Containers and init containers that records say to be sidecars', as lists of keys of records. */
  ownContainers: 'variables.pod_sidecar_containers',
  ownInits: 'variables.pod_sidecar_init_containers',
  /** What records say of the app's containers: of items, and of lists that were made for them; lists of pieces of records. */
  appItems: 'variables.pod_recorded_items',
  appLists: 'variables.pod_recorded_lists',
  /** The app's containers, each with `index`, `name` and `container`. */
  apps: 'variables.pod_app_containers',
  /** Names of sidecars that annotations ask for; `['true']` where they leave it to the policy. */
  asked: 'variables.pod_asked',
} as const

/** The first part of the names of a sidecar's variables. A name may begin with a digit, which a variable may not. */
export function variablePrefix(sidecar: string): string {
  const name = sidecar.replaceAll('-', '_')
  return /^[0-9]/.test(name) ? `_${name}` : name
}

/** A text in a regular expression (RE2) in which each character stands for itself. */
export function quotedPattern(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, (char) => `\\${char}`)
}
