import { defineConfig } from 'vitest/config'

/** The unit tests of what is mutated: `main.mjs` names them. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: (process.env['SIDECARCTL_TESTS'] ?? 'test/core/**/*.test.ts').split(' '),
    setupFiles: ['test/setup.ts'],
    testTimeout: 20_000,
  },
})
