/** What the sidecars between the app and others do while the other side is down, and when the pod stops. */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { request } from 'node:https'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { absence, done, freePort, scratch, watch } from '../program.ts'
import { figures } from './figures.ts'
import { obstacle } from './image.ts'
import { prepareSidecar, runSidecar, versionOf, type RunningSidecar } from './sidecar.ts'

const note = figures()
const noHaproxy = obstacle('haproxy:3')
const noNginx = obstacle('nginx/nginx-prometheus-exporter:1') || absence('nginx')
const noNode = obstacle('quay.io/prometheus/node-exporter:v1')
const noStatsd = obstacle('quay.io/prometheus/statsd-exporter:v0')
const noBusybox = obstacle('busybox:1')

async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** A server that sends back what it gets, and whose connections can be cut. */
function echo(): { server: Server; cut(): void } {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('error', () => socket.destroy()).on('data', (data) => socket.write(data))
  })
  return {
    server,
    cut: () => {
      for (const socket of open) socket.destroy()
    },
  }
}

/** Says a word on a new connection; the answer, or undefined where the connection was closed. */
async function say(port: number, word: string): Promise<string | undefined> {
  return await new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(word))
    socket.on('data', (data: Buffer) => {
      resolve(data.toString())
      socket.destroy()
    })
    socket.on('error', () => resolve(undefined)).on('close', () => resolve(undefined))
  })
}

/** Status of a page by IPv6; 0 where nothing listens. */
async function statusByIpv6(port: number, path: string): Promise<number> {
  return await fetch(`http://[::1]:${port}${path}`).then(
    (answer) => answer.status,
    () => 0,
  )
}

const hasIpv6 = process.platform === 'linux' && readFileSync('/proc/net/if_inet6', 'utf8').includes('lo')

