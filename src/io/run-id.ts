/** What an id is made of: the machine, the process on it, a number of the run's own, and a count. */
export interface RunningProcess {
  readonly pid: number
  /** Text that only processes share whose ids are comparable: the machine, its start, the namespace of the ids. */
  place(): string
  /** Whether a process of that id is there. */
  isAlive(pid: number): boolean
}

/** Ids for files of one run. */
export interface RunIds {
  /** A string that no other process and no earlier call has had; letters, digits and dashes. */
  next(): string
  /** True when the process that made an id is certainly no more; false where that cannot be told. */
  isOver(id: string): boolean
}

const ID = /^([0-9a-z]+)-([0-9a-z]+)-([0-9a-z]+)-[0-9a-z]+$/

/** A short mark of a text (FNV-1a, 32 bits). Two places of one mark would need one process id, too, to be mixed up. */
function mark(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(36)
}

/** @param run differs between runs, even where one gets the process id of another */
export function runIds(self: RunningProcess, run: string): RunIds {
  let count = 0
  let place: string | undefined
  const here = (): string => (place ??= mark(self.place()))
  return {
    next: () => `${here()}-${self.pid.toString(36)}-${run}-${(count++).toString(36)}`,
    isOver(id) {
      const [, where, process, other] = ID.exec(id) ?? []
      if (process === undefined || where !== here()) return false
      const pid = Number.parseInt(process, 36)
      return pid === self.pid ? other !== run : pid > 0 && !self.isAlive(pid)
    },
  }
}
