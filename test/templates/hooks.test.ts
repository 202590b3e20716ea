import { existsSync } from 'node:fs'
import { connect, createServer, type AddressInfo, type Server } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { isObject, type JsonObject } from '../../src/core/json/json.ts'
import { withHooks } from '../../src/core/desired/classic.ts'
import type { Sidecar } from '../../src/core/template/template.ts'
import {
  absence,
  busybox,
  endOf,
  eventually,
  freePort,
  runContainer,
  scratch,
  sidecarOf,
  type Running,
} from './program.ts'

const noSockets = existsSync('/proc/net/tcp') ? '' : ' (skipped: /proc/net/tcp not found)'
const noBusybox = noSockets || absence('busybox')
const noHaproxy = noSockets || absence('haproxy')

/** Where a hook's programs come from, an image with BusyBox or one with dash and the GNU tools; where an app listens. */
const SHELLS = [
  ['BusyBox', noBusybox, '::'],
  ['the shell of this machine', noSockets, '127.0.0.1'],
] as const

async function listen(host: string): Promise<{ server: Server; port: number }> {
  const server = createServer((socket) => socket.on('error', () => socket.destroy()))
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve))
  onTestFinished(() => void server.close())
  return { server, port: (server.address() as AddressInfo).port }
}

/** Runs a hook of an ordinary container as the kubelet does: a command beside the container's, with its environment. */
function runHook(sidecar: Sidecar, hook: 'postStart' | 'preStop', shell: string): Running {
  const container = withHooks(sidecar.container ?? {}, sidecar.classic)
  const lifecycle = isObject(container['lifecycle']) ? container['lifecycle'] : {}
  const { command } = (lifecycle[hook] as { exec: { command: string[] } }).exec
  const env = shell === 'BusyBox' ? { PATH: busybox('sh', 'sleep', 'grep', 'cat', 'printf') } : {}
  return runContainer({ ...container, command, args: [] } as JsonObject, { paths: {}, env })
}

/** How a hook was before something happened, and how it ended after that. */
async function around(running: Running, happens: () => Promise<unknown> | void, seconds = 1): Promise<unknown[]> {
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  const before = running.child.exitCode
  await happens()
  return [before, await running.exit, running.output()]
}

/** It went on until then, ended well, and said nothing. */
const WAITED = [null, 0, '']

const close = (server: Server): Promise<unknown> => new Promise((resolve) => server.close(resolve))
const PROXY = { tlsSecret: 't', authSecret: 'a' }

describe.each(SHELLS)('hooks of ordinary containers, run by %s', (shell, absent, host) => {
  it.skipIf(absent !== '').each([
    ['auth-proxy', PROXY],
    ['ambassador', { host: '127.0.0.1', port: '1' }],
  ])(`%s: the app waits until its port is open${absent}`, async (name, values) => {
    const healthPort = await freePort()
    const hook = runHook(sidecarOf(name, { ...values, healthPort: String(healthPort) }, 'classic'), 'postStart', shell)
    const opens = (): Promise<void> =>
      new Promise((resolve) => {
        const server = createServer().listen(healthPort, '0.0.0.0', resolve)
        onTestFinished(() => void server.close())
      })
    expect(await around(hook, opens)).toEqual(WAITED)
  })

  it.skipIf(absent !== '')(
    `auth-proxy goes on as long as the app listens at ${host}${absent}`,
    async () => {
      const { server, port } = await listen(host)
      const hook = runHook(sidecarOf('auth-proxy', { ...PROXY, appPort: String(port) }, 'classic'), 'preStop', shell)
      // The first seconds are for endpoints to be updated.
      expect(await around(hook, () => close(server), 6)).toEqual(WAITED)
    },
    15_000,
  )

  it.skipIf(absent !== '')(`ambassador goes on as long as the app is connected${absent}`, async () => {
    const { port } = await listen('127.0.0.1')
    const socket = connect(port, '127.0.0.1')
    onTestFinished(() => void socket.destroy())
    await new Promise((resolve) => socket.once('connect', resolve))
    const made = sidecarOf(
      'ambassador',
      { host: '127.0.0.1', port: '1', localPort: String(port), stopSeconds: '0' },
      'classic',
    )
    expect(await around(runHook(made, 'preStop', shell), () => void socket.destroy())).toEqual(WAITED)
  })
})

describe.skipIf(noHaproxy !== '')(`the real program${noHaproxy}`, () => {
  it('the app starts when the ambassador takes connections', async () => {
    const values = {
      host: '127.0.0.1',
      port: '1',
      localPort: String(await freePort()),
      healthPort: String(await freePort()),
    }
    const made = sidecarOf('ambassador', values, 'classic')
    const running = runContainer(made.container, { paths: { '/tmp': scratch() } })
    await endOf(runHook(made, 'postStart', ''), 0)
    const answer = await eventually(running, () => fetch(`http://127.0.0.1:${values.healthPort}/healthz`), 0)
    expect(answer.status).toBe(200)
  })
})

it.each(['proxy', 'logging'])('%s sleeps as an ordinary container, without a program of the image', (name) => {
  const { container, classic, pod } = sidecarOf(name, { stopSeconds: '40' }, 'classic')
  expect(withHooks(container ?? {}, classic)).toMatchObject({ lifecycle: { preStop: { sleep: { seconds: 40 } } } })
  expect(pod.minTerminationGracePeriodSeconds ?? classic.minTerminationGracePeriodSeconds).toBe(40)
})
