import { describe, expect, it } from 'vitest'
import { SourceText } from '../../../src/core/text/source.ts'
import { checkPromises } from '../../cases/promises.ts'
import { asked, findings, output, put, take, templates } from './run.ts'

const TWO = templates({
  tail: 'container: {image: t}\nsharedFolders: [{volume: logs, path: /var/log/app, sidecarPath: /logs}]\nvolumes: [{name: state, emptyDir: {}}]',
  ship: 'container: {image: s}\nsharedFolders: [{volume: logs, path: /var/log/app, sidecarPath: /logs}]',
})
const TAIL = { ...TWO, sidecars: ['tail'] }

const pod = (more = ''): string => `apiVersion: v1
kind: Pod
metadata:
  name: a
spec:
  containers:
    - name: app
      image: a
${more}`

/** A container that was put in front of the app's by hand. */
const MINE = '    - name: mine\n      image: m\n      volumeMounts:\n        - name: logs\n          mountPath: /mine\n'

function withMine(text: string, mine = MINE): string {
  return text.replace('  containers:\n', `  containers:\n${mine}`)
}

describe('a volume of ours that something of the user mounts', () => {
  it('stays when its sidecar goes, and is the user\'s then', async () => {
    const injected = output(await put(pod(), TAIL))
    const taken = await take(withMine(injected))
    expect(findings(taken)).toEqual(['VOLUME_LEFT in.yaml:13:11'])
    expect(output(taken)).toBe(withMine(`${pod()}  volumes:\n    - name: logs\n      emptyDir: {}\n`))
    expect(taken.files[0]?.workloads[0]?.sidecars[0]?.details).not.toContain('spec.volumes[logs]')
  })

  it('goes when that is gone before', async () => {
    const injected = output(await put(pod(), TAIL))
    expect(output(await take(withMine(injected).replace(MINE, '')))).toBe(pod())
  })

  it.each([
    ['another mount of the app', (text: string) => text.replace('mountPath: /var/log/app\n', '$&        - name: logs\n          mountPath: /mine\n')],
    ['a block device', (text: string) => withMine(text, MINE.replace('volumeMounts', 'volumeDevices').replace('mountPath', 'devicePath'))],
    ['a variable from a file in it', (text: string) =>
      withMine(text, '    - name: mine\n      image: m\n      env: [{name: A, valueFrom: {fileKeyRef: {volumeName: logs, path: p, key: k}}}]\n')],
    ['an init container', (text: string) => text.replace('  initContainers:\n', `$&${MINE}`)],
  ])('stays for %s', async (_, add) => {
    const changed = add(output(await put(pod(), TAIL)))
    expect(changed).not.toBe(output(await put(pod(), TAIL)))
    const taken = await take(changed)
    expect(findings(taken).map((f) => f.split(' ')[0])).toEqual(['VOLUME_LEFT'])
    expect(output(taken)).toContain('    - name: logs\n      emptyDir: {}\n')
    expect(output(taken)).not.toContain('state')
  })

  it('is no longer asked for by a newer template, and a second run says nothing', async () => {
    const injected = withMine(output(await put(pod(), TAIL)))
    const newer = templates({ tail: 'container: {image: t}' }, '2')
    const second = await put(injected, newer)
    expect(findings(second)).toEqual(['VOLUME_LEFT in.yaml:13:11'])
    const third = await put(output(second), newer)
    expect([findings(third), output(third)]).toEqual([[], output(second)])
    expect(output(await take(third.files[0]?.output ?? ''))).toBe(withMine(`${pod()}  volumes:\n    - name: logs\n      emptyDir: {}\n`))
  })

  it('is ours as long as a sidecar wants it', async () => {
    const injected = output(await put(pod(), TWO)).replace('  initContainers:\n', `$&${MINE}`)
    expect(output(await put(injected, TWO))).toBe(injected)
    const one = await take(injected, { sidecars: ['tail'] })
    expect(findings(one)).toEqual([])
    expect(findings(await take(output(one)))).toEqual([expect.stringMatching('^VOLUME_LEFT')])
  })

  it.each([
    ['a mount of the app', pod('      volumeMounts: [{name: logs, mountPath: /mine}]\n')],
    ['one in a container that overrides the sidecar\'s', pod('    - name: tail\n      volumeMounts: [{name: logs, mountPath: /logs}]\n')],
  ])('does not stay for what asked for it before it came: %s', async (_, text) => {
    const result = await put(text, TAIL)
    await checkPromises(new SourceText('in.yaml', text), output(result), asked(TAIL))
    expect(output(result)).toContain('"uses":["spec.containers[')
    const both = output(await put(output(result), { ...TWO, sidecars: ['ship'] }))
    expect(output(await take(both))).toBe(text)
  })
})
