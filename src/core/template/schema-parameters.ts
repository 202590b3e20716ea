import { LIMITS } from '../common/limits.ts'
import { NOUNS, when } from './schema-nodes.ts'
import { PARAMETER_TYPES } from './value.ts'

/** What a value must be: its type and limits. */
export const limits = {
  type: { description: 'Type of the value.', enum: Object.keys(PARAMETER_TYPES), examples: ['integer'] },
  enum: { $comment: NOUNS.array, description: 'The values that are allowed.', type: 'array', minItems: 1, examples: [['debug', 'info']] },
  pattern: {
    $comment: NOUNS.string,
    description: 'Regular expression (RE2 syntax) that a text must match. It is not anchored: write ^ and $ for the whole text.',
    type: 'string',
    maxLength: LIMITS.patternLength.value,
    examples: ['^[a-z]+$'],
  },
  minLength: { $comment: NOUNS.integer, description: 'Characters at least.', type: 'integer', minimum: 0 },
  maxLength: { $comment: NOUNS.integer, description: 'Characters at most.', type: 'integer', minimum: 0 },
  minimum: { $comment: 'a number', description: 'Smallest number.', type: 'number', examples: [1] },
  maximum: { $comment: 'a number', description: 'Largest number.', type: 'number' },
  minItems: { $comment: NOUNS.integer, description: 'Items of a list at least.', type: 'integer', minimum: 0 },
  maxItems: { $comment: NOUNS.integer, description: 'Items of a list at most.', type: 'integer', minimum: 0 },
  items: {
    $comment: NOUNS.object,
    description: 'What every item of a list must be: a type with its limits.',
    examples: [{ type: 'string' }],
    allOf: [{ $ref: '#/definitions/value' }],
  },
  additionalProperties: {
    $comment: NOUNS.object,
    description: 'What every value of a map must be: a type with its limits.',
    examples: [{ type: 'string' }],
    allOf: [{ $ref: '#/definitions/value' }],
  },
}

/** What a declaration must say; of a template that extends another, together with what is said there. */
export const REQUIRED_OF_PARAMETER = ['type', 'description']

/** The declaration of a parameter. */
export const parameter = {
  $comment: NOUNS.object,
  description: 'A value that users can give.',
  type: 'object',
  additionalProperties: false,
  properties: {
    description: { $comment: NOUNS.string, description: 'What it is for, as documentation and messages print it.', type: 'string', minLength: 1 },
    default: {
      description: 'Value when none is given, or one placeholder of a value of the workload. Without it, fields with the placeholder are left out.',
      examples: ['${{ app.port }}'],
    },
    required: {
      $comment: NOUNS.boolean,
      description: 'Whether there must be a value, where the default gives none.',
      type: 'boolean',
      default: false,
    },
    requiredWhen: {
      $comment: NOUNS.object,
      description: 'Condition under which there must be a value.',
      examples: [{ output: ['http', 'forward'] }],
      allOf: [when],
    },
    example: { description: 'A value that works, for documentation, messages and tests.' },
    ...limits,
  },
}
