import { describe, expect, it } from 'vitest'
import { folder } from '../../cli/fake.ts'
import { sidecarctl } from '../../cli/gitops.ts'

const SERVICE = `apiVersion: serving.knative.dev/v1
kind: Service
metadata: {name: hello}
spec:
  template:
    spec:
      containers:
        - {name: hello, image: "example.com/hello:1", ports: [{containerPort: 8080}]}
`

/** A template of one container with some fields, and other fields of the pod. */
function template(container: string, spec = ''): string {
  return `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: own, version: 1.0.0, description: Own.}
spec:
  container: {image: "busybox:1.37", ${container}}
${spec}`
}

const REFUSED = /sidecar "own" uses fields that Knative rejects by default: (.*)\n/

async function objections(text: string, ...flags: string[]): Promise<string | undefined> {
  const cwd = folder({ 'own.yaml': text, 'service.yaml': SERVICE })
  const { code, stderr } = await sidecarctl(cwd, ['inject', 'service.yaml', '-t', 'own.yaml', '-s', 'own', ...flags])
  expect(code).toBe(0)
  return REFUSED.exec(stderr)?.[1]
}

describe('a sidecar in a Knative Service', () => {
  it.each<[string, string, string | undefined]>([
    ['args: [a]', '', undefined],
    ['args: [a]', '  pod: {fsGroup: 1, shareProcessNamespace: true, minTerminationGracePeriodSeconds: 60}\n',
      'fsGroup (feature kubernetes.podspec-securitycontext); terminationGracePeriodSeconds; shareProcessNamespace'],
  ])('with %s %s: %s', async (container, spec, expected) => {
    expect(await objections(template(container, spec))).toBe(expected)
  })

  it('is an ordinary container, unless it is asked for as a native one', async () => {
    const cwd = folder({ 'own.yaml': template('args: [a]'), 'service.yaml': SERVICE })
    expect((await sidecarctl(cwd, ['inject', 'service.yaml', '-t', 'own.yaml', '-s', 'own'])).stdout).not.toContain('initContainers')
    expect(await objections(template('readinessProbe: {exec: {command: [a]}}'), '--mode', 'native'))
      .toBe('init containers (feature kubernetes.podspec-init-containers); probes of an init container')
  })
})
