import { describe, expect, it } from 'vitest'
import { findings, output, put, take, templates } from '../inject/run.ts'

const TAIL = templates({
  tail: `
container: {image: t, volumeMounts: [{name: logs, mountPath: /logs}]}
sharedFolders: [{path: /var/log/app, volume: logs}]
`,
})
const LENIENT = { ...TAIL, validate: false }

const POD = `apiVersion: v1
kind: Pod
metadata: {name: a}
spec:
  containers:
    - name: app
      image: a
`

/** The pod with the sidecar in it, and something put in once more by hand. */
async function doubled(before: string, item: string): Promise<string> {
  const text = output(await put(POD, TAIL))
  const out = text.replace(before, before + item)
  expect(out).not.toBe(text)
  return out
}

describe('duplicate items', () => {
  it.each([
    ['volumes', '  volumes:\n', '    - name: logs\n      hostPath: {path: /x}\n', ['VOLUME_NAME_DUPLICATE in.yaml:14:13 < in.yaml:12:13']],
    ['mounts', '      volumeMounts:\n', '        - {name: logs, mountPath: /var/log/app}\n', ['MOUNT_PATH_DUPLICATE in.yaml:11:22 < in.yaml:9:35']],
    ['app containers', '  containers:\n', '    - {name: app, image: b}\n', ['CONTAINER_NAME_DUPLICATE in.yaml:7:13 < in.yaml:6:14']],
    ['init containers', '  initContainers:\n', '    - {name: tail, image: b}\n', ['CONTAINER_NAME_DUPLICATE in.yaml:16:13 < in.yaml:15:14']],
  ])('are refused where a sidecar has part in one: %s', async (_, before, item, expected) => {
    const text = await doubled(before, item)
    expect(findings(await put(text, LENIENT)).slice(-1)).toEqual(expected)
    expect(findings(await take(text, LENIENT))).toEqual(expected)
  })

  it('are refused before a first run, too', async () => {
    const text = `${POD}    - name: app\n      image: b\n`
    expect(findings(await put(text, LENIENT))).toEqual(['CONTAINER_NAME_DUPLICATE in.yaml:8:13 < in.yaml:6:13'])
  })

  it.each([
    ['others', '  volumes: [{name: v, emptyDir: {}}, {name: v}]\n'],
    ['such as a sidecar takes as they are', '  volumes: [{name: logs, emptyDir: {}}, {name: logs, hostPath: {path: /x}}]\n'],
    ['no names', '  volumes: [{emptyDir: {}}, {emptyDir: {}}]\n'],
  ])('stay as they are where a sidecar does not touch them: %s', async (_, volumes) => {
    const once = await put(POD + volumes, LENIENT)
    expect(findings(once)).toEqual([])
    expect(output(await put(output(once), LENIENT))).toBe(output(once))
    expect(output(await take(output(once), LENIENT))).toBe(POD + volumes)
  })
})
