/** Runs the commands of bin/README.md with the real programs, in order, in one folder with the files that it shows. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { binFolder, installed, program, runIn } from './programs.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FILE = join(ROOT, 'bin/README.md')
const TEXT = readFileSync(FILE, 'utf8')

/** The programs, by the name that the document has for them. */
const PROGRAMS: Record<string, string | undefined> = {
  kustomize: program('kustomize-5.8'),
  kubectl: program('kubectl-1.36') ?? installed('kubectl'),
  helm: program('helm-4'),
  helm3: program('helm-3'),
  kpt: installed('kpt'),
}

interface Block {
  kind: string
  lines: string[]
}

const BLOCKS: Block[] = [...TEXT.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, kind = '', body = '']) => ({
  kind,
  lines: body.trimEnd().split('\n'),
}))

interface Step {
  command: string
  /** What it prints; undefined where only success counts. */
  output: string | undefined
}

const STEPS = BLOCKS.flatMap(({ kind, lines }): Step[] => {
  if (kind === 'sh') return lines.map((command) => ({ command, output: undefined }))
  if (kind !== 'console') return []
  const steps: (Step & { output: string })[] = []
  for (const line of lines) {
    const last = steps.at(-1)
    if (line.startsWith('$ ')) steps.push({ command: line.slice(2), output: '' })
    else if (last !== undefined) last.output += `${line}\n`
  }
  return steps
})

/** A file that the document shows: its name is the first line. */
function shown(name: string): string {
  const block = BLOCKS.find(({ lines }) => lines[0]?.startsWith(`# ${name}`) === true || lines[0] === `// ${name}`)
  if (block === undefined) throw new Error(`no ${name}`)
  return `${block.lines.join('\n')}\n`
}

let cwd = ''
let bin = ''

beforeAll(() => {
  const web = readFileSync(join(ROOT, 'fixtures/samples/deployment.yaml'), 'utf8')
  cwd = mkdtempSync(join(tmpdir(), 'sidecarctl-hosts-'))
  mkdirSync(join(cwd, 'k8s'))
  for (const name of ['web.yaml', 'k8s/web.yaml']) writeFileSync(join(cwd, name), web)
  for (const name of ['sidecars.yaml', 'kustomization.yaml']) writeFileSync(join(cwd, name), shown(name))
  for (const name of ['samples', 'broken', 'chart'])
    cpSync(join(ROOT, 'fixtures', name), join(cwd, 'fixtures', name), { recursive: true })
  cpSync(join(ROOT, 'fixtures/chart'), join(cwd, 'chart'), { recursive: true })
  bin = join(cwd, '.bin')
  mkdirSync(bin)
  for (const [name, path] of Object.entries(PROGRAMS))
    if (path !== undefined) writeFileSync(join(bin, name), `#!/bin/sh\nexec "${path}" "$@"\n`, { mode: 0o755 })
})

afterAll(() => {
  rmSync(cwd, { recursive: true, force: true })
})

function run(command: string) {
  const done = runIn(cwd, 'bash', ['-c', `{ ${command}\n} 2>&1`], {
    PATH: `${bin}:${binFolder()}:${process.env['PATH'] ?? ''}`,
    HELM_DATA_HOME: join(cwd, '.helm'),
    HELM_CACHE_HOME: join(cwd, '.cache'),
    NO_COLOR: '1',
  })
  return { output: done.stdout, status: done.status }
}

function missing(command: string): string | undefined {
  return Object.keys(PROGRAMS).find(
    (name) => PROGRAMS[name] === undefined && new RegExp(`(?<![\\w-])${name} `).test(command),
  )
}

describe('bin/README.md', () => {
  if (process.env['UPDATE_README'] === '1') {
    it('is brought up to date', () => {
      let fresh = TEXT
      for (const { command, output } of STEPS) {
        const printed = run(command).output
        if (output !== undefined) fresh = fresh.replace(`$ ${command}\n${output}`, () => `$ ${command}\n${printed}`)
      }
      writeFileSync(FILE, fresh)
      expect(STEPS.length).toBeGreaterThan(8)
    })
    return
  }

  it.each(STEPS)('$command', ({ command, output }) => {
    if (missing(command) !== undefined) return expect(PROGRAMS).toHaveProperty([missing(command) as string], undefined)
    const done = run(command)
    if (output === undefined) expect(done, done.output).toMatchObject({ status: 0 })
    else expect(done.output).toBe(output)
  })

  it.each(['.github/workflows/sidecars.yaml', '.gitlab-ci.yml', 'Jenkinsfile', 'task.yaml', 'Dockerfile'])(
    '%s runs commands that there are, and is well-formed',
    (name) => {
      const text = shown(name)
      if (/ya?ml$/.test(name)) for (const doc of parseAllDocuments(text)) expect(doc.errors).toEqual([])
      const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
      for (const [, found] of text.matchAll(/sidecarctl@(\S+?)['\s]/g)) expect(found).toBe(version)
      const commands = [...text.matchAll(/sidecarctl(?:@\S+)? ((?:check|validate) [^'\n]+)/g)].map(
        (match) => match[1] as string,
      )
      if (name === 'Dockerfile') return expect(text).toContain('ENTRYPOINT ["sidecarctl"]')
      expect(commands.length).toBe(2)
      expect(
        run(
          'sidecarctl inject -q -R k8s -s logging -w && sidecarctl init -q --no-hook; sidecarctl inject -q -R k8s -w',
        ),
      ).toMatchObject({ status: 0 })
      for (const command of commands) expect(run(`sidecarctl ${command}`), command).toMatchObject({ status: 0 })
    },
  )

  it('shows a container that Kubernetes accepts', () => {
    const [container] = parse(shown('argocd-repo-server.yaml')) as { name: string }[]
    const pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'a' },
      spec: {
        containers: [container],
        volumes: ['var-files', 'plugins', 'sidecarctl', 'cmp-tmp'].map((name) => ({ name, emptyDir: {} })),
      },
    }
    writeFileSync(join(cwd, 'pod.json'), JSON.stringify(pod))
    expect(run('sidecarctl validate -q pod.json')).toEqual({ output: '', status: 0 })
  })
})
