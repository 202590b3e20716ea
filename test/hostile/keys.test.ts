/** Keys that mean something to JavaScript are keys like others. */
import { afterEach, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { folder } from '../cli/fake.ts'
import { sidecarctl } from '../cli/gitops.ts'
import { configMap, ENTRIES, pod, policy, template } from './manifests.ts'

const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'then',
  '__defineGetter__',
]

afterEach(() => {
  if (Object.keys(Object.prototype).length > 0 || 'polluted' in {}) throw new Error('every object has a field more')
})

const EVIL = `{${KEYS.map((key) => `${key}: {polluted: "yes"}`).join(', ')}}`

it.each(ENTRIES)('in $name they do nothing', async ({ name, of }) => {
  const { files, argv } = of(EVIL)
  const { code, stdout, stderr } = await sidecarctl(folder(files), argv)
  // Fields that a schema does not know make nothing valid or invalid.
  expect(name === 'a definition' ? [0] : [1, 2]).toContain(code)
  expect(/ error /.test(stdout + stderr)).toBe(code !== 0)
})

describe.each(KEYS)('%s', (key) => {
  const plain = key.replaceAll('_', '')

  it('as label, annotation, variable and volume of a workload stays, and the sidecar goes in and out', async () => {
    const text = pod({
      name: 'web',
      metadata: `  labels: {${plain}: a}\n  annotations: {${plain}: b}\n`,
      container: `      env: [{name: ${key}, value: ${key}}]\n      volumeMounts: [{name: x, mountPath: /${key}}]\n  nodeSelector: {${plain}: c}\n  volumes: [{name: x, emptyDir: {}}]\n`,
    })
    const done = await sidecarctl(folder({ 'in.yaml': text }), ['inject', '-s', 'logging', 'in.yaml'])
    expect(done).toMatchObject({ code: 0 })
    expect(parse(done.stdout)).toMatchObject({
      metadata: { labels: { [plain]: 'a' }, annotations: { [plain]: 'b' } },
      spec: { nodeSelector: { [plain]: 'c' } },
    })
    expect((await sidecarctl(folder({ 'in.yaml': done.stdout }), ['uninject', 'in.yaml'])).stdout).toBe(text)
  })

  it('is data of a ConfigMap', async () => {
    const { code, stdout } = await sidecarctl(folder({ 'in.yaml': configMap(`{${key}: "1"}`) }), [
      'validate',
      'in.yaml',
    ])
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' })
  })

  it('is no field', async () => {
    const { code, stdout } = await sidecarctl(folder({ 'in.yaml': pod({ container: `      ${key}: {}\n` }) }), [
      'validate',
      'in.yaml',
    ])
    expect(code).toBe(1)
    expect(stdout).toContain(`unknown field "${key}"`)
  })

  it.each<[string, string[]]>([
    ['a sidecar', ['-s', key]],
    ['a sidecar to set', ['-s', 'logging', '--set', `${key}.polluted=1`]],
    ['a parameter', ['-s', 'logging', '--set', `logging.${key}=1`]],
    ['a sidecar with a mode', ['-s', 'logging', '--mode', `${key}=native`]],
    ['a mode', ['-s', 'logging', '--mode', key]],
    ['a conflict policy', ['-s', 'logging', '--on-conflict', key]],
    ['a version', ['-s', 'logging', '--kubernetes-version', key]],
    ['an output', ['-s', 'logging', '-o', key]],
  ])('is refused as %s', async (_, flags) => {
    const { code, stdout, stderr } = await sidecarctl(folder({ 'in.yaml': pod() }), ['inject', 'in.yaml', ...flags])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^error/m)
  })

  it('selects nothing as namespace or label', async () => {
    const cwd = folder({ 'in.yaml': pod() })
    for (const flags of [
      ['-n', key],
      ['-l', `${plain}=x`],
      ['-l', plain],
    ]) {
      const { code, stdout } = await sidecarctl(cwd, ['inject', 'in.yaml', '-s', 'logging', ...flags])
      // Capital letters and underscores make no namespace.
      expect([
        { code: 0, stdout: pod() },
        { code: 2, stdout: '' },
      ]).toContainEqual({ code, stdout })
    }
  })

  it('is the name of a parameter like others, or refused', async () => {
    const t = template(
      `  parameters: {${key}: {type: string, description: D., default: given}}\n  container: {image: "a:1", args: ["\${{ params.${key} }}"]}\n`,
    )
    const { code, stdout, stderr } = await sidecarctl(folder({ 'in.yaml': pod(), 't.yaml': t }), [
      'inject',
      '-t',
      't.yaml',
      '-s',
      'mine',
      'in.yaml',
    ])
    if (code === 0) expect(parse(stdout)).toMatchObject({ spec: { initContainers: [{ args: ['given'] }] } })
    else expect(stderr).toMatch(/^t\.yaml:\d+:\d+ error TEMPLATE_INVALID/)
  })

  it('is the name of a rule, and matches nothing as kind, namespace or label', async () => {
    const rules = `[{name: ${key}, match: {kinds: [${key}]}, add: [logging]}, {match: {namespaces: [${key}]}, add: [logging]}, {match: {labels: {${plain}: x}}, add: [logging]}]`
    const { code, stdout, stderr } = await sidecarctl(folder({ 'in.yaml': pod(), 'sidecarctl.yaml': policy(rules) }), [
      'inject',
      'in.yaml',
    ])
    if (code === 0) expect(stdout).toBe(pod())
    else
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/^sidecarctl\.yaml:\d+:\d+ error/),
      })
  })
})
