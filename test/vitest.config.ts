import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/setup.ts'],
    testTimeout: 90_000,
    hookTimeout: 90_000,
    // Half of the time would go into loading the same modules for each file: tests leave nothing behind in them.
    isolate: false,
    // vitest leaves one core free, which is half of a machine with two.
    maxWorkers: availableParallelism(),
  },
})
