import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { SourceText } from '../../../src/core/text/source.ts'
import { checkPromises } from '../../cases/promises.ts'
import { asked, findings, output, put, templates } from './run.ts'

const SHIP = templates({
  ship: `
initContainers:
  - name: prepare
    image: example.com/ship:1
    volumeMounts: [{name: state, mountPath: /state}]
container:
  image: example.com/ship:1
  env:
    - name: CPU
      valueFrom: {resourceFieldRef: {containerName: ship, resource: limits.cpu}}
  volumeMounts: [{name: state, mountPath: /state}]
volumes: [{name: state, emptyDir: {sizeLimit: 1Gi}}]
sharedFolders: [{volume: logs, path: /var/log/app}]
app:
  volumeMounts: [{name: state, mountPath: /ship}]
`,
})

const pod = (volumes: string, more = '', name = 'app'): string => `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - {name: ${name}, image: a}
${more}  volumes:
    - name: other
      emptyDir: {}
${volumes}`

const STATE = '    - name: state\n      emptyDir: {}\n'
const LOGS = '    - name: logs\n      hostPath: {path: /x}\n'
const PREPARE = '  initContainers:\n    - {name: prepare, image: mine}\n'

interface Spec { spec: Record<string, { name: string; volumeMounts?: { name: string; mountPath: string }[] }[]> }

/** What of a pod has which name: volumes, and each container with its mounts. */
async function names(text: string, onConflict: 'rename' | 'keep', options = SHIP): Promise<Record<string, string>> {
  const all = { ...options, onConflict }
  const result = await put(text, all)
  expect(findings(result)).toEqual([])
  if (output(result) !== text) await checkPromises(new SourceText('in.yaml', text), output(result), asked(all))
  const { spec } = parse(output(result)) as Spec
  const containers = [...(spec['initContainers'] ?? []), ...(spec['containers'] ?? [])]
  return Object.fromEntries([
    ['volumes', (spec['volumes'] ?? []).map((v) => v.name).join(' ')],
    ...containers.map((c) => [c.name, (c.volumeMounts ?? []).map((m) => `${m.name}:${m.mountPath}`).join(' ')]),
  ]) as Record<string, string>
}

