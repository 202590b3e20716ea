import { addTo } from '../../core/common/maps.ts'
import { wordSet } from '../../core/common/words.ts'
import type { Command } from 'commander'
import { fileArgument } from '../../core/common/shell-word.ts'
import type { FileResult } from '../../core/inject/result.ts'
import { groupParts } from '../../core/text/parts.ts'
import type { Host } from '../../io/host.ts'
import { omittedText } from '../../report/limit-findings.ts'
import type { ReportEnv } from '../../report/diagnostics.ts'
import { driftLines, drifts, driftSummary, type Drift, type FixHints } from '../../report/drift.ts'
import { editManifests } from '../edit-manifests.ts'
import type { EngineLoader } from '../engine.ts'
import { ONLY_INJECTED } from '../engine-settings.ts'
import type { ExitCode } from '../exit-code.ts'
import { inspectManifests, type Inspection, type InspectionReport } from '../inspect-manifests.ts'
import { markdown } from '../markdown.ts'
import { patchText } from '../patch.ts'
import { type Printed } from '../print.ts'
import { givenOptions } from '../command-line.ts'
import { reportEnv } from '../report-env.ts'
import { stagedOption, withStagedFiles, type ChangeOptions } from '../staged.ts'
import { UsageError } from '../usage-error.ts'
import { version } from '../version.ts'
import { examples, runsWithPaths, type DefineCommand } from './command.ts'
import { oneOf, reportingOptions, type RawOptions } from './shared-options.ts'
import { forceOption, resolveSidecarOptions, sidecarOptions, type SidecarOptions } from './sidecar-options.ts'

/** `sidecarctl check`. */
export const defineCheck: DefineCommand = (program, action) => {
  const command = program
    .command('check')
    .summary('report manifests that inject would change (exit 1 if any)')
    .description(
      'Report workloads that inject would change, without changing them: sidecars that are missing, outdated, edited by ' +
        'hand (with the difference), or no longer requested. Use the same flags as for inject, or, better, a policy file. ' +
        'Where nothing selects sidecars, those that are injected are compared.\n' +
        'Exit code 0: up to date; 1: some workloads are not up to date, or the manifests have errors; ' +
        '2: bad usage, unreadable input or I/O error.',
    )
  stagedOption(sidecarOptions(command))
    .option('--fix', 'update the files, as inject -w does')
    .option('-o, --output <format>', 'text, json, sarif, junit, github or markdown (default: text)')
  reportingOptions(forceOption(command), 'print notes too')
  examples(command, [
    ['In CI', 'sidecarctl check -R k8s/'],
    ['Only what a branch changed', 'sidecarctl check -R . --since origin/main'],
    ['In a git hook, what would be committed', 'sidecarctl check --staged'],
    ['As annotations on a pull request', 'sidecarctl check -R k8s/ -o github'],
    ['Update the files', 'sidecarctl check -R k8s/ --fix'],
  ])
  runsWithPaths(command, action, async ({ raw, args, host, loadEngine }) => {
    const options = resolveCheckOptions(command, raw, args, host)
    return await withStagedFiles(host, options, async (to, what) => await runCheck(what, to, loadEngine), options.since)
  })
}

const CHECK_FORMATS = ['text', 'json', 'sarif', 'junit', 'github', 'markdown'] as const
type CheckFormat = (typeof CHECK_FORMATS)[number]

const PRINTED: Record<CheckFormat, Printed> = {
  text: 'text',
  json: 'json',
  sarif: 'json',
  junit: 'xml',
  github: 'commands',
  markdown: 'text',
}

/** The options of `check`, resolved. */
interface CheckOptions extends SidecarOptions, ChangeOptions {
  /** Update the files. Default: no. */
  readonly fix: boolean
  /** What is printed on standard output. Default: text. */
  readonly format: CheckFormat
  /** How to update what is not up to date. */
  readonly fixHints: FixHints
}

function resolveCheckOptions(command: Command, raw: RawOptions, args: readonly string[], host: Host): CheckOptions {
  const options = resolveSidecarOptions(raw, args, host)
  const fix = raw.fix === true
  const staged = raw.staged === true
  if (fix && staged)
    throw new UsageError(
      '--fix and --staged cannot be used together',
      'update the files with check --fix, then git add them',
    )
  if (fix && (options.paths.length === 0 || options.paths.includes('-'))) {
    throw new UsageError('--fix needs files to edit', 'name files or folders')
  }
  if (fix && raw.output !== undefined) {
    throw new UsageError('--fix and -o/--output cannot be used together', 'omit one of them')
  }
  const format = oneOf('-o/--output', raw.output ?? 'text', CHECK_FORMATS)
  const fixHints = fixHintsOf(command, options.paths, staged)
  return Object.freeze<CheckOptions>({ ...options, fix, staged, format, fixHints })
}

