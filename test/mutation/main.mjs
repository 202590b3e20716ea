/**
 * Changes the heart of the program a little, one change at a time, and looks whether its unit tests notice:
 * `npm run mutants -- [FILE...]`, files by a part of their path; without one, all. It is no part of `npm test`: each
 * change costs a second or two. What is left standing is printed, and reports are in mutants/.
 *
 * The tool (Stryker) is no dependency: it brings 145 packages (62 MB), which would make `npm ci` take two thirds longer
 * for everyone. It is put beside the others, where it finds our vitest, when it is first asked for; `npm ci` removes it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const TOOL = ['@stryker-mutator/core@9.6.1', '@stryker-mutator/vitest-runner@9.6.1']

const root = fileURLToPath(new URL('../..', import.meta.url))
const config = join(root, 'test/mutation/stryker.config.json')
const tests = (folder, ...names) => names.map((name) => `test/core/${folder}/${name}.test.ts`)

/** Groups of sources with the tables that say what they do. */
const GROUPS = [
  {
    files: ['splice', 'splice-block', 'splice-flow', 'extent', 'edit-list', 'style'].map((name) => `src/core/yaml/${name}.ts`),
    tests: tests('yaml', 'block-editor', 'flow-editor', 'restore', 'entry-span', 'pending-edits', 'style'),
  },
  {
    files: ['edits', 'places', 'aliases', 'align', 'refine', 'change', 'documents', 'tree'].map((name) => `src/core/plan/${name}.ts`),
    tests: tests('plan', 'document-editor', 'aliases', 'list-diff', 'minimal-diff', 'document-insert', 'copy-on-write', 'tree'),
  },
  {
    files: ['reconcile', 'record', 'volume-use', 'address', 'items', 'draft', 'foreign', 'mode', 'cost'].map((name) => `src/core/plan/${name}.ts`),
    tests: tests('plan', 'reconcile', 'record', 'volume-use', 'draft', 'cost', 'tree', 'copy-on-write'),
  },
  {
    files: ['apply', 'classic', 'companion', 'conflict', 'override', 'pod', 'record-check', 'share-folder'].map((name) => `src/core/plan/${name}.ts`),
    tests: ['test/core/plan/*.test.ts', ...tests('inject', 'override', 'conflicts', 'classic', 'companions', 'record', 'volume-left')],
  },
  { files: ['src/core/inject/extra-objects.ts'], tests: tests('inject', 'extra-objects', 'companions') },
  { files: ['src/core/inject/verify.ts'], tests: tests('inject', 'verify') },
  { files: ['src/core/services/plan-service.ts'], tests: ['test/core/services/*.test.ts'] },
  { files: ['annotations', 'catalog', 'namespaces', 'select'].map((name) => `src/core/select/${name}.ts`), tests: ['test/core/select/*.test.ts'] },
]

const wanted = process.argv.slice(2)
const isWanted = (file) => wanted.length === 0 || wanted.some((part) => file.includes(part))
const chosen = GROUPS.map(({ files, ...rest }) => ({ ...rest, files: files.filter(isWanted) })).filter(({ files }) => files.length > 0)
if (chosen.length === 0) {
  process.stderr.write(`no file matches ${wanted.join(' ')}; there are:\n${GROUPS.flatMap(({ files }) => files).join('\n')}\n`)
  process.exitCode = 2
}

/** Killed (or stopped, as they ran forever) and all, of a report. */
function count(report) {
  const { files } = JSON.parse(readFileSync(report, 'utf8'))
  return Object.entries(files).map(([file, { mutants }]) => {
    const counted = mutants.filter(({ status }) => ['Killed', 'Timeout', 'Survived', 'NoCoverage'].includes(status))
    return { file, all: counted.length, killed: counted.filter(({ status }) => status === 'Killed' || status === 'Timeout').length }
  })
}

/** Installs the tool where it is missing, without a trace in package.json and the lockfile. */
function hasTool() {
  if (TOOL.every((name) => existsSync(join(root, 'node_modules', name.slice(0, name.lastIndexOf('@')))))) return true
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', ...TOOL]
  return spawnSync('npm', args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status === 0
}

if (chosen.length > 0 && !hasTool()) {
  process.stderr.write(`${TOOL.join(' and ')} could not be installed\n`)
  process.exit(2)
}
mkdirSync(join(root, 'mutants'), { recursive: true })
const table = []
for (const { files, tests: names } of chosen) {
  const name = basename(files[0], '.ts')
  const own = { ...JSON.parse(readFileSync(config, 'utf8')), mutate: files, tempDirName: `mutants/tmp-${name}`, jsonReporter: { fileName: `mutants/${name}.json` } }
  const file = join(root, 'mutants', `${name}.config.json`)
  writeFileSync(file, JSON.stringify(own))
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', file], {
    cwd: root, stdio: 'inherit', env: { ...process.env, SIDECARCTL_TESTS: names.join(' ') },
  })
  if (status === 0) table.push(...count(join(root, own.jsonReporter.fileName)))
  else process.exitCode = 1
}
for (const { file, all, killed } of table) process.stdout.write(`${file}: ${killed} of ${all} (${((100 * killed) / all).toFixed(1)}%)\n`)
