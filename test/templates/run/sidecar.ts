/**
 * Runs the sidecar of a rendered manifest as the kubelet runs it: `$(NAME)` put in, its user and group, no capabilities,
 * no new privileges, a read-only root where nothing but the declared volumes can be written to, its limits of CPU and
 * memory, its probes at Kubernetes' times, its preStop hook, signal and grace period. Not of its own: the network, which
 * is that of this machine unless one of IPv6 alone is asked for, and the programs, which are this machine's in place of
 * the image's.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import * as fs from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import type { JsonObject } from '../../../src/core/json/json.ts'
import { busybox, find, scratch } from '../program.ts'
import { imageOf, type Image } from './image.ts'
import { joinGroups, type Groups } from './limits.ts'
import { list, map, renderPod, type PodTemplate } from './pod.ts'
import { runProbes, type Probes } from './probes.ts'
import { environmentOf, makeVolumes, mountsOf, type Data } from './volumes.ts'

export interface SidecarOptions {
  mode?: 'classic' | 'native'
  secrets?: Data
  /** Files of the image that no program of this machine brings, by path. */
  imageFiles?: Readonly<Record<string, string>>
  /** Whether the container's limits of CPU and memory hold, where this machine's control groups allow it. */
  limits?: boolean
  /** Whether it has a network of its own, with IPv6 alone. */
  ipv6?: boolean
}

/** What became of a container that was told to stop. */
export interface Stopped {
  /** Seconds from the pod's deletion on. */
  seconds: number
  code: number | null
  /** Whether the grace period was over before it ended. */
  killed: boolean
}

export class RunningSidecar {
  readonly pod: PodTemplate
  readonly volumes: ReadonlyMap<string, string>
  /** Times the kubelet would have started it again: because of its liveness or startup probe, or since it ended. */
  restarts = 0
  private readonly options: SidecarOptions
  private readonly folder: string
  private readonly image: Image
  private readonly tools: string
  private child: ChildProcess | undefined
  private exit: Promise<number | null> = Promise.resolve(null)
  private probes: Probes | undefined
  private groups: Groups | undefined
  private text = ''
  private stopping = false

  constructor(pod: PodTemplate, options: SidecarOptions) {
    this.pod = pod
    this.options = options
    this.folder = scratch()
    this.volumes = makeVolumes(pod, this.folder, options.secrets ?? {})
    this.image = imageOf(String(pod.sidecar['image'] ?? pod.initContainers[0]?.['image']))
    this.tools = toolsOf(this.image)
    onTestFinished(async () => {
      this.stopping = true
      this.probes?.stop()
      this.signal('SIGKILL')
      await this.exit
      await this.groups?.remove()
    })
  }

  /** What the container printed since it first started. */
  output(): string {
    return this.text.replaceAll('unshare: sigprocmask unblock failed: Invalid argument\n', '')
  }

