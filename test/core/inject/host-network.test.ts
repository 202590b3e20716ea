/** Pods with hostNetwork: the ports that sidecars open, or would open, on the node. And folders that outlast the pod. */
import { describe, expect, it } from 'vitest'
import { summaryText } from '../../../src/report/summary.ts'
import { deployment, run } from '../selection/support.ts'

const HOST = deployment().replace('      containers:', '      hostNetwork: true\n      containers:')
const ENV = { verbosity: 'verbose', color: false } as unknown as Parameters<typeof summaryText>[1]

describe('pods with hostNetwork', () => {
  it.each([
    ['logging', 'port 2020'],
    ['metrics', 'port 8889, port 13133'],
    ['metrics-statsd', 'port 9102, port 9125/UDP'],
    ['proxy', 'port 10000, port 9902'],
  ])('%s is skipped, and its ports are said', async (name, ports) => {
    const result = await run({ 'a.yaml': HOST }, { sidecars: [name] })
    expect(result.files[0]?.output).toBe(HOST)
    expect(summaryText(result, ENV)).toContain(
      `${name} skipped (it uses the host network, where it would open ${ports})\n`,
    )
  })

  it('a sidecar that is allowed there is warned of', async () => {
    const parameters = [{ template: 'logging', name: 'hostNetwork', value: 'allow' }]
    const { files, diagnostics } = await run({ 'a.yaml': HOST }, { sidecars: ['logging'], parameters })
    expect(files[0]?.output).toContain('name: logging')
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      [
        'HOST_PORTS_OPENED',
        'the pod uses the host network, so sidecar "logging" opens port 2020 on the node, for everyone who can reach it',
      ],
    ])
  })

  it('one without ports goes in without a word', async () => {
    const parameters = [{ template: 'wait-for', name: 'targets', value: 'db:1' }]
    const { files, diagnostics } = await run({ 'a.yaml': HOST }, { sidecars: ['wait-for'], parameters })
    expect([files[0]?.output.includes('wait-for'), diagnostics]).toEqual([true, []])
  })
})

describe('logs that outlast the pod', () => {
  const set = (mounts: string): string => `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
        - name: db
          image: db:1
          volumeMounts: [${mounts}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`

  it.each(['logging', 'logging-fluentd'])('%s is warned of, unless its state outlasts it, too', async (name) => {
    const text = set('{name: data, mountPath: /var/log/app}')
    const warned = await run({ 'a.yaml': text }, { sidecars: [name] })
    expect(warned.diagnostics).toMatchObject([{ code: 'FOLDER_READ_AGAIN', hint: expect.stringContaining(`--set ${name}.stateInFolder=true`) as unknown }])
    const parameters = [{ template: name, name: 'stateInFolder', value: 'true' }]
    const { files, diagnostics } = await run({ 'a.yaml': text }, { sidecars: [name], parameters })
    expect(diagnostics).toEqual([])
    expect(files[0]?.output).not.toContain(`name: ${name}-state`)
    expect(files[0]?.output).toContain('/var/log/app/.')
  })

  it('logs elsewhere are those of the pod', async () => {
    expect((await run({ 'a.yaml': set('{name: data, mountPath: /data}') }, { sidecars: ['logging'] })).diagnostics).toEqual([])
  })
})
