import { shellWord } from '../core/common/shell-word.ts'

/** What users of other tools type, and what it is called here; PATHS stands for the files that they name. */
const COMMANDS: Readonly<Record<string, string>> = {
  lint: 'to validate manifests: sidecarctl validate PATHS; templates of your own: sidecarctl templates validate sidecars',
  test: 'to validate manifests: sidecarctl validate PATHS; to compare them with the policy: sidecarctl check PATHS',
  verify: 'to validate manifests: sidecarctl validate PATHS; to compare them with the policy: sidecarctl check PATHS',
  plan: 'to show what inject would change: sidecarctl diff -s logging PATHS',
  preview: 'to show what inject would change: sidecarctl diff -s logging PATHS',
  'dry-run': 'to show what inject would change: sidecarctl diff -s logging PATHS',
  apply: 'to add sidecars to files: sidecarctl inject -w -s logging PATHS; kubectl apply applies them to a cluster',
  add: 'to add sidecars: sidecarctl inject -s logging PATHS',
  install: 'to add sidecars: sidecarctl inject -s logging PATHS',
  'kube-inject': 'to add sidecars: sidecarctl inject -s logging PATHS',
  remove: 'to remove sidecars: sidecarctl uninject PATHS',
  delete: 'to remove sidecars: sidecarctl uninject PATHS',
  rm: 'to remove sidecars: sidecarctl uninject PATHS',
  uninstall: 'to remove sidecars: sidecarctl uninject PATHS',
  list: 'to list the available sidecars: sidecarctl templates list; those in manifests: sidecarctl status PATHS',
  ls: 'to list the available sidecars: sidecarctl templates list; those in manifests: sidecarctl status PATHS',
  get: 'to list the available sidecars: sidecarctl templates list; those in manifests: sidecarctl status PATHS',
  show: 'to print a template: sidecarctl templates show logging; the sidecars in manifests: sidecarctl status PATHS',
  fix: 'to update files: sidecarctl check --fix PATHS, or sidecarctl inject -w PATHS',
  update: 'to update files: sidecarctl check --fix PATHS, or sidecarctl inject -w PATHS',
  upgrade: 'to update files: sidecarctl check --fix PATHS, or sidecarctl inject -w PATHS',
  sync: 'to update files: sidecarctl check --fix PATHS, or sidecarctl inject -w PATHS',
}

const PRINTS = 'nothing is written without -w; to show what would change: sidecarctl diff -s logging PATHS'
const WRITES = 'to edit the files in place, use -w'
const VERSION = 'to name the target version, use --kubernetes-version 1.34'
const OFFLINE = 'files and standard input are read, never a cluster: kubectl get deploy -o yaml | sidecarctl inject -'

const OPTIONS: Readonly<Record<string, string>> = {
  '--dry-run': PRINTS,
  '--diff': 'to show what would change: sidecarctl diff -s logging PATHS, or -o diff',
  '--check': 'to report what would change: sidecarctl check PATHS',
  '--fix': 'to update files: sidecarctl check --fix PATHS',
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
  '--values': 'parameters are set where sidecars are added: inject has --values',
  '--set-string': 'to set a parameter, use --set NAME.PARAMETER=VALUE; its type is known',
  '--policy': 'to name the policy file, use --config FILE',
  '--template': 'to name templates, use -t FILE',
  '-A': 'all namespaces are read; -n NAMESPACE selects one',
  '--all-namespaces': 'all namespaces are read; -n NAMESPACE selects one',
  '--kubeconfig': OFFLINE,
  '--context': OFFLINE,
}

/** With the paths of a command line that names nothing but what looks like paths; otherwise with this folder. */
function withPaths(hint: string, words: readonly string[]): string {
  const isPaths = words.length > 0 && words.every((word) => !word.startsWith('-') && /[./]/.test(word))
  return hint.replaceAll('PATHS', () => (isPaths ? words.map(shellWord).join(' ') : '-R .'))
}

/**
 * Where to find what an unknown command would do; undefined if nobody knows it.
 * @param words what follows the command
 */
export function commandHint(name: string, words: readonly string[]): string | undefined {
  return Object.hasOwn(COMMANDS, name) ? withPaths(COMMANDS[name] as string, words) : undefined
}

/** What to use instead of an option that a command does not have, `--dry-run=client` included. */
export function optionHint(option: string): string | undefined {
  const [name = ''] = option.split('=')
  return Object.hasOwn(OPTIONS, name) ? withPaths(OPTIONS[name] as string, []) : undefined
}
