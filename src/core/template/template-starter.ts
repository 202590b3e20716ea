/**
 * The text of a new template: it works as it is, and its comments show what else a template can have. `name` must be
 * the name of a template.
 */
export function starterTemplate(name: string): string {
  return STARTER.replaceAll('NAME', name)
}

const STARTER = `# A sidecar template. It works as it is, where FOLDER is the folder of this file:
#   sidecarctl inject deploy.yaml -t FOLDER -s NAME
# After changes: sidecarctl templates validate FOLDER
# All fields: templates/README.md of sidecarctl. For editors: sidecarctl templates schema
apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata:
  name: 'NAME'
  # Raise it with every change. inject then updates the manifests that have the sidecar.
  version: 0.1.0
  description: Prints how many files are in a folder that it shares with the app.
spec:
  # Extend another template, and give only what differs.
  # extends: logging

  # Parameters, for --set NAME.PARAMETER=VALUE. Types: string, integer, number, boolean, array, object, quantity,
  # duration, port, path, name. Limits: enum, pattern, minLength, maxLength, minimum, maximum, minItems, maxItems.
  # required: true makes a missing value an error.
  parameters:
    image:
      type: string
      description: Image of the sidecar.
      default: busybox:1.37.0
    folder:
      type: path
      description: Folder in the app's containers.
      default: /var/log/app
    interval:
      type: integer
      description: Seconds between two lines.
      minimum: 1
      default: 60
    # A default can come from the workload: workload.name, workload.namespace, workload.kind, app.container,
    # app.image, app.port, app.portName.
    appName:
      type: string
      description: Name to print in each line.
      default: \${{ workload.name }}
      required: true
      example: web

  # A folder that the app and the sidecar share: on the volume that the app mounts there, or on a new emptyDir.
  sharedFolders:
    - volume: NAME-folder
      path: \${{ params.folder }}
      sidecarReadOnly: true

  # Any field of a Kubernetes container. \${{ params.PARAMETER }} stands for a value, with its type. $(VARIABLE) belongs to
  # Kubernetes. A map or list item with $when is included only if its condition holds, such as this variable in env:
  # {$when: {interval: {not: 60}}, name: UNUSUAL, value: 'true'}
  container:
    image: \${{ params.image }}
    command: [sh, -c]
    args:
      - |
        trap 'exit 0' TERM
        while true; do
          echo "$APP: $(ls "$FOLDER" | wc -l) files"
          sleep "$INTERVAL" &
          wait $!
        done
    env:
      - {name: APP, value: '\${{ params.appName }}'}
      - {name: FOLDER, value: '\${{ params.folder }}'}
      - {name: INTERVAL, value: '\${{ params.interval }}'}
    livenessProbe:
      exec: {command: [ls, '\${{ params.folder }}']}
      periodSeconds: 30
    resources:
      requests: {cpu: 5m, memory: 8Mi}
      limits: {cpu: 50m, memory: 32Mi}
    securityContext:
      runAsNonRoot: true
      runAsUser: 65532
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: {drop: [ALL]}
      seccompProfile: {type: RuntimeDefault}

  # Plain init containers, which end before the app starts.
  # initContainers:
  #   - {name: NAME-init, image: busybox:1.37.0, command: ['true']}

  # The sidecar's own volumes, for volumeMounts of the container.
  # volumes:
  #   - {name: NAME-tmp, emptyDir: {}}
  #   - {name: NAME-config, configMap: {name: "\${{ workload.name }}-NAME"}}

  # Objects to place after the workload. Without a name they are named WORKLOAD-NAME.
  # objects:
  #   - apiVersion: v1
  #     kind: ConfigMap
  #     data:
  #       NAME.conf: "interval \${{ params.interval }}"

  # Additions to the app's containers: all of them, the first, or those named.
  # app:
  #   containers: all
  #   env:
  #     - {name: SHARED_FOLDER, value: "\${{ params.folder }}"}

  # Additions to the pod.
  # pod:
  #   labels: {example.com/NAME: 'true'}
  #   annotations: {example.com/interval: "\${{ params.interval }}"}
  #   minTerminationGracePeriodSeconds: 60

  # Settings that are added together, or not at all if the manifest has one of them.
  # together:
  #   - {env: [NAME_HOST, NAME_PORT], meaning: the app goes on calling its own}

  # For a proxy: the port of the app that it serves. Services that bypass the proxy are reported.
  # proxies: "\${{ app.port }}"

  # Run as a classic container, as a native sidecar, or as the Kubernetes version decides (auto).
  # mode: auto

  # Additions for the classic mode, to start before the app and stop after it. Native sidecars do so anyway.
  # classic:
  #   startFirst: true
  #   lifecycle:
  #     postStart: {exec: {command: [sh, -c, 'until test -f /tmp/ready; do sleep 1; done']}}
  #     preStop: {sleep: {seconds: 10}}
  #   minTerminationGracePeriodSeconds: 40

  # Place among other sidecars, and conditions that a workload must meet.
  # order: {position: first, before: [logging]}
  # requires: {kinds: [Deployment, StatefulSet], kubernetes: '>=1.29', hostNetwork: skip}
`
