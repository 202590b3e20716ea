// What `npm test` runs: lint, format, type check, build, then all tests. Each step's own output is shown; the last line is
// `N passed, N failed` (and `, N skipped` where tests were skipped), where each of the first five steps counts as one.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'sidecarctl-test-'))
const report = join(scratch, 'vitest.json')

/** A program of a package in node_modules, run with this Node. */
function bin(name, ...args) {
  const { bin: entry } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'))
  const file = typeof entry === 'string' ? entry : Object.values(entry)[0]
  return [join(root, 'node_modules', name, file), ...args]
}

const steps = [
  { name: 'lint', args: () => bin('oxlint', '--deny-warnings') },
  { name: 'format', args: () => bin('oxfmt', '--check') },
  { name: 'type check', args: () => bin('typescript', '--noEmit', '--pretty', 'false') },
  {
    name: 'type check of the page',
    args: () => bin('typescript', '--noEmit', '--pretty', 'false', '-p', 'src/playground'),
  },
  { name: 'build', args: () => [join('src', 'build', 'build.mjs')] },
]
const vitest = [
  'run',
  '--config',
  'test/vitest.config.ts',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
]

function run(name, args) {
  process.stdout.write(`\n== ${name}\n`)
  const done = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] })
  const passed = done.status === 0
  process.stdout.write(`== ${name}: ${passed ? 'passed' : 'failed'}\n`)
  return passed
}

/** Counts of single tests; a test file that cannot even be loaded counts as one failure. */
function counts(passed) {
  try {
    const found = JSON.parse(readFileSync(report, 'utf8'))
    const unloaded = found.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    ).length
    const failed = found.numFailedTests + unloaded
    // vitest can fail for something outside any test, such as an unhandled rejection.
    return {
      passed: found.numPassedTests,
      failed: failed === 0 && !passed ? 1 : failed,
      skipped: found.numPendingTests + found.numTodoTests,
    }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}

const total = { passed: 0, failed: 0, skipped: 0 }
for (const { name, args } of steps) total[run(name, args()) ? 'passed' : 'failed']++
const tests = counts(run('tests', bin('vitest', ...vitest, ...process.argv.slice(2))))
for (const key of Object.keys(total)) total[key] += tests[key]
rmSync(scratch, { recursive: true, force: true })

const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : ''
process.stdout.write(`\n${total.passed} passed, ${total.failed} failed${skipped}\n`)
process.exitCode = total.failed > 0 ? 1 : 0
