import { TEMPLATE_API_VERSION, TEMPLATE_KIND } from './parse.ts'
import { PARAMETER_TYPES } from './value.ts'

/** What a scalar of another type than text may be written as instead: one placeholder. */
const PLACEHOLDER = '^\\$\\{\\{[^{}]*\\}\\}$'
const NAME = '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$'

const when = { $ref: '#/definitions/condition' }
const valueFields = { $when: when, $value: true, $json: true, $yaml: true }

/** A value of the format that may also be a placeholder, or a map with a directive. */
function scalar(type: string, description: string, more: object = {}): object {
  const text = type === 'string' ? {} : { pattern: PLACEHOLDER }
  const types = type === 'string' ? ['string', 'object'] : [type, 'string', 'object']
  return { description, type: types, ...text, ...more, properties: valueFields, additionalProperties: false }
}

/** A map of the format's own fields; any map can have a `$when`. */
function fields(description: string, properties: object, required: string[] = []): object {
  const all = { $when: when, $value: true, ...properties }
  return { description, type: 'object', properties: all, additionalProperties: false, ...need(required) }
}

function need(required: string[]): object {
  return required.length === 0 ? {} : { required }
}

/** A list, or one placeholder of a parameter that is a list. */
function list(description: string, items: object): object {
  return { description, type: ['array', 'string'], pattern: PLACEHOLDER, items }
}

/** An object of Kubernetes: its fields are checked in the workload that it is put into. */
function kubernetes(description: string): object {
  return { description, type: ['object', 'string'], pattern: PLACEHOLDER }
}

const texts = (description: string): object => list(description, scalar('string', ''))
const textMap = (description: string): object => ({
  description,
  type: 'object',
  properties: { $when: when },
  additionalProperties: { type: ['string', 'number', 'boolean', 'object'] },
})

const limits = {
  type: { description: 'Type of the value.', enum: Object.keys(PARAMETER_TYPES) },
  enum: { description: 'The values that are allowed.', type: 'array', minItems: 1 },
  pattern: { description: 'Regular expression that a text must match.', type: 'string', maxLength: 500 },
  minLength: { description: 'Characters at least.', type: 'integer', minimum: 0 },
  maxLength: { description: 'Characters at most.', type: 'integer', minimum: 0 },
  minimum: { description: 'Smallest number.', type: 'number' },
  maximum: { description: 'Largest number.', type: 'number' },
  minItems: { description: 'Items of a list at least.', type: 'integer', minimum: 0 },
  maxItems: { description: 'Items of a list at most.', type: 'integer', minimum: 0 },
  items: { description: 'What every item of a list must be.', $ref: '#/definitions/value' },
  additionalProperties: { description: 'What every value of a map must be.', $ref: '#/definitions/value' },
}

const parameter = {
  type: 'object',
  required: ['type', 'description'],
  additionalProperties: false,
  properties: {
    ...limits,
    description: { description: 'What the parameter is for, as documentation prints it.', type: 'string', minLength: 1 },
    default: { description: 'Value when none is given; may be a placeholder such as ${{ app.port }}.' },
    example: { description: 'A value that works.' },
    required: { description: 'Whether there must be a value.', type: 'boolean' },
    requiredWhen: { description: 'Condition under which there must be a value.', ...when },
  },
}

const sharedFolder = fields(
  'A folder that the app and the sidecar both see.',
  {
    volume: scalar('string', 'Name of the volume that is added when the app mounts none there.'),
    path: scalar('string', "Absolute path in the app's containers."),
    sidecarPath: scalar('string', 'Absolute path in the sidecar; by default the same.'),
    sidecarReadOnly: scalar('boolean', 'Whether the sidecar mounts it read-only; by default not.'),
    appReadOnly: scalar('boolean', 'Whether app containers that do not mount it yet get it read-only.'),
    source: kubernetes('Source of the volume when one is added; by default an emptyDir.'),
  },
  ['volume', 'path'],
)

const app = fields('What to add to the containers of the app.', {
  containers: {
    description: 'Which containers: all (by default), first, or a list of names.',
    type: ['string', 'array'],
    pattern: `^(all|first)$|${PLACEHOLDER}`,
    items: scalar('string', ''),
  },
  env: list('Environment variables, in order.', kubernetes('An EnvVar.')),
  volumeMounts: list('Volume mounts.', kubernetes('A VolumeMount.')),
  ports: list('Ports.', kubernetes('A ContainerPort.')),
  lifecycle: kubernetes('Lifecycle hooks, where the container has none.'),
})

