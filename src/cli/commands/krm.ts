import { examples, type DefineCommand, type RunCommand } from './command.ts'
import { followLinksOption, reportingOptions, type RawOptions } from './shared-options.ts'
import { sidecarSettings } from './sidecar-options.ts'

const runKrm: RunCommand = async (call) => {
  const { runKrmCommand } = await import('../run-krm.ts')
  return await runKrmCommand(call)
}

/** `sidecarctl krm`. */
export const defineKrm: DefineCommand = (program, action) => {
  const command = program
    .command('krm')
    .summary('add sidecars as a KRM function of kustomize or kpt')
    .description(
      'Add sidecars as a KRM function: read a ResourceList on standard input and print it with sidecars. The ' +
        'functionConfig is a SidecarInjection, a policy file or a ConfigMap; flags override it. Findings are added as ' +
        'results. On errors no item is changed and the exit code is 1.\n' +
        'kustomize build needs --enable-alpha-plugins and --enable-exec; without the second it skips functions silently.',
    )
  sidecarSettings(followLinksOption(command))
    .option('--fn-config <file>', 'functionConfig in a file, for a stream of manifests on standard input')
    .option('--allow-empty', 'accept input without objects')
  reportingOptions(command)
  examples(command, [
    ['In a kustomization', 'kustomize build --enable-alpha-plugins --enable-exec overlays/prod'],
    ['With kpt', 'kpt fn eval --allow-exec --exec "sidecarctl krm" k8s/ -- sidecars=logging'],
    ['As an exec plugin of kubectl kustomize', 'sidecarctl kustomize-plugin ~/.config/kustomize/plugin'],
  ])
  command.action(async (raw: RawOptions) => await action(command, runKrm, raw, []))
}
