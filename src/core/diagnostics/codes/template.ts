/** Problems with sidecar templates and with the values of their parameters. */
export const templateCodes = () =>
  ({
    TEMPLATE_INVALID: { severity: 'error', meaning: 'a sidecar template is invalid' },
    TEMPLATE_OVERRIDES: {
      severity: 'info',
      meaning: 'a template of the user overrides the built-in template with the same name',
    },
    VALUES_INVALID: { severity: 'error', meaning: 'a file of values is invalid' },
    PARAM_UNKNOWN: { severity: 'error', meaning: 'unknown parameter of a template' },
    PARAM_REQUIRED: { severity: 'error', meaning: 'a template requires a value for a parameter that has none' },
    PARAM_INVALID: { severity: 'error', meaning: 'a value is invalid for the type or limits of its parameter' },
  }) as const
