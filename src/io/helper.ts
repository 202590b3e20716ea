import type * as threads from 'node:worker_threads'

/** Work that two threads share: each takes the next part that nobody has taken. */
export interface Sharing {
  /** The number of the next part, counted from 0; past the last one it goes on counting. */
  next(): number
  /** What the other thread made of the parts it took; fewer where it failed. */
  results(): Promise<readonly unknown[]>
}

/** What the other thread is given. */
interface Given {
  task: unknown
  /** One number in shared memory: that of the next part. */
  counter: SharedArrayBuffer
}

function counterIn(memory: SharedArrayBuffer): () => number {
  const numbers = new Int32Array(memory)
  return () => Atomics.add(numbers, 0, 1)
}

/**
 * Starts another thread on a task. It comes to life while this one goes on, and takes parts from then on.
 * @param script what the thread runs, which calls `serve`
 * @param task plain data, which is copied
 */
export function startHelper({ Worker }: typeof threads, script: string, task: unknown): Sharing {
  const counter = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)
  const given: Given = { task, counter }
  const worker = new Worker(script, { workerData: given })
  const done = new Promise<readonly unknown[]>((resolve) => {
    worker.once('message', resolve)
    // What goes wrong over there is done again over here, and goes wrong where it can be told.
    worker.once('error', () => { resolve([]) })
    worker.once('exit', () => { resolve([]) })
  })
  worker.unref()
  return {
    next: counterIn(counter),
    async results() {
      worker.ref()
      return await done
    },
  }
}

/**
 * The other thread's part.
 * @param work does the task part by part, and gives what goes back
 */
export async function serve({ parentPort, workerData }: typeof threads, work: (task: unknown, next: () => number) => Promise<readonly unknown[]>): Promise<void> {
  const { task, counter } = workerData as Given
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  parentPort?.postMessage(await work(task, counterIn(counter)))
}
