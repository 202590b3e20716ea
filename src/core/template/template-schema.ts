import { TEMPLATE_API_VERSION, TEMPLATE_KIND } from './parse-template.ts'
import { choice, fields, kubernetes, list, NAME, NOUNS, PLACEHOLDER, scalar, textMap, texts } from './schema-nodes.ts'
import { limits, parameter, REQUIRED_OF_PARAMETER } from './schema-parameters.ts'

const sharedFolder = fields(
  'A folder that the app and the sidecar both see, through the volume that the app has there or a new one.',
  {
    volume: scalar('string', 'Name of the volume that is added when the app mounts none there.'),
    path: scalar('string', "Absolute path in the app's containers."),
    sidecarPath: scalar('string', 'Absolute path in the sidecar and in its init containers. By default the same as path.'),
    sidecarReadOnly: scalar('boolean', 'Whether the sidecar mounts it read-only.', { default: false }),
    appReadOnly: scalar('boolean', 'Whether app containers that do not mount it yet get it read-only.', { default: false }),
    source: kubernetes('volumeSource', 'What the volume is when one is added.', { default: { emptyDir: {} } }),
  },
  { required: ['volume', 'path'] },
)

const app = fields('What to add to the containers of the app.', {
  containers: {
    $comment: 'all, first or a list of names',
    description: 'Which containers of the app.',
    type: ['string', 'array'],
    pattern: `^(all|first)$|${PLACEHOLDER}`,
    items: scalar('string', 'Name of a container.'),
    default: 'all',
  },
  env: list('Environment variables, in order. A variable of the same name that is there stays.', kubernetes('EnvVar', 'A variable.')),
  volumeMounts: list('Volume mounts. One at the same path that is there stays.', kubernetes('VolumeMount', 'A mount.')),
  ports: list('Ports.', kubernetes('ContainerPort', 'A port.')),
  lifecycle: kubernetes('Lifecycle', 'Lifecycle hooks, where the container has none.'),
}, { examples: [{ containers: 'first', env: [{ name: 'CACHE_URL', value: 'redis://127.0.0.1:${{ params.port }}' }] }] })

const pod = fields('What the sidecar needs of the pod. Values that the manifest has stay.', {
  labels: textMap('Labels of the pod template.', 'The value of a label.'),
  annotations: textMap('Annotations of the pod template.', 'The value of an annotation.'),
  imagePullSecrets: list('Secrets for pulling images.', kubernetes('LocalObjectReference', 'A Secret, by its name.')),
  shareProcessNamespace: scalar('boolean', 'Whether containers see the processes of each other.'),
  fsGroup: scalar('integer', 'Group of the volumes.'),
  minTerminationGracePeriodSeconds: scalar('integer', "The pod's grace period is raised to this many seconds, never lowered."),
  serviceAccountName: scalar('string', 'Service account, where the pod names none.'),
}, { examples: [{ annotations: { 'prometheus.io/scrape': 'true' }, minTerminationGracePeriodSeconds: 60 }] })

const settingGroup = fields('Settings that make sense together only.', {
  env: texts('Environment variables of `app.env`.', 'Name of a variable.'),
  annotations: texts('Annotations of `pod.annotations`.', 'Key of an annotation.'),
  meaning: scalar('string', 'What it means for the user when those of the manifest stay; ends the warning, after a colon.'),
})

const classic = fields(
  'What the sidecar is given where it runs as an ordinary container, so that it starts before the app and stops after it, ' +
    'as a native sidecar does by itself. A native sidecar gets none of it.',
  {
    startFirst: scalar('boolean', "Whether the container stands in front of the app's. The kubelet starts containers in this " +
      'order, each when the postStart hook of the one before has ended.', { default: false }),
    lifecycle: kubernetes('Lifecycle', 'Hooks over those of the container, one by one. postStart waits until the sidecar is ' +
      'ready: by exec with a program that the image has, since an httpGet hook is not tried again when it fails. preStop ' +
      'keeps it running until the app is gone: by exec, or by sleep, which needs nothing in the image.'),
    minTerminationGracePeriodSeconds: scalar('integer', "The pod's grace period is raised to this many seconds, never " +
      'lowered. A preStop sleep must not be longer than the grace period.'),
  },
  {
    examples: [{
      startFirst: true,
      lifecycle: {
        postStart: { exec: { command: ['sh', '-c', 'until redis-cli ping; do sleep 1; done'] } },
        preStop: { sleep: { seconds: 15 } },
      },
      minTerminationGracePeriodSeconds: 45,
    }],
  },
)

const order = fields('Place among the sidecars of a workload, before the order in which they are named.', {
  position: choice(['first', 'last'], 'Before or behind all that say nothing.'),
  before: texts('Sidecars that come after this one, where they are there.', 'Name of a sidecar.'),
  after: texts('Sidecars that come before this one, where they are there.', 'Name of a sidecar.'),
}, { examples: [{ after: ['config-sync'] }] })

const requires = fields('What a workload must be for the sidecar to go into it.', {
  kinds: texts('Workload kinds; others are skipped. By default all.', 'A kind, such as Deployment.'),
  kubernetes: scalar('string', 'Range of Kubernetes versions; for others it is an error.', { examples: ['>=1.29 <1.36'] }),
  hostNetwork: choice(['allow', 'skip'], 'Whether it goes into pods on the network of their host.', { default: 'allow' }),
}, { examples: [{ kinds: ['Deployment', 'StatefulSet'], kubernetes: '>=1.30', hostNetwork: 'skip' }] })

