import { append } from '../common/append.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { InjectOptions } from '../inject/options.ts'
import { inject } from '../inject/run.ts'
import { SourceText } from '../text/source.ts'
import type { SelectedSidecar } from './admission-policy.ts'

/** A Pod that has nothing that could be in the way of a sidecar. */
const POD = `apiVersion: v1
kind: Pod
metadata:
  name: sample
spec:
  containers:
    - name: sidecarctl-app
      image: example.com/app
      securityContext:
        allowPrivilegeEscalation: false
        runAsNonRoot: true
        capabilities: {drop: [ALL]}
        seccompProfile: {type: RuntimeDefault}
`

/**
 * What is wrong with sidecars in any Pod, as `inject` finds it in one: fields that the API server rejects, a lower Pod
 * Security level.
 */
export async function sampleProblems(
  sidecars: readonly SelectedSidecar[],
  { policy: _policy, ...options }: InjectOptions,
): Promise<Diagnostic[]> {
  const found: Diagnostic[] = []
  for (const { parts } of sidecars) {
    const { name, parameters, app } = parts.sidecar
    const names = typeof app.containers === 'string' || app.containers.length === 0 ? undefined : app.containers
    const text = names === undefined ? POD : POD.replace('sidecarctl-app', names[0] as string)
    const { diagnostics } = await inject([new SourceText('a sample Pod', text)], {
      ...options,
      sidecars: [name],
      parameters: Object.entries(parameters).map(([parameter, value]) => ({
        template: name,
        name: parameter,
        value: typeof value === 'string' ? value : JSON.stringify(value),
      })),
      modes: new Map([[name, parts.mode]]),
    })
    append(
      found,
      diagnostics.filter(({ severity }) => severity === 'error'),
    )
  }
  return found
}
