/** Findings of the check against a Kubernetes version's schema, and of its kinds. */
export const schemaCodes = () => ({
  FIELD_UNKNOWN: { severity: 'error', meaning: 'a field that Kubernetes does not know in this place' },
  FIELD_TYPE: { severity: 'error', meaning: 'a value of another type than its field' },
  FIELD_RANGE: { severity: 'error', meaning: 'a number beyond what its field can hold' },
  FIELD_FORMAT: { severity: 'error', meaning: 'a quantity, time or base64 text that cannot be read' },
  FIELD_RULE: { severity: 'error', meaning: "a value that a custom resource's own schema does not allow" },
  RULE_NOT_CHECKED: { severity: 'info', meaning: "a rule of a custom resource's own schema that could not be checked" },
  VALUE_NOT_CHECKED: { severity: 'info', meaning: 'encrypted values of an object that could not be checked' },
  API_REMOVED: { severity: 'error', meaning: 'an apiVersion that this Kubernetes version no longer serves' },
  API_TOO_NEW: { severity: 'error', meaning: 'an apiVersion that this Kubernetes version does not serve yet' },
  API_DEPRECATED: { severity: 'warning', meaning: 'an apiVersion that a later Kubernetes version will not serve' },
  API_NOT_DEFAULT: { severity: 'error', meaning: 'an apiVersion that is off by default and was not named with --served' },
  KIND_UNKNOWN: { severity: 'error', meaning: 'a group of Kubernetes that has no such kind or version' },
}) as const
