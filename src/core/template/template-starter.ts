/**
 * The text of a new template: it works as it is, and its comments say what else a template can have. `name` must be
 * the name of a template.
 */
export function starterTemplate(name: string): string {
  return STARTER.replaceAll('NAME', name)
}

const STARTER = `# A sidecar for sidecarctl. It works as it is:
#   sidecarctl inject deploy.yaml -t FOLDER -s NAME
# where FOLDER holds this file. Check it after changes: sidecarctl templates validate FOLDER
# All fields: templates/README.md of sidecarctl; for editors: sidecarctl templates schema
apiVersion: sidecarctl.dev/v1
kind: SidecarTemplate
metadata:
  name: 'NAME'
  # Raise it with every change; what is in manifests already is then replaced.
  version: 0.1.0
  description: Says how many files there are in a folder that the app shares.
spec:
  # Build on another template: take what it has and say only what differs.
  # extends: logging

  # What users can give with --set NAME.PARAMETER=VALUE. Types: string, integer, number, boolean, array, object,
  # quantity, duration, port, path, name. Limits: enum, pattern, minLength, maxLength, minimum, maximum, minItems,
  # maxItems; required: true where there must be a value.
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
    # A default may be taken from the workload: workload.name, workload.namespace, workload.kind, app.container,
    # app.image, app.port, app.portName.
    appName:
      type: string
      description: Name that stands in the lines.
      default: \${{ workload.name }}
      required: true
      example: web

  # A folder that the app and the sidecar both see: through the volume that the app mounts there, or a new emptyDir.
  sharedFolders:
    - volume: NAME-folder
      path: \${{ params.folder }}
      sidecarReadOnly: true

  # Any field of a Kubernetes container. Values go in as \${{ params.PARAMETER }}, with their types; $(VARIABLE) is left to
  # Kubernetes. A map or list item with $when stands only where its condition holds, such as the variable
  # {$when: {interval: {not: 60}}, name: UNUSUAL, value: 'true'} in env.
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

  # Volumes of the sidecar's own; the container mounts them by its volumeMounts.
  # volumes:
  #   - {name: NAME-tmp, emptyDir: {}}
  #   - {name: NAME-config, configMap: {name: "\${{ workload.name }}-NAME"}}

  # Objects written right behind the workload, called WORKLOAD-NAME where they have no name.
  # objects:
  #   - apiVersion: v1
  #     kind: ConfigMap
  #     data:
  #       NAME.conf: "interval \${{ params.interval }}"

  # What the app's containers get: all of them, the first, or those named.
  # app:
  #   containers: all
  #   env:
  #     - {name: SHARED_FOLDER, value: "\${{ params.folder }}"}

  # What the pod gets.
  # pod:
  #   labels: {example.com/NAME: 'true'}
  #   annotations: {example.com/interval: "\${{ params.interval }}"}
  #   minTerminationGracePeriodSeconds: 60

  # Settings that are added together, or not at all where the manifest has one of them.
  # together:
  #   - {env: [NAME_HOST, NAME_PORT], meaning: the app goes on calling its own}

  # For a proxy: the port of the app in front of which it stands, so that Services which go past it are reported.
  # proxies: "\${{ app.port }}"

  # Run as an ordinary container (classic), as a native sidecar, or as the Kubernetes version has it (auto).
  # mode: auto

  # What it needs as an ordinary container, to start before the app and stop after it. Native sidecars do so anyway.
  # classic:
  #   startFirst: true
  #   lifecycle:
  #     postStart: {exec: {command: [sh, -c, 'until test -f /tmp/ready; do sleep 1; done']}}
  #     preStop: {sleep: {seconds: 10}}
  #   minTerminationGracePeriodSeconds: 40

  # Place among other sidecars, and what a workload must be.
  # order: {position: first, before: [logging]}
  # requires: {kinds: [Deployment, StatefulSet], kubernetes: '>=1.29', hostNetwork: skip}
`
