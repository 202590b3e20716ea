/** The manifests of real repositories that are kept beside a checkout, as one folder that a run gets through. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab } from './lab.ts'

/** Set where the bench runs; a test only asks what scenarios there are. */
declare const PROJECT_ROOT: string | undefined

const FOLDER = join(
  process.env['SIDECARCTL_SHARED'] ??
    join(typeof PROJECT_ROOT === 'string' ? PROJECT_ROOT : process.cwd(), '..', 'shared'),
  'corpus',
  'manifests',
)

/** Why they cannot be measured, if so. */
export const CORPUS: { missing: string | undefined } = {
  missing: existsSync(FOLDER)
    ? undefined
    : "needs corpus/manifests of the maintainers' shared folder (SIDECARCTL_SHARED)",
}

/** Rounds in which files with errors are left out; one does, unless an error hides another. */
const ROUNDS = 9

/**
 * Copies the manifests into the folder `in`, but for those in which the command finds an error, since a run with errors
 * prints nothing.
 * @param copies how many folders get them, the names in each a little different
 */
export function copyCorpus(lab: Lab, command: readonly string[], copies = 1): { bytes: number; workloads: number } {
  const names = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(?:ya?ml|json)$/.test(name),
  )
  const files = new Map<string, string>()
  for (const name of names) {
    const bytes = readFileSync(join(FOLDER, name))
    const text = bytes.toString()
    // A few are in another encoding.
    if (Buffer.from(text).equals(bytes)) files.set(`in/${name}`, text)
  }
  lab.write(Object.fromEntries(files))
  for (let round = 0; round < ROUNDS; round++) {
    const [program, ...args] = lab.sidecarctl(...command)
    const { status, stdout, stderr } = spawnSync(program as string, args, {
      cwd: lab.folder,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    })
    if (status === 0) {
      for (let n = 1; n < copies; n++)
        for (const [name, text] of files) lab.write({ [`in/copy-${n}/${name}`]: renamed(text, n) })
      const texts = [...files.values()]
      return {
        bytes: copies * texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
        workloads: copies * texts.reduce((sum, text) => sum + (text.match(WORKLOAD)?.length ?? 0), 0),
      }
    }
    const bad = [...files.keys()].filter((name) => `${stderr}${stdout}`.includes(`${name}:`))
    if (bad.length === 0) throw new Error(`no file is to blame: ${(stderr + stdout).slice(0, 500)}`)
    for (const name of bad) {
      files.delete(name)
      rmSync(join(lab.folder, name))
    }
  }
  throw new Error('errors in files do not come to an end')
}

/** The same manifest with another comment, and its objects with other names. */
function renamed(text: string, n: number): string {
  const named = text.replaceAll(/^(metadata:\r?\n {2}name: [a-z0-9-]{1,40})$/gm, `$1-${n}`)
  return /^[{[]/.test(text) ? named : `# copy ${n}\n${named}`
}

const WORKLOAD = /^ *(?:- )?kind: *(?:Deployment|StatefulSet|DaemonSet|Job|CronJob|ReplicaSet|Pod)\b/gm
