/** Runs a program once and measures it: time by bash's `time`, memory by GNU time or, without it, from /proc. */
import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A program with its arguments, and how it is fed. */
export interface Command {
  argv: readonly string[]
  /** A file that comes in through a pipe; without it standard input is empty. */
  stdin?: string
  cwd?: string
}

/** What a run took. */
export interface Usage {
  /** Milliseconds from start to end. */
  wall: number
  /** Milliseconds of processor time, the system's part included. */
  cpu: number
  /** The most memory it held at once, in bytes; undefined where that cannot be told. */
  peak: number | undefined
}

export type Outcome = { usage: Usage } | { stopped: number } | { failed: string }

/** The first file of this name on the PATH that can be run. */
export function findProgram(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}

/** GNU's time, which reads a process's own record of its memory when it has ended. */
const GNU_TIME = ['/usr/bin/time', '/usr/local/bin/gtime', '/opt/homebrew/bin/gtime'].find((path) =>
  /^\d+$/.test(spawnSync(path, ['-f', '%M', 'true'], { encoding: 'utf8' }).stderr?.trim() ?? ''),
)

/** Without it: looks at the high-water mark until the program has ended; a little too low for the shortest runs. */
const WATCH = `watch() { "$@" & local child=$! line high=; local code
  while kill -0 $child 2>&-; do line=$(grep VmHWM /proc/$child/status 2>&-) && high=$line; sleep 0.01; done
  wait $child; code=$?; set -- $high; echo "$2" >&3; return $code; }
`

/** The program's own messages go to descriptor 3, and behind them its memory in KiB; the times go to standard error. */
function script(memory: boolean, stdin: string | undefined): string {
  const from = stdin === undefined ? '</dev/null' : '< <(cat "$IN")'
  const wrapper = !memory ? '' : GNU_TIME === undefined ? 'watch ' : '"$TIME" -q -f %M '
  return `${memory && GNU_TIME === undefined ? WATCH : ''}TIMEFORMAT='%R %U %S'\ntime ${wrapper}"$@" ${from} >/dev/null 2>&3`
}

interface Ended {
  status: number | null
  stopped: boolean
  times: string
  messages: string
}

/** Runs bash in a process group of its own, so that what it started is stopped with it. */
function start({ argv, stdin, cwd }: Command, memory: boolean, limit: number): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', script(memory, stdin), 'bench', ...argv], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, LC_ALL: 'C', NO_COLOR: '1', IN: stdin ?? '', TIME: GNU_TIME ?? '' },
      ...(cwd !== undefined && { cwd }),
    })
    const ended: Ended = { status: null, stopped: false, times: '', messages: '' }
    child.stdio[2]?.on('data', (chunk: Buffer) => (ended.times += chunk.toString()))
    child.stdio[3]?.on('data', (chunk: Buffer) => (ended.messages += chunk.toString()))
    const timer = setTimeout(() => {
      ended.stopped = true
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    }, limit * 1000)
    child.on('error', reject)
    child.on('close', (status) => {
      clearTimeout(timer)
      resolve({ ...ended, status })
    })
  })
}

/**
 * Runs a command once. Its output is thrown away.
 * @param memory measure memory as well, which adds about a millisecond
 * @param limit seconds after which it is stopped
 */
export async function measure(command: Command, memory: boolean, limit: number): Promise<Outcome> {
  const { status, stopped, times, messages } = await start(command, memory, limit)
  if (stopped) return { stopped: limit }
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = times
    .trim()
    .split(/\s+/)
    .map((text) => Number(text) * 1000)
  const cpu = user + system
  const [said = '', last = ''] = memory ? (/^([^]*?)(\d*)\n?$/.exec(messages)?.slice(1) ?? []) : [messages]
  if (status !== 0 || Number.isNaN(wall + cpu))
    return { failed: `ended with ${status}: ${(said || times).slice(0, 500)}` }
  const kibibytes = Number.parseInt(last, 10)
  return { usage: { wall, cpu, peak: Number.isNaN(kibibytes) ? undefined : kibibytes * 1024 } }
}
