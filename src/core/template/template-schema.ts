import { START_PATTERN, START_PLACES } from '../field-path/item-place.ts'
import { TEMPLATE_API_VERSION, TEMPLATE_KIND } from './parse-template.ts'
import { choice, fields, kubernetes, list, NAME, NOUNS, PLACEHOLDER, scalar, textMap, texts } from './schema-nodes.ts'
import { limits, parameter, REQUIRED_OF_PARAMETER } from './schema-parameters.ts'

const sharedFolder = fields(
  'A folder that the app and the sidecar share, on the volume that the app mounts there or on a new one.',
  {
    volume: scalar('string', 'Name of the volume to add if the app mounts none there.'),
    path: scalar('string', "Absolute path in the app's containers."),
    sidecarPath: scalar('string', 'Absolute path in the sidecar and its init containers. By default the same as path.'),
    sidecarReadOnly: scalar('boolean', 'Whether the sidecar mounts it read-only.', { default: false }),
    appReadOnly: scalar('boolean', 'Whether app containers that do not mount it yet mount it read-only.', {
      default: false,
    }),
    readsAgain: scalar(
      'boolean',
      'Whether the sidecar of a new pod reads the files from the start again. A warning says so if the folder outlasts pods.',
      { default: false },
    ),
    source: kubernetes('volumeSource', 'Source of the added volume.', { default: { emptyDir: {} } }),
  },
  { required: ['volume', 'path'] },
)

const app = fields(
  'Additions to the containers of the app.',
  {
    containers: {
      $comment: 'all, first or a list of names',
      description: 'Containers of the app that get these additions: all, the first, or those named.',
      type: ['string', 'array'],
      pattern: `^(all|first)$|${PLACEHOLDER}`,
      items: scalar('string', 'Name of a container.'),
      default: 'all',
    },
    env: list(
      'Environment variables, in order. An existing variable of the same name stays.',
      kubernetes('EnvVar', 'A variable.'),
    ),
    volumeMounts: list(
      'Volume mounts. An existing mount at the same path stays.',
      kubernetes('VolumeMount', 'A mount.'),
    ),
    ports: list('Ports.', kubernetes('ContainerPort', 'A port.')),
    lifecycle: kubernetes('Lifecycle', 'Lifecycle hooks, if the container has none.'),
  },
  { examples: [{ containers: 'first', env: [{ name: 'CACHE_URL', value: 'redis://127.0.0.1:${{ params.port }}' }] }] },
)

const pod = fields(
  'Additions to the pod. Existing values of the manifest stay.',
  {
    labels: textMap('Labels of the pod template, without the prefix sidecarctl.dev/.', 'The value of a label.'),
    annotations: textMap(
      'Annotations of the pod template, without the prefix sidecarctl.dev/.',
      'The value of an annotation.',
    ),
    imagePullSecrets: list('Secrets for pulling images.', kubernetes('LocalObjectReference', 'A Secret, by its name.')),
    shareProcessNamespace: scalar('boolean', 'Whether containers see the processes of one another.'),
    fsGroup: scalar('integer', 'Group that owns the volumes.'),
    minTerminationGracePeriodSeconds: scalar(
      'integer',
      "The pod's grace period is raised to this many seconds, never lowered.",
    ),
    serviceAccountName: scalar('string', 'Service account, if the pod names none.'),
  },
  { examples: [{ annotations: { 'prometheus.io/scrape': 'true' }, minTerminationGracePeriodSeconds: 60 }] },
)

const settingGroup = fields('Settings that make sense together only.', {
  env: texts('Environment variables of `app.env`.', 'Name of a variable.'),
  annotations: texts('Annotations of `pod.annotations`.', 'Key of an annotation.'),
  meaning: scalar(
    'string',
    'What it means for the user if the settings of the manifest are kept; it ends the warning, after a colon.',
  ),
})

