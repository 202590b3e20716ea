import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { missing, SHARED } from '../shared.ts'

/** How many manifests a scratch repository has at least. */
export const LEAST = 500

/** Settings by which every workload gets one small sidecar. */
export const SLEEPER = {
  'sidecarctl.yaml': `apiVersion: sidecarctl.dev/v1
kind: Policy
spec:
  templates: [sidecars]
  rules:
  - add: [sleeper]
`,
  'sidecars/sleeper.yaml': `apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata: {name: sleeper, version: 1.0.0, description: Sleeps.}
spec:
  container: {image: "busybox:1.37", args: [sleep, "1"]}
`,
}

/** Runs the program in a folder and gives what it says. */
export type Run = (cwd: string, argv: readonly string[]) => Promise<{ stderr: string }>

/** Runs git in a scratch repository. */
export function git(repository: string, ...args: string[]): string {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'core.autocrlf=false']
  return execFileSync('git', [...who, ...args], { cwd: repository, encoding: 'utf8', maxBuffer: 1 << 28 })
}

/** The manifests of a scratch repository, below its folder. */
export function manifestsOf(repository: string): string[] {
  return readdirSync(join(repository, 'k8s'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ya?ml|json)$/.test(name))
    .map((name) => `k8s/${name}`)
}

/** Files that cannot be injected, among them those that are wrong on purpose. */
async function refused(repository: string, run: Run): Promise<Set<string>> {
  const { stderr } = await run(repository, ['inject', '-R', 'k8s', '-o', 'none', '--no-validate'])
  return new Set([...stderr.matchAll(/^(k8s\/.*?)(?::\d+:\d+)? error /gm)].map((match) => match[1] as string))
}

/**
 * A git repository with a policy and manifests, none of them injected: our fixtures (or a part of them), the real ones
 * where they are at hand, and copies up to a least number; of more than a most, ours go first. Everything is committed.
 */
export async function scratchRepository(
  run: Run,
  settings: Readonly<Record<string, string>>,
  { fixtures = 'fixtures', least = LEAST, most = Number.POSITIVE_INFINITY, corpus = true } = {},
): Promise<string> {
  const repository = realpathSync(mkdtempSync(join(tmpdir(), 'sidecarctl-repository-')))
  git(repository, 'init', '-q')
  mkdirSync(join(repository, 'sidecars'))
  for (const [name, text] of Object.entries(settings)) writeFileSync(join(repository, name), text)
  // A policy of a fixture would be nearer than the repository's, and a chart of which some files are removed is none.
  const filter = (path: string): boolean => !['sidecarctl.yaml', 'chart'].includes(basename(path))
  cpSync(fixtures, join(repository, 'k8s/fixtures'), { recursive: true, filter })
  if (corpus && missing('corpus/manifests') === undefined)
    cpSync(`${SHARED}/corpus/manifests`, join(repository, 'k8s/corpus'), { recursive: true })
  for (const file of await refused(repository, run)) rmSync(join(repository, file))
  // Some fixtures are results.
  await run(repository, ['uninject', '-R', 'k8s', '-w', '-q'])
  const own = manifestsOf(repository).filter((file) => file.startsWith('k8s/fixtures/'))
  for (let n = 1; manifestsOf(repository).length < least; n++) {
    for (const file of own) cpSync(join(repository, file), join(repository, file.replace('/fixtures/', `/copy-${n}/`)))
  }
  for (const file of own.slice(0, Math.max(0, manifestsOf(repository).length - most))) rmSync(join(repository, file))
  git(repository, 'add', '-A')
  git(repository, 'commit', '-qm', 'all')
  return repository
}
