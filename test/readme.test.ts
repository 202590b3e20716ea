/**
 * Runs every command of the documents for users: README.md and those in templates/. In a `console` block a line that
 * begins with `$ ` is a command, and what follows is all that it prints. In a `sh` block every line is a command that must
 * succeed. UPDATE_README=1 writes what the commands print into README.md, and the measured figures into their tables.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EXAMPLE_POLICY } from '../src/report/policy-docs.ts'
import { README_ROWS, withTable, type Results } from './bench/results.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const README = join(ROOT, 'README.md')

interface Step {
  command: string
  output: string | undefined
  line: number
}

function stepsOf(text: string): Step[] {
  const steps: Step[] = []
  let kind = ''
  for (const [n, line] of text.split('\n').entries()) {
    const fence = /^```(\w*)$/.exec(line)
    if (fence !== null) {
      kind = kind === '' ? (fence[1] as string) || 'text' : ''
      continue
    }
    const last = steps.at(-1)
    if (kind === 'sh' && line.trim() !== '' && !line.startsWith('#'))
      steps.push({ command: line, output: undefined, line: n + 1 })
    if (kind !== 'console') continue
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), output: '', line: n + 1 })
    else if (last?.output !== undefined) last.output += `${line}\n`
  }
  return steps
}

/** `npm ci` has run before these tests, and `npm test` is what runs them. */
const SETUP = /^npm ci && /

let folder = ''
let bin = ''

/** kubectl and helm as far as the README's pipes need them, so that its commands run where they are missing. */
const STUBS: Record<string, string> = {
  sidecarctl: `exec node ${join(ROOT, 'bin/sidecarctl.js')} "$@"`,
  kubectl:
    'case "$1" in get) cat fixtures/samples/deployment.yaml ;; apply) grep -c "name: logging" >/dev/null && echo deployment.apps/web configured ;; esac',
  helm: 'cat fixtures/samples/deployment.yaml',
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sidecarctl-readme-'))
  bin = join(folder, '.bin')
  mkdirSync(bin)
  for (const [name, script] of Object.entries(STUBS)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(bin, name), 0o755)
  }
  // As in a clone, but for its cases, which hold manifests that are broken on purpose.
  for (const name of ['fixtures/samples', 'fixtures/broken', 'fixtures/example', 'bin', 'dist', 'templates'])
    cpSync(join(ROOT, name), join(folder, name), { recursive: true })
  cpSync(join(ROOT, 'fixtures/samples/deployment.yaml'), join(folder, 'deploy.yaml'))
  spawnSync('git', ['init', '-q', folder])
})

afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

function run(command: string): { output: string; status: number | null } {
  const done = spawnSync('bash', ['-c', `${command} 2>&1`.replace(/^(.*) 2>&1$/s, '{ $1 ; } 2>&1')], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}`, NO_COLOR: '1', COLUMNS: '100' },
  })
  return { output: done.stdout, status: done.status }
}

const text = readFileSync(README, 'utf8')
const measured = JSON.parse(readFileSync(join(ROOT, 'test/bench/results.json'), 'utf8')) as Results
const steps = stepsOf(text)
/** Where tables of figures are, and of which scenarios. */
const TABLES: readonly [file: string, names?: readonly string[]][] = [['README.md', README_ROWS], ['test/README.md']]

describe('README', () => {
  it('has commands', () => {
    expect(steps.filter((s) => s.output !== undefined).length).toBeGreaterThan(2)
  })

  it('sets up and tests by the commands that CI uses', () => {
    expect(steps.map((s) => s.command)).toContain('npm ci && npm test')
    const ci = readFileSync(join(ROOT, '.ci/run'), 'utf8')
    expect(ci).toMatch(/npm ci[\s\S]*npm test/)
  })

  if (process.env['UPDATE_README'] === '1') {
    it('is brought up to date', () => {
      let fresh = text
      for (const step of steps.filter((s) => s.output !== undefined)) {
        fresh = fresh.replace(
          `$ ${step.command}\n${step.output}`,
          () => `$ ${step.command}\n${run(step.command).output}`,
        )
      }
      writeFileSync(README, fresh)
      for (const [file, names] of TABLES)
        writeFileSync(join(ROOT, file), withTable(readFileSync(join(ROOT, file), 'utf8'), measured, names))
      expect(stepsOf(fresh)).toHaveLength(steps.length)
    })
    return
  }

  it.each(TABLES)('%s has a table of the saved measurements', (file, names) => {
    const found = readFileSync(join(ROOT, file), 'utf8')
    expect(found).toBe(withTable(found, measured, names))
    expect(measured.scenarios.map(({ name }) => name)).toEqual(expect.arrayContaining([...README_ROWS]))
  })

  it('is short, and shows the policy file of the reference', () => {
    expect(text.split('\n').length - 1).toBeLessThanOrEqual(250)
    expect(text).toContain(`\`\`\`yaml\n${EXAMPLE_POLICY}\`\`\`\n`)
  })

  it.each(steps)('line $line: $command', ({ command, output }) => {
    if (command === 'npm ci && npm test') {
      expect(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))).toHaveProperty('scripts.test')
      return
    }
    const done = run(command.replace(SETUP, ''))
    if (output === undefined) expect(done, done.output).toMatchObject({ status: 0 })
    else expect(done.output).toBe(output)
  })
})

describe.each(['templates/README.md', 'templates/POLICY.md', 'templates/ADMISSION.md'])('%s', (file) => {
  const found = stepsOf(readFileSync(join(ROOT, file), 'utf8'))

  it.each(found)('line $line: $command', ({ command, output }) => {
    const done = run(command)
    if (output === undefined) expect(done, done.output).toMatchObject({ status: 0 })
    else expect(done.output).toBe(output)
  })

  it('shows commands', () => expect(found.length).toBeGreaterThan(0))
})

describe('links', () => {
  /** The anchor of a heading, as GitHub makes it. */
  const anchor = (heading: string): string =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-')
  const anchorsOf = (file: string): string[] =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchor(heading as string))

  it.each([
    'README.md',
    'CHANGELOG.md',
    'templates/README.md',
    'templates/POLICY.md',
    'templates/ADMISSION.md',
    'test/README.md',
    'bin/README.md',
  ])('of %s lead somewhere', (file) => {
    const links = [...readFileSync(join(ROOT, file), 'utf8').matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)]
    for (const [link, path, section] of links) {
      const to = path === '' ? file : posix.join(posix.dirname(file), path as string)
      expect(existsSync(join(ROOT, to)), link).toBe(true)
      if (section !== undefined) expect(anchorsOf(to), link).toContain(section)
    }
  })
})
