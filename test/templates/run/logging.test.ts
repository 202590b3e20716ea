/** What the logging sidecars do with files of a pod that starts, runs, rotates, crashes and stops. */
import { appendFileSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { freePort } from '../program.ts'
import { figures } from './figures.ts'
import { obstacle } from './image.ts'
import { runSidecar, versionOf, type RunningSidecar, type SidecarOptions } from './sidecar.ts'
import { Sink } from './sink.ts'

/** Both programs: the field with the text of a line, and what names the program and its version. */
const PROGRAMS = [
  { template: 'logging', image: 'fluent/fluent-bit:5', program: 'fluent-bit', text: 'log' },
  { template: 'logging-fluentd', image: 'fluent/fluentd:1', program: 'fluentd', text: 'message' },
] as const

const note = figures()

/** Numbered lines, so that those which are lost or come twice can be told. */
function numbered(count: number, width = 0): string {
  return Array.from({ length: count }, (_, i) => `${String(i).padStart(7, '0')} ${'x'.repeat(width)}\n`).join('')
}

async function until(run: RunningSidecar, holds: () => boolean, seconds = 40): Promise<void> {
  const end = Date.now() + seconds * 1000
  while (!holds()) {
    if (Date.now() > end) throw new Error(`not within ${seconds} s:\n${run.output().slice(-4000)}`)
    await sleep(100)
  }
}

describe.each(PROGRAMS)('$template', ({ template, image, program, text }) => {
  const absent = obstacle(image)
  const name = absent === '' ? `${template}, ${program} ${versionOf(program, '--version')}` : template

  async function start(values: Readonly<Record<string, string>> = {}, options: SidecarOptions = {}) {
    const run = await runSidecar(
      template,
      { monitorPort: String(await freePort()), stopSeconds: '3', ...values },
      { limits: true, ...options },
    )
    const seconds = await run.started()
    const folder = run.folderAt('/var/log/app')
    return {
      run,
      seconds,
      write: (file: string, lines: string): void => appendFileSync(join(folder, file), lines),
      folder,
    }
  }

  /** How many of the numbered lines are missing, and how many there are too many. */
  function lost(entries: readonly Record<string, unknown>[], count: number): { lost: number; twice: number } {
    const numbers = entries.map((entry) => Number(String(entry[text]).slice(0, 7)))
    return { lost: count - new Set(numbers).size, twice: numbers.length - new Set(numbers).size }
  }

  it.skipIf(absent !== '')(`starts, reads what is there and what comes, and says of which pod${absent}`, async () => {
    const { run, seconds, write } = await start()
    write('a.log', 'one\n')
    await until(run, () => run.entries().length === 1)
    write('a.log', 'two\n')
    await until(run, () => run.entries().length === 2)
    const memory = run.memory()
    expect(run.entries()).toMatchObject([{ [text]: 'one', namespace: 'shop', pod: 'web-0' }, { [text]: 'two' }])
    expect(run.entries()[0]?.['date']).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{6}Z$/)
    const stopped = await run.stop()
    expect({ killed: stopped.killed, restarts: run.restarts }).toEqual({ killed: false, restarts: 0 })
    note(`${name}, starts`, { 'seconds to ready': seconds, 'MiB resident': memory })
  })

  it.skipIf(absent !== '').each(['native', 'classic'] as const)(
    `%s: loses no line of an app that writes 100 to a new file and ends${absent}`,
    async (mode) => {
      const { run, write } = await start({ stopSeconds: '10' }, { mode })
      const app = async (): Promise<void> => {
        if (mode === 'classic') await sleep(1000)
        write('last.log', numbered(100))
      }
      if (mode === 'native') await app()
      await sleep(1000)
      const stopped = mode === 'native' ? await run.appEnded() : await run.stop(app)
      expect(stopped.killed).toBe(false)
      const figure = lost(run.entries(), 100)
      note(`${name}, ${mode}, file made 1 s before the end`, { ...figure, 'seconds to stop': stopped.seconds })
      expect(figure).toEqual({ lost: 0, twice: 0 })
    },
  )

  it.skipIf(absent !== '')(`stateInFolder: goes on where it was, from the folder alone${absent}`, async () => {
    const { run, write, folder } = await start({ stateInFolder: 'true' })
    write('a.log', 'one\n')
    await until(run, () => run.entries().length === 1)
    await sleep(2000)
    await run.crash()
    await run.started()
    write('a.log', 'two\n')
    await until(run, () => run.entries().some((entry) => entry[text] === 'two'))
    expect(run.entries().map((entry) => entry[text])).toEqual(['one', 'two'])
    expect(readdirSync(folder).filter((file) => file.startsWith('.'))).toHaveLength(1)
    expect(run.pod.sidecar['volumeMounts']).not.toContainEqual(expect.objectContaining({ name: `${template}-state` }))
  })

  it.skipIf(absent !== '')(`loses nothing of a burst of 5 MB before the end, at its CPU limit${absent}`, async () => {
    const { run, write } = await start({ stopSeconds: '10', graceSeconds: '80' })
    write('burst.log', numbered(50_000, 92))
    const stopped = await run.appEnded()
    const figure = lost(run.entries(), 50_000)
    note(`${name}, burst of 5 MB before the end`, { ...figure, 'seconds to stop': stopped.seconds })
    expect({ ...figure, killed: stopped.killed }).toEqual({ lost: 0, twice: 0, killed: false })
  })

  it.skipIf(absent !== '')(`joins the last stack trace, and ends with it${absent}`, async () => {
    const values =
      template === 'logging'
        ? { multiline: 'java' }
        : { parser: 'multiline', firstLine: '^\\S', expression: '^(?<message>.*)$' }
    const { run, write } = await start({ stopSeconds: '10', ...values })
    const trace = 'java.lang.IllegalStateException: x\n\tat a.B.c(B.java:1)\n\tat a.B.d(B.java:2)'
    write('a.log', `${trace}\n`)
    await run.appEnded()
    expect(run.entries().map((entry) => String(entry[text]).trimEnd())).toEqual([trace])
  })

  it.skipIf(absent !== '')(
    `sends what came while the other side was down, refused, and the container crashed${absent}`,
    async () => {
      const sink = await Sink.make()
      const values =
        template === 'logging'
          ? { output: 'http', host: '127.0.0.1', port: String(sink.port) }
          : { output: 'http', endpoint: `http://127.0.0.1:${sink.port}/` }
      const { run, write } = await start(values)
      write('a.log', numbered(1000))
      await sleep(4000)
      await run.crash()
      await run.started()
      sink.status = 502
      await sink.up()
      await until(run, () => sink.refused > 0, 60)
      sink.status = 200
      await until(run, () => lost(sink.entries, 1000).lost === 0, 75)
      note(`${name}, outage, 502 and crash`, {
        ...lost(sink.entries, 1000),
        refused: sink.refused,
        restarts: run.restarts,
      })
      expect(lost(sink.entries, 1000)).toEqual({ lost: 0, twice: 0 })
    },
    180_000,
  )

  it.skipIf(absent !== '')(`reads a file on after it was renamed, and lines of 900 kB${absent}`, async () => {
    const { run, write, folder } = await start()
    write('a.log', numbered(10))
    await until(run, () => run.entries().length === 10)
    renameSync(join(folder, 'a.log'), join(folder, 'a.log.1'))
    write('a.log', `${'y'.repeat(900_000)}\n`)
    await sleep(8000)
    write('a.log.1', 'late\n')
    await until(run, () => run.entries().length === 12)
    expect(
      run
        .entries()
        .slice(10)
        .map((entry) => String(entry[text]).length)
        .toSorted((a, b) => a - b),
    ).toEqual([4, 900_000])
  })

  it.skipIf(absent !== '').each([
    ['no file at all', undefined, 1],
    ['a file of another name', 'a.txt', 1],
    ['a file that matches', 'a.log', 0],
  ])(`logs once that no file matches: %s${absent}`, async (_, file, times) => {
    const { run, write } = await start({ hintSeconds: '8' })
    if (file !== undefined) write(file, 'one\n')
    await sleep(12_000)
    const hints = (): number => run.output().split('no file matches /var/log/app/*.log').length - 1
    if (times > 0) await until(run, () => hints() > 0)
    await sleep(9000)
    expect([hints(), run.entries().length]).toEqual([times, 1 - times])
    write('late.log', 'late\n')
    await until(run, () => run.entries().length === 2 - times)
    expect(hints()).toBe(times)
  })

  it.skipIf(absent !== '')(`reads JSON with times of ISO 8601, and says nothing of others${absent}`, async () => {
    const { run, write } = await start({ parser: 'json' })
    const times: [unknown, string | undefined][] = [
      ['2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05.678000Z'],
      ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.000000Z'],
      ['2026-01-02T03:04:05.123456789+02:00', '2026-01-02T01:04:05.12345'],
      ['2026-01-02T03:04:05-0100', '2026-01-02T04:04:05.000000Z'],
      ['2026-01-02T03:04:05', '2026-01-02T03:04:05.000000Z'],
      ['yesterday', undefined],
    ]
    const own = (): string[] =>
      run
        .output()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('{'))
    const before = own()
    write('a.log', times.map(([time], i) => `${JSON.stringify({ time, n: i, level: 'info' })}\n`).join(''))
    await until(run, () => run.entries().length === times.length)
    const entries = run.entries().toSorted((a, b) => Number(a['n']) - Number(b['n']))
    expect(entries.map((entry) => [entry['time'], entry['level']])).toEqual(times.map(([time]) => [time, 'info']))
    for (const [i, [, date]] of times.entries())
      if (date !== undefined) expect(String(entries[i]?.['date']).slice(0, date.length)).toBe(date)
    // No line of the program's own for any of them.
    expect(
      own()
        .slice(before.length)
        .filter((line) => !line.includes('inotify_fs_add')),
    ).toEqual([])
  })
})