const classic = fields(
  'Additions for the classic mode, so that the sidecar starts before the app and stops after it. A native sidecar does so ' +
    'without them and does not get them.',
  {
    startFirst: scalar(
      'boolean',
      "Whether the container is placed before the app's. The kubelet starts containers in this " +
        'order, each after the postStart hook of the previous one has ended.',
      { default: false },
    ),
    lifecycle: kubernetes(
      'Lifecycle',
      'Hooks that replace those of the container, one by one. postStart waits until the ' +
        'sidecar is ready: use exec with a program of the image, since an httpGet hook is not retried. preStop keeps the ' +
        'sidecar running until the app has stopped: use exec, or sleep, which needs no program in the image.',
    ),
    minTerminationGracePeriodSeconds: scalar(
      'integer',
      "The pod's grace period is raised to this many seconds, never " +
        'lowered. A preStop sleep must not be longer than the grace period.',
    ),
  },
  {
    examples: [
      {
        startFirst: true,
        lifecycle: {
          postStart: { exec: { command: ['sh', '-c', 'until redis-cli ping; do sleep 1; done'] } },
          preStop: { sleep: { seconds: 15 } },
        },
        minTerminationGracePeriodSeconds: 45,
      },
    ],
  },
)

const order = fields(
  'Place among the sidecars of a workload. Without it, they are added in the order in which they were named.',
  {
    position: choice(['first', 'last'], 'Before or after all sidecars without a position.'),
    before: texts('Sidecars that come after this one, if the workload has them.', 'Name of a sidecar.'),
    after: texts('Sidecars that come before this one, if the workload has them.', 'Name of a sidecar.'),
  },
  { examples: [{ after: ['config-sync'] }] },
)

const requires = fields(
  'Conditions that a workload must meet to get the sidecar.',
  {
    kinds: texts('Workload kinds. Others are skipped. By default all kinds.', 'A kind, such as Deployment.'),
    kubernetes: scalar('string', 'Range of Kubernetes versions. Others are an error.', { examples: ['>=1.29 <1.36'] }),
    hostNetwork: choice(['allow', 'skip'], 'Whether pods with hostNetwork get it.', { default: 'allow' }),
  },
  { examples: [{ kinds: ['Deployment', 'StatefulSet'], kubernetes: '>=1.30', hostNetwork: 'skip' }] },
)

const spec = {
  $comment: NOUNS.object,
  description: 'What is added to a workload.',
  type: 'object',
  additionalProperties: false,
  // The program looks at a template together with what it extends; an editor sees the one file.
  if: { type: 'object', required: ['extends'], properties: { extends: true } },
  else: {
    type: 'object',
    properties: {
      parameters: {
        type: 'object',
        additionalProperties: {
          type: 'object',
          required: REQUIRED_OF_PARAMETER,
          properties: { type: true, description: true },
        },
      },
    },
  },
  properties: {
    extends: {
      $comment: NOUNS.string,
      description:
        'Name of a template to extend. Maps are merged field by field, and null removes a field. Lists whose items ' +
        'all have a name, mountPath, volume or containerPort are merged by it. Anything else is replaced.',
      type: 'string',
      pattern: NAME,
      examples: ['logging'],
    },
    parameters: {
      $comment: NOUNS.object,
      description: 'Parameters by name, which has letters, digits, - and _. ${{ params.NAME }} stands for the value.',
      type: 'object',
      propertyNames: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_-]{0,62}$', description: 'Name of a parameter.' },
      additionalProperties: { $ref: '#/definitions/parameter' },
      examples: [{ port: { type: 'port', description: 'Port of the cache.', default: 6379 } }],
    },
    container: kubernetes(
      'Container',
      'The sidecar. Its name is that of the template unless given here. A template without a container adds only the rest.',
      {
        examples: [
          {
            image: '${{ params.image }}',
            args: ['--port', '${{ params.port }}'],
            readinessProbe: { tcpSocket: { port: '${{ params.port }}' } },
          },
        ],
      },
    ),
    initContainers: list(
      'Plain init containers, which end before the app starts. They are placed before the sidecar and, ' +
        "unless start says otherwise, before the manifest's init containers.",
      kubernetes('Container', 'An init container, with a name.'),
      { examples: [[{ name: 'cache-init', image: 'busybox:1.37.0', command: ['true'] }]] },
    ),
    volumes: list(
      "The sidecar's own volumes, which its volumeMounts name.",
      kubernetes('Volume', 'A volume, with a name.'),
      { examples: [[{ name: 'cache-config', configMap: { name: '${{ workload.name }}-cache' } }]] },
    ),
    sharedFolders: list(
      'Folders that the app and the sidecar share. Volumes and mounts for them are added.',
      sharedFolder,
      { examples: [[{ volume: 'app-logs', path: '${{ params.folder }}', sidecarReadOnly: true }]] },
    ),
    app,
    pod,
    together: list(
      'Settings that are added together. If the manifest or another sidecar has one of them with another ' +
        'value or without the others, none is added, and a warning reports it.',
      settingGroup,
      { examples: [[{ env: ['CACHE_HOST', 'CACHE_PORT'], meaning: 'the app goes on calling its own cache' }]] },
    ),
    objects: list(
      'Objects to place after the workload, in its namespace. A checksum in an annotation of the pod template ' +
        'restarts the pods when they change. uninject removes them.',
      kubernetes(
        'object',
        'An object, with apiVersion and ' +
          'kind. Without a name it is named ${{ workload.name }}-${{ sidecar.name }}. Its namespace is that of the ' +
          'workload; another one is an error.',
      ),
      {
        examples: [
          [
            {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              metadata: { labels: { app: '${{ workload.name }}' } },
              data: { 'redis.conf': 'port ${{ params.port }}\n' },
            },
          ],
        ],
      },
    ),
    mode: {
      $comment: 'auto, classic or native',
      description:
        'Whether the sidecar runs as a classic container or as a native sidecar. auto decides by Kubernetes version and kind.',
      enum: ['auto', 'classic', 'native'],
      default: 'auto',
    },
    start: {
      $comment: START_PLACES,
      description:
        'Where the native sidecar and its init containers start among the init containers of the pod: first, last, or right ' +
        'before or after the one that is named. If a workload has none of that name, the sidecar starts first.',
      type: 'string',
      pattern: START_PATTERN,
      default: 'first',
      examples: ['after:migrate'],
    },
    classic,
    order,
    requires,
    proxies: scalar(
      'integer',
      'For a proxy: the port of the app that it serves. Services that bypass the proxy are reported.',
      { examples: ['${{ app.port }}'] },
    ),
  },
}

