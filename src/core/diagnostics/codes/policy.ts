import { error, warning } from './code.ts'

/** Problems with the policy file, with options of the library, and with annotations that select sidecars. */
export const policyCodes = () => ({
  CONFIG_NOT_FOUND: error('the policy file does not exist'),
  CONFIG_INVALID: error('the policy file is invalid'),
  CONFIG_OUTSIDE: error('a path in the policy file leads out of the folder of the file'),
  FUNCTION_CONFIG: error('the functionConfig of a KRM function, or a parameter of Argo CD, is invalid'),
  IMAGE_NOT_PINNED: warning('the policy pins another tag of an image than a sidecar uses'),
  OPTION_INVALID: error('an option of a call of the library is invalid'),
  ANNOTATION_UNKNOWN: error('a sidecarctl annotation names an unknown sidecar, parameter or setting'),
  EXPORT_EMPTY: error('there is nothing to export'),
  EXPORT_IMPOSSIBLE: error('the target of an export cannot do what a sidecar or rule needs'),
  EXPORT_OUTDATED: error('a file is not what would be exported now'),
  ANNOTATION_INVALID: error('the value of a sidecarctl annotation is invalid'),
})
