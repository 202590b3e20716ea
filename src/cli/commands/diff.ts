import {
  examples, inputOptions, policyOptions, sinceOption, runsEngine, sidecarOptions, reportingOptions, workloadOptions, type DefineCommand, forceOption,
} from './command.ts'

/** `sidecarctl diff`. */
export const defineDiff: DefineCommand = (program, action) => {
  const command = program
    .command('diff')
    .summary('show what inject would change')
    .description(
      'Print what inject would change, as a patch that git apply and patch -p1 accept.\n' +
        'Exit code 0: no differences; 1: differences; above 1: trouble.',
    )
  for (const add of [inputOptions, sidecarOptions, workloadOptions, forceOption, policyOptions, sinceOption, reportingOptions]) add(command)
  examples(command, [
    ['What would the logging sidecar change?', 'sidecarctl diff -R k8s/ -s logging'],
    ['Review first, apply later', 'sidecarctl diff -R k8s/ -s logging > logging.patch; git apply logging.patch'],
  ])
  runsEngine(command, action)
}
