/** Trouble with sidecar templates and with the values given for their parameters. */
export const templateCodes = () => ({
  TEMPLATE_INVALID: { severity: 'error', meaning: 'a template file is not a valid sidecar template' },
  TEMPLATE_OVERRIDES: { severity: 'info', meaning: 'a template of the user is used in place of the built-in one of its name' },
  PARAM_UNKNOWN: { severity: 'error', meaning: 'a value was given for a parameter that the template does not have' },
  PARAM_REQUIRED: { severity: 'error', meaning: 'a template needs a value for a parameter that has none' },
  PARAM_INVALID: { severity: 'error', meaning: 'a value does not fit the type or the limits of its parameter' },
}) as const
