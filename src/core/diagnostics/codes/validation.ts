import { error, info, warning } from './code.ts'

/** Findings of validation that belong to no single rule or schema. */
export const validationCodes = () => ({
  FIELD_REQUIRED: error('a field that Kubernetes requires is missing or empty'),
  KIND_NOT_CHECKED: info('a kind without a schema was not validated; an error with --strict-kinds'),
  LIST_MALFORMED: error('a list has no items, or items that are not objects, or nested lists'),
  LIST_EMPTY: error('a list has no items, and nothing else is there to apply'),
  DOCUMENT_IGNORED: warning('documents are ignored by kubectl without warning'),
  CRD_NONE: warning('an input of --crd contains no usable CustomResourceDefinition'),
  POD_SECURITY: error('a pod does not satisfy the requested Pod Security Standards level'),
})
