import { LIMITS } from '../common/limits.ts'
import { NOUNS, when } from './schema-nodes.ts'
import { PARAMETER_TYPES } from './value.ts'

/** What a value must be: its type and limits. */
export const limits = {
  type: { description: 'Type of the value.', enum: Object.keys(PARAMETER_TYPES), examples: ['integer'] },
  enum: {
    $comment: NOUNS.array,
    description: 'Allowed values.',
    type: 'array',
    minItems: 1,
    examples: [['debug', 'info']],
  },
  pattern: {
    $comment: NOUNS.string,
    description:
      'Regular expression (RE2) that a string must match. It matches anywhere; use ^ and $ to match the whole string.',
    type: 'string',
    maxLength: LIMITS.patternLength.value,
    examples: ['^[a-z]+$'],
  },
  minLength: { $comment: NOUNS.integer, description: 'Minimum number of characters.', type: 'integer', minimum: 0 },
  maxLength: { $comment: NOUNS.integer, description: 'Maximum number of characters.', type: 'integer', minimum: 0 },
  minimum: { $comment: 'a number', description: 'Minimum value.', type: 'number', examples: [1] },
  maximum: { $comment: 'a number', description: 'Maximum value.', type: 'number' },
  minItems: { $comment: NOUNS.integer, description: 'Minimum number of items of a list.', type: 'integer', minimum: 0 },
  maxItems: { $comment: NOUNS.integer, description: 'Maximum number of items of a list.', type: 'integer', minimum: 0 },
  items: {
    $comment: NOUNS.object,
    description: 'Type and limits of every item of a list.',
    examples: [{ type: 'string' }],
    allOf: [{ $ref: '#/definitions/value' }],
  },
  additionalProperties: {
    $comment: NOUNS.object,
    description: 'Type and limits of every value of a map.',
    examples: [{ type: 'string' }],
    allOf: [{ $ref: '#/definitions/value' }],
  },
}

/** What a declaration must have; in a template that extends another, together with the declaration there. */
export const REQUIRED_OF_PARAMETER = ['type', 'description']

/** The declaration of a parameter. */
export const parameter = {
  $comment: NOUNS.object,
  description: 'A parameter.',
  type: 'object',
  additionalProperties: false,
  properties: {
    description: {
      $comment: NOUNS.string,
      description: 'Purpose, for documentation and messages.',
      type: 'string',
      minLength: 1,
    },
    default: {
      description:
        'Value if none is given, or one placeholder for a value of the workload. Without a value, fields with the placeholder are left out.',
      examples: ['${{ app.port }}'],
    },
    required: {
      $comment: NOUNS.boolean,
      description: 'Whether it is an error if neither the user nor the default gives a value.',
      type: 'boolean',
      default: false,
    },
    requiredWhen: {
      $comment: NOUNS.object,
      description: 'Condition under which a value is required.',
      examples: [{ output: ['http', 'forward'] }],
      allOf: [when],
    },
    example: { description: 'A valid value, for documentation, messages and tests.' },
    ...limits,
  },
}
