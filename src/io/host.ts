import {
  accessSync,
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { withNativePaths } from './native-paths.ts'
import { runIds, type RunningProcess } from './run-id.ts'
import { errorCode } from './errors.ts'

// By name: a namespace is copied, function by function, whenever the program starts.
const nodeFs = {
  accessSync,
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeSync,
}

/** The part of Node's file system that the program uses; tests replace single functions to make them fail. */
export type FileSystem = typeof nodeFs

const fs = withNativePaths(nodeFs)

/** Standard output or standard error. */
export interface Output {
  readonly isTTY: boolean
  /** True for a regular file. */
  readonly isFile: boolean
  /** Width in columns; undefined if it is not a terminal. */
  readonly columns: number | undefined
  /**
   * Writes everything. Once the other end has closed the pipe, this and later writes do nothing.
   * Other errors (such as a full disk) reject.
   */
  write(data: string | Uint8Array): Promise<void>
}

/** Standard input. */
export interface Input {
  readonly isTTY: boolean
  /** True for a pipe, a socket or a file; false for a terminal or another device. */
  readonly isPiped: boolean
  /** All bytes up to the end, in pieces as they arrive. A piece is valid until the next is requested. */
  read(): AsyncIterable<Uint8Array>
}

/** In bytes. */
export interface Sizes {
  /** Inputs of at least this size are split into parts. */
  long: number
  /** Minimum size of a part. */
  part: number
  /** How much of them is held in memory before the rest goes to a file. */
  held: number
  /** What is read as a whole may have so many: see LIMITS.documentSize. */
  document: number
  /** An input may have so many: see LIMITS.inputSize. */
  input: number
}

/** Everything outside the program that it uses, except its arguments. */
export interface Host {
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** The working folder, absolute; empty if it was deleted, which `main` of `cli/index.ts` reports. */
  readonly cwd: string
  readonly fs: FileSystem
  /** The time, in milliseconds since 1970. */
  now(): number
  /** A string that is unique among processes and calls; letters, digits and dashes. */
  uniqueId(): string
  /** Whether the process that created such a string has certainly ended; false if that is unknown. */
  isOver(id: string): boolean
  /** Tunes the heap for the number of bytes to process, once they are read. */
  tuneHeap(size: number): void
  /** While `work` runs, an interrupt (Ctrl-C, SIGTERM) does not end the process; `interrupted()` says whether one was received. */
  holdInterrupts<T>(work: (interrupted: () => boolean) => Promise<T>): Promise<T>
  /** The folder for temporary files, absolute. */
  temporaryFolder(): string
  /** Sizes from which inputs are treated as long; tests use smaller ones. */
  readonly sizes?: Partial<Sizes>
  /** The folder with the built-in templates, absolute. */
  readonly templatesFolder: string
  /** The folder with the templates that the build converted to JSON, absolute; undefined to read their YAML. */
  readonly compiledTemplatesFolder: string | undefined
  /** The folder with the Kubernetes schemas that the build generates, absolute. */
  readonly schemasFolder: string
  /** The page of `sidecarctl playground`, compressed by gzip; absolute. */
  readonly playgroundFile: string
}

/** The other end of the pipe is closed: nobody reads the rest, which is not an error. */
const CLOSED = new Set(['EPIPE', 'ECONNRESET', 'EOF', 'ERR_STREAM_DESTROYED'])

function writeThroughStream(stream: NodeJS.WriteStream, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    // The callback below reports errors; the event comes later, and without a listener it would end the process.
    stream.on('error', () => undefined)
    stream.write(bytes, (error) => {
      if (error && !CLOSED.has(errorCode(error) ?? '')) reject(error)
      else resolve()
    })
  })
}

/**
 * Whether a descriptor is a terminal. node:tty, which knows, loads all of Node's sockets and streams, so it is asked
 * only about descriptors that can be one: not a pipe, a file or the null device.
 */
