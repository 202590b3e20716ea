import type { CheckedKind } from '../core/validate/list-kinds.ts'
import type { KubeVersion } from '../core/kube/version.ts'
import { columns } from './columns.ts'
import { reportText } from './json/header.ts'

/** Built-in kinds as a table: API version, kind, what is checked, and whether clusters serve it by default. */
export function kindsText(kinds: readonly CheckedKind[]): string {
  const rows = [
    ['APIVERSION', 'KIND', 'CHECKED', 'SERVED'],
    ...kinds.map(({ apiVersion, kind, checks, byDefault }) => [
      apiVersion,
      kind,
      checks,
      byDefault ? 'by default' : `with --served ${apiVersion}`,
    ]),
  ]
  return columns(rows)
}

/** The same as JSON, for programs. */
export function kindsJson({ minor }: KubeVersion, kinds: readonly CheckedKind[]): string {
  return reportText('KindList', { kubernetesVersion: `1.${minor}`, kinds })
}
