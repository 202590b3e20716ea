import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/core/json/json.ts'
import { absence, busybox, endOf, eventually, freePort, runContainer, scratch, sidecarOf } from './program.ts'

const noRclone = absence('rclone', 'busybox')
const noFluentd = absence('fluentd')

function put(folder: string, name: string, text: string): void {
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o777)
  writeFileSync(join(folder, name), text)
}

function setUp(values: Record<string, string>, mode: 'classic' | 'native') {
  const [local, remote, config, tmp] = [scratch(), scratch(), scratch(), scratch()]
  writeFileSync(join(config, 'rclone.conf'), `[backup]\ntype = alias\nremote = ${remote}\n`)
  const made = sidecarOf('data-sync', { remote: 'backup:web', configSecret: 's', ...values }, mode)
  const run = (container: JsonObject | undefined) =>
    runContainer(container, {
      paths: { '/local': local, '/etc/data-sync': config, '/tmp': tmp },
      entrypoint: ['rclone'],
      env: { PATH: `${busybox('sh', 'sleep', 'touch', 'timeout', 'date', 'stat', 'test')}:/usr/bin` },
    })
  return { made, run, local, remote: join(remote, 'web'), tmp }
}

async function startFluentd(name: string, values: Record<string, string>) {
  const [folder, state, tmp] = [scratch(), scratch(), scratch()]
  const port = await freePort()
  const made = sidecarOf(name, { ...values, monitorPort: String(port), listenAddress: '127.0.0.1' })
  writeFileSync(join(folder, 'a.log'), '2026-01-02 03:04:05 WARN it "is" #{1+1} ${2}\nno such form\n')
  const running = runContainer(made.container, {
    paths: { '/var/log/app': folder, '/var/lib/fluentd': state, '/tmp': tmp },
    env: { POD_NAME: 'web-0', POD_NAMESPACE: 'shop' },
  })
  await eventually(
    running,
    async () => {
      expect((await fetch(`http://127.0.0.1:${port}/api/plugins.json`)).status).toBe(200)
    },
    25,
  )
  return { running, folder }
}

function entries(output: string): unknown[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as unknown)
}

describe.skipIf(noRclone !== '')(`data-sync${noRclone}`, () => {
  it('copies at an interval, and what was written last when it stops', async () => {
    const { made, run, local, remote, tmp } = setUp({ interval: '1', extraArgs: '["--exclude=*.tmp"]' }, 'native')
    put(local, 'a', '1')
    const running = run(made.container)
    await eventually(running, () => expect(readFileSync(join(remote, 'a'), 'utf8')).toBe('1'))
    put(local, 'b', '2')
    put(local, 'c.tmp', '3')
    await eventually(running, () => expect(readFileSync(join(remote, 'b'), 'utf8')).toBe('2'))
    expect(existsSync(join(tmp, 'alive'))).toBe(true)
    put(local, 'last', '4')
    running.child.kill('SIGTERM')
    await endOf(running, 0)
    expect(readFileSync(join(remote, 'last'), 'utf8')).toBe('4')
    expect(existsSync(join(remote, 'c.tmp'))).toBe(false)
  })

  it('as an ordinary container waits for the app before the last round, and wakes from a long pause', async () => {
    const { made, run, local, remote } = setUp({ interval: '1000', operation: 'sync', settleSeconds: '2' }, 'classic')
    put(local, 'a', '1')
    const running = run(made.container)
    await eventually(running, () => expect(existsSync(join(remote, 'a'))).toBe(true))
    running.child.kill('SIGTERM')
    put(local, 'late', '2')
    await endOf(running, 0)
    expect(readFileSync(join(remote, 'late'), 'utf8')).toBe('2')
    expect(made.pod.minTerminationGracePeriodSeconds).toBe(120)
  })

  it('restores before the app starts, and mounts for writing only then', async () => {
    const { made, run, local, remote } = setUp({ restore: 'true' }, 'native')
    put(remote, 'a', '1')
    const running = run(made.initContainers[0])
    await endOf(running, 0)
    expect(readFileSync(join(local, 'a'), 'utf8')).toBe('1')
    expect(made.sharedFolders[0]?.sidecarReadOnly).toBe(false)
    expect(setUp({}, 'native').made.sharedFolders[0]?.sidecarReadOnly).toBe(true)
  })
})

describe.skipIf(noFluentd !== '')(`fluentd${noFluentd}`, () => {
  it('logging-fluentd prints the lines of the files', async () => {
    const { running, folder } = await startFluentd('logging-fluentd', {})
    const where = {
      namespace: 'shop',
      pod: 'web-0',
      date: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z$/) as string,
    }
    await eventually(running, () =>
      expect(entries(running.output())).toEqual([
        { message: '2026-01-02 03:04:05 WARN it "is" #{1+1} ${2}', ...where },
        { message: 'no such form', ...where },
      ]),
    )
    writeFileSync(join(folder, 'b.log'), 'more\n')
    await eventually(running, () => expect(running.output()).toContain('"more"'))
    running.child.kill('SIGTERM')
    await endOf(running, 0)
  })

  it('adapter gives every entry the same form', async () => {
    const { running } = await startFluentd('adapter', {
      expression: '^(?<time>\\S+ \\S+) (?<level>\\w+) (?<message>.*)$',
      timeFormat: '%Y-%m-%d %H:%M:%S',
    })
    await eventually(running, () =>
      expect(entries(running.output())).toMatchObject([
        { time: '2026-01-02T03:04:05.000Z', level: 'warning', message: 'it "is" #{1+1} ${2}', pod: 'web-0' },
        { level: 'info', message: 'no such form' },
      ]),
    )
  })
})
