// What `npm run unit` runs: the fast suites, or the files and folders that it is given, be they fast or slow.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Suites that start other programs or build, and those that try many random or large inputs; `npm test` runs them. */
const SLOW = [
  'test/{bench,build,fuzz,gitops,hostile,hosts,library,oracle,package,patches,playground,property,templates}/**',
  'test/{hints,readme,cli/long,cli/since,cli/spawned}.test.ts',
]

const args = process.argv.slice(2)
const isNamed = args.some((arg) => arg.startsWith('test/'))
const vitest = fileURLToPath(new URL('../node_modules/vitest/vitest.mjs', import.meta.url))
const { status } = spawnSync(
  process.execPath,
  [
    vitest,
    'run',
    '--config',
    fileURLToPath(new URL('vitest.config.ts', import.meta.url)),
    ...(isNamed ? [] : SLOW.flatMap((glob) => ['--exclude', glob])),
    ...args,
  ],
  { stdio: 'inherit' },
)
process.exitCode = status ?? 1
