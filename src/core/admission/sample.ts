import { append } from '../common/append.ts'
import { errorsOf, type Diagnostic } from '../diagnostics/diagnostic.ts'
import type { InjectOptions } from '../inject/options.ts'
import { inject } from '../inject/run.ts'
import { SourceText } from '../text/source.ts'
import type { SelectedSidecar } from './admission-policy.ts'
import type { SidecarParts } from './sidecar-parts.ts'

/** A Pod without anything that a sidecar could conflict with, at Pod Security level baseline. */
const POD = `apiVersion: v1
kind: Pod
metadata:
  name: sample
spec:
  containers:
    - name: sidecarctl-app
      image: example.com/app
`

/** The fields that raise it to level restricted. */
const RESTRICTED = `      securityContext:
        allowPrivilegeEscalation: false
        runAsNonRoot: true
        capabilities: {drop: [ALL]}
        seccompProfile: {type: RuntimeDefault}
`

/**
 * Errors of sidecars in any Pod, which `inject` finds in a sample: fields that the API server rejects, or a lower Pod
 * Security level. If only Pods of level restricted are affected, there is a note instead, as a policy does not know its
 * Pods.
 */
export async function sampleProblems(
  sidecars: readonly SelectedSidecar[],
  options: InjectOptions,
): Promise<{ diagnostics: Diagnostic[]; notes: string[] }> {
  const diagnostics: Diagnostic[] = []
  const notes: string[] = []
  for (const { parts } of sidecars) {
    const found = await problemsIn(POD, parts, options)
    append(diagnostics, found)
    if (found.length > 0 || (await problemsIn(POD + RESTRICTED, parts, options)).length === 0) continue
    notes.push(
      `sidecar ${parts.sidecar.name} lowers the Pod Security level of Pods that are restricted: namespaces that enforce restricted reject them.`,
    )
  }
  return { diagnostics, notes }
}

/** Errors of `inject` with one sidecar in a Pod. */
async function problemsIn(
  pod: string,
  { sidecar: { name, parameters, app }, mode }: SidecarParts,
  { policy: _policy, ...options }: InjectOptions,
): Promise<Diagnostic[]> {
  const [first = 'sidecarctl-app', ...others] = typeof app.containers === 'string' ? [] : app.containers
  const more = others.map((other) => `    - {name: ${other}, image: example.com/app}\n`)
  const text = [pod.replace('sidecarctl-app', first), ...more].join('')
  const { diagnostics } = await inject([new SourceText('a sample Pod', text)], {
    ...options,
    sidecars: [name],
    parameters: Object.entries(parameters).map(([parameter, value]) => ({
      template: name,
      name: parameter,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    })),
    modes: new Map([[name, mode]]),
  })
  return errorsOf(diagnostics)
}
