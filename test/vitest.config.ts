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
    // Node links the modules itself. Where vitest does, each use of an import is a call of a getter, and tests that do
    // little but run the engine take a tenth to a quarter more processor time.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    execArgv: ['--import', new URL('tools/ts-loader.mjs', import.meta.url).href],
    // vitest leaves one core free, which is half of a machine with two.
    maxWorkers: availableParallelism(),
  },
})
