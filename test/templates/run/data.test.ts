/** What the sidecars that bring or fetch files do while the other side is down, and when the pod stops. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { done, freePort, scratch } from '../program.ts'
import { figures } from './figures.ts'
import { obstacle } from './image.ts'
import { prepareSidecar, runSidecar, versionOf } from './sidecar.ts'

const note = figures()
const noGitSync = obstacle('registry.k8s.io/git-sync/git-sync:v4')
const noRclone = obstacle('rclone/rclone:1')
const noCurl = obstacle('curlimages/curl:8')

async function until(holds: () => boolean, output: () => string, seconds = 30): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s:\n${output()}`)
    await sleep(100)
  }
}

/** A Git repository with one file, served at a port as long as it is up. */
async function repository() {
  const [folder, port] = [scratch(), await freePort()]
  const git = (...args: string[]): string =>
    done('git', '-C', join(folder, 'repo'), '-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args)
  mkdirSync(join(folder, 'repo'))
  git('init', '-q', '-b', 'main')
  const commit = (text: string): void => {
    writeFileSync(join(folder, 'repo/web.yaml'), text)
    git('add', '.')
    git('commit', '-q', '-m', 'x')
  }
  commit('one')
  let daemon: ChildProcess | undefined
  const down = (): void => void daemon?.kill('SIGKILL')
  onTestFinished(down)
  const up = (): void => {
    daemon = spawn('git', [
      'daemon',
      '--reuseaddr',
      '--export-all',
      '--listen=127.0.0.1',
      `--port=${port}`,
      `--base-path=${folder}`,
      folder,
    ])
  }
  return {
    url: `git://127.0.0.1:${port}/repo`,
    commit,
    up,
    down: () => {
      down()
      spawnSync('sleep', ['0.3'])
    },
  }
}

describe.skipIf(noGitSync !== '')(`config-sync${noGitSync}`, () => {
  it('brings changes, and neither restarts nor leaves service while the repository is down', async () => {
    const repo = await repository()
    repo.up()
    const run = await prepareSidecar(
      'config-sync',
      { repo: repo.url, port: String(await freePort()), period: '1s' },
      { limits: true },
    )
    run.run()
    const seconds = await run.started()
    const file = join(run.folderAt('/sync'), 'current/web.yaml')
    expect(readFileSync(file, 'utf8')).toBe('one')
    repo.commit('two')
    await until(
      () => readFileSync(file, 'utf8') === 'two',
      () => run.output(),
    )
    const memory = run.memory()
    repo.down()
    await run.crash()
    const again = await run.started()
    await sleep(35_000)
    expect({ ready: run.ready, restarts: run.restarts, text: readFileSync(file, 'utf8') }).toEqual({
      ready: true,
      restarts: 1,
      text: 'two',
    })
    repo.up()
    repo.commit('three')
    await until(
      () => readFileSync(file, 'utf8') === 'three',
      () => run.output(),
    )
    const stopped = await run.stop()
    note(`config-sync, git-sync ${versionOf('git-sync', '--version')}, repository down for 35 s`, {
      'seconds to ready': seconds,
      'after a restart': again,
      'MiB resident': memory,
      'restarts by probes': run.restarts - 1,
      'seconds to stop': stopped.seconds,
    })
    expect(stopped.killed).toBe(false)
  }, 120_000)

  it('calls the app after a change, until it answers', async () => {
    const repo = await repository()
    repo.up()
    const calls: string[] = []
    const server = createServer((req, res) => {
      calls.push(`${req.method} ${req.url}`)
      res.end()
    })
    const appPort = await freePort()
    const values = { repo: repo.url, port: String(await freePort()), reloadUrl: `http://127.0.0.1:${appPort}/reload` }
    const run = (await prepareSidecar('config-sync', values)).run()
    await run.started()
    await new Promise<void>((resolve) => server.listen(appPort, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    await until(
      () => calls.length > 0,
      () => run.output(),
    )
    expect(calls).toEqual(['POST /reload'])
  }, 60_000)

  it('as an ordinary container has the files before the app starts', async () => {
    const repo = await repository()
    repo.up()
    const run = await prepareSidecar(
      'config-sync',
      { repo: repo.url, port: String(await freePort()) },
      { mode: 'classic' },
    )
    expect(await run.runInit()).toBe(0)
    const [init] = run.pod.initContainers
    expect(readFileSync(join(run.folderAt('/sync', init), 'current/web.yaml'), 'utf8')).toBe('one')
  })
})

describe.skipIf(noRclone !== '')(`data-sync${noRclone}`, () => {
  const config = (port: number): string => `[backup]\ntype = webdav\nurl = http://127.0.0.1:${port}\nvendor = other\n`

  /** A WebDAV server of rclone's own, as the remote. */
  async function remote() {
    const [folder, port] = [scratch(), await freePort()]
    let server: ChildProcess | undefined
    const down = (): void => void server?.kill('SIGKILL')
    onTestFinished(down)
    const up = (): void => void (server = spawn('rclone', ['serve', 'webdav', '--addr', `127.0.0.1:${port}`, folder]))
    return { folder, port, up, down }
  }

  it('writes its configuration, takes no long rounds, and loses nothing through an outage and at the stop', async () => {
    const { folder, port, up, down } = await remote()
    up()
    const run = await prepareSidecar(
      'data-sync',
      { remote: 'backup:web', configSecret: 's', interval: '1' },
      { limits: true, secrets: { s: { 'rclone.conf': config(port) } } },
    )
    const local = run.folderAt('/local')
    writeFileSync(join(local, 'a'), '1')
    run.run()
    const seconds = await run.started()
    await until(
      () => existsSync(join(folder, 'web/a')),
      () => run.output(),
    )
    down()
    writeFileSync(join(local, 'b'), '2')
    await sleep(6000)
    const memory = run.memory()
    expect(existsSync(join(folder, 'web/b'))).toBe(false)
    up()
    await until(
      () => existsSync(join(folder, 'web/b')),
      () => run.output(),
      60,
    )
    const begin = performance.now()
    for (let i = 0; i < 100; i++) writeFileSync(join(local, `last-${i}`), 'x')
    const stopped = await run.stop(async () => writeFileSync(join(local, 'last-100'), 'x'))
    const missing = Array.from({ length: 101 }, (_, i) => `last-${i}`).filter(
      (name) => !existsSync(join(folder, 'web', name)),
    )
    note(`data-sync, rclone ${versionOf('rclone', 'version')}, outage and stop`, {
      'seconds to ready': seconds,
      'MiB resident': memory,
      'files lost of 101': missing.length,
      'seconds to stop': stopped.seconds,
      restarts: run.restarts,
    })
    expect(performance.now() - begin).toBeLessThan(60_000)
    expect(missing).toEqual([])
    expect({ killed: stopped.killed, restarts: run.restarts }).toEqual({ killed: false, restarts: 0 })
    expect(run.output()).not.toContain('Failed to save config')
  }, 150_000)

  it('keeps a token that rclone stores, until the Secret is a newer one', async () => {
    const { port } = await remote()
    const run = await prepareSidecar(
      'data-sync',
      { remote: 'backup:web', configSecret: 's', interval: '1000' },
      { secrets: { s: { 'rclone.conf': config(port) } } },
    )
    run.run()
    await run.started()
    const copy = join(run.folderAt('/tmp'), 'rclone.conf')
    expect(statSync(copy).mode & 0o777).toBe(0o600)
    appendFileSync(copy, 'token = new\n')
    await run.crash()
    await run.started()
    expect(readFileSync(copy, 'utf8')).toContain('token = new')
    await sleep(1100)
    writeFileSync(join(run.folderAt('/etc/data-sync'), 'rclone.conf'), `${config(port)}# renewed\n`)
    await run.crash()
    await run.started()
    expect(readFileSync(copy, 'utf8')).toContain('# renewed')
  })

  it('restores before the app starts', async () => {
    const { folder, port, up } = await remote()
    mkdirSync(join(folder, 'web'))
    writeFileSync(join(folder, 'web/a'), '1')
    up()
    const run = await prepareSidecar(
      'data-sync',
      { remote: 'backup:web', configSecret: 's', restore: 'true' },
      { secrets: { s: { 'rclone.conf': config(port) } } },
    )
    expect(await run.runInit()).toBe(0)
    expect(readFileSync(join(run.folderAt('/local'), 'a'), 'utf8')).toBe('1')
    expect(run.output()).not.toContain('Failed to save config')
  })
})

describe.skipIf(noCurl !== '')(`config-http${noCurl}`, () => {
  it('keeps the file through an outage, does not restart, and ends at once', async () => {
    const port = await freePort()
    let text = 'one'
    const server = createServer((_, res) => res.end(text))
    const up = async (): Promise<void> => await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve))
    await up()
    onTestFinished(() => void server.close())
    const run = await runSidecar(
      'config-http',
      { url: `http://127.0.0.1:${port}/c`, interval: '1', timeout: '2' },
      { limits: true },
    )
    const seconds = await run.started()
    const file = join(run.folderAt('/pulled'), 'config.yaml')
    expect(readFileSync(file, 'utf8')).toBe('one')
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await sleep(12_000)
    expect({ ready: run.ready, restarts: run.restarts, text: readFileSync(file, 'utf8') }).toEqual({
      ready: true,
      restarts: 0,
      text: 'one',
    })
    text = 'two'
    await up()
    await until(
      () => readFileSync(file, 'utf8') === 'two',
      () => run.output(),
    )
    const memory = run.memory()
    const stopped = await run.stop()
    note(`config-http, curl ${versionOf('curl', '--version')}, server down for 12 s`, {
      'seconds to ready': seconds,
      'MiB resident': memory,
      restarts: run.restarts,
      'seconds to stop': stopped.seconds,
    })
    expect(stopped).toMatchObject({ code: 0, killed: false })
  })
})
