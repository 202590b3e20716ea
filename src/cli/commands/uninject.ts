import { editManifests } from '../edit-manifests.ts'
import { examples, runsWithPaths, type DefineCommand } from './command.ts'
import { removalOptions } from './sidecar-options.ts'
import { editOptions, resolveEditOptions } from './inject.ts'

/** `sidecarctl uninject`. */
export const defineUninject: DefineCommand = (program, action) => {
  const command = program
    .command('uninject')
    .summary('remove sidecars from manifests')
    .description(
      'Remove what inject added, and print the original manifests.\n' +
        'With -s only the named sidecars are removed, otherwise all of them.',
    )
  editOptions(removalOptions(command))
  examples(command, [
    ['Print a Deployment without its sidecars', 'sidecarctl uninject deploy.yaml'],
    ['Remove one sidecar from all files of a folder', 'sidecarctl uninject -R k8s/ -s logging -w'],
  ])
  runsWithPaths(
    command,
    action,
    async ({ raw, args, host, loadEngine }) =>
      await editManifests('uninject', resolveEditOptions(raw, args, host), host, loadEngine),
  )
}
