/** The manifests of real repositories that are kept beside a checkout, as one folder that a run gets through. */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { missing, SHARED } from '../shared.ts'
import type { Lab } from './lab.ts'

/** Why they cannot be measured, if so. */
export const CORPUS: { missing: string | undefined } = { missing: missing('corpus/manifests') }

/** Rounds in which files with errors are left out; one does, unless an error hides another. */
const ROUNDS = 9

/**
 * Copies the manifests into the folder `in`, but for those in which the command finds an error, since a run with errors
 * prints nothing.
 */
export function copyCorpus(lab: Lab, command: readonly string[]): { bytes: number; workloads: number } {
  const folder = join(SHARED, 'corpus', 'manifests')
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.(?:ya?ml|json)$/.test(name))
  const files = new Map(names.map((name) => [`in/${name}`, readFileSync(join(folder, name), 'utf8')]))
  for (const name of names) if (Buffer.from(files.get(`in/${name}`) as string).compare(readFileSync(join(folder, name))) !== 0) files.delete(`in/${name}`)
  lab.write(Object.fromEntries(files))
  for (let round = 0; round < ROUNDS; round++) {
    const [program, ...args] = lab.sidecarctl(...command)
    const { status, stderr } = spawnSync(program as string, args, { cwd: lab.folder, encoding: 'utf8', maxBuffer: 1 << 28 })
    if (status === 0) {
      const texts = [...files.values()]
      return { bytes: texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0), workloads: texts.reduce((sum, text) => sum + (text.match(WORKLOAD)?.length ?? 0), 0) }
    }
    const bad = [...files.keys()].filter((name) => stderr.includes(`${name}:`))
    if (bad.length === 0) throw new Error(`no file is to blame: ${stderr.slice(0, 500)}`)
    for (const name of bad) {
      files.delete(name)
      rmSync(join(lab.folder, name))
    }
  }
  throw new Error('errors in files do not come to an end')
}

const WORKLOAD = /^ *(?:- )?kind: *(?:Deployment|StatefulSet|DaemonSet|Job|CronJob|ReplicaSet|Pod)\b/gm
