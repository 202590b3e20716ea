/** A temporary folder with inputs, and the programs that take them. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import { deployment, stream } from './manifests.ts'
import { findProgram, type Command } from './measure.ts'
import { additions, inOrder, kustomization } from './patch.ts'

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
  return execFileSync(argv[0] as string, argv.slice(1), { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 1 << 28 })
}

function objects(text: string): Data {
  return inOrder(parseAllDocuments(text).map((document) => document.toJS() as Data))
}

function refuseUnequal(lab: Lab, args: readonly string[], added: Data): void {
  const folder = join(lab.folder, 'sample')
  const files = { 'in.yaml': stream(SAMPLE), ...kustomization(added, ['in.yaml']) }
  lab.write(Object.fromEntries(Object.entries(files).map(([name, text]) => [`sample/${name}`, text])))
  const ours = JSON.stringify(objects(output(lab.sidecarctl('inject', '-q', ...args, 'sample/in.yaml'), lab.folder)))
  for (const { name, program, args: first } of KUSTOMIZERS) {
    const path = findProgram(program)
    if (path === undefined) continue
    const theirs = JSON.stringify(objects(output([path, ...first, folder], lab.folder)))
    if (theirs !== ours) throw new Error(`${name} makes other objects than sidecarctl, so the two cannot be compared`)
  }
}

/** What `sidecarctl inject ARGS` adds to a Deployment, as a patch. */
function addedBy(lab: Lab, args: readonly string[]): Data {
  lab.write({ 'sample/one.yaml': deployment(0) })
  const after = JSON.parse(output(lab.sidecarctl('inject', '-q', '-o', 'json', ...args, 'sample/one.yaml'), lab.folder)) as Data
  const added = additions(parse(deployment(0)) as Data, after)
  if (added === undefined) throw new Error('nothing was added')
  return added
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
      const added = addedBy(lab, args)
      refuseUnequal(lab, args, added)
      lab.write(kustomization(added, resources))
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
