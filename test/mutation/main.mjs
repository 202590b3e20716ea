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
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const TOOL = ['@stryker-mutator/core@9.6.1', '@stryker-mutator/vitest-runner@9.6.1']

const root = fileURLToPath(new URL('../..', import.meta.url))
const config = join(root, 'test/mutation/stryker.config.json')
const sources = (folder, ...names) => names.map((name) => `src/core/${folder}/${name}.ts`)
const tests = (folder, ...names) => names.map((name) => `test/core/${folder}/${name}.test.ts`)

/** Groups of sources with the tables that say what they do. */
const GROUPS = [
  {
    files: sources(
      'yaml/edit',
      'editor',
      'block-editor',
      'flow-editor',
      'entry-span',
      'pending-edits',
      'style',
      'lines',
      'serialize',
      'swallowed-comment',
      'restored-text',
    ),
    tests: ['test/core/yaml/edit/*.test.ts'],
  },
  {
    files: sources(
      'patch',
      'document-editor',
      'edit-targets',
      'aliases',
      'insert-places',
      'json-patch',
      'minimal-diff',
      'document-insert',
      'refused-edit',
    ),
    tests: ['test/core/patch/*.test.ts'],
  },
  {
    files: sources('field-path', 'copy-on-write', 'field-path', 'merge-keys', 'patch-op'),
    tests: ['test/core/field-path/*.test.ts'],
  },
  { files: sources('json', 'list-diff', 'equality'), tests: ['test/core/json/*.test.ts'] },
  { files: sources('desired', 'reconcile', 'volume-use'), tests: tests('desired', 'reconcile', 'volume-use') },
  {
    files: sources('desired', 'conflicts', 'desired-pod', 'override', 'shared-folder'),
    tests: tests('desired', 'conflicts', 'desired-pod', 'override', 'shared-folder'),
  },
  {
    files: sources(
      'desired',
      'add-sidecar',
      'classic',
      'duplicate-keys',
      'ownership-proof',
      'pod-paths',
      'renamed-containers',
      'sidecar-objects',
    ),
    tests: [
      'test/core/desired/*.test.ts',
      ...tests('inject', 'again', 'claims', 'classic', 'conflicts', 'override', 'record', 'volume-left'),
    ],
  },
  {
    files: sources(
      'desired',
      'add-settings',
      'created-parents',
      'field-types',
      'host-network',
      'known-injectors',
      'knative',
      'kserve',
      'lost-record',
      'mode',
      'next-record',
      'resource-overhead',
      'setting-groups',
      'start-order',
      'taken-ports',
      'written-out-aliases',
    ),
    tests: [
      'test/core/desired/*.test.ts',
      ...tests('inject', 'conflicts', 'foreign', 'host-network', 'lost-record', 'modes', 'start'),
    ],
  },
  {
    files: sources('ownership', 'record', 'record-text', 'replaced-text', 'validate-record'),
    tests: ['test/core/ownership/*.test.ts'],
  },
  {
    files: sources(
      'selection',
      'annotations',
      'catalog',
      'list-images',
      'match-policy',
      'policy',
      'policy-starter',
      'read-policy',
      'read-values',
      'selection',
      'selection-options',
      'selector',
      'sidecar-settings',
      'validate-policy',
    ),
    tests: ['test/core/selection/*.test.ts'],
  },
  {
    files: sources('selection', 'decide', 'glob', 'namespaces', 'order'),
    tests: tests('selection', 'decide', 'glob', 'namespaces', 'order'),
  },
  { files: sources('services', 'plan-service'), tests: ['test/core/services/*.test.ts'] },
  {
    files: sources('inject', 'extra-object-conflicts', 'extra-object-edits', 'extra-object-problems', 'extra-objects'),
    tests: tests('inject', 'extra-object-problems', 'extra-objects', 'extra-objects-edit'),
  },
  { files: sources('inject', 'verify'), tests: tests('inject', 'verify') },
]

const missing = GROUPS.flatMap((group) => [...group.files, ...group.tests]).filter((path) => !isThere(path))
if (missing.length > 0) {
  process.stderr.write(`these do not exist: ${missing.join(', ')}\n`)
  process.exit(2)
}

/** Whether a file, or the folder of a pattern, is there. */
function isThere(path) {
  return existsSync(join(root, path.includes('*') ? dirname(path) : path))
}

const wanted = process.argv.slice(2)
const isWanted = (file) => wanted.length === 0 || wanted.some((part) => file.includes(part))
const chosen = GROUPS.map(({ files, ...rest }) => ({ ...rest, files: files.filter(isWanted) })).filter(
  ({ files }) => files.length > 0,
)
if (chosen.length === 0) {
  process.stderr.write(
    `no file matches ${wanted.join(' ')}; there are:\n${GROUPS.flatMap(({ files }) => files).join('\n')}\n`,
  )
  process.exitCode = 2
}

/** Killed (or stopped, as they ran forever) and all, of a report. */
function count(report) {
  const { files } = JSON.parse(readFileSync(report, 'utf8'))
  return Object.entries(files).map(([file, { mutants }]) => {
    const counted = mutants.filter(({ status }) => ['Killed', 'Timeout', 'Survived', 'NoCoverage'].includes(status))
    return {
      file,
      all: counted.length,
      killed: counted.filter(({ status }) => status === 'Killed' || status === 'Timeout').length,
    }
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
  const own = {
    ...JSON.parse(readFileSync(config, 'utf8')),
    mutate: files,
    tempDirName: `mutants/tmp-${name}`,
    jsonReporter: { fileName: `mutants/${name}.json` },
  }
  const file = join(root, 'mutants', `${name}.config.json`)
  writeFileSync(file, JSON.stringify(own))
  const { status } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js'), 'run', file],
    { cwd: root, stdio: 'inherit', env: { ...process.env, SIDECARCTL_TESTS: names.join(' ') } },
  )
  if (status === 0) table.push(...count(join(root, own.jsonReporter.fileName)))
  else process.exitCode = 1
}
for (const { file, all, killed } of table)
  process.stdout.write(`${file}: ${killed} of ${all} (${((100 * killed) / all).toFixed(1)}%)\n`)
