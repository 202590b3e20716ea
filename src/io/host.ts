import {
  accessSync, closeSync, fchmodSync, fchownSync, fstatSync, fsyncSync, linkSync, lstatSync, mkdirSync, openSync,
  readdirSync, readFileSync, readlinkSync, readSync, realpathSync, renameSync, statSync, symlinkSync, unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { withNativePaths } from './native-paths.ts'
import { runIds, type RunningProcess } from './run-id.ts'
import { errorCode } from './errors.ts'

// By name: a namespace is copied, function by function, whenever the program starts.
const nodeFs = {
  accessSync, closeSync, fchmodSync, fchownSync, fstatSync, fsyncSync, linkSync, lstatSync, mkdirSync, openSync,
  readdirSync, readFileSync, readlinkSync, readSync, realpathSync, renameSync, statSync, symlinkSync, unlinkSync, writeSync,
}

/** The part of Node's file system that the program uses; a test can replace single functions to make them fail. */
export type FileSystem = typeof nodeFs

const fs = withNativePaths(nodeFs)

/** Standard output or standard error. */
export interface Output {
  readonly isTTY: boolean
  /** True for a regular file. */
  readonly isFile: boolean
  /** Width in columns; undefined when it is no terminal. */
  readonly columns: number | undefined
  /**
   * Writes everything. Once the other end has closed the pipe, this and later writes do nothing.
   * Other trouble (a full disk) rejects.
   */
  write(data: string | Uint8Array): Promise<void>
}

/** Standard input. */
export interface Input {
  readonly isTTY: boolean
  /** True for a pipe, a socket or a file; false for a terminal or another device. */
  readonly isPiped: boolean
  /** All bytes up to the end, in pieces as they come. A piece is good until the next is asked for. */
  read(): AsyncIterable<Uint8Array>
}

/** In bytes. */
export interface Sizes {
  /** Inputs that are as long are taken apart. */
  long: number
  /** A part is as long, at the least. */
  part: number
  /** So much of them is held in memory before the rest goes to a file. */
  held: number
}

/** Everything the program knows of the world but its arguments. */
export interface Host {
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** The working folder, absolute. */
  readonly cwd: string
  readonly fs: FileSystem
  /** The time, in milliseconds since 1970. */
  now(): number
  /** A string that no other process and no earlier call has had; letters, digits and dashes. */
  uniqueId(): string
  /** True when the process that made such a string is certainly no more; false where that cannot be told. */
  isOver(id: string): boolean
  /** Told how many bytes there are to work on, once they are read. */
  expectWork(size: number): void
  /** While `work` runs, an interrupt (Ctrl-C, SIGTERM) does not kill; `interrupted()` tells that one came. */
  holdInterrupts<T>(work: (interrupted: () => boolean) => Promise<T>): Promise<T>
  /** The folder for files that are needed only while the program runs, absolute. */
  temporaryFolder(): string
  /** Sizes from which on inputs are treated as long; a test has smaller ones. */
  readonly sizes?: Partial<Sizes>
  /** The folder with the built-in templates, absolute. */
  readonly templatesFolder: string
  /** The folder where the build put them as JSON, absolute; undefined to read their YAML. */
  readonly compiledTemplatesFolder: string | undefined
  /** The folder with the Kubernetes schemas that the build makes, absolute. */
  readonly schemasFolder: string
}

/** The pipe's other end is gone: nobody wants the rest, which is no error. */
const CLOSED = new Set(['EPIPE', 'ECONNRESET', 'EOF', 'ERR_STREAM_DESTROYED'])

function writeThroughStream(stream: NodeJS.WriteStream, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    // The callback below tells of errors; the event comes later, and without a listener it would end the process.
    stream.on('error', () => undefined)
    stream.write(bytes, (error) => {
      if (error && !CLOSED.has(errorCode(error) ?? '')) reject(error)
      else resolve()
    })
  })
}

/**
 * Whether a descriptor is a terminal. node:tty, which knows, loads all of Node's sockets and streams, so it is asked
 * only about what can be one: neither a pipe nor a file nor the null device.
 */
function isTerminal(fd: number): boolean {
  try {
    const stat = fs.fstatSync(fd)
    if (!stat.isCharacterDevice()) return false
    if (stat.rdev === fs.statSync('/dev/null', { throwIfNoEntry: false })?.rdev) return false
  } catch {
    // Not every system can tell what a descriptor is.
  }
  return process.getBuiltinModule('node:tty').isatty(fd)
}

function isRegular(fd: number): boolean {
  try {
    return fs.fstatSync(fd).isFile()
  } catch {
    return false
  }
}

