import type { FileResult } from '../../core/inject/result.ts'
import { groupParts } from '../../core/text/parts.ts'
import type { Host } from '../../io/host.ts'
import { omittedText } from '../../report/limit-findings.ts'
import { driftLines, drifts, driftSummary, type Drift } from '../../report/drift.ts'
import { editManifests } from '../edit-manifests.ts'
import type { EngineLoader } from '../engine.ts'
import { ONLY_INJECTED } from '../engine-settings.ts'
import type { ExitCode } from '../exit-code.ts'
import { inspectManifests, type Inspection, type InspectionReport } from '../inspect-manifests.ts'
import { markdown } from '../markdown.ts'
import { patch } from '../patch.ts'
import { reportEnv } from '../report-env.ts'
import { stagedOption, withStagedFiles, type ChangeOptions } from '../staged.ts'
import { UsageError } from '../usage-error.ts'
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
        'hand (with the difference), or no longer requested. Use the same flags as for inject, or better a policy file.\n' +
        'Exit code 0: up to date; 1: some workloads are not up to date, or the manifests have errors; ' +
        '2: bad usage, unreadable input or I/O error.',
    )
  stagedOption(sidecarOptions(command))
    .option('-o, --output <format>', 'text or markdown, for a comment on a pull request (default: text)')
    .option('--fix', 'update the files, as inject -w does')
  reportingOptions(forceOption(command), 'print notes too')
  examples(command, [
    ['In CI', 'sidecarctl check -R k8s/'],
    ['Only what a branch changed', 'sidecarctl check -R . --since origin/main'],
    ['In a git hook, what would be committed', 'sidecarctl check --staged'],
    ['Update the files', 'sidecarctl check -R k8s/ --fix'],
  ])
  runsWithPaths(command, action, async ({ raw, args, host, loadEngine }) => {
    const options = resolveCheckOptions(raw, args, host)
    return await withStagedFiles(host, options, async (to, what) => await runCheck(what, to, loadEngine), options.since)
  })
}

/** The options of `check`, resolved. */
interface CheckOptions extends SidecarOptions, ChangeOptions {
  /** Update the files. Default: no. */
  readonly fix: boolean
  readonly output: (typeof FORMATS)[number]
}

const FORMATS = ['text', 'markdown'] as const

function resolveCheckOptions(raw: RawOptions, args: readonly string[], host: Host): CheckOptions {
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
  if (fix && raw.output !== undefined) throw new UsageError('-o/--output and --fix cannot be used together')
  const output = raw.output === undefined ? 'text' : oneOf('-o/--output', raw.output, FORMATS)
  return Object.freeze<CheckOptions>({ ...options, fix, staged, output })
}

async function runCheck(options: CheckOptions, to: Host, loadEngine: EngineLoader): Promise<ExitCode> {
  if (options.fix) {
    return await editManifests(
      'inject',
      { ...options, output: 'none', write: true, keepGoing: false, stripLive: false, unchosen: ONLY_INJECTED },
      to,
      loadEngine,
    )
  }
  const report = async (inspection: Inspection): Promise<InspectionReport> => await checkReport(options, inspection)
  const isText = options.output === 'text'
  return await inspectManifests(options, to, loadEngine, { inParts: isText, costs: !isText, report })
}

async function checkReport(options: CheckOptions, inspection: Inspection): Promise<InspectionReport> {
  const { host, result, loaded } = inspection
  const color = options.color.stdout
  const all = drifts(result)
  const env = reportEnv(host, options)
  const ends = { summary: driftSummary(result, all, env), findings: all.length > 0 }
  if (options.output === 'markdown') {
    const [summary = ''] = driftSummary(result, all, { ...PLAIN, width: 100 }).split('\n')
    return { ...ends, text: await markdown(host, { ...inspection, command: 'check', summary }) }
  }
  const byFile = new Map<FileResult, Drift[]>()
  for (const drift of all) {
    const ofFile = byFile.get(drift.file)
    if (ofFile === undefined) byFile.set(drift.file, [drift])
    else ofFile.push(drift)
  }
  const texts: string[] = []
  let room = env.maxFindings ?? Number.POSITIVE_INFINITY
  for (const files of groupParts(result.files)) {
    const ofInput = files.flatMap((file) => byFile.get(file) ?? [])
    const shown = ofInput.slice(0, room)
    room -= shown.length
    texts.push(driftLines(shown, color))
    // A file's difference shows all edits in it, so it is printed only where all of them are listed.
    if (shown.length < ofInput.length || !shown.some(({ kind }) => kind === 'edited')) continue
    for (const piece of (await patch(host, files, loaded, color))()) texts.push(new TextDecoder().decode(piece))
  }
  const omitted = all.length - Math.min(all.length, env.maxFindings ?? all.length)
  if (omitted > 0) texts.push(`${omittedText({ errors: 0, others: omitted })}\n`)
  return { ...ends, text: texts.join('') }
}

const PLAIN = { color: false, verbosity: 'normal' } as const
