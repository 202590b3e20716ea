import { join } from 'node:path'
import { starterPolicy } from '../core/selection/policy-starter.ts'
import { survey } from '../core/inject/survey.ts'
import { builtinTemplates } from '../io/builtin-templates.ts'
import { createFiles, type NewFile } from '../io/create-files.ts'
import type { Host } from '../io/host.ts'
import { diagnosticsText } from '../report/diagnostics.ts'
import { schemaText } from '../report/schema.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { readInputsOf } from './read-inputs.ts'
import { commonOptions, type RawOptions } from './options.ts'
import { POLICY_FILE } from './policy.ts'
import { loadColorsFor, reportEnv } from './report-env.ts'

/** Before the first commit there is nothing to compare with, and everything is new. */
const HOOK = `#!/bin/sh
# Written by sidecarctl init. Keeps a commit from going in while manifests that it changes are not as the policy asks.
# To put them right: sidecarctl check -R . --fix; to commit all the same: git commit --no-verify
if git rev-parse --verify --quiet HEAD >/dev/null; then
  exec sidecarctl check -R --since HEAD -- .
fi
exec sidecarctl check -R -- .
`

/** Writes a policy file, and a git hook where the working folder is the top of a repository; or prints the file's schema or reference. */
export async function runInit(raw: RawOptions, host: Host): Promise<ExitCode> {
  if (raw.schema === true) {
    await host.stdout.write(await schemaText('policy'))
    return EXIT.ok
  }
  if (raw.docs === true) {
    await host.stdout.write((await import('../report/policy-docs.ts')).policyDocs())
    return EXIT.ok
  }
  const options = commonOptions(raw, [], host)
  await loadColorsFor(options)
  const { files: loaded } = await readInputsOf(host, ['.'], { recursive: true })
  const sources = loaded.map(({ source }) => source)
  const found = survey(sources)
  const strangers = found.strangers.map((label) => label.replace(/^\.\//, '')).filter((path) => path !== POLICY_FILE)
  const policy = starterPolicy({ ...found, strangers }, options.kubeVersion.minor, builtinTemplates(host).names)
  const files: NewFile[] = [{ label: POLICY_FILE, path: join(host.cwd, POLICY_FILE), text: policy, mode: 0o644 }]
  if (raw.hook !== false && isFolder(host, '.git')) {
    const label = '.git/hooks/pre-commit'
    files.push({ label, path: join(host.cwd, label), text: HOOK, mode: 0o755 })
  }
  const problems = createFiles(host.fs, files, raw.force === true)
  await host.stderr.write(diagnosticsText(problems, reportEnv(host, options)))
  if (problems.length > 0) return EXIT.trouble
  if (options.verbosity !== 'quiet') await host.stderr.write(files.map(({ label }) => `written: ${label}\n`).join(''))
  return EXIT.ok
}

function isFolder(host: Host, name: string): boolean {
  return host.fs.statSync(join(host.cwd, name), { throwIfNoEntry: false })?.isDirectory() === true
}
