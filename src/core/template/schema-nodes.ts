/**
 * What a value of the format must be, in the words of messages and documentation: the `$comment` beside `type` and
 * `pattern`, which say it to machines.
 */
export const NOUNS = {
  string: 'a string',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  Container: 'a Container of Kubernetes',
  ContainerPort: 'a ContainerPort of Kubernetes',
  EnvVar: 'an EnvVar of Kubernetes',
  Lifecycle: 'a Lifecycle of Kubernetes',
  LocalObjectReference: 'a LocalObjectReference of Kubernetes',
  Volume: 'a Volume of Kubernetes',
  VolumeMount: 'a VolumeMount of Kubernetes',
  volumeSource: 'a Volume of Kubernetes without its name',
} as const

export type Noun = keyof typeof NOUNS

/** What a scalar that is not a string may be written as instead: one placeholder. */
export const PLACEHOLDER = '^\\$\\{\\{[^{}]*\\}\\}$'
/** Names of templates, as in labels. */
export const NAME = '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$'

/** Further keywords of a node: a default, an example, limits. */
type More = Readonly<Record<string, unknown>>

/** A condition, in place or by reference. */
export const when = { $ref: '#/definitions/condition' }
const anything = (description: string): object => ({ description })
const valueFields = {
  $when: when,
  $value: anything('Replaces the whole map, so that a value can have a condition.'),
  $join: anything('A list whose items are joined into one string.'),
  $separator: anything('Text between the items; a comma by default.'),
  $json: anything('Data to write as JSON text.'),
  $yaml: anything('Data to write as YAML text.'),
}

/** A value of the format that may also be a placeholder, or a map with a directive. */
export function scalar(type: 'string' | 'boolean' | 'integer', description: string, more: More = {}): object {
  const text = type === 'string' ? {} : { pattern: PLACEHOLDER }
  const types = type === 'string' ? ['string', 'object'] : [type, 'string', 'object']
  return {
    $comment: NOUNS[type],
    description,
    type: types,
    ...text,
    ...more,
    properties: valueFields,
    additionalProperties: false,
  }
}

/** One of some words, or a placeholder. */
export function choice(words: readonly string[], description: string, more: More = {}): object {
  const pattern = `^(${words.join('|')})$|${PLACEHOLDER}`
  return scalar('string', description, { $comment: words.join(' or '), pattern, ...more })
}

/** A map of the format's own fields; any map can have a `$when`. */
export function fields(description: string, properties: object, more: More = {}): object {
  const all = { $when: when, $value: valueFields.$value, ...properties }
  return { $comment: NOUNS.object, description, type: 'object', properties: all, additionalProperties: false, ...more }
}

/** A list, or one placeholder of a parameter that is a list. */
export function list(description: string, items: object, more: More = {}): object {
  return { $comment: NOUNS.array, description, type: ['array', 'string'], pattern: PLACEHOLDER, items, ...more }
}

/** An object of Kubernetes: its fields are checked in the workload that it is put into. */
export function kubernetes(noun: Noun, description: string, more: More = {}): object {
  return { $comment: NOUNS[noun], description, type: ['object', 'string'], pattern: PLACEHOLDER, ...more }
}

/** A list of strings. */
export function texts(description: string, item: string, more: More = {}): object {
  return list(description, scalar('string', item), more)
}

/** A map of strings, where a placeholder may leave a number or a boolean too. */
export function textMap(description: string, value: string, more: More = {}): object {
  return {
    $comment: NOUNS.object,
    description,
    type: 'object',
    properties: { $when: when },
    additionalProperties: {
      $comment: NOUNS.string,
      description: value,
      type: ['string', 'number', 'boolean', 'object'],
    },
    ...more,
  }
}