function realOutput(fd: 1 | 2): Output {
  let closed = false
  let known: boolean | undefined
  const stream = (): NodeJS.WriteStream => (fd === 1 ? process.stdout : process.stderr)
  return {
    get isTTY() {
      return (known ??= isTerminal(fd))
    },
    get isFile() {
      return isRegular(fd)
    },
    get columns() {
      return this.isTTY ? stream().columns : undefined
    },
    // Synchronous on the descriptor, which spares loading Node's streams; a pipe that another process has made
    // non-blocking answers EAGAIN, and then a stream can wait for it.
    async write(data) {
      if (data.length === 0) return
      const bytes = typeof data === 'string' ? Buffer.from(data) : data
      let done = 0
      while (!closed && done < bytes.length) {
        try {
          done += fs.writeSync(fd, bytes, done)
        } catch (error) {
          const code = errorCode(error)
          if (code === 'EAGAIN') return await writeThroughStream(stream(), bytes.subarray(done))
          // Trouble with standard error has nowhere to be told.
          if (fd === 1 && !CLOSED.has(code ?? '')) throw error
          closed = true
        }
      }
    },
  }
}

function stdinIsPiped(): boolean {
  try {
    const stat = fs.fstatSync(0)
    return stat.isFIFO() || stat.isFile() || stat.isSocket()
  } catch {
    return false
  }
}

const realInput: Input = {
  get isTTY() {
    return isTerminal(0)
  },
  get isPiped() {
    return stdinIsPiped()
  },
  async *read() {
    const piece = Buffer.allocUnsafe(1 << 16)
    for (;;) {
      let count: number
      try {
        count = readSync(0, piece, 0, piece.length, null)
      } catch (error) {
        const code = errorCode(error)
        if (code === 'EOF') return
        if (code !== 'EAGAIN') throw error
        // Another process made the pipe non-blocking; a stream can wait for it.
        for await (const rest of process.stdin) yield rest as Uint8Array
        return
      }
      if (count === 0) return
      yield piece.subarray(0, count)
    }
  },
}

/** Bytes from which a run is more than start-up. */
const MUCH = 200_000
/** Bytes from which memory counts. */
const VERY_MUCH = 32 << 20

/**
 * V8 optimises what has run for a while. In a run of half a second half of that would be optimising, with little time
 * left to gain from it, so it is asked to wait a bit longer. A small run gets nowhere near that and need not ask.
 */
function expectWork(size: number): void {
  if (size < MUCH) return
  const { setFlagsFromString } = process.getBuiltinModule('node:v8')
  const version = Number.parseInt(process.versions.v8)
  // A flag that V8 does not know would make it complain on stderr. Node 22 has V8 12, Node 24 has V8 13.
  if (version <= 11) setFlagsFromString('--interrupt-budget=300000')
  // Of a long input most is garbage soon. Where the machine has room V8 would let it grow to a multiple of what is used.
  if (size >= VERY_MUCH && version <= 13) setFlagsFromString('--heap-growing-percent=40')
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

async function holdInterrupts<T>(work: (interrupted: () => boolean) => Promise<T>): Promise<T> {
  let came = false
  const note = (): void => {
    came = true
  }
  for (const signal of SIGNALS) process.on(signal, note)
  try {
    return await work(() => came)
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, note)
  }
}

/** What a process sees of where it runs; empty where a system does not tell. */
function systemText(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

const thisProcess: RunningProcess = {
  pid: process.pid,
  // Containers share a start of the machine and count processes each for itself.
  place: () => [
    process.getBuiltinModule('node:os').hostname(),
    systemText(() => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    systemText(() => readlinkSync('/proc/self/ns/pid')),
  ].join('\n'),
  isAlive(pid) {
    try {
      // Signal 0 only asks.
      process.kill(pid, 0)
      return true
    } catch (error) {
      return errorCode(error) !== 'ESRCH'
    }
  },
}

const ids = runIds(thisProcess, Math.random().toString(36).slice(2, 10))

/** The world as it is: the running process. */
export function realHost(): Host {
  return {
    stdin: realInput,
    stdout: realOutput(1),
    stderr: realOutput(2),
    env: process.env,
    cwd: process.cwd(),
    fs,
    now: Date.now,
    uniqueId: ids.next,
    isOver: ids.isOver,
    expectWork,
    holdInterrupts,
    temporaryFolder: () => process.getBuiltinModule('node:os').tmpdir(),
    // From dist/, where the bundle is.
    templatesFolder: join(import.meta.dirname, '../templates'),
    compiledTemplatesFolder: join(import.meta.dirname, 'templates'),
    schemasFolder: join(import.meta.dirname, 'schemas'),
  }
}
