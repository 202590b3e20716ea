/**
 * A path from a variable to a value that behaves like a slice in Go: paths appended to one path share its memory as
 * long as there is room, and overwrite each other's steps. The API server's estimate reads such overwritten paths, so
 * they are reproduced here.
 */
export class SlicePath {
  readonly #memory: string[]
  readonly length: number
  readonly #capacity: number

  private constructor(memory: string[], length: number, capacity: number) {
    this.#memory = memory
    this.length = length
    this.#capacity = capacity
  }

  static of(step: string): SlicePath {
    return new SlicePath([step], 1, 1)
  }

  /** Go's `append(path, step)`: if the memory is full, it is copied to twice its size. */
  static append(path: SlicePath | undefined, step: string): SlicePath {
    if (path === undefined) return SlicePath.of(step)
    const isFull = path.length === path.#capacity
    const memory = isFull ? path.steps() : path.#memory
    memory[path.length] = step
    return new SlicePath(memory, path.length + 1, isFull ? path.#capacity * 2 : path.#capacity)
  }

  /** A path with one more step that shares no memory. */
  copyWith(step: string): SlicePath {
    const memory = [...this.steps(), step]
    return new SlicePath(memory, memory.length, memory.length)
  }

  steps(): string[] {
    return this.#memory.slice(0, this.length)
  }
}