describe('names that are taken', () => {
  it.each([
    ['a volume', pod(STATE), ['VOLUME_NAME_TAKEN in.yaml:10:13 < ship.yaml:15:3']],
    ['the volume of a shared folder', pod(LOGS), ['VOLUME_NAME_TAKEN in.yaml:10:13 < ship.yaml:16:3']],
    ['an init container', pod('', PREPARE), ['CONTAINER_NAME_TAKEN in.yaml:8:14 < ship.yaml:5:3']],
    ['the only container', pod('', '', 'ship'), ['CONTAINER_NAME_TAKEN in.yaml:6:14 < ship.yaml:9:3']],
  ])('fail with both places: %s', async (_, text, expected) => {
    const result = await put(text, SHIP)
    expect(findings(result)).toEqual(expected)
    expect(output(result)).toBe(text)
  })

  it.each([
    ['a volume, with all that refers to it', pod(STATE), {
      volumes: 'other state logs state-2', app: 'logs:/var/log/app state-2:/ship',
      prepare: 'state-2:/state logs:/var/log/app', ship: 'state-2:/state logs:/var/log/app',
    }],
    ['the volume of a shared folder', pod(LOGS), {
      volumes: 'other logs logs-2 state', app: 'logs-2:/var/log/app state:/ship',
      prepare: 'state:/state logs-2:/var/log/app', ship: 'state:/state logs-2:/var/log/app',
    }],
    ['a free number', pod(`${STATE}${STATE.replace('state', 'state-2')}`), {
      volumes: 'other state state-2 logs state-3', app: 'logs:/var/log/app state-3:/ship',
      prepare: 'state-3:/state logs:/var/log/app', ship: 'state-3:/state logs:/var/log/app',
    }],
    ['an init container', pod('', PREPARE), {
      volumes: 'other logs state', app: 'logs:/var/log/app state:/ship', prepare: '',
      'prepare-2': 'state:/state logs:/var/log/app', ship: 'state:/state logs:/var/log/app',
    }],
    ['the only container', pod('', '', 'ship'), {
      volumes: 'other logs state', ship: 'logs:/var/log/app state:/ship',
      prepare: 'state:/state logs:/var/log/app', 'ship-2': 'state:/state logs:/var/log/app',
    }],
  ])('rename: %s', async (_, text, expected) => {
    expect(await names(text, 'rename')).toEqual(expected)
  })

  it('rename references to a container by name, too', async () => {
    const result = output(await put(pod('', '', 'ship'), { ...SHIP, onConflict: 'rename' }))
    expect(result).toContain('containerName: ship-2')
  })

  it.each([
    ['the volume that is there', pod(STATE), {
      volumes: 'other state logs', app: 'logs:/var/log/app state:/ship',
      prepare: 'state:/state logs:/var/log/app', ship: 'state:/state logs:/var/log/app',
    }],
    ['the volume that is there, as a shared folder', pod(LOGS), {
      volumes: 'other logs state', app: 'logs:/var/log/app state:/ship',
      prepare: 'state:/state logs:/var/log/app', ship: 'state:/state logs:/var/log/app',
    }],
    ['the pod without the sidecar', pod('', PREPARE), { volumes: 'other', app: '', prepare: '' }],
  ])('keep: %s', async (_, text, expected) => {
    expect(await names(text, 'keep')).toEqual(expected)
  })

  it('keep gives the reason', async () => {
    const { files } = await put(pod('', '', 'ship'), { ...SHIP, onConflict: 'keep' })
    expect(files[0]?.workloads[0]?.sidecars).toMatchObject([{ name: 'ship', action: 'skipped', reason: 'container-name-taken' }])
  })

  it('an equal volume is used as it is, whatever the policy', async () => {
    const equal = pod('    - name: state\n      emptyDir: {sizeLimit: 1Gi}\n')
    expect((await names(equal, 'rename'))['volumes']).toBe('other state logs')
  })

  it.each([
    ['a number', '{containerPort: 80}', '{containerPort: 80}', ['PORT_TAKEN']],
    ['a name', '{name: web, containerPort: 80}', '{name: web, containerPort: 81}', ['PORT_TAKEN']],
    ['a port of the node', '{containerPort: 80, hostPort: 8000}', '{containerPort: 81, hostPort: 8000}', ['PORT_TAKEN']],
    ['not where the protocol differs', '{containerPort: 80}', '{containerPort: 80, protocol: UDP}', []],
    ['not where neither asks for one of the node', '{containerPort: 80}', '{containerPort: 81}', []],
  ])('are those of ports, too: %s', async (_, theirs, ours, expected) => {
    const text = pod('').replace('image: a}', `image: a, ports: [${theirs}]}`)
    const result = await put(text, templates({ tail: `container: {image: t, ports: [${ours}]}` }))
    expect(findings(result).map((f) => f.split(' ')[0])).toEqual(expected)
  })

  it.each([['', 'ship'], ['  serviceAccountName: mine\n', 'mine']])('are none for a service account, which is set only where there is none: %j', async (own, expected) => {
    const result = await put(pod('') + own, templates({ tail: 'container: {image: t}\npod: {serviceAccountName: ship}' }))
    expect(findings(result)).toEqual([])
    expect((parse(output(result)) as { spec: { serviceAccountName: string } }).spec.serviceAccountName).toBe(expected)
  })

  it('hold between two sidecars, too, one after the other or both at once', async () => {
    const two = templates({
      one: 'container: {image: o}\nvolumes: [{name: data, emptyDir: {}}]',
      two: 'container: {image: t, volumeMounts: [{name: data, mountPath: /d}]}\nvolumes: [{name: data, emptyDir: {medium: Memory}}]',
    })
    expect(findings(await put(pod(''), two)).map((f) => f.split(' ')[0])).toEqual(['VOLUME_NAME_TAKEN'])
    const renamed = await names(pod(''), 'rename', two)
    expect(renamed).toMatchObject({ volumes: 'other data data-2', two: 'data-2:/d' })
    const all = { ...two, onConflict: 'rename' } as const
    const first = output(await put(pod(''), { ...all, sidecars: ['one'] }))
    expect(output(await put(first, { ...all, sidecars: ['two'] }))).toContain('name: data-2')
  })
})
