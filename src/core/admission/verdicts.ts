import type { DiagnosticCode } from '../diagnostics/codes.ts'
import type { KubeVersion } from '../kube/version.ts'
import type { Sidecar } from '../template/template.ts'
import type { Part, SidecarParts } from './sidecar-parts.ts'

/** Why a sidecar cannot be exported. */
export interface ExportProblem {
  code: DiagnosticCode
  message: string
  hint: string
}

/**
 * Features of a sidecar that a policy cannot provide.
 * @param template the template as arguments of `templates show`
 * @param looked names of values of the workload that its template reads
 */
export function exportProblems(
  sidecar: Sidecar,
  template: string,
  looked: ReadonlySet<string>,
  version: KubeVersion,
): ExportProblem[] {
  const { name, requires, objects, sharedFolders, pod } = sidecar
  const impossible = (what: string, hint: string): ExportProblem => ({
    code: 'EXPORT_IMPOSSIBLE',
    message: `sidecar "${name}" cannot be exported: ${what}`,
    hint,
  })
  return [
    ...[...looked].map((value) =>
      impossible(
        `it depends on ${value}, which differs from Pod to Pod`,
        `give the parameters that use it a value; to print the template: sidecarctl templates show ${template}`,
      ),
    ),
    ...(requires.kinds.length > 0 && !requires.kinds.includes('Pod')
      ? [
          impossible(
            `it is only for ${requires.kinds.join(', ')}, and the API server sees their Pods`,
            'inject it into the manifests',
          ),
        ]
      : []),
    ...(version.minor < (requires.minMinor ?? 0) || version.minor > (requires.maxMinor ?? Infinity)
      ? [impossible(`it does not work with Kubernetes 1.${version.minor}`, 'use another --kubernetes-version')]
      : []),
    ...(objects.length > 0
      ? [impossible('it adds extra objects, and a policy changes only Pods', 'inject it into the manifests')]
      : []),
    ...(pod.serviceAccountName !== undefined
      ? [
          impossible(
            'it sets the service account, and every Pod has one when policies see it',
            'set serviceAccountName in the workloads, and remove it from the template',
          ),
        ]
      : []),
    ...(isNested(sharedFolders.map(({ path }) => path))
      ? [
          impossible(
            'one of its shared folders is inside another one',
            'share the outer folder only, or inject it into the manifests',
          ),
        ]
      : []),
  ]
}

function isNested(paths: readonly string[]): boolean {
  const folders = paths.map((path) => `${path.replace(/\/+$/, '')}/`)
  return folders.some((a, n) => folders.some((b, m) => n !== m && a.startsWith(b)))
}

function some(count: number, what: string): string[] {
  return count === 0 ? [] : [`${what}${count === 1 ? '' : 's'} (${count})`]
}

/** The features of a sidecar, with a verdict on how closely the policy follows `inject`. */
export function verdictsOf({ sidecar, mode, containers, volumes, app, folders, ...rest }: SidecarParts): string[] {
  const { name, version } = sidecar
  const inits = containers.filter(({ address }) => address[1] === 'initContainers').length
  const own = app.filter((part) => !folders.some(({ path }) => isMountAt(part, path)))
  const exact = [
    ...(mode === 'native' ? some(inits, 'init container or native sidecar') : some(inits, 'init container')),
    ...some(containers.length - inits, 'classic container'),
    ...folders.map(({ path }) => `shared folder ${path}, on the volume that the app has there or above`),
    ...some(volumes.length, 'volume'),
    ...some(own.length, 'addition to app container'),
    ...some(rest.labels.length, 'label'),
    ...some(rest.annotations.length, 'annotation'),
    ...some(rest.pullSecrets.length, 'pull secret'),
    ...some(rest.fields.length, 'pod setting'),
    ...(rest.grace === undefined ? [] : [`grace period of at least ${rest.grace} s`]),
    ...(sidecar.requires.hostNetwork === 'skip' ? ['not in Pods on the network of their node'] : []),
  ]
  const approximate = sidecar.proxies === undefined ? [] : ['Services are not retargeted: set their targetPort in Git']
  return [
    `sidecar ${name} ${version}: exact: ${exact.join('; ')}`,
    ...approximate.map((what) => `sidecar ${name}: impossible: ${what}`),
  ]
}

function isMountAt({ address: [list, item] }: Part, path: string): boolean {
  return list === 'volumeMounts' && typeof item === 'object' && item.id === path
}