async function until(run: RunningSidecar, holds: () => boolean | Promise<boolean>, seconds = 20): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s:\n${run.output()}`)
    await sleep(50)
  }
}

describe.skipIf(noHaproxy !== '')(`ambassador${noHaproxy}`, () => {
  it.each([
    { mode: 'native', stopSeconds: 5, losesNone: true },
    // A classic one stays as long as there are connections, which the app here opens one by one.
    { mode: 'classic', stopSeconds: 5, losesNone: false },
    { mode: 'classic', stopSeconds: 10, losesNone: true },
  ] as const)(
    '$mode, stopSeconds $stopSeconds: leads on after an outage, and keeps connections until the app is done',
    async ({ mode, stopSeconds, losesNone }) => {
      const { server, cut } = echo()
      const target = await listen(server)
      const [localPort, healthPort] = [await freePort(), await freePort()]
      const values = {
        host: '127.0.0.1',
        port: String(target),
        localPort: String(localPort),
        healthPort: String(healthPort),
        stopSeconds: String(stopSeconds),
      }
      const run = await runSidecar('ambassador', values, { mode, limits: true })
      const seconds = await run.started()
      const memory = run.memory()
      expect(await say(localPort, 'x')).toBe('x')
      if (hasIpv6) expect(await statusByIpv6(healthPort, '/healthz')).toBe(200)
      cut()
      await new Promise((resolve) => server.close(resolve))
      await sleep(12_000)
      expect({ ready: run.ready, restarts: run.restarts }).toEqual({ ready: true, restarts: 0 })
      server.listen(target, '127.0.0.1')
      const begin = performance.now()
      await until(run, async () => (await say(localPort, 'y')) === 'y')
      const back = (performance.now() - begin) / 1000
      let answered = 0
      const stopped = await run.stop(async () => {
        // The app goes on for 8 seconds.
        for (let i = 0; i < 16; i++) {
          if ((await say(localPort, 'z')) === 'z') answered++
          await sleep(500)
        }
      })
      note(
        `ambassador, ${mode}, stopSeconds ${stopSeconds}, HAProxy ${versionOf('haproxy', '-v')}, host down for 12 s, then stop`,
        {
          'seconds to ready': seconds,
          'MiB resident': memory,
          'seconds until it leads again': back,
          'calls lost of 16': 16 - answered,
          'seconds to stop': stopped.seconds,
        },
      )
      expect(stopped.killed).toBe(false)
      if (losesNone) expect(answered).toBe(16)
    },
    120_000,
  )
})

describe.skipIf(noHaproxy !== '')(`auth-proxy${noHaproxy}`, () => {
  it('answers all requests until it is told to stop, and those under way', async () => {
    const app = createHttpServer((req, res) =>
      setTimeout(() => res.end(req.headers['x-forwarded-for']), req.url === '/slow' ? 3000 : 0),
    )
    const appPort = await listen(app)
    const [port, healthPort] = [await freePort(), await freePort()]
    const folder = scratch()
    done(
      'openssl',
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=web',
      '-keyout',
      join(folder, 'k'),
      '-out',
      join(folder, 'c'),
    )
    const secrets = {
      t: { 'tls.key': readFileSync(join(folder, 'k'), 'utf8'), 'tls.crt': readFileSync(join(folder, 'c'), 'utf8') },
      a: { 'api-keys': 'key\n' },
    }
    const values = {
      tlsSecret: 't',
      authSecret: 'a',
      appPort: String(appPort),
      port: String(port),
      healthPort: String(healthPort),
    }
    const run = await runSidecar('auth-proxy', values, { secrets, limits: true })
    const seconds = await run.started()
    const memory = run.memory()
    const get = async (path: string, host = '127.0.0.1'): Promise<[number | undefined, string]> =>
      await new Promise((resolve) => {
        const sent = request(
          { port, path, host, agent: false, rejectUnauthorized: false, headers: { 'x-api-key': 'key' } },
          (res) => {
            let body = ''
            res.on('data', (data: Buffer) => (body += data.toString())).on('end', () => resolve([res.statusCode, body]))
          },
        )
        sent.on('error', (error) => resolve([undefined, String(error)])).end()
      })
    expect(await get('/')).toEqual([200, '127.0.0.1'])
    if (hasIpv6) expect(await get('/', '::1')).toEqual([200, '::1'])
    const answers: (number | undefined)[] = []
    const stopping = run.stop()
    for (const begin = performance.now(); performance.now() - begin < 4000;) {
      answers.push((await get('/'))[0])
      await sleep(100)
    }
    const slow = get('/slow')
    const stopped = await stopping
    expect(await slow).toEqual([200, '127.0.0.1'])
    const failed = answers.filter((status) => status !== 200).length
    note(`auth-proxy, HAProxy ${versionOf('haproxy', '-v')}, stop`, {
      'seconds to ready': seconds,
      'MiB resident': memory,
      [`requests lost of ${answers.length + 1}`]: failed,
      'seconds to stop': stopped.seconds,
    })
    expect({ failed, killed: stopped.killed }).toEqual({ failed: 0, killed: false })
  }, 60_000)
})

describe.skipIf(noNginx !== '')(`metrics-nginx${noNginx}`, () => {
  it('exposes what nginx says, and stays through its restart', async () => {
    const folder = scratch()
    const [appPort, port] = [await freePort(), await freePort()]
    mkdirSync(join(folder, 'logs'))
    writeFileSync(
      join(folder, 'nginx.conf'),
      `
      pid ${folder}/pid; error_log stderr; daemon off; master_process off; events {}
      http { access_log off; server { listen 127.0.0.1:${appPort}; location = /stub_status { stub_status; } } }`,
    )
    const up = () =>
      watch(
        spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
          env: { PATH: `${process.env['PATH']}:/usr/sbin` },
        }),
      )
    const nginx = up()
    const run = await runSidecar('metrics-nginx', { appPort: String(appPort), port: String(port) }, { limits: true })
    const seconds = await run.started()
    const isUp = async (): Promise<string> =>
      /^nginx_up (\d)$/m.exec(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text())?.[1] ?? ''
    await until(run, async () => (await isUp()) === '1')
    if (hasIpv6) expect(await statusByIpv6(port, '/metrics')).toBe(200)
    nginx.child.kill('SIGTERM')
    await nginx.exit
    await until(run, async () => (await isUp()) === '0')
    await sleep(11_000)
    up()
    await until(run, async () => (await isUp()) === '1')
    const memory = run.memory()
    const stopped = await run.stop()
    note('metrics-nginx, nginx down for 11 s', {
      'seconds to ready': seconds,
      'MiB resident': memory,
      restarts: run.restarts,
      'seconds to stop': stopped.seconds,
    })
    expect({ restarts: run.restarts, killed: stopped.killed }).toEqual({ restarts: 0, killed: false })
  }, 60_000)
})

describe.skipIf(noNode !== '')(`metrics-node${noNode}`, () => {
  it('exposes metrics of the node without rights to anything else', async () => {
    const port = await freePort()
    const run = await runSidecar('metrics-node', { port: String(port) }, { limits: true })
    const seconds = await run.started()
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    expect(metrics).toMatch(/^node_memory_MemTotal_bytes /m)
    const memory = run.memory()
    const stopped = await run.stop()
    note('metrics-node', { 'seconds to ready': seconds, 'MiB resident': memory, 'seconds to stop': stopped.seconds })
    expect(stopped.killed).toBe(false)
  })
})

describe.skipIf(noStatsd !== '')(`metrics-statsd${noStatsd}`, () => {
  it('starts and answers', async () => {
    const port = await freePort()
    const run = await runSidecar('metrics-statsd', { port: String(port), statsdPort: String(await freePort()) })
    await run.started()
    expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(200)
  })
})

describe.skipIf(noBusybox !== '')(`wait-for${noBusybox}`, () => {
  it('holds the app back until the port opens', async () => {
    const port = await freePort()
    const run = await prepareInit(port)
    const begin = performance.now()
    setTimeout(() => void listen(createServer(), port), 3000)
    expect(await run.runInit()).toBe(0)
    const seconds = (performance.now() - begin) / 1000
    note('wait-for, port open after 3 s', { seconds })
    expect(seconds).toBeGreaterThan(2.9)
    expect(seconds).toBeLessThan(10)
  })
})

async function prepareInit(port: number): Promise<RunningSidecar> {
  return await prepareSidecar('wait-for', { targets: `127.0.0.1:${port}`, interval: '1' })
}
