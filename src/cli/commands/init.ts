import { shellWord } from '../../core/common/shell-word.ts'
import { join } from 'node:path'
import type { Diagnostic } from '../../core/diagnostics/diagnostic.ts'
import { builtinTemplates } from '../../io/builtin-templates.ts'
import type { NewFile } from '../../io/create-files.ts'
import type { Host } from '../../io/host.ts'
import { diagnosticsText } from '../../report/diagnostics.ts'
import { escapeText } from '../../report/escape.ts'
import { schemaLoader } from '../../io/schema-loader.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { POLICY_FILE } from '../policy.ts'
import { readInputs } from '../read-inputs.ts'
import { loadColorsFor, reportEnv } from '../report-env.ts'
import { UsageError } from '../usage-error.ts'
import { examples, type DefineCommand, type RunCommand } from './command.ts'
import {
  colorOptions,
  commonOptions,
  quietOption,
  versionOption,
  type CommonOptions,
  type RawOptions,
} from './shared-options.ts'

/** `sidecarctl init`. */
export const defineInit: DefineCommand = (program, action) => {
  const command = program
    .command('init')
    .summary('create a policy file and a git hook')
    .description(
      'Create sidecarctl.yaml, a commented policy file for the manifests in and below this folder. In the top folder of a ' +
        'git repository also create a pre-commit hook, which checks the manifests of each commit. Where a hook exists, or ' +
        'pre-commit, lefthook or husky manages hooks, nothing is overwritten, and the line to add is printed.',
    )
    .option('--no-hook', 'create no git hook')
    .option('--hook-only', 'create only the git hook, as in a new clone')
    .option('--force', 'overwrite an existing sidecarctl.yaml')
    .option('--docs', 'print the reference of the policy file, every field with an example, and create nothing')
    .option('--schema', 'print the JSON Schema of the policy file, for editors, and create nothing')
  versionOption(command)
  quietOption(colorOptions(command))
  examples(command, [
    ['Once, in the top folder of a repository', 'sidecarctl init && sidecarctl explain -R .'],
    ['What can sidecarctl.yaml contain?', 'sidecarctl init --docs'],
  ])
  command.action(async (raw: RawOptions) => await action(command, runInit, raw, []))
}

/** git runs it in the top folder of the working tree; the index says what is committed. */
const HOOK = `#!/bin/sh
# Created by sidecarctl init. Rejects a commit with manifests that are not up to date with the policy, or have errors.
# To update them: sidecarctl check -R . --fix, then git add; to commit anyway: git commit --no-verify
if ! command -v sidecarctl >/dev/null; then
  echo "sidecarctl: not found, so the manifests of this commit cannot be checked; to commit anyway: git commit --no-verify" >&2
  exit 1
fi
exec sidecarctl check --staged
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

/** Creates the policy file, and the git hook in the top folder of a repository; says what it found and what to do next. */
async function createStarterFiles(raw: RawOptions, options: CommonOptions, host: Host): Promise<ExitCode> {
  await loadColorsFor(options)
  const isHookOnly = raw.hookOnly === true
  if (isHookOnly && raw.hook === false) throw new UsageError('--hook-only and --no-hook cannot be used together')
  const starter = isHookOnly ? undefined : await starterOf(options, host)
  const files: NewFile[] = starter === undefined ? [] : [starter.file]
  const hook = raw.hook === false ? { text: '' } : await planHook(host, isHookOnly)
  if (hook.file !== undefined) files.push(hook.file)
  const { createFiles } = await import('../../io/create-files.ts')
  const problems = createFiles(host.fs, files, raw.force === true)
  const hinted = hook.file === undefined ? problems : problems.map(withHookHint)
  await host.stderr.write(diagnosticsText(hinted, reportEnv(host, options)))
  if (problems.length > 0) return EXIT.failure
  if (options.verbosity === 'quiet') return EXIT.ok
  const { NEXT_STEPS } = await import('../../report/init.ts')
  const created = files.map(({ label }) => `created ${label}\n`).join('')
  await host.stderr.write(`${starter?.found ?? ''}${created}${hook.text}${isHookOnly ? '' : NEXT_STEPS}`)
  return EXIT.ok
}

/** In a new clone the policy is there, and only the hook is missing. */
function withHookHint(problem: Diagnostic): Diagnostic {
  const hint = 'use --hook-only to create only the git hook, or --force to overwrite it'
  return problem.code === 'IO_EXISTS' ? { ...problem, hint } : problem
}

/** The git hook to create, if any, and what to do where none is created. */
async function planHook(host: Host, isRequired: boolean): Promise<{ file?: NewFile; text: string }> {
  const [{ findCommitHooks }, { existingHookText, managedHookText }] = await Promise.all([
    import('../../io/git-hooks.ts'),
    import('../../report/init.ts'),
  ])
  const hooks = findCommitHooks(host)
  if ('reason' in hooks) {
    const isNone = hooks.reason.startsWith('fatal: not a git repository')
    const why = isNone ? 'this folder is not in a git repository' : `git cannot open the repository: ${hooks.reason}`
    if (isRequired) throw new UsageError(why, isNone ? 'run git init first' : undefined)
    return { text: `no git hook created, as ${escapeText(why)}\n` }
  }
  const { top, path, label, managers, text } = hooks
  if (text?.includes('sidecarctl check --staged') === true)
    return { text: `${label} already runs sidecarctl check --staged\n` }
  if (managers.length > 0) return { text: managers.map(managedHookText).join('') }
  if (text !== undefined) return { text: existingHookText(label, 'exists') }
  if (hooks.isShared) return { text: existingHookText(label, 'is-shared') }
  if (top !== host.fs.realpathSync(host.cwd)) {
    const hint = `to create it, run: cd ${shellWord(top)} && sidecarctl init --hook-only`
    return { text: `no git hook created, as this is not the top folder of the repository; ${hint}\n` }
  }
  return { file: { label, path, text: HOOK, mode: 0o755 }, text: '' }
}

/** The path of a file in the working folder, by its label. */
function pathOf(label: string): string {
  return label.replace(/^\.\//, '')
}

/** A policy for the manifests in and below the working folder, and what was found there. */
async function starterOf(options: CommonOptions, host: Host): Promise<{ file: NewFile; found: string }> {
  const [{ survey }, { starterPolicy }, { surveyText }, { otherFilesText }] = await Promise.all([
    import('../../core/inject/survey.ts'),
    import('../../core/selection/policy-starter.ts'),
    import('../../report/init.ts'),
    import('../../report/other-files.ts'),
  ])
  const { files, others } = await readInputs(host, { ...options, paths: ['.'], recursive: true, allowEmpty: true })
  const paths = files.map(({ source }) => source).filter(({ label }) => label !== `./${POLICY_FILE}`)
  const found = survey(paths)
  const surveyed = { ...found, invalidFiles: found.invalidFiles.map(pathOf), validFiles: found.validFiles.map(pathOf) }
  const version = { minor: options.kubeVersion.minor, isGiven: options.kubeVersionGiven }
  const text = starterPolicy(surveyed, version, builtinTemplates(host).names)
  return {
    file: { label: POLICY_FILE, path: join(host.cwd, POLICY_FILE), text, mode: 0o644 },
    found: surveyText(surveyed) + otherFilesText(others, options.verbosity),
  }
}
