/** The kubectl on PATH, where there is one: what it makes of texts, without a cluster. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { JsonObject } from '../src/core/json/json.ts'

export const HAS_KUBECTL = spawnSync('kubectl', ['version', '--client']).status === 0

/** To stand behind the name of a test that is skipped without kubectl. */
export const WITHOUT_KUBECTL = HAS_KUBECTL ? '' : ' (skipped: there is no kubectl)'

export interface ReadByKubectl {
  /** The objects of all texts that it read, in order; of one that it gave up, those before. */
  objects: JsonObject[]
  /** What it said of those that it did not read, by their numbers. */
  failed: ReadonlyMap<number, string>
}

/**
 * Has kubectl read texts, each from a file of its own.
 * @param folder one that is there; its subfolder `in` is written anew
 */
export function readByKubectl(texts: readonly (string | Uint8Array)[], folder: string): ReadByKubectl {
  if (texts.length === 0) return { objects: [], failed: new Map() }
  rmSync(join(folder, 'in'), { recursive: true, force: true })
  mkdirSync(join(folder, 'in'))
  for (const [n, text] of texts.entries()) writeFileSync(join(folder, 'in', `${String(n).padStart(4, '0')}.yaml`), text)
  const done = spawnSync('kubectl', ['patch', '--local', '--type', 'merge', '-f', 'in', '-p', '{}', '-o', 'json'], {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...process.env, KUBECONFIG: '/dev/null' },
  })
  const failed = new Map<number, string>()
  for (const line of done.stderr.split('\n')) {
    const number = /\b(\d{4})\.yaml/.exec(line)?.[1]
    if (number !== undefined) failed.set(Number(number), line)
  }
  const objects = done.stdout
    .split(/\n(?=\{)/)
    .filter((part) => part.trim() !== '')
    .map((part) => JSON.parse(part) as JsonObject)
  return { objects, failed }
}
