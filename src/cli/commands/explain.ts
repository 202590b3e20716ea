import {
  examples, inputOptions, policyOptions, runsEngine, sidecarOptions, sinceOption, reportingOptions, workloadOptions, type DefineCommand,
} from './command.ts'

/** `sidecarctl explain`. */
export const defineExplain: DefineCommand = (program, action) => {
  const command = program
    .command('explain')
    .summary('say why each workload gets its sidecars')
    .description(
      'Say for every object why it is injected, skipped or refused: which flag, annotation or rule decided, at which ' +
        'line; and where each injected field and each value of a parameter comes from.',
    )
  for (const add of [inputOptions, sidecarOptions, workloadOptions, policyOptions, sinceOption]) add(command)
  reportingOptions(command, 'show notes, too')
  examples(command, [
    ['One file', 'sidecarctl explain k8s/web.yaml'],
    ['What would change if metrics were added?', 'sidecarctl explain k8s/web.yaml -s logging,metrics'],
  ])
  runsEngine(command, action)
}