function isTerminal(fd: number): boolean {
  try {
    const stat = fs.fstatSync(fd)
    if (!stat.isCharacterDevice()) return false
    if (stat.rdev === fs.statSync('/dev/null', { throwIfNoEntry: false })?.rdev) return false
  } catch {
    // Not every system knows what a descriptor is.
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
          // Errors of standard error cannot be reported anywhere.
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

/** Size in bytes from which a run takes longer than start-up. */
const MUCH = 200_000
/** Size in bytes from which memory matters. */
const VERY_MUCH = 32 << 20

/**
 * V8 optimises what has run for a while. In a run of half a second half of that would be optimising, with little time
 * left to gain from it, so it is asked to wait a bit longer, and to put fewer functions into those that call them, each of
 * which would be compiled once more there. A small run gets nowhere near that and need not ask.
 */
function tuneHeap(size: number): void {
  if (size < MUCH) return
  const version = Number.parseInt(process.versions.v8)
  // A flag that V8 does not know would make it complain on stderr. Node 22 has V8 12, Node 24 has V8 13.
  if (version <= 11) {
    setFlag('--interrupt-budget=150000', '--interrupt-budget=67584')
    setFlag('--max-inlined-bytecode-size-cumulative=100', '--max-inlined-bytecode-size-cumulative=920')
  }
  // Of a long input most is garbage soon. Where the machine has room V8 would let it grow to a multiple of what is used.
  if (size >= VERY_MUCH && version <= 13) setFlag('--heap-growing-percent=40', '--heap-growing-percent=0')
}

/** The flags of V8 that are set, by those that take them back. */
const flags = new Map<string, string>()

/**
 * Sets a flag of V8, such as `--interrupt-budget=300000`.
 * @param before the flag as V8 begins with it; where it is another, compiled code is not taken any more
 */
function setFlag(flag: string, before: string): void {
  flags.set(before, flag)
  tellV8(flag)
}

/** Works under the flags that V8 began with: it takes compiled code under those alone that it was compiled under. */
export function withFirstFlags<T>(work: () => T): T {
  for (const before of flags.keys()) tellV8(before)
  try {
    return work()
  } finally {
    for (const flag of flags.values()) tellV8(flag)
  }
}

function tellV8(flag: string): void {
  process.getBuiltinModule('node:v8').setFlagsFromString(flag)
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

/** What a process knows about its machine; empty if the system does not say. */
function systemText(read: () => string): string {
  try {
    return read()
  } catch {
    return ''
  }
}

const thisProcess: RunningProcess = {
  pid: process.pid,
  // Containers share the boot id of the machine, but each has its own process ids.
  place: () =>
    [
      process.getBuiltinModule('node:os').hostname(),
      systemText(() => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
      systemText(() => readlinkSync('/proc/self/ns/pid')),
    ].join('\n'),
  isAlive(pid) {
    try {
      // Signal 0 only checks whether the process exists.
      process.kill(pid, 0)
      return true
    } catch (error) {
      return errorCode(error) !== 'ESRCH'
    }
  },
}

const ids = runIds(thisProcess, Math.random().toString(36).slice(2, 10))

/** The path of the working folder; empty if that was deleted. */
function workingFolder(): string {
  try {
    return process.cwd()
  } catch {
    return ''
  }
}

/** The host of the running process. */
export function realHost(): Host {
  return {
    stdin: realInput,
    stdout: realOutput(1),
    stderr: realOutput(2),
    env: process.env,
    cwd: workingFolder(),
    fs,
    now: Date.now,
    uniqueId: ids.next,
    isOver: ids.isOver,
    tuneHeap,
    holdInterrupts,
    temporaryFolder: () => process.getBuiltinModule('node:os').tmpdir(),
    // Relative to dist/, which contains the bundle.
    templatesFolder: join(import.meta.dirname, '../templates'),
    compiledTemplatesFolder: join(import.meta.dirname, 'templates'),
    schemasFolder: join(import.meta.dirname, 'schemas'),
    playgroundFile: join(import.meta.dirname, 'playground.html.gz'),
  }
}