const noFluentBit = obstacle('fluent/fluent-bit:5')

describe.skipIf(noFluentBit !== '')(`logging, Fluent Bit alone${noFluentBit}`, () => {
  it('keeps the beginning of a line that is longer than allowed, and goes on', async () => {
    const run = await runSidecar('logging', { monitorPort: String(await freePort()), maxLineSize: '64K' })
    await run.started()
    writeFileSync(join(run.folderAt('/var/log/app'), 'a.log'), `${'y'.repeat(200_000)}\nnext\n`)
    await until(run, () => run.output().includes('"next"'))
    const lines = run.entries().map((entry) => String(entry['log']))
    expect(lines[0]?.length).toBeGreaterThan(60_000)
    expect(lines.at(-1)).toBe('next')
  })

  it('joins the lines of an entry, and then parses the whole', async () => {
    const run = await runSidecar('logging', { monitorPort: String(await freePort()), multiline: 'cri', parser: 'json' })
    await run.started()
    const start = '2026-01-02T03:04:05.000000000Z stdout'
    writeFileSync(
      join(run.folderAt('/var/log/app'), 'a.log'),
      `${start} P {"level":"warn",\n${start} F "text":"both"}\n`,
    )
    await until(run, () => run.entries().length > 0)
    expect(run.entries()[0]).toMatchObject({ level: 'warn', text: 'both', namespace: 'shop' })
  })

  it('runs in a folder with state of before', async () => {
    const run = await runSidecar('logging', {
      monitorPort: String(await freePort()),
      podFields: 'false',
      logLevel: 'off',
    })
    await run.started()
    mkdirSync(join(run.folderAt('/var/log/app'), 'sub'))
    writeFileSync(join(run.folderAt('/var/log/app'), 'a.log'), 'one\n')
    await until(run, () => run.entries().length === 1)
    await run.crash()
    await run.started()
    appendFileSync(join(run.folderAt('/var/log/app'), 'a.log'), 'two\n')
    await until(run, () => run.entries().length === 2)
    const date = expect.any(String) as string
    expect(run.entries()).toEqual([
      { date, log: 'one' },
      { date, log: 'two' },
    ])
    expect(
      run
        .output()
        .split('\n')
        .filter((line) => line !== '' && !line.startsWith('{')),
    ).toEqual([])
  })
})
