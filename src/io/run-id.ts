/** The parts of an id: the machine, the process on it, a number of the run, and a counter. */
export interface RunningProcess {
  readonly pid: number
  /** Text shared by processes whose ids are comparable: the machine, its boot id, the namespace of the ids. */
  place(): string
  /** Whether a process with that id exists. */
  isAlive(pid: number): boolean
}

/** Ids for files of one run. */
export interface RunIds {
  /** A string that is unique among processes and calls; letters, digits and dashes. */
  next(): string
  /** Whether the process that created an id has certainly ended; false if that is unknown. */
  isOver(id: string): boolean
}

const ID = /^([0-9a-z]+)-([0-9a-z]+)-([0-9a-z]+)-[0-9a-z]+$/

/** A short hash of a text (FNV-1a, 32 bits). A collision is harmless unless the process ids are equal too. */
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
