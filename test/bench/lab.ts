/** A temporary folder with inputs, and the programs that take them. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { stream } from './manifests.ts'
import { findProgram, type Command } from './measure.ts'
import { additions, inOrder, kustomization, type Patch } from './patch.ts'
import { containerCount, SHAPE, unlikeDeployment } from './workloads.ts'

type Data = Parameters<typeof additions>[0]

/** One side of a comparison; without a command it is not on this machine. */
export interface Contender {
  name: string
  command: Command | undefined
}

export interface Lab {
  /** The folder of one scenario. */
  readonly folder: string
  /** Writes files below the folder. */
  write(files: Readonly<Record<string, string>>): void
  sidecarctl(...args: string[]): string[]
  /** kubectl and kustomize with a patch that adds what `sidecarctl inject ARGS` adds, to these files of the folder. */
  kustomizers(args: readonly string[], resources: readonly string[]): Contender[]
}

const KUSTOMIZERS: readonly { name: string; program: string; args: readonly string[] }[] = [
  { name: 'kubectl kustomize', program: 'kubectl', args: ['kustomize'] },
  { name: 'kustomize build', program: 'kustomize', args: ['build'] },
]

/** How many workloads the check looks at that the patch adds the same to all. */
const SAMPLE = 20

/** Runs a program for its output; its messages are shown when it fails. */
function output(argv: readonly string[], cwd: string): string {
  return execFileSync(argv[0] as string, argv.slice(1), {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
  })
}

/** Our record tells of each workload what was made in it, so a patch cannot have it; it is as long as ours. */
const RECORD = /"injected\.sidecarctl\.dev\/([\w-]+)":"(?:[^"\\]|\\.)*"/g

function objects(text: string): string {
  const data = inOrder(parseAllDocuments(text).map((document) => document.toJS() as Data))
  return JSON.stringify(data).replaceAll(RECORD, '"injected.sidecarctl.dev/$1":""')
}

function refuseUnequal(lab: Lab, args: readonly string[], patches: readonly Patch[]): void {
  const folder = join(lab.folder, 'sample')
  const files = { 'in.yaml': stream(SAMPLE), ...kustomization(patches, ['in.yaml']) }
  lab.write(Object.fromEntries(Object.entries(files).map(([name, text]) => [`sample/${name}`, text])))
  const ours = objects(output(lab.sidecarctl('inject', '-q', ...args, 'sample/in.yaml'), lab.folder))
  for (const { name, program, args: first } of KUSTOMIZERS) {
    const path = findProgram(program)
    if (path === undefined) continue
    const theirs = objects(output([path, ...first, folder], lab.folder))
    if (theirs !== ours) throw new Error(`${name} makes other objects than sidecarctl, so the two cannot be compared`)
  }
}

/** What `sidecarctl inject ARGS` adds to a workload, as a patch for all with as many containers. */
function addedBy(lab: Lab, args: readonly string[], count: number): Patch {
  let n = 0
  while (containerCount(n) !== count) n++
  const text = unlikeDeployment(n)
  lab.write({ 'sample/one.yaml': text })
  const after = JSON.parse(
    output(lab.sidecarctl('inject', '-q', '-o', 'json', ...args, 'sample/one.yaml'), lab.folder),
  ) as Data
  const added = additions(parse(text) as Data, after)
  if (added === undefined) throw new Error('nothing was added')
  return { labelSelector: `${SHAPE}=${count}`, added }
}

/** Runs `work` with a folder of its own, which is removed afterwards. */
export async function withLab<T>(root: string, work: (lab: Lab) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'sidecarctl-bench-'))
  const lab: Lab = {
    folder,
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true })
        writeFileSync(join(folder, name), text)
      }
    },
    sidecarctl: (...args) => [process.execPath, join(root, 'bin', 'sidecarctl.js'), ...args],
    kustomizers(args, resources) {
      const patches = [1, 2, 3].map((count) => addedBy(lab, args, count))
      refuseUnequal(lab, args, patches)
      lab.write(kustomization(patches, resources))
      return KUSTOMIZERS.map(({ name, program, args: first }) => {
        const path = findProgram(program)
        return { name, command: path === undefined ? undefined : { argv: [path, ...first, folder] } }
      })
    },
  }
  try {
    return await work(lab)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
