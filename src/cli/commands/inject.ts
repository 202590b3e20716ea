import type { Command } from 'commander'
import type { Host } from '../../io/host.ts'
import { editManifests, type EditOptions, type Output } from '../edit-manifests.ts'
import { UsageError } from '../usage-error.ts'
import { examples, runsWithPaths, type DefineCommand } from './command.ts'
import { oneOf, reportingOptions, type RawOptions } from './shared-options.ts'
import { forceOption, resolveSidecarOptions, sidecarOptions } from './sidecar-options.ts'

const OUTPUTS: readonly Output[] = ['yaml', 'json', 'diff', 'name', 'none']

/** `sidecarctl inject`. */
export const defineInject: DefineCommand = (program, action) => {
  const command = program
    .command('inject')
    .summary('add sidecars to manifests')
    .description(
      'Add sidecars to the workloads in manifests and print the manifests. Nothing else changes.\n' +
        'Running it again changes nothing; with other parameters it updates what it added earlier.',
    )
  editOptions(sidecarOptions(command)).option(
    '--skip-failing',
    'leave workloads with errors as they are and inject the others (exit 1)',
  )
  examples(command, [
    ['Print a Deployment with the logging sidecar', 'sidecarctl inject deploy.yaml -s logging'],
    ['Use it in a pipe', 'helm template . | sidecarctl inject -s logging,metrics - | kubectl apply -f -'],
    ['Edit all files of a folder in place', 'sidecarctl inject -R k8s/ -s logging -w'],
    ['Set a parameter', 'sidecarctl inject deploy.yaml -s logging --set logging.folder=/var/log/nginx'],
    ['Show what would change', 'sidecarctl inject deploy.yaml -s metrics -o diff'],
  ])
  runsWithPaths(
    command,
    action,
    async ({ raw, args, host, loadEngine }) =>
      await editManifests('inject', resolveEditOptions(raw, args, host), host, loadEngine),
  )
}

/** Adds the flags of inject and uninject. */
export function editOptions(command: Command): Command {
  forceOption(command)
    .option('-o, --output <format>', 'yaml (the manifests in their own format), json, diff, name or none')
    .option('-w, --write', 'edit the files in place instead of printing them (ACLs and extended attributes are lost)')
    .option('--keep-going', 'with -w, write the files without errors and skip the others (exit 1)')
    .option(
      '--strip-live',
      'remove what a cluster added: status, managedFields, uid and so on; implies --include-owned',
    )
  command.option('--report <file>', 'write what happened to each workload to a file, as JSON')
  return reportingOptions(command)
}

function outputOf(raw: RawOptions, paths: readonly string[]): Pick<EditOptions, 'output' | 'write'> {
  const write = raw.write === true
  const output = raw.output === undefined ? undefined : oneOf('-o/--output', raw.output, OUTPUTS)
  if (write && (output === 'yaml' || output === 'json')) {
    throw new UsageError(
      `-w/--write and -o ${output} cannot be used together`,
      'omit one of them; -w writes the manifests to their files',
    )
  }
  if (write && paths.includes('-')) {
    throw new UsageError('-w/--write cannot edit standard input', 'name files or folders, or omit -w')
  }
  if (write && paths.length === 0) throw new UsageError('-w/--write needs files to edit', 'name files or folders')
  return { output: output ?? (write ? 'none' : 'as-is'), write }
}

function reportOf(file: string | undefined): string | undefined {
  if (file === '' || file === '-') {
    throw new UsageError(`--report '${file}' is not a file`, 'name a file; standard output is for manifests')
  }
  return file
}

/** Resolves the options of inject and uninject; throws UsageError for invalid or contradictory ones. */
export function resolveEditOptions(raw: RawOptions, args: readonly string[], host: Host): EditOptions {
  const options = resolveSidecarOptions(raw, args, host)
  const { output, write } = outputOf(raw, options.paths)
  if (raw.keepGoing === true && !write)
    throw new UsageError('--keep-going requires -w/--write', 'add -w; standard output is all or nothing')
  return Object.freeze<EditOptions>({
    ...options,
    output,
    write,
    keepGoing: raw.keepGoing === true,
    skipFailing: raw.skipFailing === true,
    stripLive: raw.stripLive === true,
    report: reportOf(raw.report),
  })
}
