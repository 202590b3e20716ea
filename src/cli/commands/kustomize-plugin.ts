import { definePlugin } from '../write-plugin.ts'

/** Where kustomize looks for the exec plugin of a kind: the API version, the kind in lower case, and the kind. */
const PATH = 'sidecarctl.dev/v1/sidecarinjection/SidecarInjection'

/** `sidecarctl kustomize-plugin`. */
export const defineKustomizePlugin = definePlugin({
  name: 'kustomize-plugin',
  summary: 'write an exec plugin for kubectl kustomize',
  description:
    'Write the exec plugin through which kubectl kustomize runs sidecarctl. kubectl has no --enable-exec, so it cannot run ' +
    'KRM functions. The plugin is for a transformer of kind SidecarInjection.',
  folder: 'folder that KUSTOMIZE_PLUGIN_HOME names',
  examples: [['For all kustomizations', 'sidecarctl kustomize-plugin ~/.config/kustomize/plugin']],
  files: () => [
    {
      path: PATH,
      text: `#!/bin/sh
# Created by sidecarctl kustomize-plugin. kustomize passes the file of the transformer, and manifests on standard input.
exec sidecarctl krm --allow-empty --fn-config "$@"
`,
      mode: 0o755,
    },
  ],
  next: (folder) =>
    `run: KUSTOMIZE_PLUGIN_HOME=${folder} kubectl kustomize --enable-alpha-plugins DIR  (the path must be absolute)\n`,
})
