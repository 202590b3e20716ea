import { readPolicy } from '../../../src/core/selection/read-policy.ts'
import type { Policy } from '../../../src/core/selection/policy.ts'
import { SourceText } from '../../../src/core/text/source.ts'

/** The policy of a text that lacks only its kind. */
export async function policyOf(spec: string): Promise<Policy> {
  const { policy, diagnostics } = await readPolicy(
    new SourceText('sidecarctl.yaml', `apiVersion: sidecarctl.dev/v1\nkind: Policy\n${spec}\n`),
    () => undefined,
  )
  if (policy === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return policy
}
