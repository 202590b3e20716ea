import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { main } from '../../src/cli/main.ts'
import type { FileSystem, Host, Output } from '../../src/io/host.ts'
import { fakeEngine } from './fake-engine.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A fresh folder with files in it, removed after the test. */
export function folder(files: Record<string, string | Uint8Array> = {}): string {
  const root = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'sidecarctl-')))
  onTestFinished(() => fs.rmSync(root, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(dirname(join(root, name)), { recursive: true })
    fs.writeFileSync(join(root, name), content)
  }
  return root
}

export interface Setup {
  cwd?: string
  stdin?: string | Uint8Array
  env?: Record<string, string>
  tty?: { stdout?: boolean; stderr?: boolean }
  /** Standard output is a file. */
  toFile?: boolean
  fs?: Partial<FileSystem>
  interrupted?: boolean
  now?: () => number
  isOver?: (id: string) => boolean
  temporaryFolder?: () => string
  sizes?: Host['sizes']
}

export interface Captured {
  host: Host
  stdout(): string
  stdoutBytes(): Buffer
  stderr(): string
}

let ids = 0

function sink(parts: Uint8Array[], isTTY: boolean, isFile = false): Output {
  return { isTTY, isFile, columns: isTTY ? 100 : undefined, write: async (data) => void parts.push(Buffer.from(data)) }
}

/** A host over a real folder, with everything else in memory. */
export function captureHost(setup: Setup = {}): Captured {
  const out: Uint8Array[] = []
  const err: Uint8Array[] = []
  const host: Host = {
    stdin: {
      isTTY: false,
      isPiped: setup.stdin !== undefined,
      read: async function* () {
        yield Buffer.from(setup.stdin ?? '')
      },
    },
    stdout: sink(out, setup.tty?.stdout ?? false, setup.toFile),
    stderr: sink(err, setup.tty?.stderr ?? false),
    env: setup.env ?? {},
    cwd: setup.cwd ?? '/nonexistent',
    fs: { ...fs, ...setup.fs },
    now: setup.now ?? Date.now,
    uniqueId: () => `test-${process.pid}-run-${ids++}`,
    isOver: setup.isOver ?? (() => false),
    tuneHeap: () => undefined,
    holdInterrupts: async (work) => await work(() => setup.interrupted ?? false),
    temporaryFolder: setup.temporaryFolder ?? tmpdir,
    ...(setup.sizes !== undefined && { sizes: setup.sizes }),
    templatesFolder: join(ROOT, 'templates'),
    compiledTemplatesFolder: undefined,
    schemasFolder: join(ROOT, 'dist/schemas'),
    playgroundFile: join(ROOT, 'dist/playground.html.gz'),
  }
  return {
    host,
    stdout: () => Buffer.concat(out).toString(),
    stdoutBytes: () => Buffer.concat(out),
    stderr: () => Buffer.concat(err).toString(),
  }
}

/** Runs the program in process with the fake engine. */
export async function run(argv: readonly string[], setup: Setup = {}): Promise<Captured & { code: number }> {
  const captured = captureHost(setup)
  const code = await main(argv, captured.host, async () => fakeEngine)
  return { ...captured, code }
}
