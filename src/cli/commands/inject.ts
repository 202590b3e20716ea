import {
  examples, inputOptions, policyOptions, sinceOption, outputOptions, runsEngine, sidecarOptions, reportingOptions, workloadOptions, type DefineCommand, forceOption,
} from './command.ts'

/** `sidecarctl inject`. */
export const defineInject: DefineCommand = (program, action) => {
  const command = program
    .command('inject')
    .summary('put sidecars into manifests')
    .description(
      'Put sidecars into the workloads of manifests and print them, with nothing else changed.\n' +
        'Running it again changes nothing; with other parameters it replaces what it put in before.',
    )
  for (const add of [inputOptions, sidecarOptions, workloadOptions, forceOption, policyOptions, sinceOption, outputOptions, reportingOptions]) add(command)
  examples(command, [
    ['Print a Deployment with the logging sidecar', 'sidecarctl inject deploy.yaml -s logging'],
    ['From one program to the next', 'helm template . | sidecarctl inject -s logging,metrics - | kubectl apply -f -'],
    ['Edit a whole folder in place', 'sidecarctl inject -R k8s/ -s logging -w'],
    ['Set a parameter', 'sidecarctl inject deploy.yaml -s logging --set logging.folder=/var/log/nginx'],
    ['See what would change', 'sidecarctl inject deploy.yaml -s metrics -o diff'],
  ])
  runsEngine(command, action)
}
