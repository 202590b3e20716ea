import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { deployment } from '../core/selection/support.ts'
import { folder } from './fake.ts'
import { sidecarctl } from './gitops.ts'

const GATE = `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: gate, version: 1.0.0, description: A gate.}
spec:
  container: {name: gate, image: gate, ports: [{containerPort: 9090}]}
  proxies: 8080
`
const policy = (services: string): string =>
  `apiVersion: sidecarctl.dev/v1\nkind: Policy\nspec:\n  templates: [sidecars]\n${services}  rules:\n  - add: [gate]\n`
const ASKED = policy('  services: {retarget: true}\n')
const SERVICE =
  'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}\n'

function repository(services = ASKED): string {
  return folder({
    'sidecarctl.yaml': services,
    'sidecars/gate.yaml': GATE,
    'k8s/web.yaml': deployment(),
    'k8s/service.yaml': SERVICE,
  })
}

async function injected(): Promise<string> {
  const cwd = repository()
  const { code, stderr } = await sidecarctl(cwd, ['inject', '-w', 'k8s'])
  expect([code, stderr.split('\n').at(-2)]).toEqual([
    0,
    '1 injected (1 workload in 2 files, 1 Service updated, 2 written)',
  ])
  return cwd
}

const read = (cwd: string, file = 'k8s/service.yaml'): string => readFileSync(join(cwd, file), 'utf8')
const write = (cwd: string, file: string, text: string): void => writeFileSync(join(cwd, file), text)

describe('the policy asks for Services to lead to proxies', () => {
  it('and check says which do not, until --fix', async () => {
    const cwd = repository()
    const found = await sidecarctl(cwd, ['check', 'k8s'])
    expect(found.code).toBe(1)
    expect(found.stdout).toBe(
      'k8s/service.yaml:1: Service web: port 80 is outdated: it sends to 8080, bypassing gate, and should send to 9090\nk8s/web.yaml:1: Deployment web: gate is missing\n',
    )
    expect(found.stderr).toContain('1 workload and 1 Service not up to date: 1 sidecar missing; 1 port outdated')
    expect(await sidecarctl(cwd, ['check', 'k8s', '--fix'])).toMatchObject({ code: 0 })
    expect(await sidecarctl(cwd, ['check', 'k8s'])).toMatchObject({ code: 0, stdout: '' })
    expect(read(cwd)).toContain('targetPort: 9090')
  })

  it('and a Service alone is the one that is odd', async () => {
    const cwd = await injected()
    write(cwd, 'k8s/service.yaml', SERVICE)
    const found = await sidecarctl(cwd, ['check', 'k8s'])
    expect(found.stderr).toContain('1 Service not up to date: 1 port outdated (1 workload in 2 files)')
  })

  it.each([
    [
      'another port of the proxy',
      'sidecars/gate.yaml',
      GATE.replace('9090', '9191'),
      'port 80 is outdated: it sends to 9090, and gate now listens on 9191',
      'outdated',
    ],
    [
      'no proxy any more',
      'sidecarctl.yaml',
      ASKED.replace('[gate]', '[]'),
      'port 80 is left over: it sends to 9090, and retargeting to gate is not requested',
      'left over',
    ],
    [
      'no wish any more',
      'sidecarctl.yaml',
      ASKED.replace('true', 'false'),
      'port 80 is left over: it sends to 9090, and retargeting to gate is not requested',
      'left over',
    ],
    [
      'another name of the workload',
      'k8s/web.yaml',
      '',
      'the record of what was retargeted is not up to date',
      'outdated',
    ],
  ])('check and status see %s', async (_, file, text, drift, state) => {
    const cwd = await injected()
    write(cwd, file, text === '' ? read(cwd, file).replace('name: web', 'name: shop') : text)
    expect((await sidecarctl(cwd, ['check', 'k8s'])).stdout).toContain(`k8s/service.yaml:1: Service web: ${drift}\n`)
    expect((await sidecarctl(cwd, ['status', 'k8s'])).stdout).toMatch(new RegExp(`Service web +gate +${state}\n`))
    expect(await sidecarctl(cwd, ['check', 'k8s', '--fix'])).toMatchObject({ code: 0 })
    expect(await sidecarctl(cwd, ['check', 'k8s'])).toMatchObject({ code: 0 })
  })

  it('and nothing else may stand there', async () => {
    const { code, stderr } = await sidecarctl(repository(policy('  services: {retarget: maybe}\n')), ['check', 'k8s'])
    expect([code, stderr.split('\n')[0]]).toEqual([
      2,
      expect.stringContaining('sidecarctl.yaml:5:24 error CONFIG_INVALID'),
    ])
  })

  it('and a flag wins', async () => {
    const cwd = repository()
    const { stdout, stderr } = await sidecarctl(cwd, ['inject', 'k8s', '--no-retarget-services'])
    expect(stdout).toContain('targetPort: 8080')
    expect(stderr).toContain('warning SERVICE_BYPASSES_PROXY')
    const asked = await sidecarctl(repository(policy('')), ['inject', 'k8s', '--retarget-services'])
    expect(asked.stdout).toContain('targetPort: 9090')
  })

  it('but not of files that it excludes', async () => {
    const cwd = repository(policy('  services: {retarget: true}\n  exclude: {paths: [k8s/service.yaml]}\n'))
    const { stderr, stdout } = await sidecarctl(cwd, ['inject', 'k8s'])
    expect(stdout).toContain('targetPort: 8080')
    expect(stderr).toContain('it is not retargeted because the policy excludes it')
  })
})

