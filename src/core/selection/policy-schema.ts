import { START_PATTERN, START_PLACES } from '../field-path/item-place.ts'
import { SIDECAR_SETTINGS } from './sidecar-settings-schema.ts'

export const POLICY_API_VERSION = 'sidecarctl.dev/v1'
export const POLICY_KIND = 'Policy'

const texts = (description: string, item: string, example: readonly string[]): object => ({
  $comment: 'a list',
  description,
  examples: [example],
  type: 'array',
  items: { $comment: 'a string', description: item, type: 'string', minLength: 1, maxLength: 500 },
})

const mode = {
  description:
    'How the sidecar runs: as a native sidecar, as a classic container, or as the Kubernetes version decides.',
  enum: ['auto', 'classic', 'native'],
  examples: ['native'],
}
const parameters = {
  $comment: 'a map',
  description: 'Values of parameters, by name. sidecarctl templates docs NAME lists them.',
  type: 'object',
  examples: [{ folder: '/var/log/nginx' }],
}

const start = {
  $comment: START_PLACES,
  description:
    'Where the native sidecar starts among the init containers of the pod: first, last, or right before or after the one ' +
    'that is named. If a workload has none of that name, the sidecar starts first.',
  type: 'string',
  pattern: START_PATTERN,
  examples: ['after:migrate'],
}

const addition = {
  $comment: 'a name, or a map with name, parameters, mode and start',
  description: 'A sidecar: its name, or a map with its name, parameters, mode and start.',
  examples: ['logging', { name: 'metrics', parameters: { port: 9090 }, mode: 'classic' }],
  type: ['string', 'object'],
  minLength: 1,
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: { description: 'Name of the sidecar.', type: 'string', minLength: 1, examples: ['logging'] },
    parameters,
    mode,
    start,
  },
}

const match = {
  description:
    'Workloads that the rule is for. All conditions must hold; of a list, one item must match. A rule without match is for all.',
  examples: [{ kinds: ['Deployment'], namespaces: ['shop'] }],
  type: 'object',
  additionalProperties: false,
  properties: {
    kinds: texts('Kinds, alone or with their API group.', 'A kind.', ['Deployment', 'Rollout.argoproj.io']),
    namespaces: texts('Namespaces. A workload without one is in default.', 'A name or pattern.', ['shop', 'shop-*']),
    names: texts('Names of workloads.', 'A name or pattern.', ['web-*']),
    labels: {
      $comment: 'a string or a map',
      description: 'Labels of the workload: a selector as kubectl takes it, or a map of labels and values.',
      type: ['string', 'object'],
      examples: ['app=web,tier!=db', { app: 'web' }],
      additionalProperties: { $comment: 'a string', description: 'The value of the label.', type: 'string' },
    },
    annotations: {
      description: 'Annotations of the workload: a value or pattern for each name.',
      type: 'object',
      examples: [{ 'example.com/team': '*' }],
      additionalProperties: {
        $comment: 'a string',
        description: 'The value, or a pattern of it.',
        type: 'string',
        maxLength: 500,
      },
    },
    paths: texts('Files or folders, relative to the policy file.', 'A path or pattern.', ['apps/**/web.yaml']),
  },
}

const rule = {
  $comment: 'a map',
  description: 'A rule: which workloads get which sidecars.',
  type: 'object',
  additionalProperties: false,
  properties: {
    name: {
      description: 'Name of the rule in reports.',
      type: 'string',
      minLength: 1,
      maxLength: 100,
      examples: ['front ends'],
    },
    match,
    add: {
      description: 'Sidecars to add, in this order.',
      type: 'array',
      items: addition,
      examples: [['logging', { name: 'metrics', parameters: { port: 9090 } }]],
    },
    containers: {
      ...texts(
        'Containers of the app that get folders, environment variables and mounts from sidecars. By default all that a template asks for, often all of the app.',
        'Name of a container.',
        ['web'],
      ),
      minItems: 1,
    },
    exclude: {
      $comment: 'all, or a list of names',
      description: 'Sidecars of earlier rules to leave out: names, or all.',
      type: ['array', 'string'],
      examples: [['logging'], 'all'],
      pattern: '^all$',
      items: { $comment: 'a string', description: 'Name of a sidecar.', type: 'string', minLength: 1 },
    },
  },
}

const workloadKind = {
  $comment: 'a map',
  description: 'A kind, and where its pod template is.',
  type: 'object',
  required: ['kind', 'podTemplatePath'],
  additionalProperties: false,
  properties: {
    group: {
      description: 'API group. Empty or absent for the core group.',
      type: 'string',
      examples: ['batch.volcano.sh'],
    },
    kind: {
      $comment: 'a kind such as Job',
      description: 'Kind.',
      examples: ['Job'],
      type: 'string',
      pattern: '^[A-Z][A-Za-z0-9]{0,62}$',
    },
    podTemplatePath: {
      $comment: 'a path such as spec.template',
      description: 'Path of the pod template, which holds metadata and spec. [*] stands for every item of a list.',
      type: 'string',
      examples: ['spec.tasks[*].template'],
      pattern: '^[A-Za-z][A-Za-z0-9]*(\\[\\*\\])?(\\.[A-Za-z][A-Za-z0-9]*(\\[\\*\\])?){0,9}$',
    },
    inline: {
      description:
        'Whether the path leads to a pod spec itself, with annotations and labels of the pods beside containers, as in KServe.',
      type: 'boolean',
      default: false,
      examples: [true],
    },
  },
}

