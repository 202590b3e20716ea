import { error, info } from './code.ts'

/** Problems with sidecar templates and with the values of their parameters. */
export const templateCodes = () => ({
  TEMPLATE_INVALID: error('a sidecar template is invalid'),
  TEMPLATE_OVERRIDES: info('a template of the user overrides the built-in template with the same name'),
  VALUES_INVALID: error('a file of values is invalid'),
  PARAM_UNKNOWN: error('unknown parameter of a template'),
  PARAM_REQUIRED: error('a template requires a value for a parameter that has none'),
  PARAM_INVALID: error('a value is invalid for the type or limits of its parameter'),
})
