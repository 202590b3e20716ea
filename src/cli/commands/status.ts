import { statusSummary, statusText, STATUS_FORMATS } from '../../report/status.ts'
import { inspectManifests } from '../inspect-manifests.ts'
import { markdown } from '../markdown.ts'
import { examples, runsWithPaths, type DefineCommand, type RunCommand } from './command.ts'
import { oneOf, reportingOptions } from './shared-options.ts'
import { resolveSidecarOptions, sidecarOptions } from './sidecar-options.ts'

/** `sidecarctl status`. */
export const defineStatus: DefineCommand = (program, action) => {
  const command = program
    .command('status')
    .summary('list workloads and their sidecars')
    .description(
      'List every workload with its sidecars: the injected version, the current version of the template, and the state: ' +
        'up to date, missing, outdated, edited, left over, no record, failed, or foreign (added by another injector).',
    )
  sidecarOptions(command).option('-o, --output <format>', 'table, wide, json or markdown (default: table)')
  reportingOptions(command, 'print notes too')
  examples(command, [
    ['A whole repository', 'sidecarctl status -R .'],
    ['With files, and what requested each sidecar', 'sidecarctl status -R . -o wide'],
    [
      'What an upgrade would change',
      'sidecarctl status -R . -o json | jq \'.workloads[] | select(any(.sidecars[]; .state == "outdated"))\'',
    ],
  ])
  runsWithPaths(command, action, runStatus)
}

const runStatus: RunCommand = async ({ raw, args, host, loadEngine }) => {
  const options = resolveSidecarOptions(raw, args, host)
  const format = oneOf('-o/--output', raw.output ?? 'table', STATUS_FORMATS)
  return await inspectManifests(options, host, loadEngine, {
    printed: format === 'json' ? 'json' : 'text',
    report: async (inspection) => {
      const { result, policies } = inspection
      if (format === 'markdown')
        return { text: await markdown(host, { ...inspection, command: 'status', summary: statusSummary(result) }) }
      const policyOf = (label: string) => policies.of(label).policy?.source.label
      return { text: statusText(result, format, options.color.stdout, policyOf) }
    },
  })
}
