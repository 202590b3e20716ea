/** Findings of validation as a whole: what no single rule or schema speaks of. */
export const validationCodes = () => ({
  FIELD_REQUIRED: { severity: 'error', meaning: 'a field that Kubernetes requires is missing or empty' },
  KIND_NOT_CHECKED: { severity: 'info', meaning: 'a kind without a schema, which was not checked; an error with --strict-kinds' },
  LIST_MALFORMED: { severity: 'error', meaning: 'a list has no items, or items that are no objects, or are lists' },
  LIST_EMPTY: { severity: 'error', meaning: 'a list has no items, and nothing else is there to apply' },
  DOCUMENT_IGNORED: { severity: 'warning', meaning: 'documents that kubectl silently passes over' },
  CRD_NONE: { severity: 'warning', meaning: 'an input of --crd holds no CustomResourceDefinition that can be used' },
  POD_SECURITY: { severity: 'error', meaning: 'a pod does not satisfy the level of the Pod Security Standards asked for' },
}) as const
