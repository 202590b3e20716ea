import { validateInputs } from '../core/validate/validate-inputs.ts'
import type { Policy } from '../core/selection/policy.ts'
import { hasErrors } from '../core/diagnostics/diagnostic.ts'
import type { Host } from '../io/host.ts'
import { otherFilesText } from '../report/other-files.ts'
import { schemaLoader } from '../io/schema-loader.ts'
import {
  allDiagnostics, limitReport, VALIDATION_REPORTERS, validationSummary, type ValidationReport,
} from '../report/validation/reporters.ts'
import { gatherDefinitions } from './definitions.ts'
import { exitCodeOf, type ExitCode } from './exit-code.ts'
import { readInputs, searchOf } from './read-inputs.ts'
import { loadPolicy } from './policy.ts'
import { isManifest, kubeVersionOf, partingOf } from './prepare.ts'
import { print, type Printed } from './print.ts'
import { withProgress, type Progress } from './progress.ts'
import { reportEnv } from './report-env.ts'
import { RunStore } from './run-store.ts'
import { version } from './version.ts'
import type { ValidateRunOptions } from './validate-options.ts'

const PRINTED: Record<ValidateRunOptions['format'], Printed> = { text: 'text', json: 'json', sarif: 'json', junit: 'xml', github: 'commands' }

/**
 * Validates the inputs. Here the report is what was asked for, so it goes to stdout in every format, findings or not;
 * the totals go to stderr.
 */
export async function runValidate(options: ValidateRunOptions, to: Host): Promise<ExitCode> {
  const { host, progress } = withProgress(to, options)
  const store = new RunStore(host)
  try {
    return await validate(options, host, progress, store)
  } finally {
    store.close()
    await progress.clear()
  }
}

async function validate(options: ValidateRunOptions, host: Host, progress: Progress, store: RunStore): Promise<ExitCode> {
  const policy = await loadPolicy(host, options)
  const given = await gatherDefinitions(host, options.definitions, searchOf(options))
  const loaded = await readInputs(host, options, { onProgress: progress.hook, parting: partingOf(host, store) }, { excludes: excludedByPolicy(policy.policy), strict: true })
  // With a policy that cannot be read it is not known which version is meant.
  const files = hasErrors(policy.diagnostics) ? [] : loaded.files.filter((file) => isManifest(file, policy, options, host))
  host.expectWork(loaded.size)
  const result = await validateInputs(files.map(({ source }) => source), {
    kubeVersion: kubeVersionOf(options, policy.policy),
    strictKinds: options.strictKinds,
    served: options.served,
    definitions: given.files.map(({ source }) => source),
    loadSchema: schemaLoader(host),
    onProgress: progress.hook,
    ...(options.podSecurity !== undefined && { podSecurity: options.podSecurity }),
  })
  const trouble = [...policy.diagnostics, ...given.diagnostics, ...loaded.diagnostics]
  const report: ValidationReport = { result, trouble, version: version() }
  const shown = options.format === 'text' || options.maxFindings === undefined ? report : limitReport(report, options.maxFindings)
  const text = VALIDATION_REPORTERS[options.format](shown, reportEnv(host, options, 'stdout'))
  await print(host, PRINTED[options.format], () => [text])
  await host.stderr.write(validationSummary(report, reportEnv(host, options)) + otherFilesText(loaded.others, options.verbosity))
  return exitCodeOf(allDiagnostics(report))
}

/** Whether the policy leaves out a file, by its label. */
function excludedByPolicy(policy: Policy | undefined): (label: string) => boolean {
  return (label) => {
    const path = policy?.pathOf(label)
    return path !== undefined && policy?.excludesPath(path) === true
  }
}
