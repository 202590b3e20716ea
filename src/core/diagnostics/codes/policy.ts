/** Trouble with the policy file, and with annotations that choose sidecars. */
export const policyCodes = () => ({
  CONFIG_NOT_FOUND: { severity: 'error', meaning: 'the policy file that was named does not exist' },
  CONFIG_INVALID: { severity: 'error', meaning: 'the policy file is not what its format asks for' },
  CONFIG_OUTSIDE: { severity: 'error', meaning: 'a path in the policy file leads out of the folder of the file' },
  ANNOTATION_UNKNOWN: { severity: 'error', meaning: 'an annotation of sidecarctl names a sidecar, parameter or setting that does not exist' },
  ANNOTATION_INVALID: { severity: 'error', meaning: 'the value of an annotation of sidecarctl cannot be used' },
}) as const
