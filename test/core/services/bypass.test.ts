import { describe, expect, it } from 'vitest'
import { findings, output, put, templates } from '../inject/run.ts'

const GATE = templates({ gate: 'container: {image: g, ports: [{containerPort: 9090}]}\nproxies: 8080' })
const PLAIN = templates({ gate: 'container: {image: g, ports: [{containerPort: 9090}]}' })

const APP = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, tier: front}}
    spec:
      containers:
        - {name: app, image: a, ports: [{name: http, containerPort: 8080}]}
---
`
const service = (ports: string, selector = 'selector: {app: web}, ', metadata = 'name: web'): string =>
  `${APP}apiVersion: v1\nkind: Service\nmetadata: {${metadata}}\nspec: {${selector}ports: [${ports}]}\n`

describe('a Service that goes past a proxy', () => {
  it.each([
    ['by number', service('{port: 80, targetPort: 8080}'), ['SERVICE_BYPASSES_PROXY in.yaml:15:61']],
    ['by the name of the port', service('{port: 80, targetPort: http}'), ['SERVICE_BYPASSES_PROXY in.yaml:15:61']],
    ['by its own port', service('{port: 8080}'), ['SERVICE_BYPASSES_PROXY in.yaml:15:45']],
    ['one of two ports', service('{name: a, port: 80, targetPort: 9090}, {name: b, port: 8080}'), ['SERVICE_BYPASSES_PROXY in.yaml:15:93']],
    ['to the proxy, not past it', service('{port: 80, targetPort: 9090}'), []],
    ['by another name', service('{port: 80, targetPort: other}'), []],
    ['of other pods', service('{port: 8080}', 'selector: {app: web, tier: back}, '), []],
    ['of none', service('{port: 8080}', ''), []],
    ['of another namespace', service('{port: 8080}', undefined, 'name: web, namespace: other'), []],
  ])('%s', async (_, text, expected) => {
    const result = await put(text, GATE)
    expect(findings(result)).toEqual(expected)
    expect(output(result)).toContain('name: gate')
    expect(findings(await put(output(result), GATE)).length).toBe(expected.length)
    expect(findings(await put(text, PLAIN))).toEqual([])
  })

  it('gets a hint that names the port of the proxy', async () => {
    const { diagnostics } = await put(service('{port: 8080}'), GATE)
    expect(diagnostics[0]?.hint).toBe('set targetPort to 9090, or use --retarget-services')
  })
})
