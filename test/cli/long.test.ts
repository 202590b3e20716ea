import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { folder, type Setup } from './fake.ts'
import { sidecarctl } from './gitops.ts'

const COUNT = 4000

function deployment(name: string, image = 'nginx:1'): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - {name: app, image: "${image}"}
`
}

/** A stream longer than what is read as one text: every tenth document is a Deployment. */
function stream(special: Readonly<Record<number, string>> = {}): string {
  const filler = `data: {long: ${'x'.repeat(2500)}}\n`
  return Array.from(
    { length: COUNT },
    (_, n) =>
      special[n] ??
      (n % 10 === 0 ? deployment(`web-${n}`) : `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c-${n}}\n${filler}`),
  ).join('---\n')
}

describe('a long stream', () => {
  const inject = async (stdin: string, ...argv: string[]) =>
    await sidecarctl(folder(), ['inject', '--no-config', ...argv, '-'], { stdin })

  it('comes out as one, and its lines are counted as one', async () => {
    const text = stream({ 3001: deployment('special') })
    const { code, stdout, stderr } = await inject(text, '-v')
    expect(code).toBe(0)
    expect(stdout.split('injected.sidecarctl.dev/logging').length - 1).toBe(COUNT / 10 + 1)
    const line = text.slice(0, text.indexOf(deployment('special'))).split('\n').length
    expect(stderr).toContain(`<stdin>:${line} Deployment special: injected logging`)
    expect(stderr).toContain(`(${COUNT / 10 + 1} workloads in 1 file)`)
    expect((await inject(stdout)).stdout).toBe(stdout)
    expect((await sidecarctl(folder(), ['uninject', '-'], { stdin: stdout })).stdout).toBe(text)
  })

  it('is the same as when it is made in one', async () => {
    const text = stream({ 5: deployment('other', 'nginx:2') })
    const [parts, whole] = [await inject(text), await inject(text, '-o', 'yaml')]
    expect(parts.stdout).toBe(whole.stdout)
  })

  it('prints nothing when its last document is wrong', async () => {
    const wrong = deployment('wrong').replace('containers:', 'containers: [')
    const { code, stdout, stderr } = await inject(stream({ [COUNT - 1]: wrong }))
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('error YAML_SYNTAX')
  })
})

/** Sizes at which a few documents are a long input, of which nothing is held in memory. */
const SMALL = { long: 2000, part: 700, held: 0 }

/** A stream in which documents look at each other: Services at pods, workloads at their Namespace. */
function mixed(count = 40): string {
  const service = (n: number): string => `apiVersion: v1
kind: Service
metadata: {name: service-of-web-${n}}
spec: {selector: {app: web-with-a-long-name-${n + 1}}, ports: [{port: 80, targetPort: 8080}]}
`
  const web = (n: number): string =>
    deployment(`web-with-a-long-name-${n}`).replace('nginx:1"}', `nginx:${n % 3}", ports: [{containerPort: 8080}]}`)
  const settings = (n: number): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings-é-${n}}\ndata: {a: "\u{1F600}"}\n`
  const wish =
    'apiVersion: v1\nkind: Namespace\nmetadata: {name: default, annotations: {sidecarctl.dev/inject: "metrics,logging"}}\n'
  const documents = Array.from(
    { length: count },
    (_, n) => [service(n), web(n), settings(n), web(1000 + n)][n % 4] as string,
  )
  return [...documents, wish].join('---\n')
}

const TEMPLATE = `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: ship, version: 1.0.0, description: Ships.}
spec:
  container: {image: "busybox:1.37.0", volumeMounts: [{name: config, mountPath: /etc/ship}]}
  volumes: [{name: config, configMap: {name: "\${{ workload.name }}-ship"}}]
  objects: [{apiVersion: v1, kind: ConfigMap, data: {level: info}}]
