/** Findings of validation: what the API server would refuse. */
export const VALIDATION_CODES = {
  FIELD_REQUIRED: { severity: 'error', meaning: 'a field that Kubernetes requires is missing or empty' },
} as const