  /** Lines of JSON that it printed. */
  entries(): Record<string, unknown>[] {
    return this.text
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  /** The folder on this machine that the container sees at a path where a volume is mounted. */
  folderAt(path: string, container: JsonObject = this.pod.sidecar): string {
    const mount = mountsOf(container, this.volumes).find(([, target]) => target === path)
    if (mount === undefined) throw new Error(`nothing is mounted at ${path}`)
    return mount[0]
  }

  /** Resident memory of the container now, in MiB, page cache not counted; of its first process where there are no limits. */
  memory(): number {
    const text = (): string => fs.readFileSync(`/proc/${this.pid()}/status`, 'utf8')
    return this.groups?.resident() ?? Number(/VmRSS:\s*(\d+)/.exec(text())?.[1]) / 1024
  }

  start(container: JsonObject = this.pod.sidecar): void {
    const { command, env, setup } = this.prepare(container)
    this.groups ??= this.options.limits === true ? joinGroups(map(map(container['resources'])['limits'])) : undefined
    fs.writeFileSync(join(this.folder, 'groups'), (this.groups?.tasks ?? []).map((path) => `${path}\n`).join(''))
    const network = this.options.ipv6 === true ? ['--net'] : []
    const namespaces = [...network, '--mount', '--propagation', 'private', '--pid', '--fork']
    const child = spawn('unshare', [...namespaces, 'sh', ...setup, ...command], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
    })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => (this.text += data.toString()))
    this.child = child
    this.exit = new Promise((resolve) => child.on('exit', resolve))
    void this.exit.then(() => this.ended(child, container))
  }

  /** Seconds until the startup probe has passed. */
  async started(seconds = 60): Promise<number> {
    const begin = performance.now()
    while (this.probes?.started !== true) {
      if (performance.now() - begin > seconds * 1000) throw new Error(`not started within ${seconds} s:\n${this.text}`)
      await sleep(20)
    }
    return (performance.now() - begin) / 1000
  }

  get ready(): boolean {
    return this.probes?.ready ?? false
  }

  /** Runs an init container to its end. */
  async runInit(container: JsonObject | undefined = this.pod.initContainers[0]): Promise<number | null> {
    this.stopping = true
    this.start(container)
    const code = await this.exit
    this.stopping = false
    return code
  }

  /** Starts the container and its probes. */
  run(): this {
    this.start()
    this.probes = runProbes(this.pod.sidecar, {
      exec: async (command, seconds) => await this.exec(command, seconds),
      get: async (port, path, seconds) => await this.get(port, path, seconds),
      unhealthy: () => this.signal('SIGKILL'),
    })
    return this
  }

  /** Ends the container at once, as when it is out of memory; it is started again with the same volumes. */
  async crash(): Promise<void> {
    const { child } = this
    this.signal('SIGKILL')
    while (this.child === child) await sleep(20)
  }

  /**
   * Deletes the pod. All containers' preStop hooks run at once; an ordinary container then gets its signal, a native sidecar
   * once the app has ended (kuberuntime_container.go, killContainer).
   * @param app what the app does until it has ended
   */
  async stop(app: () => Promise<unknown> = async () => undefined): Promise<Stopped> {
    this.stopping = true
    this.probes?.stop()
    const begin = performance.now()
    const grace = Number(this.pod.spec['terminationGracePeriodSeconds'] ?? 30) * 1000
    const [appEnds, hook] = [app(), this.preStop()]
    await hook
    if (this.pod.mode === 'native') await appEnds
    this.signal(this.image.stopSignal)
    // The kubelet leaves a container 2 seconds at least.
    const left = Math.max(2000, grace - (performance.now() - begin))
    const timer = setTimeout(() => this.signal('SIGKILL'), left)
    const code = await this.exit
    clearTimeout(timer)
    await appEnds
    const elapsed = performance.now() - begin
    return { seconds: elapsed / 1000, code, killed: elapsed > Math.max(grace, left) }
  }

  /** The app of a Job ends by itself; the kubelet then stops the sidecar. */
  async appEnded(): Promise<Stopped> {
    return await this.stop()
  }

  private signal(name: NodeJS.Signals): void {
    try {
      process.kill(this.pid(), name)
    } catch {
      // It has ended.
    }
  }

  private async preStop(): Promise<void> {
    const hook = map(map(this.pod.sidecar['lifecycle'])['preStop'])
    const { seconds } = map(hook['sleep'])
    if (seconds !== undefined) await sleep(Number(seconds) * 1000)
    const { command } = map(hook['exec'])
    if (Array.isArray(command)) await this.exec(command.map(String), 3600)
  }

  /** Runs a command in the container, with its user and environment; resolves with whether it ended well. */
  private async exec(command: readonly string[], seconds: number): Promise<boolean> {
    const { env, uid, gid } = this.prepare(this.pod.sidecar)
    const inside = ['--target', String(this.pid()), '--mount', '--pid', '--root', '--wd']
    const user = ['setpriv', '--reuid', uid, '--regid', gid, '--clear-groups', '--no-new-privs']
    const child = spawn('nsenter', [...inside, ...user, ...command], { env, stdio: 'ignore' })
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000)
    const code = await new Promise((resolve) => child.on('error', () => resolve(1)).on('exit', resolve))
    clearTimeout(timer)
    return code === 0
  }

  /** Asks for a page; where the network is one of IPv6 alone, from within it. */
  private async get(port: string, path: string, seconds: number): Promise<boolean> {
    if (this.options.ipv6 !== true) {
      const { status } = await fetch(`http://127.0.0.1:${port}${path}`, { signal: AbortSignal.timeout(seconds * 1000) })
      return status >= 200 && status < 400
    }
    const curl = [
      'curl',
      '--silent',
      '--fail',
      '--globoff',
      '--noproxy',
      '*',
      '--max-time',
      String(seconds),
      `http://[::1]:${port}${path}`,
    ]
    const child = spawn('nsenter', ['--target', String(this.pid()), '--net', ...curl], { stdio: 'ignore' })
    return (await new Promise((resolve) => child.on('error', () => resolve(1)).on('exit', resolve))) === 0
  }

  private ended(child: ChildProcess, container: JsonObject): void {
    if (this.stopping || this.child !== child) return
    this.restarts++
    this.probes?.again()
    // The kubelet waits longer each time; what ends at once must not be started over and over here.
    setTimeout(
      () => {
        if (!this.stopping) this.start(container)
      },
      Math.min(1000 * this.restarts, 5000),
    )
  }

  /** The first process of the container, seen from outside. */
  private pid(): number {
    const parent = this.child?.pid ?? 0
    const pid = Number(fs.readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ')[0])
    if (!(pid > 0)) throw new Error('the container has ended')
    return pid
  }

  /** What is given to the script that makes the root, and to commands in the container. */
  private prepare(container: JsonObject) {
    const { image } = this
    const tools = [[this.tools, '/image/bin', 'ro']]
    const files = Object.entries(this.options.imageFiles ?? {}).map(([path, text], i) => {
      const source = join(this.folder, `image-${i}`)
      fs.writeFileSync(source, text, { mode: 0o644 })
      return [source, path, 'ro']
    })
    const { env, expand } = environmentOf(container, this.pod, this.options.secrets ?? {}, { PATH, ...image.env })
    const texts = (key: string): string[] =>
      Array.isArray(container[key]) ? container[key].map((item) => expand(String(item))) : []
    const entrypoint =
      container['command'] === undefined ? image.entrypoint.map((name) => find(name) ?? name) : texts('command')
    const security = map(container['securityContext'])
    const uid = String(security['runAsUser'] ?? 1000)
    const gid = String(security['runAsGroup'] ?? 0)
    const mounts = [...tools, ...files, ...mountsOf(container, this.volumes)]
    fs.writeFileSync(join(this.folder, 'mounts'), mounts.map((mount) => `${mount.join(' ')}\n`).join(''))
    const root = join(this.folder, 'root')
    fs.mkdirSync(root, { recursive: true })
    const setup = [
      join(import.meta.dirname, 'root.sh'),
      root,
      join(this.folder, 'mounts'),
      uid,
      gid,
      security['allowPrivilegeEscalation'] === false ? '1' : '0',
      security['readOnlyRootFilesystem'] === true ? 'ro' : 'rw',
      join(this.folder, 'groups'),
      this.options.ipv6 === true ? 'ipv6' : 'host',
      '--',
    ]
    return { command: [...entrypoint, ...texts('args')], env, setup, uid, gid }
  }
}

