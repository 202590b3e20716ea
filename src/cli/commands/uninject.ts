import {
  examples, inputOptions, policyOptions, sinceOption, outputOptions, runsEngine, sidecarOptions, reportingOptions, workloadOptions, type DefineCommand, forceOption,
} from './command.ts'

/** `sidecarctl uninject`. */
export const defineUninject: DefineCommand = (program, action) => {
  const command = program
    .command('uninject')
    .summary('take sidecars out again')
    .description(
      'Take out what inject put in, and print the manifests as they were before.\n' +
        'With -s only the sidecars named; without it all of them.',
    )
  for (const add of [inputOptions, sidecarOptions, workloadOptions, forceOption, policyOptions, sinceOption, outputOptions, reportingOptions]) add(command)
  examples(command, [
    ['Print a Deployment without its sidecars', 'sidecarctl uninject deploy.yaml'],
    ['Take one sidecar out of a whole folder', 'sidecarctl uninject -R k8s/ -s logging -w'],
  ])
  runsEngine(command, action)
}
