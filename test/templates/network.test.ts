import { createServer } from 'node:http'
import { connect, createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { JsonObject } from '../../src/core/json/json.ts'
import { absence, busybox, endOf, eventually, freePort, runContainer, scratch, sidecarOf, watch } from './program.ts'

const noHaproxy = absence('haproxy')
const noNginx = absence('nginx', 'prometheus-nginx-exporter')
const noNode = absence('prometheus-node-exporter')
const noBusybox = absence('busybox')
const noCurl = absence('busybox', 'curl')

async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

async function text(url: string): Promise<string> {
  const response = await fetch(url)
  return `${response.status} ${await response.text()}`
}

/** Sends a word to a port and resolves with the first that comes back. */
async function say(port: number, word: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(word))
    socket.on('data', (data: Buffer) => {
      resolve(data.toString())
      socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('closed')))
  })
}

async function startAmbassador(values: Record<string, string>) {
  const folder = scratch()
  const [localPort, healthPort] = [await freePort(), await freePort()]
  const all = { localPort: String(localPort), healthPort: String(healthPort), ...values }
  const made = sidecarOf('ambassador', all)
  return { made, localPort, healthPort, running: runContainer(made.container, { paths: { '/tmp': folder } }) }
}

function waitFor(values: Record<string, string>) {
  const [container] = sidecarOf('wait-for', { interval: '1', ...values }).initContainers
  return runContainer(container, { paths: {}, env: { PATH: busybox('sh', 'nc', 'sleep', 'date') } })
}

function configHttp(values: Record<string, string>, mode: 'classic' | 'native' = 'native') {
  const [pulled, tmp, secrets] = [scratch(), scratch(), scratch()]
  const made = sidecarOf('config-http', { interval: '1', ...values }, mode)
  const run = (which: JsonObject | undefined) =>
    runContainer(which, {
      paths: { '/pulled': pulled, '/tmp': tmp, '/etc/config-http': secrets },
      env: { PATH: `${busybox('sh', 'sleep', 'mv', 'rm', 'touch', 'date', 'stat', 'test', 'pidof')}:/usr/bin` },
    })
  return { made, pulled, secrets, run, file: join(pulled, 'config.yaml') }
}

describe.skipIf(noHaproxy !== '')(`ambassador${noHaproxy}`, () => {
  it('leads to the host outside', async () => {
    const port = await listen(
      createTcpServer((socket) => socket.on('data', (data) => socket.write(`echo ${data.toString()}`))),
    )
    const { localPort, healthPort, running } = await startAmbassador({
      host: '127.0.0.1',
      port: String(port),
      checkTarget: 'true',
    })
    expect(await eventually(running, async () => await say(localPort, 'hello'))).toBe('echo hello')
    expect(await text(`http://127.0.0.1:${healthPort}/ready`)).toBe('200 ok\n')
    expect(await text(`http://127.0.0.1:${healthPort}/metrics`)).toContain('haproxy_server_status')
  })

  it('is not ready while the host takes no connections, where asked for', async () => {
    const { healthPort, running } = await startAmbassador({
      host: '127.0.0.1',
      port: String(await freePort()),
      checkTarget: 'true',
    })
    await eventually(running, async () => expect(await text(`http://127.0.0.1:${healthPort}/ready`)).toMatch(/^503/))
    expect(await text(`http://127.0.0.1:${healthPort}/healthz`)).toBe('200 ok\n')
  })

  it('starts with TLS although the host cannot be looked up', async () => {
    const { healthPort, running } = await startAmbassador({ host: 'db.invalid', port: '5432', tls: 'true' })
    await eventually(running, async () => expect(await text(`http://127.0.0.1:${healthPort}/ready`)).toBe('200 ok\n'))
  })
})

describe.skipIf(noNginx !== '')(`metrics-nginx${noNginx}`, () => {
  it('exposes what the status page of nginx says', async () => {
    const folder = scratch()
    const [appPort, port] = [await freePort(), await freePort()]
    writeFileSync(
      join(folder, 'nginx.conf'),
      `
      pid ${folder}/pid; error_log stderr; daemon off; master_process off; events {}
      http { access_log off; server { listen 127.0.0.1:${appPort}; location = /stub_status { stub_status; } } }`,
    )
    watch(
      spawn('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')], {
        env: { PATH: `${process.env['PATH']}:/usr/sbin` },
      }),
    )
    const { container } = sidecarOf('metrics-nginx', { appPort: String(appPort), port: String(port) })
    const running = runContainer(container, { paths: {}, entrypoint: ['prometheus-nginx-exporter'] })
    const metrics = await eventually(running, async () => {
      const found = await text(`http://127.0.0.1:${port}/metrics`)
      expect(found).toMatch(/^nginx_up 1$/m)
      return found
    })
    expect(metrics).toMatch(/^nginx_connections_active /m)
    expect(await text(`http://127.0.0.1:${port}/`)).toMatch(/^200/)
  })
})

describe.skipIf(noNode !== '' || process.platform !== 'linux')(`metrics-node${noNode}`, () => {
  it.each(['false', 'true'])('exposes the metrics of the host (its root: %s)', async (rootFilesystem) => {
    const port = await freePort()
    const { container } = sidecarOf('metrics-node', { port: String(port), rootFilesystem })
    const paths = { '/host/proc': '/proc', '/host/sys': '/sys', '/host/root': '/' }
    const running = runContainer(container, { paths, entrypoint: ['prometheus-node-exporter'] })
    await eventually(running, async () => expect(await text(`http://127.0.0.1:${port}/`)).toMatch(/^200/))
    const metrics = await text(`http://127.0.0.1:${port}/metrics`)
    const cores = readFileSync('/proc/stat', 'utf8').match(/^cpu\d/gm) ?? []
    expect(metrics.match(/^node_cpu_seconds_total\{cpu="\d+",mode="idle"\}/gm)).toHaveLength(cores.length)
    expect(metrics).toMatch(/^node_memory_MemTotal_bytes /m)
    expect(metrics.includes('node_scrape_collector_success{collector="filesystem"}')).toBe(rootFilesystem === 'true')
  })
})

