import { describe, expect, it } from 'vitest'
import type { InjectOptions } from '../../../src/core/inject/options.ts'
import type { RunResult } from '../../../src/core/inject/result.ts'
import { output, put, templates } from './run.ts'

const BASE = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web, tier: front}
      annotations: {note: a}
    spec:
      containers:
        - name: web
          image: nginx:1
          args: [--port, "80"]
          ports:
            - {name: http, containerPort: 80}
          env:
            - {name: LEVEL, value: info}
          volumeMounts:
            - {name: data, mountPath: /data}
      volumes:
        - {name: data, emptyDir: {}}
`

/** What stands before and behind: the first and the last document of a file are like no other. */
const OTHER = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\n'

interface Made {
  codes: string[]
  /** Undefined where there are errors. */
  text: string | undefined
}

function made(result: RunResult): Made {
  const hasErrors = result.diagnostics.some(({ severity }) => severity === 'error')
  return { codes: result.diagnostics.map(({ code }) => code), text: hasErrors ? undefined : output(result) }
}

/** What is made of two workloads in one file, and what is made of each alone. */
async function inBothWays(first: string, second: string, options: Partial<InjectOptions>): Promise<{ together: Made; apart: Made }> {
  const together = made(await put([OTHER, first, second, OTHER].join('---\n'), options))
  const [one, two] = [made(await put(first, options)), made(await put(second, options))]
  const hasText = one.text !== undefined && two.text !== undefined
  const text = hasText ? [OTHER, one.text, two.text, OTHER].join('---\n') : undefined
  return { together, apart: { codes: [...one.codes, ...two.codes], text } }
}

describe('the second of two workloads that differ', () => {
  const tail = templates({ tail: 'container: {image: t:1, ports: [{containerPort: 2020}]}' })
  const env = templates({ tail: 'container: {image: t:1}\napp: {env: [{name: LEVEL, value: debug}]}' })
  const labels = templates({ tail: 'container: {image: t:1}\npod: {labels: {tier: front}}' })
  const named = templates({ tail: 'container: {image: t:1, args: ["${{ workload.name }}.${{ workload.namespace }}"]}' })
  const port = templates({ tail: 'container: {image: t:1, args: ["${{ app.port }}"]}' })
  const image = templates({ tail: 'container: {image: "${{ app.image }}"}' })
  const folder = templates({ tail: 'container: {image: t:1}\nsharedFolders: [{volume: d, path: /data}]' })
  const objects = templates({ tail: 'container: {image: t:1}\nobjects: [{apiVersion: v1, kind: ConfigMap, data: {a: b}}]' })

  it.each<[string, string, string, Partial<InjectOptions>]>([
    ['a name at which nobody looks', 'name: web\n  namespace', 'name: a-much-longer-name\n  namespace', tail],
    ['an image, and numbers', 'nginx:1', 'registry.example.com/nginx:1.2.3', tail],
    ['the port of the sidecar', 'containerPort: 80', 'containerPort: 2020', tail],
    ['another port', 'containerPort: 80', 'containerPort: 8080', tail],
    ['the name of a port', 'name: http', 'name: web', tail],
    ['an image of another tool', 'nginx:1', 'istio/proxyv2:1', folder],
    ['the container\'s name', '- name: web', '- name: istio-proxy', folder],
    ['a container with the sidecar\'s name', '- name: web', '- {name: tail, args: [x]}\n        - name: web', tail],
    ['what is in a container of the sidecar\'s name', 'volumeMounts:', 'livenessProbe: {tcpSocket: {port: 80}}\n          volumeMounts:', tail],
    ['the value of a variable that the sidecar sets', 'value: info', 'value: debug', env],
    ['the name of a variable', 'LEVEL', 'OTHER', env],
    ['a label that the sidecar sets', 'tier: front}', 'tier: back}', labels],
    ['a name that the template uses', 'name: web\n  namespace', 'name: api\n  namespace', named],
    ['a namespace that the template uses', 'shop', 'depot', named],
    ['a port that the template uses', 'containerPort: 80', 'containerPort: 81', port],
    ['an image that the template uses', 'nginx:1', 'nginx:2', image],
    ['where a volume is mounted', 'mountPath: /data', 'mountPath: /other', folder],
    ['a volume', 'emptyDir: {}', 'emptyDir: {medium: Memory}', folder],
    ['the name after which further objects are called', 'name: web\n  namespace', 'name: api\n  namespace', objects],
    ['line ends', '\n', '\r\n', tail],
    ['indentation', '        - name: web', '      -   name: web', tail],
    ['a comment', 'image: nginx:1', 'image: nginx:1 # pinned', tail],
    ['an empty line behind it', '- {name: data, emptyDir: {}}\n', '- {name: data, emptyDir: {}}\n\n', tail],
  ])('comes out as it does alone: %s', async (_, from, to, options) => {
    const changed = BASE.replace(from, to)
    expect(changed).not.toBe(BASE)
    for (const [first, second] of [[BASE, changed], [changed, BASE]] as const) {
      const { together, apart } = await inBothWays(first, second, options)
      expect(together).toEqual(apart)
    }
  })

  it('comes out as it does alone: what was edited by hand in a container of ours', async () => {
    const options = { ...tail, modes: new Map([['', 'classic' as const]]) }
    const injected = output(await put(BASE, options))
    const edited = injected.replace('t:1', 't:2')
    for (const [first, second] of [[injected, edited], [edited, injected]] as const) {
      const { together, apart } = await inBothWays(first, second, options)
      expect(together).toEqual(apart)
    }
  })
})