const spec = {
  description: 'What to inject, and where.',
  type: 'object',
  additionalProperties: false,
  properties: {
    templates: texts(
      'Folders or files with your own templates, relative to the policy file and below its folder.',
      'A path.',
      ['sidecars'],
    ),
    kubernetesVersion: {
      description: 'Kubernetes version of the clusters, or latest. By default the newest known.',
      type: 'string',
      examples: ['1.36'],
    },
    allowPlaceholders: {
      description:
        'Whether placeholders of Flux and envsubst, such as ${replicas:=1}, count as valid values. By default they are errors where a number, a name or another form is required.',
      type: 'boolean',
      default: false,
      examples: [true],
    },
    parameters: {
      description: 'Values of parameters for all workloads, by sidecar.',
      type: 'object',
      examples: [{ logging: { output: 'forward', host: 'fluentd.logs' } }],
      additionalProperties: {
        $comment: 'a map',
        description: 'Values of the parameters of a sidecar, by name.',
        type: 'object',
      },
    },
    modes: {
      description: 'Mode for all workloads, by sidecar.',
      type: 'object',
      additionalProperties: mode,
      examples: [{ proxy: 'native' }],
    },
    versions: {
      description:
        'Versions of templates, by sidecar: complete, or only the first numbers. A run with another version of a template is an error, so that an upgrade of sidecarctl changes nothing by itself.',
      type: 'object',
      examples: [{ logging: '1.2.0', proxy: '2' }],
      additionalProperties: {
        $comment: 'a version such as "1.2.0" or "1.2"',
        description: 'A version, such as "1.2.0", or "1.2" for all that begin with it.',
        type: 'string',
        pattern: '^[0-9]{1,9}(\\.[0-9]{1,9}){0,2}$',
        examples: ['1.2.0'],
      },
    },
    exclude: {
      description: 'Workloads that are never changed, whatever flags and annotations say.',
      type: 'object',
      examples: [{ namespaces: ['kube-system'], paths: ['vendor/**'] }],
      additionalProperties: false,
      properties: {
        namespaces: {
          ...texts('Namespaces.', 'A name or pattern.', ['kube-system', '*-infra']),
          default: ['kube-system'],
        },
        paths: texts('Files or folders, relative to the policy file.', 'A path or pattern.', ['vendor/**']),
      },
    },
    services: {
      description: 'Services in front of workloads with a proxy.',
      type: 'object',
      examples: [{ retarget: true }],
      additionalProperties: false,
      properties: {
        retarget: {
          description:
            'Whether the targetPort of such a Service is set to the proxy. false restores Services that were retargeted earlier.',
          type: 'boolean',
          examples: [true],
        },
      },
    },
    ...SIDECAR_SETTINGS,
    rules: {
      description: 'Rules, applied in order. Every rule that matches a workload applies to it.',
      type: 'array',
      items: rule,
      examples: [[{ match: { kinds: ['Deployment'] }, add: ['logging'] }]],
    },
    workloadKinds: {
      description: 'Further kinds with a pod template. Those of Kubernetes and of well-known projects need no entry.',
      type: 'array',
      items: workloadKind,
      examples: [[{ group: 'batch.volcano.sh', kind: 'Job', podTemplatePath: 'spec.tasks[*].template' }]],
    },
  },
}

/** The JSON Schema (draft 7) of the policy file; `$id` is a name, nothing is fetched from it. */
export const POLICY_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://sidecarctl.dev/schema/v1/policy.json',
  title: 'Policy',
  description: 'Which sidecars the workloads of a repository get.',
  type: 'object',
  required: ['apiVersion', 'kind', 'spec'],
  additionalProperties: false,
  properties: {
    apiVersion: { description: 'Version of this format.', const: POLICY_API_VERSION },
    kind: { description: 'Kind of this file.', const: POLICY_KIND },
    metadata: { description: 'Not used. For other tools.', type: 'object', examples: [{ name: 'shop' }] },
    spec,
  },
}

interface Node {
  properties?: Readonly<Record<string, Node>>
  items?: Node
}

/** The maps of the policy file that have a field of a name, such as `spec.rules[]` for `match`. */
export function policyPlaces(name: string): string[] {
  const below = (node: Node, path: string): string[] => [
    ...(path !== '' && node.properties !== undefined && Object.hasOwn(node.properties, name) ? [path] : []),
    ...Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
      below(child, path === '' ? key : `${path}.${key}`),
    ),
    ...(node.items === undefined ? [] : below(node.items, `${path}[]`)),
  ]
  return below(POLICY_SCHEMA as Node, '')
}
