import { hasErrors, type Diagnostic } from '../../core/diagnostics/diagnostic.ts'
import type { RunResult } from '../../core/inject/result.ts'
import { groupParts } from '../../core/text/parts.ts'
import type { Host } from '../../io/host.ts'
import type { Loaded } from '../../io/read-files.ts'
import { diagnosticsText } from '../../report/diagnostics.ts'
import { summaryText, totals } from '../../report/summary.ts'
import { emptySelection } from '../empty-selection.ts'
import type { EngineLoader } from '../engine.ts'
import { REFUSE_IN_FOLDERS } from '../engine-settings.ts'
import { EXIT, type ExitCode } from '../exit-code.ts'
import { runEngine } from '../load-manifests.ts'
import { openRun } from '../open-run.ts'
import { inputsText } from '../inputs-text.ts'
import { markdown } from '../markdown.ts'
import { isChanged, patch, patchText } from '../patch.ts'
import { print } from '../print.ts'
import { withRunContext } from '../run-context.ts'
import { unusedRules } from '../unused-rules.ts'
import { examples, runsWithPaths, type DefineCommand } from './command.ts'
import { oneOf, reportingOptions } from './shared-options.ts'
import { forceOption, resolveSidecarOptions, sidecarOptions, type SidecarOptions } from './sidecar-options.ts'

/** `sidecarctl diff`. */
export const defineDiff: DefineCommand = (program, action) => {
  const command = program
    .command('diff')
    .summary('show what inject would change')
    .description(
      'Print what inject would change, as a patch for git apply or patch -p1.\n' +
        'Exit code 0: no differences; 1: differences; greater than 1: an error occurred.',
    )
  forceOption(sidecarOptions(command)).option('-o, --output <format>', 'patch, json or markdown (default: patch)')
  reportingOptions(command)
  examples(command, [
    ['Show what the logging sidecar would change', 'sidecarctl diff -R k8s/ -s logging'],
    ['Review first, apply later', 'sidecarctl diff -R k8s/ -s logging > logging.patch; git apply logging.patch'],
  ])
  runsWithPaths(command, action, async ({ raw, args, host, loadEngine }) => {
    const format = oneOf('-o/--output', raw.output ?? 'patch', FORMATS)
    return await runDiff(resolveSidecarOptions(raw, args, host), format, host, loadEngine)
  })
}

const FORMATS = ['patch', 'json', 'markdown'] as const

/** Prints the patch. Exit code 1 means differences, as for kubectl diff, so every error is greater. */
async function runDiff(
  options: SidecarOptions,
  format: (typeof FORMATS)[number],
  to: Host,
  loadEngine: EngineLoader,
): Promise<ExitCode> {
  return await withRunContext(to, options, async (run) => {
    const { host } = run
    const how = { inParts: format === 'patch', unchosen: REFUSE_IN_FOLDERS }
    const manifests = await openRun(run, options, loadEngine, how)
    if (manifests === undefined) return EXIT.failure
    const { engine, env, settings, diagnostics: before } = manifests
    const { result, loaded } = await runEngine(manifests.loaded, engine.inject, {
      ...settings,
      costs: options.verbosity === 'verbose' || format === 'markdown',
    })
    const unused = unusedRules(result, manifests.policies, options, host)
    const diagnostics = [...before, ...emptySelection(result, options), ...unused, ...result.diagnostics]
    await host.stderr.write(diagnosticsText(diagnostics, env))
    if (format === 'json') await printJson(host, result, loaded, diagnostics)
    if (hasErrors(diagnostics)) return EXIT.failure
    if (format === 'patch') await print(host, 'patch', await patch(host, result.files, loaded, options.color.stdout))
    if (format === 'markdown') {
      const run = { command: 'diff', summary: totals(result, ''), result, diagnostics, settings }
      const text = await markdown(host, run)
      await print(host, 'text', () => [text])
    }
    await host.stderr.write(summaryText(result, env) + inputsText(manifests, env.verbosity))
    return result.files.some(isChanged) ? EXIT.findings : EXIT.ok
  })
}

/** The report is what was asked for, so it is printed even if there are errors; it then has no patches. */
async function printJson(
  host: Host,
  result: RunResult,
  loaded: Loaded,
  diagnostics: readonly Diagnostic[],
): Promise<void> {
  const { diffJson } = await import('../../report/json/reports.ts')
  const changed = hasErrors(diagnostics) ? [] : groupParts(result.files).filter((parts) => parts.some(isChanged))
  const files: { file: string; patch: string }[] = []
  for (const parts of changed) {
    files.push({ file: parts[0].source.label, patch: await patchText(host, parts, loaded, false) })
  }
  await print(host, 'json', () => [diffJson(result, diagnostics, files)])
}
