/** Findings of validation that belong to no single rule or schema. */
export const validationCodes = () =>
  ({
    FIELD_REQUIRED: { severity: 'error', meaning: 'a field that Kubernetes requires is missing or empty' },
    KIND_NOT_CHECKED: {
      severity: 'info',
      meaning: 'a kind without a schema was not validated; an error with --strict-kinds',
    },
    LIST_MALFORMED: {
      severity: 'error',
      meaning: 'a list has no items, or items that are not objects, or nested lists',
    },
    LIST_EMPTY: { severity: 'error', meaning: 'a list has no items, and nothing else is there to apply' },
    DOCUMENT_IGNORED: { severity: 'warning', meaning: 'documents are ignored by kubectl without warning' },
    CRD_NONE: { severity: 'warning', meaning: 'an input of --crd contains no usable CustomResourceDefinition' },
    POD_SECURITY: { severity: 'error', meaning: 'a pod does not satisfy the requested Pod Security Standards level' },
  }) as const
