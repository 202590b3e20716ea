import { error, info, warning } from './code.ts'

/** Findings of validation against the schemas and kinds of a Kubernetes version. */
export const schemaCodes = () => ({
  FIELD_UNKNOWN: error('unknown field'),
  FIELD_TYPE: error('a value has the wrong type for its field'),
  FIELD_RANGE: error('a number is out of the range of its field'),
  FIELD_FORMAT: error('a quantity, time or base64 value is invalid'),
  FIELD_RULE: error('a value is not allowed by the schema of a custom resource'),
  RULE_NOT_CHECKED: info("a rule of a custom resource's own schema that could not be checked"),
  VALUE_NOT_CHECKED: info('encrypted values or placeholders of an object could not be checked'),
  API_REMOVED: error('an apiVersion is no longer served by the target Kubernetes version'),
  API_TOO_NEW: error('an apiVersion is not yet served by the target Kubernetes version'),
  API_DEPRECATED: warning('an apiVersion is deprecated and no longer served by a later Kubernetes version'),
  API_NOT_DEFAULT: error('an apiVersion that is off by default and was not named with --served'),
  KIND_READ_ONLY: error('kind whose objects the API server reports and does not create'),
  KIND_UNDECLARED: warning('an object of an unknown kind has sidecars, which are neither compared nor removed'),
  KIND_UNKNOWN: error('unknown kind or version in an API group of Kubernetes'),
})
