import { spawn, type ChildProcess } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { isTempFileName } from '../../src/io/stale-temp-files.ts'

/** The command whose runs are killed. */
export interface Command {
  /** Program and arguments. */
  line: readonly [string, ...string[]]
  cwd: string
}

/** What a file is: its bytes and permissions, or where a link leads. */
type Entry = { bytes: Buffer; mode: number } | { link: string }

/** All files of a folder but those of git and those that a run makes beside others. */
type Tree = ReadonlyMap<string, Entry>

/** How often a kill hit at each point of a run. */
export interface KillReport {
  /** Before the first new content was there, and while the new contents were being written beside the files. */
  nothing: number
  beside: number
  /** Some files replaced; the mean share of them. */
  part: number
  share: number
  /** All replaced, still tidying up; and ended before the kill. */
  all: number
  ended: number
  /** Files that runs left beside others. */
  leftovers: number
  /** Files that a run changes; how long it writes beside them, and puts them in their places, in milliseconds. */
  files: number
  writing: number
  replacing: number
  /** Everything that was not as it must be. */
  faults: string[]
}

function entries(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !path.startsWith(join(folder, '.git/')))
}

function treeOf(folder: string): Tree {
  const files = entries(folder).filter((path) => !isTempFileName(basename(path)))
  return new Map(
    files.map((path): [string, Entry] => {
      const stat = lstatSync(path)
      return [
        path,
        stat.isSymbolicLink() ? { link: readlinkSync(path) } : { bytes: readFileSync(path), mode: stat.mode },
      ]
    }),
  )
}

function isSame(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return false
  if ('link' in a || 'link' in b) return 'link' in a && 'link' in b && a.link === b.link
  return a.mode === b.mode && a.bytes.equals(b.bytes)
}

/** Gives files all kinds of permissions, and one a place to which only a link leads. */
export function makeOdd(folder: string, manifests: readonly string[]): void {
  for (const [n, path] of manifests.entries())
    chmodSync(join(folder, path), [0o644, 0o600, 0o755, 0o664, 0o640][n % 5] as number)
  const linked = manifests.at(-1) as string
  mkdirSync(join(folder, 'store'))
  renameSync(join(folder, linked), join(folder, 'store/linked.yaml'))
  symlinkSync(join(folder, 'store/linked.yaml'), join(folder, linked))
}

function start({ line: [program, ...args], cwd }: Command): {
  child: ChildProcess
  ended: Promise<number | null>
  hasEnded(): boolean
} {
  const child = spawn(program, args, { cwd, stdio: 'ignore' })
  let over = false
  const ended = new Promise<number | null>((resolve) => {
    child.on('exit', (code) => {
      over = true
      resolve(code)
    })
  })
  return { child, ended, hasEnded: () => over }
}

/** Looks without a pause, to be exact; the long wait for the first sign leaves the processor to the run. */
async function until(condition: () => boolean, pause?: number): Promise<number> {
  while (!condition()) await (pause === undefined ? setImmediate() : setTimeout(pause))
  return performance.now()
}

/** Runs a command to its end. */
export async function complete(command: Command): Promise<number | null> {
  return await start(command).ended
}

/** Files in the order in which a run changes them: the walk goes through a folder by the bytes of its names. */
function inOrder(changed: readonly string[]): string[] {
  const key = (path: string): Buffer => Buffer.from(path.replaceAll('/', '\0'))
  return changed.toSorted((a, b) => Buffer.compare(key(a), key(b)))
}

/** Sees from outside how far a run is with a file. */
class Watch {
  readonly #target: string
  readonly #inode: number
  readonly #before: ReadonlySet<string>

  constructor(path: string) {
    this.#target = path
    this.#inode = statSync(path).ino
    this.#before = new Set(readdirSync(dirname(path)))
  }

