import { at, invalid, type PartRule, type PodScope, required } from '../scope.ts'
import { numberOf, type Part, textOf } from '../values.ts'

/** A rule that requires string fields, which may not be empty. */
export function fieldsOf(fields: readonly string[]): PartRule {
  return (part, pod) => {
    for (const field of fields) requireText(part, field, pod)
  }
}

/** Reports a string field that is absent or empty. */
export function requireText(part: Part, field: string, pod: PodScope): void {
  if (textOf(part.data, field) === '') required(pod, at(part.path, field), `${field} is required here`)
}

/** Reports a number outside of bounds, both inclusive; an absent one is valid. */
export function checkRange(part: Part, field: string, min: number, max: number, pod: PodScope): void {
  const value = numberOf(part.data, field)
  if (value === undefined || (value >= min && value <= max)) return
  invalid(pod, 'VOLUME_FIELD_INVALID', at(part.path, field), value, [`must be between ${min} and ${max}, inclusive`])
}

/** A file mode, from 0 to 0777 in octal. Source: `fileModeErrorMsg` and its uses. */
export function checkMode(part: Part, field: string, pod: PodScope): void {
  const mode = numberOf(part.data, field)
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return
  const octal = /^[0-7]+$/.test(String(mode)) ? Number.parseInt(String(mode), 8) : Number.NaN
  const hint = octal <= 0o777 ? `write 0${mode} in YAML, or ${octal} in JSON` : undefined
  const fault = 'must be a number between 0 and 0777 (octal, 511 in decimal), both inclusive'
  invalid(pod, 'FILE_MODE_INVALID', at(part.path, field), mode, [fault], hint)
}
