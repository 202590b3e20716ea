import { describe, expect, it } from 'vitest'
import { SourceText } from '../../../src/core/text/source.ts'
import { checkPromises } from '../../cases/promises.ts'
import { asked, findings, output, put, take, templates } from './run.ts'

const POD = `apiVersion: v1
kind: Pod
metadata:
  name: a
spec:
  containers:
    - name: app
      image: a
`

const folder = (volume: string, path: string): string => `container: {image: t}\nsharedFolders: [{volume: ${volume}, path: ${path}, sidecarPath: /x}]`

describe.each([
  ['volumes of other names', templates({ one: folder('first', '/c'), two: folder('second', '/c') }), ['one', 'two']],
  ['a folder below the other', templates({ one: folder('first', '/c'), two: folder('second', '/c/d') }), ['one', 'two']],
  ['built-in templates', {
    parameters: [['logging', 'folder', '/data'], ['data-sync', 'folder', '/data'], ['data-sync', 'remote', 'b:x'], ['data-sync', 'configSecret', 'c']]
      .map(([template = '', name = '', value = '']) => ({ template, name, value })),
  }, ['logging', 'data-sync']],
])('two sidecars that share a folder: %s', (_, options, sidecars) => {
  it.each([['one after the other', sidecars], ['in the other order', sidecars.toReversed()]])('%s', async (__, names) => {
    const chosen = { ...options, sidecars: names }
    const result = await put(POD, chosen)
    expect(findings(result)).toEqual([])
    await checkPromises(new SourceText('in.yaml', POD), output(result), asked(chosen))
  })

  it('each can go first', async () => {
    const result = output(await put(POD, { ...options, sidecars }))
    for (const first of sidecars) {
      const one = await take(result, { ...options, parameters: [], sidecars: [first] })
      expect(findings(one)).toEqual([])
      const none = await take(output(one), { ...options, parameters: [], sidecars: sidecars.filter((name) => name !== first) })
      expect([findings(none), output(none)]).toEqual([[], POD])
    }
  })
})

it('a volume of the user is claimed by no folder that it is used for', async () => {
  const mine = POD.replace(/$/, '      volumeMounts: [{name: mine, mountPath: /c}]\n  volumes: [{name: mine, emptyDir: {}}]\n')
  const options = templates({ one: folder('first', '/c'), two: folder('second', '/c') })
  const injected = output(await put(mine, options))
  const both = output(await put(POD, options))
  const digest = /"spec\.volumes\[first\]":"(\w+)"/.exec(both)?.[1] ?? ''
  const forged = injected.replace('"own":{', `"own":{"spec.volumes[mine]":"${digest}",`)
  expect(forged).not.toBe(injected)
  expect(findings(await take(forged, { ...options, sidecars: ['one', 'two'] })).map((f) => f.split(' ')[0])).toEqual(['RECORD_UNPROVEN'])
})
