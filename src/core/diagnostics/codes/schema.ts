/** Findings of validation against the schemas and kinds of a Kubernetes version. */
export const schemaCodes = () =>
  ({
    FIELD_UNKNOWN: { severity: 'error', meaning: 'unknown field' },
    FIELD_TYPE: { severity: 'error', meaning: 'a value has the wrong type for its field' },
    FIELD_RANGE: { severity: 'error', meaning: 'a number is out of the range of its field' },
    FIELD_FORMAT: { severity: 'error', meaning: 'a quantity, time or base64 value is invalid' },
    FIELD_RULE: { severity: 'error', meaning: 'a value is not allowed by the schema of a custom resource' },
    RULE_NOT_CHECKED: {
      severity: 'info',
      meaning: "a rule of a custom resource's own schema that could not be checked",
    },
    VALUE_NOT_CHECKED: {
      severity: 'info',
      meaning: 'encrypted values or placeholders of an object could not be checked',
    },
    API_REMOVED: { severity: 'error', meaning: 'an apiVersion is no longer served by the target Kubernetes version' },
    API_TOO_NEW: { severity: 'error', meaning: 'an apiVersion is not yet served by the target Kubernetes version' },
    API_DEPRECATED: {
      severity: 'warning',
      meaning: 'an apiVersion is deprecated and no longer served by a later Kubernetes version',
    },
    API_NOT_DEFAULT: {
      severity: 'error',
      meaning: 'an apiVersion that is off by default and was not named with --served',
    },
    KIND_READ_ONLY: { severity: 'error', meaning: 'kind whose objects the API server reports and does not create' },
    KIND_UNDECLARED: {
      severity: 'warning',
      meaning: 'an object of an unknown kind has sidecars, which are neither compared nor removed',
    },
    KIND_UNKNOWN: { severity: 'error', meaning: 'unknown kind or version in an API group of Kubernetes' },
  }) as const
