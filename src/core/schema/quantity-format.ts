import { memoizeByText } from '../text/memoize.ts'

/**
 * Reads text as resource.ParseQuantity of Kubernetes' apimachinery does, and answers its complaint, or undefined when
 * the text is a quantity. Kubernetes takes more than its message says: `.5`, `1.`, and `Mi` for zero are quantities.
 */
export const quantityError = memoizeByText((text: string): string | undefined => {
  const match = /^[+-]?[0-9]*(?:\.[0-9]*)?([eEinumkKMGTP]*[+-]?[0-9]*)$/.exec(text)
  if (text === '' || match === null) return FORMAT
  const suffix = match[1] as string
  if (SUFFIXES.has(suffix) || EXPONENT.test(suffix)) return undefined
  return "unable to parse quantity's suffix"
})

const FORMAT = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const SUFFIXES = new Set(['', 'n', 'u', 'm', 'k', 'M', 'G', 'T', 'P', 'E', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'])
const EXPONENT = /^[eE][+-]?[0-9]+$/