  readonly hasBegun = (): boolean =>
    this.hasReplaced() ||
    readdirSync(dirname(this.#target)).some(
      (name) => isTempFileName(name) && name.startsWith(`.${basename(this.#target)}.`) && !this.#before.has(name),
    )

  readonly hasReplaced = (): boolean => statSync(this.#target).ino !== this.#inode
}

interface Scene {
  command: Command
  old: Tree
  wanted: Tree
  /** The files that a run changes, in its order. */
  changed: readonly string[]
  /** How long a run writes beside the files, and how long it then takes to put all in their places. Milliseconds. */
  beside: number
  replacing: number
}

function putBack(scene: Pick<Scene, 'changed' | 'old'>): void {
  for (const path of scene.changed) {
    const was = scene.old.get(path)
    if (was === undefined || 'link' in was) throw new Error(`${path} was no file`)
    chmodSync(path, 0o600)
    writeFileSync(path, was.bytes)
    chmodSync(path, was.mode & 0o7777)
  }
}

async function setScene(command: Command): Promise<Scene> {
  const old = treeOf(command.cwd)
  if ((await complete(command)) !== 0) throw new Error('the command itself fails')
  const wanted = treeOf(command.cwd)
  const changed = inOrder([...old.keys()].filter((path) => !isSame(old.get(path), wanted.get(path))))
  if (changed.length === 0 || wanted.size !== old.size) throw new Error('the command changes nothing, or makes files')
  putBack({ changed, old })
  const [first, last] = [new Watch(changed[0] as string), new Watch(changed.at(-1) as string)]
  const run = start(command)
  const begun = await until(first.hasBegun, 3)
  const replaced = await until(first.hasReplaced)
  const done = await until(last.hasReplaced)
  await run.ended
  putBack({ changed, old })
  return { command, old, wanted, changed, beside: replaced - begun, replacing: done - replaced }
}

/** One run, killed at a random moment. */
async function killOne(scene: Scene, random: () => number, report: KillReport): Promise<void> {
  const watch = new Watch(scene.changed[0] as string)
  const { child, ended, hasEnded } = start(scene.command)
  // Two of three while files take their places, which is short; one while the new contents are written.
  const [sign, length] = random() < 2 / 3 ? [watch.hasReplaced, scene.replacing] : [watch.hasBegun, scene.beside]
  const delay = random() * length
  await until(() => watch.hasBegun() || hasEnded(), 3)
  const seen = await until(() => sign() || hasEnded())
  await until(() => hasEnded() || performance.now() - seen >= delay)
  const early = hasEnded()
  child.kill('SIGKILL')
  await ended
  judge(scene, early, report)
  putBack(scene)
}

function judge(scene: Scene, early: boolean, report: KillReport): void {
  const now = treeOf(scene.command.cwd)
  for (const path of new Set([...scene.old.keys(), ...now.keys()])) {
    const entry = now.get(path)
    if (!isSame(entry, scene.old.get(path)) && !isSame(entry, scene.wanted.get(path)))
      report.faults.push(`${path} is neither old nor new`)
  }
  const done = scene.changed.filter((path) => isSame(now.get(path), scene.wanted.get(path))).length
  const left = entries(scene.command.cwd).filter((path) => isTempFileName(basename(path)))
  for (const path of left) judgeLeftover(path, scene, report)
  report.leftovers += left.length
  if (early) report.ended++
  else if (done === scene.changed.length) report.all++
  else if (done > 0) {
    report.part++
    report.share += done / scene.changed.length
  } else if (left.length > 0) report.beside++
  else report.nothing++
}

/** What is left must be spare: an old file whole, or a part of a new one. */
function judgeLeftover(path: string, { old, wanted }: Scene, report: KillReport): void {
  // A lock is a link that leads nowhere.
  if (path.endsWith('.lock')) return
  const target = join(
    dirname(path),
    basename(path)
      .slice(1)
      .replace(/\.sidecarctl-[^.]*\.(?:tmp|old)$/, ''),
  )
  const bytes = readFileSync(path)
  const [was, shall] = [old.get(target), wanted.get(target)]
  const spare =
    was !== undefined &&
    shall !== undefined &&
    'bytes' in was &&
    'bytes' in shall &&
    (path.endsWith('.old') ? bytes.equals(was.bytes) : bytes.equals(shall.bytes.subarray(0, bytes.length)))
  if (!spare) report.faults.push(`${path} holds what its file never held`)
}

/**
 * Kills a command that writes files, at random moments of its writing, and looks at every file after each kill. The
 * last run is left alone, and must find nothing in its way and leave nothing behind.
 * @param random numbers from 0 to 1
 */
export async function killRuns(command: Command, times: number, random: () => number): Promise<KillReport> {
  const scene = await setScene(command)
  const { beside: writing, replacing, changed, old, wanted } = scene
  const report: KillReport = {
    nothing: 0,
    beside: 0,
    part: 0,
    share: 0,
    all: 0,
    ended: 0,
    leftovers: 0,
    files: changed.length,
    writing,
    replacing,
    faults: [],
  }
  for (let n = 1; n <= times; n++) await killOne(scene, random, report)
  if ((await complete(command)) !== 0) report.faults.push('the run after the last kill fails')
  const last = treeOf(command.cwd)
  for (const path of old.keys())
    if (!isSame(last.get(path), wanted.get(path))) report.faults.push(`${path} is not new after a whole run`)
  for (const path of entries(command.cwd))
    if (isTempFileName(basename(path))) report.faults.push(`${path} is still there after a whole run`)
  if (report.part > 0) report.share /= report.part
  return report
}
