import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder } from './fake.ts'
import { sidecarctl } from './gitops.ts'

/** A Deployment with a placeholder of Flux in each kind of field. */
const FLUX = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: \${app}-web
  namespace: \${namespace:=shop}
  labels: {"app": "\${app}"}
spec:
  replicas: \${replicas:=1}
  selector:
    matchLabels: {app: "\${app}"}
  template:
    metadata:
      labels:
        app: \${app}
        tier: \${tier:-web}
    spec:
      automountServiceAccountToken: \${token:=false}
      terminationGracePeriodSeconds: \${grace:=30}
      containers:
        - name: \${app}
          image: \${registry}/web:\${tag}
          imagePullPolicy: \${policy:=Always}
          ports:
            - containerPort: \${port:=8080}
          resources:
            limits: {cpu: "\${cpu}", memory: "\${memory}Mi"}
          securityContext:
            privileged: \${privileged:=false}
`

describe('placeholders of Flux', () => {
  it('are named for what they are, with the flag that allows them', async () => {
    const { code, stdout } = await sidecarctl(folder({ 'a.yaml': FLUX }), ['validate', 'a.yaml'])
    expect(code).toBe(1)
    const named = stdout.split('\n').filter((line) => / error /.test(line))
    expect(named.length).toBeGreaterThan(8)
    for (const line of named) expect(line).toContain('placeholder of Flux or envsubst')
    expect(stdout.match(/--allow-placeholders/g)?.length).toBe(named.length)
  })

  it('are valid values with --allow-placeholders, and with allowPlaceholders of the policy', async () => {
    const policy =
      'apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec: {allowPlaceholders: true, rules: [{add: [logging]}]}\n'
    const cwd = folder({ 'flux/a.yaml': FLUX, 'flux/sidecarctl.yaml': policy, 'b.yaml': FLUX })
    const first = await sidecarctl(cwd, ['validate', 'b.yaml', '--allow-placeholders', '-v'])
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('VALUE_NOT_CHECKED') })
    expect(await sidecarctl(cwd, ['validate', '-R', 'flux'])).toMatchObject({ code: 0 })
    expect(await sidecarctl(cwd, ['validate', '-R', '.'])).toMatchObject({ code: 1 })
    expect(await sidecarctl(cwd, ['inject', '-w', 'flux/a.yaml'])).toMatchObject({ code: 0 })
    const text = readFileSync(join(cwd, 'flux/a.yaml'), 'utf8')
    expect(text).toContain('name: logging')
    expect(text).toContain('  replicas: ${replicas:=1}\n')
    expect(await sidecarctl(cwd, ['check', '-R', 'flux'])).toMatchObject({ code: 0 })
    expect(await sidecarctl(cwd, ['uninject', '-w', 'flux/a.yaml'])).toMatchObject({ code: 0 })
    expect(readFileSync(join(cwd, 'flux/a.yaml'), 'utf8')).toBe(FLUX)
  })

  it('stop inject otherwise, and nothing is written', async () => {
    const cwd = folder({ 'a.yaml': FLUX })
    const { code, stdout, stderr } = await sidecarctl(cwd, ['inject', 'a.yaml', '-s', 'logging'])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('--allow-placeholders')
    const allowed = await sidecarctl(cwd, ['inject', 'a.yaml', '-s', 'logging', '--allow-placeholders'])
    expect(allowed.code).toBe(0)
  })

  it.each([
    ['a text that no value makes a name', '  name: ${app}-web', '  name: UPPER_${app}', 'METADATA_NAME'],
    ['a text that no value makes a number', 'replicas: ${replicas:=1}', 'replicas: some ${replicas}', 'FIELD_TYPE'],
    ['a quantity of no unit', '${memory}Mi', '${memory}Mo', 'FIELD_FORMAT'],
    ['an escaped one', 'replicas: ${replicas:=1}', 'replicas: $${replicas}', 'FIELD_TYPE'],
    ['what is not in braces', 'replicas: ${replicas:=1}', 'replicas: $replicas', 'FIELD_TYPE'],
    ['an unknown field', '  replicas:', '  replicaz:', 'FIELD_UNKNOWN'],
    ['selector and labels that differ', '        app: ${app}\n', '        app: ${app}\n', ''],
  ])('allowed, %s is still an error', async (_, from, to, code) => {
    expect(FLUX).toContain(from)
    const cwd = folder({ 'a.yaml': FLUX.replace(from, () => to) })
    const { stdout } = await sidecarctl(cwd, ['validate', 'a.yaml', '--allow-placeholders'])
    const errors = stdout.split('\n').filter((line) => / error /.test(line))
    expect(errors.map((line) => / error (\w+)/.exec(line)?.[1])).toEqual(code === '' ? [] : [code])
  })

  it('twice the same is twice the same value', async () => {
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - {name: "${c}", image: a}\n  - {name: "${c}", image: b}\n'
    const { code, stdout } = await sidecarctl(folder({ 'a.yaml': pod }), ['validate', 'a.yaml', '--allow-placeholders'])
    expect(code).toBe(1)
    expect(stdout).toContain('duplicate value')
  })

  it('a port that is one is no port for a template, which says so', async () => {
    const cwd = folder({ 'a.yaml': FLUX })
    const argv = ['inject', 'a.yaml', '-s', 'proxy', '--allow-placeholders']
    const { code, stderr } = await sidecarctl(cwd, argv)
    expect(code).toBe(2)
    expect(stderr).toContain('PARAM_REQUIRED')
    expect((await sidecarctl(cwd, [...argv, '--set', 'proxy.appPort=8080'])).code).toBe(0)
  })
})
