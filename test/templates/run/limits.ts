import * as fs from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Json, JsonObject } from '../../../src/core/json/json.ts'
import { milliValue, parseQuantity } from '../../../src/core/kube/quantity.ts'

/** Control groups of a container, where this machine lets the tests make some (version 1). */
export interface Groups {
  /** Files that a process writes 0 to, to be in them. */
  tasks: string[]
  /** Resident memory of all processes now, in MiB, page cache not counted. */
  resident(): number
  remove(): Promise<void>
}

const PERIOD = 100_000

/** Makes groups with the limits of a container, as the runtime does; undefined where that is not possible. */
export function joinGroups(limits: JsonObject): Groups | undefined {
  const name = `sidecarctl-${process.pid}-${Math.random().toString(36).slice(2)}`
  const [cpu, memory] = [`/sys/fs/cgroup/cpu/${name}`, `/sys/fs/cgroup/memory/${name}`]
  const [cores, bytes] = [amount(limits['cpu']), amount(limits['memory'])]
  try {
    fs.mkdirSync(cpu)
    fs.mkdirSync(memory)
    fs.writeFileSync(`${cpu}/cpu.cfs_period_us`, String(PERIOD))
    if (cores !== undefined) fs.writeFileSync(`${cpu}/cpu.cfs_quota_us`, String(Math.round(cores * PERIOD)))
    if (bytes !== undefined) fs.writeFileSync(`${memory}/memory.limit_in_bytes`, String(bytes))
  } catch {
    return undefined
  }
  return {
    tasks: [`${cpu}/cgroup.procs`, `${memory}/cgroup.procs`],
    resident: () => Number(/^total_rss (\d+)/m.exec(fs.readFileSync(`${memory}/memory.stat`, 'utf8'))?.[1]) / 2 ** 20,
    remove: async () => {
      for (const path of [cpu, memory]) await removeGroup(path)
    },
  }
}

/** A group can be removed once the last process in it is gone. */
async function removeGroup(path: string): Promise<void> {
  for (let tries = 0; fs.existsSync(path); tries++) {
    try {
      fs.rmdirSync(path)
    } catch (error) {
      if (tries > 100) throw error
      await sleep(50)
    }
  }
}

function amount(quantity: Json | undefined): number | undefined {
  const parsed = parseQuantity(quantity)
  return parsed === undefined ? undefined : Number(milliValue(parsed)) / 1000
}