describe.skipIf(noBusybox !== '')(`wait-for${noBusybox}`, () => {
  it('ends when all targets take connections', async () => {
    const open = await listen(createTcpServer())
    const late = await freePort()
    const running = waitFor({ targets: `127.0.0.1:${open},localhost:${late}` })
    await eventually(running, () => expect(running.output()).toContain(`waiting for localhost:${late}`))
    expect(running.child.exitCode).toBeNull()
    await listen(createTcpServer(), late)
    await endOf(running, 0)
  })

  it('gives up where it is told to, and ends at once when stopped', async () => {
    const port = await freePort()
    const tired = waitFor({ targets: `127.0.0.1:${port}`, timeout: '1' })
    expect(await endOf(tired, 1)).toContain(`127.0.0.1:${port} took no connection within 1 seconds`)
    const stopped = waitFor({ targets: `127.0.0.1:${port}` })
    await eventually(stopped, () => expect(stopped.output()).toContain('waiting'))
    stopped.child.kill('SIGTERM')
    await endOf(stopped, 143)
  })

  it.each(['db', 'db:', 'db:5432; reboot', '$(reboot):1', '-e:1', 'a b:1'])('takes no target such as %s', (target) => {
    expect(() => sidecarOf('wait-for', { targets: `["${target}"]` })).toThrow('does not match the pattern')
  })
})

describe.skipIf(noCurl !== '')(`config-http${noCurl}`, () => {
  it('pulls the file, then only changes, keeps it through failures, and stops at once', async () => {
    const seen: (string | undefined)[] = []
    let [content, status] = ['one', 200]
    const server = createServer((req, res) => {
      seen.push(req.headers['if-none-match'])
      const tag = `"${content}"`
      res.setHeader('ETag', tag)
      if (status === 200 && req.headers['if-none-match'] === tag) res.writeHead(304).end()
      else res.writeHead(status).end(status === 200 ? content : 'trouble')
    })
    const { made, file, run } = configHttp({ url: `http://127.0.0.1:${await listen(server)}/c` })
    const running = run(made.container)
    await eventually(running, () => expect(readFileSync(file, 'utf8')).toBe('one'))
    await eventually(running, () => expect(seen.filter((tag) => tag === '"one"').length).toBeGreaterThan(1))
    expect(readFileSync(file, 'utf8')).toBe('one')
    status = 500
    await eventually(running, () => expect(running.output()).toContain('500'))
    expect(readFileSync(file, 'utf8')).toBe('one')
    ;[content, status] = ['two', 200]
    await eventually(running, () => expect(readFileSync(file, 'utf8')).toBe('two'))
    running.child.kill('SIGTERM')
    await endOf(running, 0)
  })

  it('tells the app of a change by HTTP and by a signal, again until it was told', async () => {
    let content = 'one'
    const calls: string[] = []
    const config = createServer((_, res) => res.end(content))
    const app = createServer((req, res) => {
      calls.push(`${req.method} ${req.url}`)
      res.writeHead(calls.length === 1 ? 503 : 204).end()
    })
    const own = scratch()
    chmodSync(own, 0o777)
    writeFileSync(
      join(own, 'own-app'),
      `#!/bin/sh\ntrap 'echo told >> ${own}/told' HUP\nwhile :; do sleep 0.1; done\n`,
      { mode: 0o755 },
    )
    const { made, run } = configHttp({
      url: `http://127.0.0.1:${await listen(config)}/c`,
      reloadUrl: `http://127.0.0.1:${await listen(app)}/reload`,
      reloadProcess: 'own-app',
    })
    expect(made.pod.shareProcessNamespace).toBe(true)
    const uid = process.getuid?.() === 0 ? { uid: 65532, gid: 65532 } : {}
    watch(spawn(join(own, 'own-app'), [], uid))
    const running = run(made.container)
    await eventually(running, () => expect(running.output()).toContain('pulled'))
    // The app is not told of the first file, with which it starts.
    expect(calls).toEqual([])
    content = 'two'
    await eventually(running, () => expect(readFileSync(join(own, 'told'), 'utf8')).toBe('told\n'))
    expect(calls).toEqual(['POST /reload', 'POST /reload'])
    expect(running.output()).toContain('the app was not told of the change\n')
    await sleep(1500)
    expect(readFileSync(join(own, 'told'), 'utf8')).toBe('told\n')
  })

  it('as an ordinary container pulls once before the app starts, with the header of a secret', async () => {
    let failures = 1
    const server = createServer((req, res) => {
      if (failures-- > 0 || req.headers.authorization !== 'Bearer x') res.writeHead(503).end()
      else res.end('it')
    })
    const values = { url: `http://127.0.0.1:${await listen(server)}/c`, headerSecret: 's' }
    const { made, file, secrets, run } = configHttp(values, 'classic')
    mkdirSync(join(secrets, 'header'), { mode: 0o755 })
    writeFileSync(join(secrets, 'header/header'), 'Authorization: Bearer x\n')
    const running = run(made.initContainers[0])
    await endOf(running, 0)
    expect(readFileSync(file, 'utf8')).toBe('it')
  })
})
