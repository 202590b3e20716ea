import {
  examples, inputOptions, policyOptions, runsEngine, sidecarOptions, sinceOption, reportingOptions, workloadOptions, type DefineCommand,
} from './command.ts'

/** `sidecarctl status`. */
export const defineStatus: DefineCommand = (program, action) => {
  const command = program
    .command('status')
    .summary('list workloads and their sidecars')
    .description(
      'List every workload with its sidecars: the version that was injected, the version of the template now, and ' +
        'whether it is up to date, outdated, edited, missing, left over, or foreign (put in by another injector).',
    )
  for (const add of [inputOptions, sidecarOptions, workloadOptions, policyOptions, sinceOption]) add(command)
  command.option('-o, --output <format>', 'table, wide or json (default: table)')
  reportingOptions(command, 'show notes, too')
  examples(command, [
    ['A whole repository', 'sidecarctl status -R .'],
    ['With files, and who asked for each sidecar', 'sidecarctl status -R . -o wide'],
    ['What an upgrade would touch', "sidecarctl status -R . -o json | jq '.workloads[] | select(any(.sidecars[]; .state == \"outdated\"))'"],
  ])
  runsEngine(command, action)
}