/** The JSON Schema (draft 7) of a template file; `$id` is a name, nothing is fetched from it. */
export const TEMPLATE_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://sidecarctl.dev/schema/v1/sidecartemplate.json',
  title: 'SidecarTemplate',
  $comment: NOUNS.object,
  description: 'A sidecar that sidecarctl can add to workloads.',
  type: 'object',
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  additionalProperties: false,
  properties: {
    apiVersion: { description: 'Version of this format.', const: TEMPLATE_API_VERSION },
    kind: { description: 'Kind of this file.', const: TEMPLATE_KIND },
    metadata: {
      $comment: NOUNS.object,
      description: 'Name, version and purpose of the template.',
      type: 'object',
      required: ['name', 'version', 'description'],
      additionalProperties: false,
      properties: {
        name: {
          $comment: 'a name of lower-case letters, digits and dashes, at most 63 characters long',
          description: 'Name of the sidecar.',
          type: 'string',
          pattern: NAME,
          examples: ['cache'],
        },
        version: {
          $comment: 'a string such as "1.0.0"',
          description: 'Version of the template. Raise it with every change.',
          type: 'string',
          minLength: 1,
          examples: ['1.0.0'],
        },
        description: {
          $comment: NOUNS.string,
          description: 'One or two sentences for lists of templates.',
          type: 'string',
          minLength: 1,
        },
        checked: {
          $comment: NOUNS.object,
          description: 'The newest release of the program in the series of its image, when it was last looked up.',
          type: 'object',
          required: ['version', 'date'],
          additionalProperties: false,
          examples: [{ version: '8.2.3', date: '2026-11-28' }],
          properties: {
            version: {
              $comment: NOUNS.string,
              description: 'The release.',
              type: 'string',
              minLength: 1,
              examples: ['8.2.3'],
            },
            date: {
              $comment: 'a date such as 2026-11-28',
              description: 'Day on which it was looked up.',
              type: 'string',
              pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
              examples: ['2026-11-28'],
            },
          },
        },
        annotations: { $comment: NOUNS.object, description: 'Not used. For other tools.', type: 'object' },
      },
    },
    spec,
  },
  definitions: {
    parameter,
    value: {
      $comment: NOUNS.object,
      description: 'A type with its limits.',
      type: 'object',
      required: ['type'],
      additionalProperties: false,
      properties: limits,
    },
    condition: {
      $comment: NOUNS.object,
      description:
        'Condition for the map that has it. It has names of parameters or of values of the workload, each with a ' +
        'value, a list of values, {set: true}, {set: false} or {not: VALUE}. All must hold.',
      type: 'object',
      minProperties: 1,
      examples: [{ output: ['http', 'loki'], host: { set: true } }],
    },
  },
}
