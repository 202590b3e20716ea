/** Fields that Kubernetes got lately, in templates: they go into workloads of versions that have them, and are errors for others. */
import { describe, expect, it } from 'vitest'
import { SourceText } from '../../../src/core/text/source.ts'
import { deployment, run } from '../selection/support.ts'

const own = (spec: string): SourceText[] => [
  new SourceText(
    'own.yaml',
    `apiVersion: sidecarctl.dev/v1\nkind: SidecarTemplate\nmetadata: {name: own, version: "1", description: x}\nspec:\n${spec.replace(/^/gm, '  ')}\n`,
  ),
]

async function codes(spec: string, minor: number): Promise<[string[], string]> {
  const { files, diagnostics } = await run(
    { 'a.yaml': deployment() },
    { templates: own(spec), sidecars: ['own'], kubeVersion: { minor } },
  )
  return [diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code), files[0]?.output ?? '']
}

describe.each([
  ['resizePolicy', 'container: {image: a, resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]}', [31, 36], undefined],
  ['image volumes', 'container: {image: a, volumeMounts: [{name: v, mountPath: /v}]}\nvolumes: [{name: v, image: {reference: "b:1"}}]', [36], undefined],
  [
    'restartPolicyRules',
    'mode: classic\ncontainer: {image: a, restartPolicy: Never, restartPolicyRules: [{action: Restart, exitCodes: {operator: In, values: [42]}}]}',
    [34, 36],
    32,
  ],
] as [string, string, number[], number | undefined][])('%s', (_, spec, has, hasNot) => {
  it.each(has)('goes into a workload of Kubernetes 1.%i', async (minor) => {
    const [errors, output] = await codes(spec, minor)
    expect(errors).toEqual([])
    expect(output).toMatch(/resizePolicy|reference: b:1|restartPolicyRules/)
  })

  // All known versions have the others.
  if (hasNot !== undefined)
    it(`is an error for Kubernetes 1.${hasNot}`, async () => {
      expect((await codes(spec, hasNot))[0]).toContain('RESULT_INVALID')
    })
})
