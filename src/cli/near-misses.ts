/** What users of other tools type, and what it is called here. */
const COMMANDS: Readonly<Record<string, string>> = {
  lint: 'to validate manifests: sidecarctl validate; templates of your own: sidecarctl templates validate',
  test: 'to validate manifests: sidecarctl validate; to compare them with the policy: sidecarctl check',
  verify: 'to validate manifests: sidecarctl validate; to compare them with the policy: sidecarctl check',
  plan: 'to show what inject would change: sidecarctl diff',
  preview: 'to show what inject would change: sidecarctl diff',
  'dry-run': 'to show what inject would change: sidecarctl diff',
  apply: 'to add sidecars to files: sidecarctl inject -w; kubectl apply applies them to a cluster',
  add: 'to add sidecars: sidecarctl inject',
  install: 'to add sidecars: sidecarctl inject',
  'kube-inject': 'to add sidecars: sidecarctl inject',
  remove: 'to remove sidecars: sidecarctl uninject',
  delete: 'to remove sidecars: sidecarctl uninject',
  rm: 'to remove sidecars: sidecarctl uninject',
  uninstall: 'to remove sidecars: sidecarctl uninject',
  list: 'to list the available sidecars: sidecarctl templates list; those in manifests: sidecarctl status',
  ls: 'to list the available sidecars: sidecarctl templates list; those in manifests: sidecarctl status',
  get: 'to list the available sidecars: sidecarctl templates list; those in manifests: sidecarctl status',
  show: 'to print a template: sidecarctl templates show NAME; the sidecars in manifests: sidecarctl status',
  fix: 'to update files: sidecarctl check --fix, or sidecarctl inject -w',
  update: 'to update files: sidecarctl check --fix, or sidecarctl inject -w',
  upgrade: 'to update files: sidecarctl check --fix, or sidecarctl inject -w',
  sync: 'to update files: sidecarctl check --fix, or sidecarctl inject -w',
}

const PRINTS = 'nothing is written without -w; to show what would change: sidecarctl diff'
const WRITES = 'to edit the files in place, use -w'
const VERSION = 'to name the target version, use --kubernetes-version 1.34'
const OFFLINE =
  'sidecarctl reads files and standard input, never a cluster: kubectl get deploy -o yaml | sidecarctl inject -'

const OPTIONS: Readonly<Record<string, string>> = {
  '--dry-run': PRINTS,
  '--diff': 'to show what would change: sidecarctl diff, or -o diff',
  '--check': 'to report what would change: sidecarctl check',
  '--fix': 'to update files: sidecarctl check --fix',
  '-i': WRITES,
  '--in-place': WRITES,
  '--inplace': WRITES,
  '--kube-version': VERSION,
  '--k8s-version': VERSION,
  '--file': 'name files as PATH, or use -f FILE',
  '--files': 'name files as PATH, or use -f FILE',
  '--output-dir': 'to edit the files in place, use -w; to write one file, use > FILE',
  '--sidecars': 'to name sidecars, use -s NAME,NAME',
  '--param': 'to set a parameter, use --set NAME.PARAMETER=VALUE',
  '--values': 'parameters are set where sidecars are added: sidecarctl inject --values FILE',
  '--set-string': 'to set a parameter, use --set NAME.PARAMETER=VALUE; its type is known',
  '--policy': 'to name the policy file, use --config FILE',
  '--template': 'to name templates, use -t FILE',
  '-A': 'all namespaces are read; -n NAMESPACE selects one',
  '--all-namespaces': 'all namespaces are read; -n NAMESPACE selects one',
  '--kubeconfig': OFFLINE,
  '--context': OFFLINE,
}

/** Where to find what an unknown command would do; undefined if nobody knows it. */
export function commandHint(name: string): string | undefined {
  return Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
}

/** What to use instead of an option that a command does not have, `--dry-run=client` included. */
export function optionHint(option: string): string | undefined {
  const [name = ''] = option.split('=')
  return Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined
}
