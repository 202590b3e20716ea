import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import * as fs from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { isObject, type Json, type JsonObject } from '../../src/core/json/json.ts'
import { builtinTemplate } from '../../src/core/template/library.ts'
import { resolveTemplate } from '../../src/core/template/resolve-template.ts'
import type { Sidecar } from '../../src/core/template/template.ts'
import { builtinTemplates } from '../../src/io/builtin-templates.ts'
import { CONTEXT } from '../core/template/support.ts'
import { expand } from './run/volumes.ts'

const library = builtinTemplates({
  fs,
  templatesFolder: fileURLToPath(new URL('../../templates', import.meta.url)),
  compiledTemplatesFolder: undefined,
})

/** What to add to a test's title: nothing, or which of the programs it needs are not on this machine. */
export function absence(...programs: string[]): string {
  const absent = missing(...programs)
  return absent.length === 0 ? '' : ` (skipped: ${absent.join(', ')} not found)`
}

/** The names of programs that are not on this machine. */
function missing(...programs: string[]): string[] {
  return programs.filter((program) => find(program) === undefined)
}

/** The path of a program on this machine. */
export function find(program: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.map((folder) => join(folder, program)).find((path) => fs.existsSync(path))
}

/** A built-in template with values as on the command line. */
export function sidecarOf(
  name: string,
  values: Record<string, string>,
  mode: 'classic' | 'native' = 'native',
): Sidecar {
  const template = builtinTemplate(name, library)
  if (template === undefined) throw new Error(`no template ${name}`)
  const given = Object.entries(values).map(([key, value]) => ({ name: key, value }))
  const { sidecar, diagnostics } = resolveTemplate(template, given, { ...CONTEXT, mode })
  if (sidecar === undefined) throw new Error(diagnostics.map((d) => d.message).join('\n'))
  return sidecar
}

/** A folder that every user may write to, removed after the test. */
export function scratch(): string {
  const folder = fs.mkdtempSync(join(tmpdir(), 'sidecarctl-run-'))
  fs.chmodSync(folder, 0o777)
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A TCP port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export interface Running {
  child: ChildProcess
  output(): string
  /** Resolves with the exit code. */
  exit: Promise<number | null>
}

interface RunOptions {
  /** Paths in the container, and where they are on this machine; the longest counts. */
  paths: Record<string, string>
  /** Programs to run in place of the container's own. */
  programs?: Record<string, string>
  /** What the image runs where the container names no command. */
  entrypoint?: string[]
  env?: Record<string, string>
}

/**
 * Runs a container of a template as a process: its command, arguments and environment, with its paths moved and, when
 * the tests run as root, with its user.
 */
export function runContainer(
  container: JsonObject | undefined,
  { paths, programs = {}, entrypoint = [], env = {} }: RunOptions,
): Running {
  if (container === undefined) throw new Error('no container')
  const move = (text: string): string => {
    const known = Object.keys(paths).toSorted((a, b) => b.length - a.length)
    const pattern = new RegExp(
      known.map((path) => `${path.replaceAll(/[.]/g, '\\.')}(?![\\w.-])`).join('|') || '(?!)',
      'g',
    )
    return text.replace(pattern, (path) => paths[path] as string)
  }
  const texts = (value: Json | undefined): string[] =>
    Array.isArray(value) ? value.map((text) => expand(move(String(text)), declared)) : []
  const variables: Record<string, string> = { PATH: `${env['PATH'] ?? process.env['PATH'] ?? ''}:/usr/sbin`, ...env }
  const declared: Record<string, string> = {}
  for (const variable of Array.isArray(container['env']) ? container['env'].filter(isObject) : []) {
    const { name, value } = variable
    if (typeof value === 'string') declared[String(name)] = expand(move(value), declared)
  }
  Object.assign(variables, declared)
  const command = container['command'] === undefined ? entrypoint : texts(container['command'])
  const [program, ...args] = [...command, ...texts(container['args'])]
  const child = spawn(programs[program as string] ?? (program as string), args, {
    env: variables,
    ...userOf(container),
  })
  return watch(child)
}

function userOf(container: JsonObject): { uid?: number; gid?: number } {
  const security = container['securityContext']
  const uid = isObject(security) ? security['runAsUser'] : undefined
  return process.getuid?.() === 0 && typeof uid === 'number' ? { uid, gid: uid } : {}
}

/** Follows a process, which is killed when the test ends. */
export function watch(child: ChildProcess): Running {
  let output = ''
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()))
  child.stderr?.on('data', (data: Buffer) => (output += data.toString()))
  const exit = new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      output += String(error)
      resolve(null)
    })
    child.on('exit', resolve)
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exit
  })
  return { child, output: () => output, exit }
}

/** Waits for the end of a process; an exit code other than the wanted one is an error with what it printed. */
export async function endOf(running: Running, wanted: number): Promise<string> {
  const code = await running.exit
  if (code !== wanted) throw new Error(`exit code ${code} instead of ${wanted}:\n${running.output()}`)
  return running.output()
}

/** Tries until something holds; what the process printed is in the error when it never does. */
export async function eventually<T>(running: Running, attempt: () => T | Promise<T>, seconds = 15): Promise<T> {
  const end = Date.now() + seconds * 1000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (Date.now() > end) throw new Error(`${String(error)}\n${running.output()}`, { cause: error })
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

/** Runs a program to its end and returns what it printed; anything but success is an error. */
export function done(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program}: ${stderr}`)
  return stdout
}

/** A folder with BusyBox under the names of its applets, to stand first in PATH. */
export function busybox(...applets: string[]): string {
  const folder = scratch()
  const program = find('busybox') as string
  for (const applet of applets) fs.symlinkSync(program, join(folder, applet))
  return folder
}
