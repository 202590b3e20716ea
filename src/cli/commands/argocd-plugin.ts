import { definePlugin } from '../write-plugin.ts'

/**
 * A file of the sidecar container of repo-server that runs the plugin. Without a version the plugin is called just
 * `sidecarctl`. Source: Argo CD, "Config Management Plugins".
 */
const PLUGIN = `# Created by sidecarctl argocd-plugin. In the plugin's container: /home/argocd/cmp-server/config/plugin.yaml
apiVersion: argoproj.io/v1alpha1
kind: ConfigManagementPlugin
metadata:
  name: sidecarctl
spec:
  # Folders with a policy file.
  discover:
    fileName: ./sidecarctl.yaml
  generate:
    command: [sidecarctl, argocd]
  parameters:
    static:
      - name: sidecars
        title: Sidecars
        tooltip: Names of sidecars for all workloads, instead of those that the policy selects
        collectionType: array
      - name: set
        title: Parameters
        tooltip: "Values of parameters: logging.output is the parameter output of the sidecar logging"
        collectionType: map
      - name: mode
        title: Mode
        tooltip: Run sidecars as auto, native or classic containers
      - name: start
        title: Start
        tooltip: "Place of native sidecars among the init containers: first, last, before:NAME or after:NAME"
      - name: kubernetesVersion
        title: Kubernetes version
        tooltip: Version of the target cluster, such as 1.34
`

/** `sidecarctl argocd-plugin`. */
export const defineArgocdPlugin = definePlugin({
  name: 'argocd-plugin',
  summary: 'write plugin.yaml of a plugin for Argo CD',
  description:
    'Write plugin.yaml of a config management plugin with which Argo CD adds sidecars to the manifests of an Application. ' +
    'It is for folders with a policy file, sidecarctl.yaml.',
  folder: 'folder for plugin.yaml',
  examples: [['For the image of the plugin', 'sidecarctl argocd-plugin cmp']],
  files: () => [{ path: 'plugin.yaml', text: PLUGIN, mode: 0o644 }],
  next: () =>
    'put it into a container of argocd-repo-server that runs argocd-cmp-server as user 999, with Node.js and sidecarctl\n',
})
