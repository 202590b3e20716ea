import { version } from '../version.ts'
import { definePlugin } from '../write-plugin.ts'

/** Helm 4 ignores a plugin with a field that it does not know, and appends --post-renderer-args to `args`. */
const pluginYaml =
  (): string => `# Created by sidecarctl helm-plugin, for Helm 4. Helm 3 needs no plugin: --post-renderer sidecarctl --post-renderer-args inject
apiVersion: v1
type: postrenderer/v1
name: sidecarctl
version: ${version()}
runtime: subprocess
runtimeConfig:
  platformCommand:
    - os: windows
      command: sidecarctl
      args: [inject]
    - command: \${HELM_PLUGIN_DIR}/inject.sh
`

const SCRIPT = `#!/bin/sh
# Created by sidecarctl helm-plugin. Helm 4 discards what a post-renderer writes to standard error, so it goes to a file,
# and on failure to the terminal as well.
log=\${SIDECARCTL_REPORT:-\${HELM_CACHE_HOME:-\${XDG_CACHE_HOME:-$HOME/.cache}/helm}/sidecarctl.log}
mkdir -p "$(dirname "$log")" 2>/dev/null
(: >"$log") 2>/dev/null || log=/dev/null
sidecarctl inject "$@" 2>"$log"
code=$?
if [ "$code" -ne 0 ] && [ -s "$log" ]; then { cat "$log" >/dev/tty; } 2>/dev/null; fi
exit "$code"
`

/** `sidecarctl helm-plugin`. */
export const defineHelmPlugin = definePlugin({
  name: 'helm-plugin',
  summary: 'write a post-renderer plugin for Helm 4',
  description:
    'Write a plugin with which Helm 4 adds sidecars to what it renders. Helm 3 runs the program itself: ' +
    '--post-renderer sidecarctl --post-renderer-args inject.\n' +
    'Helm 4 discards the messages of plugins: they are in sidecarctl.log in its cache folder, or in the file that the variable ' +
    'SIDECARCTL_REPORT names.',
  folder: 'new folder for the plugin',
  examples: [
    ['Write and install it', 'sidecarctl helm-plugin sidecarctl-helm && helm plugin install ./sidecarctl-helm'],
    ['Use it', 'helm upgrade --install web ./chart --post-renderer sidecarctl --post-renderer-args --sidecar=logging'],
  ],
  files: () => [
    { path: 'plugin.yaml', text: pluginYaml(), mode: 0o644 },
    { path: 'inject.sh', text: SCRIPT, mode: 0o755 },
  ],
  next: (folder) => `run: helm plugin install ${folder}\n`,
})
