import { describe, expect, it } from 'vitest'
import { findings, output, put, templates } from './run.ts'

describe('sidecars of other tools', () => {
  it('are reported, left alone and none of the app\'s', async () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  initContainers:\n    - {name: istio-init, image: i}\n  containers:\n    - {name: istio-proxy, image: p}\n    - {name: app, image: a}\n    - {name: mine, image: "docker.io/linkerd/proxy:1"}\n'
    const share = templates({ gate: 'container: {image: g}\nsharedFolders: [{volume: v, path: /v}]' })
    const result = await put(text, share)
    expect(result.files[0]?.workloads[0]?.foreign).toEqual(['istio-proxy', 'mine', 'istio-init'])
    expect(output(result)).toContain('- {name: istio-proxy, image: p}\n')
    expect(output(result)).toContain('- {name: app, image: a, volumeMounts: [{name: v, mountPath: /v}]}')
  })

  it('are no overrides, whatever their name', async () => {
    const text = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n    - {name: app, image: a}\n    - {name: vault-agent, image: v}\n'
    expect(findings(await put(text, templates({ 'vault-agent': 'container: {image: g}' }))).map((f) => f.split(' <')[0])).toEqual(['CONTAINER_NAME_TAKEN in.yaml:7:14'])
  })
})