`

describe('a long input, whatever is made of it', () => {
  const both = async (argv: readonly string[], setup: Setup = {}) => {
    const files = { 'in.yaml': mixed(), 'ship.yaml': TEMPLATE }
    const [a, b] = [folder(files), folder(files)]
    const parts = await sidecarctl(a, argv, { stdin: mixed(), sizes: SMALL, ...setup })
    const whole = await sidecarctl(b, argv, { stdin: mixed(), ...setup })
    expect(readFileSync(join(a, 'in.yaml'), 'utf8')).toBe(readFileSync(join(b, 'in.yaml'), 'utf8'))
    return { parts, whole }
  }

  it.each<[string, string[]]>([
    ['inject', ['inject', '-v', '-s', 'logging,metrics', '-']],
    ['what its Namespace asks for', ['inject', '-v', '-']],
    ['a file', ['inject', '-v', '-s', 'logging', 'in.yaml']],
    ['a file among others', ['inject', '-s', 'logging', 'in.yaml', '-']],
    ['edited in place', ['inject', '-w', '-s', 'logging', 'in.yaml']],
    ['a proxy, for which Services are changed', ['inject', '-s', 'proxy', '--retarget-services', '-']],
    ['a proxy without that', ['inject', '-s', 'proxy', '-']],
    ['further objects', ['inject', '-t', 'ship.yaml', '-s', 'ship', '-']],
    ['diff', ['diff', '-s', 'logging', 'in.yaml', '-']],
    ['as a diff', ['inject', '-o', 'diff', '-s', 'logging', '-']],
    ['names', ['inject', '-o', 'name', '-s', 'logging', '-']],
    ['JSON', ['inject', '-o', 'json', '-s', 'logging', '-']],
    ['check', ['check', '-s', 'logging', '-']],
    ['check and fix', ['check', '--fix', '-s', 'logging', 'in.yaml']],
    ['validate', ['validate', '-v', '-']],
    ['validate as JSON', ['validate', '-o', 'json', '-']],
    ['uninject', ['uninject', '-']],
  ])('comes to the same in parts as in one: %s', async (_, argv) => {
    const { parts, whole } = await both(argv)
    expect(parts).toEqual(whole)
    expect(parts.stdout + parts.stderr).not.toBe('')
  })

  it.each<[string, string[]]>([
    ['of many', ['-s', 'logging,metrics']],
    ['with Services', ['-s', 'proxy', '--retarget-services']],
    ['with further objects', ['-t', 'ship.yaml', '-s', 'ship']],
  ])('changes nothing a second time, and comes out again as it was: sidecars %s', async (_, args) => {
    const cwd = folder({ 'ship.yaml': TEMPLATE })
    const run = async (stdin: string, ...argv: string[]) => await sidecarctl(cwd, argv, { stdin, sizes: SMALL })
    const { stdout } = await run(mixed(), 'inject', ...args, '-')
    expect(stdout.length).toBeGreaterThan(mixed().length)
    expect((await run(stdout, 'inject', ...args, '-')).stdout).toBe(stdout)
    expect((await run(stdout, 'uninject', '-')).stdout).toBe(mixed())
  })

  it('finds an object of a sidecar that was moved to another part', async () => {
    const cwd = folder({ 'ship.yaml': TEMPLATE })
    const run = async (stdin: string, sizes?: Setup['sizes']) =>
      await sidecarctl(cwd, ['inject', '-t', 'ship.yaml', '-s', 'ship', '-'], { stdin, ...(sizes && { sizes }) })
    const { stdout } = await run(mixed())
    const [first = '', object = '', ...rest] = stdout.split('---\n').slice(1)
    expect(object).toContain('kind: ConfigMap')
    const moved = [stdout.split('---\n')[0], first, ...rest, object].join('---\n')
    expect((await run(moved, SMALL)).stdout).toBe(moved)
  })

  it('is told from another that brings the same, in whatever part', async () => {
    const cwd = folder({
      'ship.yaml': TEMPLATE.replace(
        '[{apiVersion: v1, kind: ConfigMap',
        '[{apiVersion: v1, kind: ConfigMap, metadata: {name: of-all}',
      ),
    })
    const run = async (sizes?: Setup['sizes']) =>
      await sidecarctl(cwd, ['inject', '-t', 'ship.yaml', '-s', 'ship', '-'], {
        stdin: mixed(),
        ...(sizes && { sizes }),
      })
    const [parts, whole] = [await run(SMALL), await run()]
    expect(parts.stderr).toContain('EXTRA_OBJECT_TAKEN')
    expect([parts.code, parts.stdout]).toEqual([whole.code, ''])
    expect(parts.stderr.split('EXTRA_OBJECT_TAKEN')).toHaveLength(whole.stderr.split('EXTRA_OBJECT_TAKEN').length)
  })

  it('leaves nothing in the folder for temporary files', async () => {
    const temporary = folder()
    const { code } = await sidecarctl(folder(), ['inject', '-s', 'logging', '-'], {
      stdin: mixed(),
      sizes: SMALL,
      temporaryFolder: () => temporary,
    })
    expect([code, readdirSync(temporary)]).toEqual([0, []])
  })

  it('says what to do when that folder is full, and prints nothing', async () => {
    const temporary = folder()
    let left = 5
    const writeSync = (): number => {
      if (left-- > 0) return 1
      throw Object.assign(new Error('full'), { code: 'ENOSPC' })
    }
    const { code, stdout, stderr } = await sidecarctl(folder(), ['inject', '-s', 'logging', '-'], {
      stdin: mixed(),
      sizes: SMALL,
      temporaryFolder: () => temporary,
      fs: { writeSync },
    })
    expect([code, stdout, readdirSync(temporary)]).toEqual([2, '', []])
    expect(stderr).toBe(
      `error: cannot use the temporary folder ${temporary}: a part of a long input cannot be written: no space left on the device\n` +
        'hint: free space in it, or set the environment variable TMPDIR to another folder\n',
    )
  })

  it('prints nothing when one of its documents is wrong, and touches no file', async () => {
    const wrong = `${mixed()}---\n${deployment('wrong').replace('containers:', 'containers: [')}`
    const cwd = folder({ 'in.yaml': wrong })
    const [printed, written] = [
      await sidecarctl(cwd, ['inject', 'in.yaml'], { sizes: SMALL }),
      await sidecarctl(cwd, ['inject', '-w', 'in.yaml'], { sizes: SMALL }),
    ]
    expect([printed.code, printed.stdout, written.code, written.stdout]).toEqual([1, '', 1, ''])
    expect(readFileSync(join(cwd, 'in.yaml'), 'utf8')).toBe(wrong)
  })
})
