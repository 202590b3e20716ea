import { resolve } from 'node:path'
import { diagnostic, hasErrors, type Diagnostic, fileLocation } from '../../core/diagnostics/diagnostic.ts'
import type { Host } from '../../io/host.ts'
import { linkStatOf } from '../../io/stat.ts'
import { diagnosticsText } from '../../report/diagnostics.ts'
import { MADE_BY, OBJECTS_FILE, patchFiles, type ExportFile, type PatchTarget } from '../../report/patches.ts'
import { plural } from '../../report/plural.ts'
import type { Invocation, RunCommand } from '../commands/command.ts'
import { resolveSidecarOptions, type SidecarOptions } from '../commands/sidecar-options.ts'
import { EXIT, exitCodeOf, type ExitCode } from '../exit-code.ts'
import { REFUSE_IN_FOLDERS } from '../engine-settings.ts'
import { runEngine } from '../load-manifests.ts'
import { openRun } from '../open-run.ts'
import { printAllowed } from '../print.ts'
import { reportEnv } from '../report-env.ts'
import { withRunContext } from '../run-context.ts'
import { UsageError } from '../usage-error.ts'
import { makePatches, type MadePatches } from './make-patches.ts'

/** The options of `export` to patches, resolved. */
interface ExportOptions extends SidecarOptions {
  readonly target: PatchTarget
  /** The folder for the files. Default: undefined, which means standard output. */
  readonly outputDir: string | undefined
  /** A file or folder with patches to compare with. Default: undefined, which means to write them. */
  readonly check: string | undefined
}

/** `sidecarctl export --to` one of the targets that take patches. */
export function exportPatches(target: PatchTarget): RunCommand {
  return async (call) => await run(resolveExportOptions(target, call), call)
}

function resolveExportOptions(target: PatchTarget, { raw, args, host }: Invocation): ExportOptions {
  const { outputDir, check } = raw
  if (outputDir !== undefined && check !== undefined) {
    throw new UsageError('--output-dir and --check cannot be used together', 'omit one of them')
  }
  const ofPolicies = [
    [raw.name !== undefined, '--name'],
    [raw.namespaceSelector !== undefined, '--namespace-selector'],
    [raw.failurePolicy !== undefined, '--failure-policy'],
    [raw.beta === true, '--beta'],
  ] as const
  const flag = ofPolicies.find(([isGiven]) => isGiven)?.[1]
  if (flag !== undefined) {
    const hint = 'omit it, or use --to mutating-admission-policy or --to kyverno'
    throw new UsageError(`${flag} cannot be used with --to ${target}`, hint)
  }
  return Object.freeze<ExportOptions>({ ...resolveSidecarOptions(raw, args, host), target, outputDir, check })
}

async function run(options: ExportOptions, { host: to, loadEngine }: Invocation): Promise<ExitCode> {
  return await withRunContext(to, options, async (context) => {
    const { host } = context
    const how = { inParts: false, unchosen: REFUSE_IN_FOLDERS, compose: false }
    const opened = await openRun(context, options, loadEngine, how)
    if (opened === undefined) return EXIT.failure
    const { engine, env, settings, diagnostics: before } = opened
    const { result } = await runEngine(opened.loaded, engine.inject, { ...settings, costs: false })
    const made = makePatches(result, options.target)
    const diagnostics = [...before, ...result.diagnostics, ...made.diagnostics]
    await host.stderr.write(diagnosticsText(diagnostics, env))
    if (hasErrors(diagnostics)) return exitCodeOf(diagnostics)
    if (options.check !== undefined) {
      const { checkPatches } = await import('./check-patches.ts')
      return await checkPatches(host, options.check, { ...made, target: options.target }, options)
    }
    return await output(host, made, options)
  })
}

async function output(host: Host, made: MadePatches, options: ExportOptions): Promise<ExitCode> {
  const { target, outputDir, verbosity } = options
  const files = patchFiles(target, made.patches, made.objects)
  const summary =
    verbosity === 'quiet'
      ? ''
      : `${plural(made.patches.length, 'patch', 'patches')}${made.objects.length > 0 ? `, ${plural(made.objects.length, 'object')}` : ''}\n`
  if (outputDir !== undefined) {
    const problems = await write(host, outputDir, files)
    await host.stderr.write(diagnosticsText(problems, reportEnv(host, options)) || summary + noteOf(target, made))
    return problems.length > 0 ? EXIT.failure : EXIT.ok
  }
  if (made.objects.length > 0) {
    throw new UsageError(
      `sidecars add ${plural(made.objects.length, 'object')}, which need a separate file`,
      'write to a folder with --output-dir FOLDER',
    )
  }
  const pieces = () => files.map(({ text }) => text)
  if (!(await printAllowed(host, 'manifests', pieces, reportEnv(host, options)))) return EXIT.failure
  await host.stderr.write(summary)
  return EXIT.ok
}

/** Only a component brings objects along. */
function noteOf(target: PatchTarget, { objects }: MadePatches): string {
  return target === 'kustomize' || objects.length === 0 ? '' : `apply ${OBJECTS_FILE} beside the patches\n`
}

async function write(host: Host, folder: string, files: readonly ExportFile[]): Promise<readonly Diagnostic[]> {
  const { createFiles } = await import('../../io/create-files.ts')
  const base = resolve(host.cwd, folder)
  const label = (name: string): string => `${folder.replace(/\/+$/, '')}/${name}`
  const foreign = files.filter(({ name }) => !mayReplace(host, resolve(base, name)))
  if (foreign.length > 0) {
    return foreign.map(({ name }) =>
      diagnostic('IO_EXISTS', 'already exists and was not made by sidecarctl export, not overwritten', {
        at: fileLocation(label(name)),
        hint: 'name another folder with --output-dir',
      }),
    )
  }
  const all = files.map(({ name, text }) => ({ label: label(name), path: resolve(base, name), text, mode: 0o644 }))
  const problems = createFiles(host.fs, all, true)
  const objects = resolve(base, OBJECTS_FILE)
  const isLeft = problems.length === 0 && files.every(({ name }) => name !== OBJECTS_FILE)
  if (isLeft && linkStatOf(host.fs, objects) !== undefined && mayReplace(host, objects)) host.fs.unlinkSync(objects)
  return problems
}

/** Whether a file is absent, or made by an earlier export; objects are replaced beside patches that are. */
function mayReplace({ fs }: Host, path: string): boolean {
  try {
    return fs.readFileSync(path, 'utf8').startsWith(MADE_BY)
  } catch {
    return linkStatOf(fs, path) === undefined
  }
}
