import { join } from 'node:path'
import { builtinTemplates } from '../../io/builtin-templates.ts'
import type { NewFile } from '../../io/create-files.ts'
import type { Host } from '../../io/host.ts'
import { diagnosticsText } from '../../report/diagnostics.ts'
import { schemaLoader } from '../../io/schema-loader.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { POLICY_FILE } from '../policy.ts'
import { readInputs } from '../read-inputs.ts'
import { loadColorsFor, reportEnv } from '../report-env.ts'
import { examples, type DefineCommand, type RunCommand } from './command.ts'
import { colorOptions, commonOptions, quietOption, type CommonOptions, type RawOptions } from './shared-options.ts'

/** `sidecarctl init`. */
export const defineInit: DefineCommand = (program, action) => {
  const command = program
    .command('init')
    .summary('create a policy file and a git hook')
    .description(
      'Create sidecarctl.yaml, a commented policy file for the manifests in and below this folder. In the top folder of a ' +
        'git repository also create .git/hooks/pre-commit, which checks the manifests that a commit changes.',
    )
    .option('--no-hook', 'create no git hook')
    .option('--force', 'overwrite existing files')
    .option('--docs', 'print the reference of the policy file, every field with an example, and create nothing')
    .option('--schema', 'print the JSON Schema of the policy file, for editors, and create nothing')
  quietOption(colorOptions(command))
  examples(command, [
    ['Once, in the top folder of a repository', 'sidecarctl init && sidecarctl explain -R .'],
    ['What can sidecarctl.yaml contain?', 'sidecarctl init --docs'],
  ])
  command.action(async (raw: RawOptions) => await action(command, runInit, raw, []))
}

/** In a repository without commits there is nothing to compare with, so the hook checks all files. */
const HOOK = `#!/bin/sh
# Created by sidecarctl init. Rejects a commit that changes manifests which are then not up to date with the policy.
# To update them: sidecarctl check -R . --fix; to commit anyway: git commit --no-verify
if git rev-parse --verify --quiet HEAD >/dev/null; then
  exec sidecarctl check -R --since HEAD -- .
fi
exec sidecarctl check -R -- .
`

const runInit: RunCommand = async ({ raw, host }) => {
  if (raw.schema === true) {
    const { schemaText } = await import('../../report/schema.ts')
    await host.stdout.write(await schemaText('policy', schemaLoader(host)))
    return EXIT.ok
  }
  if (raw.docs === true) {
    const { policyDocs } = await import('../../report/policy-docs.ts')
    await host.stdout.write(policyDocs())
    return EXIT.ok
  }
  return await createStarterFiles(raw, commonOptions(raw, [], host), host)
}

/** Creates the policy file, and the git hook in the top folder of a repository. */
async function createStarterFiles(raw: RawOptions, options: CommonOptions, host: Host): Promise<ExitCode> {
  await loadColorsFor(options)
  const files: NewFile[] = [
    { label: POLICY_FILE, path: join(host.cwd, POLICY_FILE), text: await policyText(options, host), mode: 0o644 },
  ]
  if (raw.hook !== false && isFolder(host, '.git')) {
    const label = '.git/hooks/pre-commit'
    files.push({ label, path: join(host.cwd, label), text: HOOK, mode: 0o755 })
  }
  const { createFiles } = await import('../../io/create-files.ts')
  const problems = createFiles(host.fs, files, raw.force === true)
  await host.stderr.write(diagnosticsText(problems, reportEnv(host, options)))
  if (problems.length > 0) return EXIT.failure
  if (options.verbosity !== 'quiet') await host.stderr.write(files.map(({ label }) => `created ${label}\n`).join(''))
  return EXIT.ok
}

/** A policy for the manifests in and below the working folder. */
async function policyText(options: CommonOptions, host: Host): Promise<string> {
  const { survey } = await import('../../core/inject/survey.ts')
  const { starterPolicy } = await import('../../core/selection/policy-starter.ts')
  const { files } = await readInputs(host, { ...options, paths: ['.'], recursive: true, allowEmpty: true })
  const surveyed = survey(files.map(({ source }) => source))
  const invalidFiles = surveyed.invalidFiles
    .map((label) => label.replace(/^\.\//, ''))
    .filter((path) => path !== POLICY_FILE)
  return starterPolicy({ ...surveyed, invalidFiles }, options.kubeVersion.minor, builtinTemplates(host).names)
}

function isFolder(host: Host, name: string): boolean {
  return host.fs.statSync(join(host.cwd, name), { throwIfNoEntry: false })?.isDirectory() === true
}