const pod = fields('What the sidecar needs of the pod.', {
  labels: textMap('Labels of the pod template.'),
  annotations: textMap('Annotations of the pod template.'),
  imagePullSecrets: list('Secrets for pulling the image.', kubernetes('A LocalObjectReference.')),
  shareProcessNamespace: scalar('boolean', 'Whether containers see the processes of each other.'),
  fsGroup: scalar('integer', 'Group of the volumes, where the pod sets none.'),
  minTerminationGracePeriodSeconds: scalar('integer', "The pod's grace period is raised to this, never lowered."),
  serviceAccountName: scalar('string', 'Service account, where the pod names none.'),
})

const classic = fields(
  'What the sidecar is given where it runs as an ordinary container, so that it starts before the app and stops after it, ' +
    'as a native sidecar does by itself. A native sidecar gets none of it.',
  {
    startFirst: scalar('boolean', "Whether the container stands in front of the app's, which start when its postStart hook has ended."),
    lifecycle: kubernetes(
      'Hooks over those of the container: postStart waits until the sidecar is ready, preStop until the app is gone.',
    ),
    minTerminationGracePeriodSeconds: scalar('integer', "The pod's grace period is raised to this, never lowered."),
  },
)

const order = fields('Place among the sidecars of a workload.', {
  position: scalar('string', 'first or last.'),
  before: texts('Sidecars that come after this one.'),
  after: texts('Sidecars that come before this one.'),
})

const requires = fields('What a workload must be for the sidecar to go into it.', {
  kinds: texts('Workload kinds; by default all.'),
  kubernetes: scalar('string', 'Range of Kubernetes versions, such as ">=1.29".'),
  hostNetwork: scalar('string', 'allow (by default) or skip, for pods on the network of their host.'),
})

const spec = {
  description: 'What is put into a workload.',
  type: 'object',
  additionalProperties: false,
  properties: {
    extends: {
      description: 'Name of a template that this one builds on: maps are merged, and lists whose items have names.',
      type: 'string',
      pattern: NAME,
    },
    parameters: {
      description: 'Values that users can give, by name. Used as ${{ params.NAME }}.',
      type: 'object',
      propertyNames: { pattern: '^[A-Za-z][A-Za-z0-9_-]{0,62}$' },
      additionalProperties: { $ref: '#/definitions/parameter' },
    },
    container: kubernetes('The sidecar: any field of a Kubernetes Container. Its name is by default the template name.'),
    initContainers: list('Plain init containers, which run before the app.', kubernetes('A Container.')),
    volumes: list('Volumes of the sidecar.', kubernetes('A Volume.')),
    sharedFolders: list('Folders that the app and the sidecar share.', sharedFolder),
    app,
    pod,
    objects: list('Objects written right after the workload, such as a ConfigMap.', kubernetes('An object.')),
    mode: {
      description: 'Whether the sidecar is an ordinary container or a native sidecar; auto by Kubernetes version.',
      enum: ['auto', 'classic', 'native'],
    },
    classic,
    order,
    requires,
    proxies: scalar('integer', 'Port of the app in front of which the sidecar stands, for a proxy.'),
  },
}

/** The JSON Schema (draft 7) of a template file; `$id` is a name, nothing is fetched from it. */
export const TEMPLATE_SCHEMA = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://sidecarctl.dev/schema/v1/sidecartemplate.json',
  title: 'SidecarTemplate',
  description: 'A sidecar that sidecarctl can put into workloads.',
  type: 'object',
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  additionalProperties: false,
  properties: {
    apiVersion: { description: 'Version of this format.', const: TEMPLATE_API_VERSION },
    kind: { description: 'Kind of this file.', const: TEMPLATE_KIND },
    metadata: {
      description: 'What the template is called and what it is for.',
      type: 'object',
      required: ['name', 'version', 'description'],
      additionalProperties: false,
      properties: {
        name: { description: 'Name by which the sidecar is chosen.', type: 'string', pattern: NAME },
        version: { description: 'Version of the template; raise it with every change.', type: 'string', minLength: 1 },
        description: { description: 'One or two sentences for lists of templates.', type: 'string', minLength: 1 },
        annotations: { description: 'Anything else, for other tools.', type: 'object' },
      },
    },
    spec,
  },
  definitions: {
    parameter,
    value: { type: 'object', required: ['type'], additionalProperties: false, properties: limits },
    condition: {
      description: 'Names of parameters or of context values, each with a value, a list, {set: true} or {not: VALUE}.',
      type: 'object',
      minProperties: 1,
    },
  },
}
