import { fileArgument } from '../core/common/shell-word.ts'
import type { FilePurpose } from '../core/kube/file-purpose.ts'
import { escapeText } from './escape.ts'
import { plural } from './plural.ts'

/** A file that is not a manifest. */
export interface OtherFile {
  label: string
  purpose: FilePurpose
  /** The kustomization or chart that it belongs to. */
  by?: string
  /** True for what belongs to a component of kustomize, which cannot be built by itself. */
  isComponent?: true
  /** True for a file that cannot be read as YAML or JSON either. */
  isUnreadable?: boolean
}

/** Maximum number of names of unreadable files in a line; the others are counted. */
const MAX_NAMES = 10

/** Names the files that cannot be read: one of them may have been meant as a manifest. */
function unreadableText(others: readonly OtherFile[]): string {
  const names = others.filter(({ isUnreadable }) => isUnreadable === true).map(({ label }) => escapeText(label))
  if (names.length === 0) return ''
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : ''
  return `note: not readable as YAML: ${names.slice(0, MAX_NAMES).join(', ')}${more}\n`
}

/** The names of each kind of file, and how to get sidecars into the manifests made from it. */
const PURPOSES: Readonly<
  Record<FilePurpose, { one: string; many: string; by?: string; hint?: (folder: string) => string }>
> = {
  kustomization: { one: 'a kustomization', many: 'kustomizations' },
  'kustomize-patch': {
    one: 'a kustomize patch',
    many: 'kustomize patches',
    by: 'of',
    hint: (folder) => `inject the base, or pipe the output: kustomize build ${folder} | sidecarctl inject -`,
  },
  'kustomize-settings': { one: 'a file that kustomize reads', many: 'files that kustomize reads', by: 'by' },
  'helm-chart': {
    one: 'a file of a Helm chart',
    many: 'files of Helm charts',
    by: 'in',
    hint: (folder) => `pipe the rendered chart: helm template ${folder} | sidecarctl inject -`,
  },
  compose: { one: 'a Compose file', many: 'Compose files' },
  ci: { one: 'a file for CI', many: 'files for CI' },
  sidecarctl: {
    one: 'a policy, template or report of sidecarctl',
    many: 'policies, templates and reports of sidecarctl',
  },
  settings: { one: 'settings of another tool', many: 'files with settings of other tools' },
  unknown: { one: 'a file without Kubernetes objects', many: 'files without Kubernetes objects' },
}

/** `a kustomize patch of overlays/prod/kustomization.yaml` */
export function purposeText({ purpose, by }: OtherFile): string {
  const { one, by: word } = PURPOSES[purpose]
  return by === undefined || word === undefined ? one : `${one} ${word} ${by}`
}

/** How to proceed; undefined if there is nothing to do. */
export function hintOf(other: OtherFile): string | undefined {
  if (other.isComponent === true && other.purpose === 'kustomize-patch') return 'inject the base'
  return PURPOSES[other.purpose].hint?.(folderOf(other))
}

/** The folder of the kustomization or chart, as an argument of a command. */
function folderOf({ purpose, by = '.' }: OtherFile): string {
  const folder = purpose === 'helm-chart' ? by : by.slice(0, Math.max(0, by.lastIndexOf('/')))
  return fileArgument(folder === '' ? '.' : folder)
}

/**
 * Lists the files that were skipped because they are not manifests: one line with their counts, and hints. With -v each
 * file has its own line, and files of sidecarctl are included.
 */
export function otherFilesText(others: readonly OtherFile[], verbosity: 'quiet' | 'normal' | 'verbose'): string {
  if (verbosity === 'quiet') return ''
  const shown = verbosity === 'verbose' ? others : others.filter(({ purpose }) => purpose !== 'sidecarctl')
  if (shown.length === 0) return ''
  const found = (Object.keys(PURPOSES) as FilePurpose[]).flatMap((purpose) => {
    const files = shown.filter((other) => other.purpose === purpose)
    const first = files.find(({ isComponent }) => isComponent !== true) ?? files[0]
    const { one, many } = PURPOSES[purpose]
    return first === undefined ? [] : [{ count: files.length, one, many, hint: hintOf(first) }]
  })
  const each =
    verbosity === 'verbose'
      ? shown.map((other) => `${escapeText(other.label)}: not a manifest: ${escapeText(purposeText(other))}\n`)
      : []
  const counts = found
    .map(({ count, one, many }) => (count === 1 ? `1 ${one.replace(/^an? /, '')}` : `${count} ${many}`))
    .join(', ')
  const hints = found.flatMap(({ hint, many }) => (hint === undefined ? [] : [`hint: for ${many}, ${hint}\n`]))
  return `${each.join('')}${plural(shown.length, 'file')} skipped that ${shown.length === 1 ? 'is not a manifest' : 'are not manifests'}: ${counts}\n${unreadableText(shown)}${hints.join('')}`
}
