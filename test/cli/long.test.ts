import { describe, expect, it } from 'vitest'
import { folder } from './fake.ts'
import { sidecarctl } from './gitops.ts'

const COUNT = 4000

function deployment(name: string, image = 'nginx:1'): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - {name: app, image: "${image}"}
`
}

/** A stream longer than what is read as one text: every tenth document is a Deployment. */
function stream(special: Readonly<Record<number, string>> = {}): string {
  const filler = `data: {long: ${'x'.repeat(2500)}}\n`
  return Array.from({ length: COUNT }, (_, n) =>
    special[n] ?? (n % 10 === 0 ? deployment(`web-${n}`) : `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c-${n}}\n${filler}`)).join('---\n')
}

describe('a long stream', () => {
  const inject = async (stdin: string, ...argv: string[]) => await sidecarctl(folder(), ['inject', '--no-config', ...argv, '-'], { stdin })

  it('comes out as one, and its lines are counted as one', async () => {
    const text = stream({ 3001: deployment('special') })
    const { code, stdout, stderr } = await inject(text, '-v')
    expect(code).toBe(0)
    expect(stdout.split('sidecarctl.dev/injected').length - 1).toBe(COUNT / 10 + 1)
    const line = text.slice(0, text.indexOf(deployment('special'))).split('\n').length
    expect(stderr).toContain(`<stdin>:${line} Deployment special: injected logging`)
    expect(stderr).toContain(`(${COUNT / 10 + 1} workloads in 1 file)`)
    expect((await inject(stdout)).stdout).toBe(stdout)
    expect((await sidecarctl(folder(), ['uninject', '-'], { stdin: stdout })).stdout).toBe(text)
  })

  it('is the same as when it is made in one', async () => {
    const text = stream({ 5: deployment('other', 'nginx:2') })
    const [parts, whole] = [await inject(text), await inject(text, '-o', 'yaml')]
    expect(parts.stdout).toBe(whole.stdout)
  })

  it('prints nothing when its last document is wrong', async () => {
    const wrong = deployment('wrong').replace('containers:', 'containers: [')
    const { code, stdout, stderr } = await inject(stream({ [COUNT - 1]: wrong }))
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('error YAML_SYNTAX')
  })
})