const spec = {
  $comment: NOUNS.object,
  description: 'What is put into a workload.',
  type: 'object',
  additionalProperties: false,
  // The program looks at a template together with what it extends; an editor sees the one file.
  if: { type: 'object', required: ['extends'], properties: { extends: true } },
  else: {
    type: 'object',
    properties: {
      parameters: {
        type: 'object',
        additionalProperties: { type: 'object', required: REQUIRED_OF_PARAMETER, properties: { type: true, description: true } },
      },
    },
  },
  properties: {
    extends: {
      $comment: NOUNS.string,
      description: 'Name of a template that this one builds on. Maps are merged field by field, and null takes a field away; ' +
        'lists whose items all have a name, mountPath, volume or containerPort are merged by it; all else is taken from here.',
      type: 'string',
      pattern: NAME,
      examples: ['logging'],
    },
    parameters: {
      $comment: NOUNS.object,
      description: 'Values that users can give, by name: letters, digits, - and _. Used as ${{ params.NAME }}.',
      type: 'object',
      propertyNames: { type: 'string', pattern: '^[A-Za-z][A-Za-z0-9_-]{0,62}$', description: 'Name of a parameter.' },
      additionalProperties: { $ref: '#/definitions/parameter' },
      examples: [{ port: { type: 'port', description: 'Port of the cache.', default: 6379 } }],
    },
    container: kubernetes('Container', 'The sidecar. Its name is by default that of the template. A template without one adds only the rest.', {
      examples: [{
        image: '${{ params.image }}',
        args: ['--port', '${{ params.port }}'],
        readinessProbe: { tcpSocket: { port: '${{ params.port }}' } },
      }],
    }),
    initContainers: list('Plain init containers, which end before the app starts, in front of the sidecar and of the '
      + "manifest's own.", kubernetes('Container', 'An init container, with a name.'), {
      examples: [[{ name: 'cache-init', image: 'busybox:1.37.0', command: ['true'] }]],
    }),
    volumes: list("Volumes of the sidecar's own; the container mounts them by its volumeMounts.", kubernetes('Volume', 'A volume, with a name.'), {
      examples: [[{ name: 'cache-config', configMap: { name: '${{ workload.name }}-cache' } }]],
    }),
    sharedFolders: list('Folders that the app and the sidecar share. They need no volume and no mount beside this.', sharedFolder, {
      examples: [[{ volume: 'app-logs', path: '${{ params.folder }}', sidecarReadOnly: true }]],
    }),
    app,
    pod,
    together: list('Settings that are added together: where the manifest, or another sidecar, has one of them with '
      + 'another value or without the others, none is added, and a warning says so.', settingGroup, {
      examples: [[{ env: ['CACHE_HOST', 'CACHE_PORT'], meaning: 'the app goes on calling its own cache' }]],
    }),
    objects: list('Objects written right behind the workload, in its namespace. A checksum in an annotation of the pod ' +
      'template rolls the pods when they change; uninject removes them.', kubernetes('object', 'An object, with apiVersion and ' +
      'kind. It is called WORKLOAD-SIDECAR where it has no name: ${{ workload.name }}-${{ sidecar.name }}.'), {
      examples: [[{
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { labels: { app: '${{ workload.name }}' } },
        data: { 'redis.conf': 'port ${{ params.port }}\n' },
      }]],
    }),
    mode: {
      $comment: 'auto, classic or native',
      description: 'Whether the sidecar is an ordinary container (classic) or a native sidecar; auto decides by Kubernetes version and kind.',
      enum: ['auto', 'classic', 'native'],
      default: 'auto',
    },
    classic,
    order,
    requires,
    proxies: scalar('integer', 'For a proxy: the port of the app in front of which it stands. Services that go past it are reported.', {
      examples: ['${{ app.port }}'],
    }),
  },
}

/** The JSON Schema (draft 7) of a template file; `$id` is a name, nothing is fetched from it. */
export const TEMPLATE_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://sidecarctl.dev/schema/v1/sidecartemplate.json',
  title: 'SidecarTemplate',
  $comment: NOUNS.object,
  description: 'A sidecar that sidecarctl can put into workloads.',
  type: 'object',
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  additionalProperties: false,
  properties: {
    apiVersion: { description: 'Version of this format.', const: TEMPLATE_API_VERSION },
    kind: { description: 'Kind of this file.', const: TEMPLATE_KIND },
    metadata: {
      $comment: NOUNS.object,
      description: 'What the template is called and what it is for.',
      type: 'object',
      required: ['name', 'version', 'description'],
      additionalProperties: false,
      properties: {
        name: {
          $comment: NOUNS.string,
          description: 'Name by which the sidecar is chosen: lower-case letters, digits and dashes.',
          type: 'string',
          pattern: NAME,
          examples: ['cache'],
        },
        version: { $comment: 'a text such as "1.0.0"', description: 'Version of the template; raise it with every change.', type: 'string', minLength: 1, examples: ['1.0.0'] },
        description: { $comment: NOUNS.string, description: 'One or two sentences for lists of templates.', type: 'string', minLength: 1 },
        annotations: { $comment: NOUNS.object, description: 'Anything else, for other tools.', type: 'object' },
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
      description: 'Keeps the map that it stands in only where it holds. Names of parameters or of values of the workload, each ' +
        'with a value, a list of values, {set: true}, {set: false} or {not: VALUE}. All must hold.',
      type: 'object',
      minProperties: 1,
      examples: [{ output: ['http', 'loki'], host: { set: true } }],
    },
  },
}
