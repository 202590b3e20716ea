/**
 * A path from a variable to a value, as a slice of Go: paths that grow from one path write into the same memory as long as
 * there is room. The API server's estimate reads paths that others have written over, so that it can only be told with
 * them.
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

  /** As Go's `append(path, step)`: memory that is full is copied to twice its size. */
  static append(path: SlicePath | undefined, step: string): SlicePath {
    if (path === undefined) return SlicePath.of(step)
    const isFull = path.length === path.#capacity
    const memory = isFull ? path.steps() : path.#memory
    memory[path.length] = step
    return new SlicePath(memory, path.length + 1, isFull ? path.#capacity * 2 : path.#capacity)
  }

  /** A path of its own with one more step. */
  copyWith(step: string): SlicePath {
    const memory = [...this.steps(), step]
    return new SlicePath(memory, memory.length, memory.length)
  }

  steps(): string[] {
    return this.#memory.slice(0, this.length)
  }
}