/** Options that say how findings are printed, or that `--fix` does not take. */
const NOT_FOR_FIX = wordSet('output staged fix force filename color quiet verbose maxFindings')

/** Longer command lines are not printed in hints; in characters. */
const MAX_COMMAND = 400

/** The command line that was given, with --fix: it can be pasted into a shell. */
function fixHintsOf(command: Command, paths: readonly string[], staged: boolean): FixHints {
  const [update, discard] = ['to update the files', 'to update the files and discard edits by hand']
  const isWholeIndex = staged && paths.length === 0
  if (!isWholeIndex && (paths.length === 0 || paths.includes('-'))) {
    const instead = 'check them by name instead of standard input, with'
    return { update: `${update}, ${instead} --fix`, discard: `${discard}, ${instead} --fix --force` }
  }
  const options = [...(isWholeIndex ? ['-R'] : []), ...givenOptions(command, NOT_FOR_FIX)]
  const files = isWholeIndex ? ['.'] : paths.map(fileArgument)
  const line = (flags: string): string => ['sidecarctl check', ...new Set(options), flags, ...files].join(' ')
  if (line('--fix').length > MAX_COMMAND)
    return { update: `${update}, run the command with --fix`, discard: `${discard}, run it with --fix --force` }
  const then = staged ? ', then git add them' : ''
  return { update: `${update}${then}: ${line('--fix')}`, discard: `${discard}${then}: ${line('--fix --force')}` }
}

async function runCheck(options: CheckOptions, to: Host, loadEngine: EngineLoader): Promise<ExitCode> {
  if (options.fix) {
    return await editManifests(
      'inject',
      {
        ...options,
        output: 'none',
        write: true,
        keepGoing: false,
        skipFailing: false,
        stripLive: false,
        unchosen: ONLY_INJECTED,
        report: undefined,
      },
      to,
      loadEngine,
    )
  }
  const isMarkdown = options.format === 'markdown'
  return await inspectManifests(options, to, loadEngine, {
    inParts: !isMarkdown,
    costs: isMarkdown,
    printed: PRINTED[options.format],
    report: async (inspection) => await checkReport(options, inspection),
  })
}

async function checkReport(options: CheckOptions, inspection: Inspection): Promise<InspectionReport> {
  const { host, result, diagnostics } = inspection
  const { format } = options
  const found = drifts(result)
  const summary = (env: ReportEnv): string => driftSummary(result, found, diagnostics, env, options.fixHints)
  const text = async (): Promise<string> => {
    if (format === 'text') return await driftText(options, inspection, found)
    if (format !== 'markdown') return await dataText(options, format, inspection)
    const [line = ''] = summary({ color: false, verbosity: 'normal', width: 100 }).split('\n')
    return await markdown(host, { ...inspection, command: 'check', summary: line })
  }
  return { text: await text(), summary: summary(reportEnv(host, options)), findings: found.length > 0 }
}

/** The differences file by file, with a patch for each file that was edited by hand. */
async function driftText(
  options: CheckOptions,
  { host, result, loaded }: Inspection,
  all: readonly Drift[],
): Promise<string> {
  const color = options.color.stdout
  const env = reportEnv(host, options)
  const byFile = new Map<FileResult, Drift[]>()
  for (const drift of all) addTo(byFile, drift.file, drift)
  const texts: string[] = []
  let room = env.maxFindings ?? Number.POSITIVE_INFINITY
  for (const files of groupParts(result.files)) {
    const ofInput = files.flatMap((file) => byFile.get(file) ?? [])
    const shown = ofInput.slice(0, room)
    room -= shown.length
    texts.push(driftLines(shown, color))
    // A file's difference shows all edits in it, so it is printed only where all of them are listed.
    if (shown.length < ofInput.length || !shown.some(({ isEdited }) => isEdited)) continue
    texts.push(await patchText(host, files, loaded, color))
  }
  const omitted = all.length - Math.min(all.length, env.maxFindings ?? all.length)
  if (omitted > 0) texts.push(`${omittedText({ errors: 0, others: omitted })}\n`)
  return texts.join('')
}

/** The same for other programs: JSON, or findings in a format of theirs. */
async function dataText(
  options: CheckOptions,
  format: Exclude<CheckFormat, 'text' | 'markdown'>,
  { host, result, diagnostics }: Inspection,
): Promise<string> {
  if (format === 'json') {
    const { checkJson } = await import('../../report/json/reports.ts')
    return checkJson(result, diagnostics)
  }
  const { driftReport, DRIFT_REPORTERS } = await import('../../report/drift-report.ts')
  const report = driftReport(result, diagnostics, version(), options.fixHints, options.maxFindings)
  return DRIFT_REPORTERS[format](report, reportEnv(host, options, 'stdout'))
}
