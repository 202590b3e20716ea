/** Problems with the policy file, with options of the library, and with annotations that select sidecars. */
export const policyCodes = () =>
  ({
    CONFIG_NOT_FOUND: { severity: 'error', meaning: 'the policy file does not exist' },
    CONFIG_INVALID: { severity: 'error', meaning: 'the policy file is invalid' },
    CONFIG_OUTSIDE: { severity: 'error', meaning: 'a path in the policy file leads out of the folder of the file' },
    FUNCTION_CONFIG: {
      severity: 'error',
      meaning: 'the functionConfig of a KRM function, or a parameter of Argo CD, is invalid',
    },
    IMAGE_NOT_PINNED: { severity: 'warning', meaning: 'the policy pins another tag of an image than a sidecar uses' },
    OPTION_INVALID: { severity: 'error', meaning: 'an option of a call of the library is invalid' },
    ANNOTATION_UNKNOWN: {
      severity: 'error',
      meaning: 'a sidecarctl annotation names an unknown sidecar, parameter or setting',
    },
    EXPORT_EMPTY: { severity: 'error', meaning: 'there is nothing to export' },
    EXPORT_IMPOSSIBLE: { severity: 'error', meaning: 'the target of an export cannot do what a sidecar or rule needs' },
    EXPORT_OUTDATED: { severity: 'error', meaning: 'a file is not what would be exported now' },
    ANNOTATION_INVALID: { severity: 'error', meaning: 'the value of a sidecarctl annotation is invalid' },
  }) as const
