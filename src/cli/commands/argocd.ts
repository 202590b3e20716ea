import { examples, type DefineCommand, type RunCommand } from './command.ts'
import type { RawOptions } from './shared-options.ts'

/** `sidecarctl argocd`. */
export const defineArgocd: DefineCommand = (program, action) => {
  const command = program
    .command('argocd')
    .summary('add sidecars as a plugin of Argo CD')
    .description(
      'Print the manifests of this folder and its subfolders with sidecars, as a config management plugin of Argo CD. ' +
        'Parameters of the Application (sidecars, set, mode, start, kubernetesVersion) come from ARGOCD_APP_PARAMETERS and ' +
        'override the policy file. The command fails without manifests, as Argo CD would delete what is missing, and for ' +
        'kustomizations and charts that the policy does not exclude, as it does not render them.',
    )
  examples(command, [['Write the plugin.yaml that runs it', 'sidecarctl argocd-plugin DIR']])
  command.action(async (raw: RawOptions) => await action(command, runArgocd, raw, []))
}

const runArgocd: RunCommand = async (call) => {
  const { runArgocdPlugin } = await import('../run-argocd.ts')
  return await runArgocdPlugin(call)
}
