import { detachString } from './detach.ts'

/** Texts are remembered up to this length, and up to this number of them. */
const MAX_LENGTH = 64
const MAX_TEXTS = 1000

/**
 * Remembers what a pure function said of texts: in manifests the same few keys and amounts come again and again. It is
 * bounded, as inputs are not. Answers are shared, so nobody may change them.
 */
export function memoizeByText<T>(answer: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined || known.has(text)) return before as T
    const said = answer(text)
    if (text.length <= MAX_LENGTH && known.size < MAX_TEXTS) known.set(detachString(text), said)
    return said
  }
}