const PATH = '/image/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** A folder with what comes first in PATH: the image's shell and tools where they are BusyBox's, and its scripts. */
function toolsOf({ busybox: hasBusybox, scripts }: Image): string {
  const folder = hasBusybox ? busybox(...APPLETS) : scratch()
  for (const [name, text] of Object.entries(scripts)) fs.writeFileSync(join(folder, name), text, { mode: 0o755 })
  return folder
}

/** Applets of the images with BusyBox that templates use. */
const APPLETS = [
  'sh',
  'sleep',
  'touch',
  'timeout',
  'date',
  'stat',
  'test',
  '[',
  'cp',
  'mv',
  'rm',
  'grep',
  'cat',
  'printf',
  'nc',
  'kill',
  'true',
]

/** Starts the sidecar of a built-in template in a Pod. */
export async function runSidecar(
  name: string,
  values: Readonly<Record<string, string>>,
  options: SidecarOptions = {},
): Promise<RunningSidecar> {
  return (await prepareSidecar(name, values, options)).run()
}

/** The same before it starts, so that a test can put files into its volumes or run its init container. */
export async function prepareSidecar(
  name: string,
  values: Readonly<Record<string, string>>,
  options: SidecarOptions = {},
): Promise<RunningSidecar> {
  return new RunningSidecar(await renderPod(name, values, options.mode ?? 'native'), options)
}

/** The version of a program as it says it, for the figures. */
export function versionOf(program: string, ...args: string[]): string {
  const { stdout, stderr } = spawnSync(find(program) ?? program, args, { encoding: 'utf8' })
  return /\d+\.\d+(?:\.\d+)?/.exec(`${stdout}${stderr}`)?.[0] ?? ''
}

/** The first container of a pod, which is the app's. */
export function appOf(pod: PodTemplate): JsonObject {
  return list(pod.spec['containers']).find((container) => container['name'] === 'web') ?? {}
}
