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
  description: Memcached beside the app, on localhost.
spec:
  # Extend another template, and give only what differs.
  # extends: logging

  # Parameters, for --set NAME.PARAMETER=VALUE. Types: string, integer, number, boolean, array, object, quantity,
  # duration, port, path, name. Limits: enum, pattern, minLength, maxLength, minimum, maximum, minItems, maxItems.
  # required: true makes a missing value an error; then give an example. A default can come from the workload:
  # workload.name, workload.namespace, workload.kind, app.container, app.image, app.port, app.portName.
  parameters:
    image:
      type: string
      description: Image of Memcached.
      default: memcached:1.6.39-alpine
    port:
      type: port
      description: Port on localhost.
      default: 11211
    megabytes:
      type: integer
      description: Memory for items in megabytes; less than memoryLimit.
      minimum: 1
      default: 64
    memoryLimit:
      type: quantity
      description: Memory limit.
      default: 96Mi
    verbose:
      type: boolean
      description: Whether errors and warnings are logged.
      default: false
    options:
      type: array
      items: {type: string}
      description: Extended options, one by one.
      default: []
      example: [no_lru_crawler]

  # Additions to the app's containers: all of them, the first, or those named.
  app:
    containers: all
    env:
      - {name: MEMCACHED_HOST, value: 127.0.0.1}
      - {name: MEMCACHED_PORT, value: '\${{ params.port }}'}
  # Settings that are added together, or not at all if the manifest has one of them.
  together:
    - {env: [MEMCACHED_HOST, MEMCACHED_PORT], meaning: the app goes on using its own cache}

  # Any field of a Kubernetes container. \${{ params.PARAMETER }} stands for a value, with its type. $(VARIABLE) belongs to
  # Kubernetes. A map or list item with $when is included only if its condition holds.
  container:
    image: \${{ params.image }}
    args:
      - --listen=127.0.0.1
      - --port=\${{ params.port }}
      - --memory-limit=\${{ params.megabytes }}
      - {$when: {verbose: true}, $value: -v}
      - {$spread: '\${{ params.options }}', $each: '--extended=\${{ item }}'}
    # The kubelet does not reach localhost of the pod, so a program of the image asks.
    startupProbe:
      exec: {command: [sh, -c, 'printf "version\\r\\nquit\\r\\n" | nc 127.0.0.1 \${{ params.port }} | grep -q VERSION']}
      periodSeconds: 2
    livenessProbe:
      exec: {command: [sh, -c, 'printf "version\\r\\nquit\\r\\n" | nc 127.0.0.1 \${{ params.port }} | grep -q VERSION']}
      periodSeconds: 10
    resources:
      requests: {cpu: 10m, memory: 16Mi}
      limits: {memory: '\${{ params.memoryLimit }}'}
    securityContext:
      runAsNonRoot: true
      runAsUser: 11211
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
  #       NAME.conf: "port \${{ params.port }}"

  # Folders that the app and the sidecar share: on the volume that the app mounts there, or on a new emptyDir.
  # sharedFolders:
  #   - {volume: NAME-socket, path: /run/NAME}

  # Additions to the pod.
  # pod:
  #   labels: {example.com/NAME: 'true'}
  #   annotations: {example.com/port: "\${{ params.port }}"}
  #   minTerminationGracePeriodSeconds: 60

  # For a proxy: the port of the app that it serves. Services that bypass the proxy are reported.
  # proxies: "\${{ app.port }}"

  # Run as a classic container, as a native sidecar, or as the Kubernetes version decides (auto).
  # mode: auto

  # Where a native sidecar starts among the init containers of the pod: first, last, before:CONTAINER or after:CONTAINER.
  # start: last

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