describe('reports', () => {
  it('explain tells why a Service leads where it does', async () => {
    const before = await sidecarctl(repository(), ['explain', 'k8s'])
    expect(before.stdout).toContain(
      'k8s/service.yaml:1 Service web: to be updated\n  port 80: to be retargeted to gate of Deployment web, in front of port 8080 (targetPort 8080 -> 9090), by spec.services.retarget (sidecarctl.yaml:5)\n',
    )
    const after = await sidecarctl(await injected(), ['explain', 'k8s'])
    expect(after.stdout).toContain(
      'k8s/service.yaml:1 Service web: up to date\n  port 80: retargeted to gate of Deployment web, in front of port 8080 (targetPort 9090, originally 8080), by',
    )
    const unasked = await sidecarctl(repository(policy('')), ['explain', 'k8s'])
    expect(unasked.stdout).toContain(
      'Service web: not changed\n  port 80: bypasses gate of Deployment web, in front of port 8080: retargeting is not requested\n',
    )
  })

  it('status lists it as JSON', async () => {
    const { stdout } = await sidecarctl(await injected(), ['status', 'k8s', '-o', 'json'])
    const { services, summary } = JSON.parse(stdout) as Record<string, unknown>
    expect(services).toMatchObject([
      {
        file: 'k8s/service.yaml',
        line: 1,
        kind: 'Service',
        name: 'web',
        ports: [
          {
            port: '80',
            action: 'kept',
            targetPort: 9090,
            was: 8080,
            appPort: 8080,
            sidecars: ['gate'],
            workloads: ['Deployment/web'],
          },
        ],
      },
    ])
    expect(summary).toEqual({ 'up to date': 2 })
  })

  it('uninject tells what it put back, and the files are the old ones', async () => {
    const cwd = await injected()
    const { stderr } = await sidecarctl(cwd, ['uninject', '-w', 'k8s'])
    expect(stderr).toContain('k8s/service.yaml:1 Service web: updated: port 80 restored: targetPort 9090 -> 8080\n')
    expect([read(cwd), read(cwd, 'k8s/web.yaml')]).toEqual([SERVICE, deployment()])
  })

  it('-v names Services that are as they should be', async () => {
    const { stderr } = await sidecarctl(await injected(), ['inject', '-v', '-o', 'none', 'k8s'])
    expect(stderr).toContain('k8s/service.yaml:1 Service web: up to date\n')
  })

  it('a Service without its workloads is not called up to date, as nothing was compared', async () => {
    const cwd = await injected()
    const of = async (...args: string[]): Promise<string> => {
      const { code, stdout, stderr } = await sidecarctl(cwd, args)
      expect(code).toBe(0)
      return stdout + stderr
    }
    const file = 'k8s/service.yaml'
    expect(await of('status', file)).toMatch(/Service web +gate +skipped\n/)
    expect(await of('status', 'k8s', '-n', 'other')).toMatch(/Service web +gate +skipped\n/)
    expect(await of('status', file, '-o', 'wide')).toContain('it or its proxy is not part of this run')
    expect(await of('explain', file)).toContain('Service web: skipped: it or its proxy is not part of this run\n')
    expect(await of('check', file, '-o', 'junit')).toContain('skipped="1"')
    expect(await of('inject', file, '-v', '-o', 'none')).toContain(
      'Service web: skipped: it or its proxy is not part of this run\n',
    )
    expect(JSON.parse((await sidecarctl(cwd, ['status', file, '-o', 'json'])).stdout)).toMatchObject({
      services: [{ status: 'skipped' }],
      summary: { skipped: 1 },
    })
  })

  it('a Service whose proxy stays is skipped where another sidecar is removed', async () => {
    const cwd = await injected()
    await sidecarctl(cwd, ['inject', '-q', '-w', '-s', 'logging', 'k8s'])
    const { code, stderr } = await sidecarctl(cwd, ['uninject', '-v', '-o', 'none', '-s', 'logging', 'k8s'])
    expect(code).toBe(0)
    expect(stderr).toContain('Service web: skipped: it or its proxy is not part of this run\n')
  })

  it('explain shows a target that is no target', async () => {
    const input = readFileSync('fixtures/cases/services/target-of-another-kind/input.yaml', 'utf8')
    const { code, stdout } = await sidecarctl(folder({ 'a.yaml': input }), ['explain', 'a.yaml'])
    expect(code).toBe(0)
    expect(stdout).toContain('its targetPort was edited by hand from 9090 to {"app":"web"}\n')
  })
})
