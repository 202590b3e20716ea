import type { DiagnosticCode } from '../../diagnostics/codes.ts'
import { at, invalid, type PodScope, required, unsupported } from './scope.ts'
import { optionalText, type Part, textOf } from './values.ts'

/** The faults of a text; none if it is valid. */
export type Format = (text: string) => readonly string[]

/** Reports a text that is not one of those allowed. Absent and empty are not reported, as they get a default. */
export function oneOf(part: Part, key: string, code: DiagnosticCode, allowed: readonly string[], pod: PodScope): void {
  if (textOf(part.data, key)) requiredOneOf(part, key, code, allowed, pod)
}

/** `oneOf` for a pointer to a string, where an explicit empty text gets no default and is reported, too. */
export function oneOfStrict(
  part: Part,
  key: string,
  code: DiagnosticCode,
  allowed: readonly string[],
  pod: PodScope,
): void {
  if (optionalText(part.data, key) !== undefined) requiredOneOf(part, key, code, allowed, pod)
}

/** `oneOf`, where absent and empty are reported, too. */
export function requiredOneOf(
  part: Part,
  key: string,
  code: DiagnosticCode,
  allowed: readonly string[],
  pod: PodScope,
): void {
  const text = textOf(part.data, key)
  if (text !== undefined && !allowed.includes(text)) unsupported(pod, code, at(part.path, key), text, allowed)
}

/** Reports the faults of a text, unless it is absent or empty. */
export function format(part: Part, key: string, code: DiagnosticCode, faults: Format, pod: PodScope): void {
  const text = textOf(part.data, key)
  if (text) invalid(pod, code, at(part.path, key), text, faults(text))
}

/** `format` for a pointer to a string, where an explicit empty text is validated, too. */
export function formatStrict(part: Part, key: string, code: DiagnosticCode, faults: Format, pod: PodScope): void {
  const text = optionalText(part.data, key)
  if (text !== undefined) invalid(pod, code, at(part.path, key), text, faults(text))
}

/**
 * `format`, where absent and empty are reported as required.
 * @param missing what to say of them
 */
export function requiredFormat(
  part: Part,
  key: string,
  code: DiagnosticCode,
  faults: Format,
  missing: string,
  pod: PodScope,
): void {
  if (textOf(part.data, key) === '') required(pod, at(part.path, key), missing)
  else format(part, key, code, faults, pod)
}
