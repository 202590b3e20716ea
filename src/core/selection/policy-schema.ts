export const POLICY_API_VERSION = 'sidecarctl.dev/v1'
export const POLICY_KIND = 'Policy'

const texts = (description: string, item: string): object => ({
  $comment: 'a list',
  description,
  type: 'array',
  items: { $comment: 'a text', description: item, type: 'string', minLength: 1, maxLength: 500 },
})

const mode = { description: 'How it runs, over what the template says.', enum: ['auto', 'classic', 'native'] }
const parameters = { $comment: 'a map', description: 'Values of parameters, by name.', type: 'object' }

const addition = {
  $comment: 'a name, or a map with name, parameters and mode',
  description: 'A sidecar: its name, or a map that says more.',
  type: ['string', 'object'],
  minLength: 1,
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: { description: 'Name of the sidecar.', type: 'string', minLength: 1 },
    parameters,
    mode,
  },
}

const match = {
  description: 'Which workloads; all conditions must hold, and in a list one of its items. Without any: all workloads.',
  type: 'object',
  additionalProperties: false,
  properties: {
    kinds: texts('Kinds, such as Deployment, or with their group, such as Rollout.argoproj.io.', 'A kind.'),
    namespaces: texts('Names of namespaces; * and ? are wildcards. No namespace counts as default.', 'A name or pattern.'),
    names: texts('Names of workloads; * and ? are wildcards.', 'A name or pattern.'),
    labels: {
      description: "Labels of the workload: a selector as in kubectl (app=web,tier!=db), or a map.",
      type: ['string', 'object'],
      additionalProperties: { $comment: 'a text', description: 'The value of the label.', type: 'string' },
    },
    annotations: {
      description: 'Annotations of the workload: values by name, where * and ? are wildcards.',
      type: 'object',
      additionalProperties: { $comment: 'a text', description: 'The value, or a pattern of it.', type: 'string', maxLength: 500 },
    },
    paths: texts('Files or folders, from the folder of this file; *, ? and ** are wildcards.', 'A path or pattern.'),
  },
}

const rule = {
  $comment: 'a map',
  description: 'Which workloads get which sidecars.',
  type: 'object',
  additionalProperties: false,
  properties: {
    name: { description: 'What reports call the rule.', type: 'string', minLength: 1, maxLength: 100 },
    match,
    add: { description: 'Sidecars that these workloads get.', type: 'array', items: addition },
    exclude: {
      $comment: 'all, or a list of names',
      description: 'Sidecars of earlier rules that these workloads do not get: names, or all.',
      type: ['array', 'string'],
      pattern: '^all$',
      items: { $comment: 'a text', description: 'Name of a sidecar.', type: 'string', minLength: 1 },
    },
  },
}

const workloadKind = {
  $comment: 'a map',
  description: 'A kind of objects with a pod template in them.',
  type: 'object',
  required: ['kind', 'podTemplatePath'],
  additionalProperties: false,
  properties: {
    group: { description: 'API group, such as batch.volcano.sh; empty or absent for the core group.', type: 'string' },
    kind: { description: 'Kind, such as Job.', type: 'string', pattern: '^[A-Z][A-Za-z0-9]{0,62}$' },
    podTemplatePath: {
      description: 'Path of the pod template (with metadata and spec) in the object; [*] for every item of a list.',
      type: 'string',
      pattern: '^[A-Za-z][A-Za-z0-9]*(\\[\\*\\])?(\\.[A-Za-z][A-Za-z0-9]*(\\[\\*\\])?){0,9}$',
    },
    inline: {
      description: 'Whether the path leads to a pod spec (containers, volumes, ...) with annotations and labels of the pods in it, as in KServe.',
      type: 'boolean',
    },
  },
}

const spec = {
  description: 'What the repository asks for.',
  type: 'object',
  additionalProperties: false,
  properties: {
    templates: texts('Folders or files with templates of your own, from the folder of this file and inside it.', 'A path.'),
    kubernetesVersion: { description: 'Version of the clusters, such as "1.36", or latest.', type: 'string' },
    parameters: {
      description: 'Values for all workloads, by sidecar and name.',
      type: 'object',
      additionalProperties: { $comment: 'a map', description: 'Values of the parameters of a sidecar, by name.', type: 'object' },
    },
    modes: { description: 'How sidecars run, by name.', type: 'object', additionalProperties: mode },
    exclude: {
      description: 'What is never touched.',
      type: 'object',
      additionalProperties: false,
      properties: {
        namespaces: texts('Names of namespaces; * and ? are wildcards. By default kube-system.', 'A name or pattern.'),
        paths: texts('Files or folders, from the folder of this file; *, ? and ** are wildcards.', 'A path or pattern.'),
      },
    },
    services: {
      description: 'What becomes of Services.',
      type: 'object',
      additionalProperties: false,
      properties: {
        retarget: {
          description: 'Whether Services that send to the port of an app behind a proxy send to the proxy instead; false puts them back.',
          type: 'boolean',
        },
      },
    },
    rules: { description: 'Who gets which sidecars. Every rule that matches counts, in order.', type: 'array', items: rule },
    workloadKinds: { description: 'Further kinds that hold a pod template.', type: 'array', items: workloadKind },
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
    metadata: { description: 'A name, for those who want one.', type: 'object' },
    spec,
  },
}
