import {
  collect, examples, inputOptions, policyOptions, runsEngine, reportingOptions, versionOption, type DefineCommand,
} from './command.ts'

/** `sidecarctl validate`. */
export const defineValidate: DefineCommand = (program, action) => {
  const command = program
    .command('validate')
    .summary('check manifests as the API server does, offline')
    .description(
      'Check manifests as the API server does when they are applied, without a cluster: whether kubectl can read them, ' +
        "fields and types as strict field validation has them, and the rules of Kubernetes' own validation. Of a policy " +
        'file it takes the version of Kubernetes.\n' +
        'Exit code 0: valid; 1: errors were found; 2: could not do as asked.',
    )
  inputOptions(command)
  versionOption(command)
  policyOptions(command)
    .option('--strict-kinds', 'a kind without a schema is an error; without this it is skipped')
    .option('--crd <path>', 'file, folder or Helm chart with CustomResourceDefinitions (repeatable)', collect)
    .option('--served <group/version>', 'an API version that is off by default and that the cluster serves (repeatable)', collect)
    .option('--list-kinds', 'print the built-in kinds with what is checked of each, and check nothing')
    .option('--pod-security <level>', 'level of the Pod Security Standards that pods must satisfy: baseline or restricted')
    .option('-o, --output <format>', 'text, json, sarif, junit or github (default: text)')
  reportingOptions(command, 'say what became of each object')
  examples(command, [
    ['Will kubectl apply work?', 'sidecarctl validate -R k8s/'],
    ['For an older cluster', 'sidecarctl validate deploy.yaml --kubernetes-version 1.31'],
    ['What a chart renders to', 'helm template . | sidecarctl validate -'],
    ['With custom resources, none of them skipped', 'sidecarctl validate -R k8s/ --crd crds/ --strict-kinds'],
    ['What is checked of each kind?', 'sidecarctl validate --list-kinds'],
    ['Beside the lines of a pull request', 'sidecarctl validate -R k8s/ -o github'],
  ])
  runsEngine(command, action)
}
