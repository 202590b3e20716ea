import {
  examples, inputOptions, policyOptions, runsEngine, sidecarOptions, sinceOption, reportingOptions, workloadOptions, type DefineCommand, forceOption,
} from './command.ts'

/** `sidecarctl check`. */
export const defineCheck: DefineCommand = (program, action) => {
  const command = program
    .command('check')
    .summary('tell whether manifests are as inject would make them')
    .description(
      'Tell, without changing anything, which workloads are not as inject would make them: sidecars that are missing, ' +
        'outdated, edited by hand (with the difference), or left over. Give the same flags as to inject, or better a ' +
        'policy file.\n' +
        'Exit code 0: all are as they should be; 1: some are not, or the manifests have errors; 2: could not do as asked.',
    )
  for (const add of [inputOptions, sidecarOptions, workloadOptions, policyOptions, sinceOption]) add(command)
  command.option('--fix', 'write the files as they should be, as inject -w does')
  forceOption(command)
  reportingOptions(command, 'show notes, too')
  examples(command, [
    ['In CI', 'sidecarctl check -R k8s/'],
    ['Only what a branch changed', 'sidecarctl check -R . --since origin/main'],
    ['Put it right', 'sidecarctl check -R k8s/ --fix'],
  ])
  runsEngine(command, action)
}
