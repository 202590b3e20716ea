import { describe, expect, it } from 'vitest'
import { policy, run } from '../selection/support.ts'

const job = (metadata: string): string => `apiVersion: v1
kind: Pod
metadata: {${metadata}}
spec:
  containers:
    - name: app
      image: app:1
      ports: [{containerPort: 8080}]
`

async function jobName(metadata: string): Promise<string | undefined> {
  const { files } = await run({ 'a.yaml': job(metadata) }, { sidecars: ['metrics'] })
  return /job_name: "?([^"\n]*)/.exec(files[0]?.output ?? '')?.[1]
}

describe('a workload whose name will be generated', () => {
  it.each([
    ['name: web', 'web'],
    ['generateName: import-', 'import'],
    ['generateName: import', 'import'],
    ['name: web, generateName: import-', 'web'],
    [`generateName: ${'a'.repeat(70)}`, 'a'.repeat(58)],
  ])('{%s} gives templates the name %s', async (metadata, name) => {
    expect(await jobName(metadata)).toBe(name)
  })

  it('without any name, what needs it is an error', async () => {
    const { diagnostics } = await run({ 'a.yaml': job('labels: {}') }, { sidecars: ['metrics'] })
    expect(diagnostics.map(({ code }) => code)).toContain('PARAM_REQUIRED')
  })

  it.each([
    ['import-*', true],
    ['import-?????', true],
    ['*-import-*', false],
    ['import', false],
    ['import-\\*', false],
  ])('is matched by a rule for %s: %s', async (pattern, isMatched) => {
    const options = { policy: await policy(`rules:\n- {match: {names: ["${pattern.replace('\\', '\\\\')}"]}, add: [logging]}\n`) }
    const { files } = await run({ 'a.yaml': job('generateName: import-') }, options)
    expect(files[0]?.output.includes('name: logging')).toBe(isMatched)
  })
})
