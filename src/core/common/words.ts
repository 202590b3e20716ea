/** The words of a text, for long lists of names. */
export function words(text: string): string[] {
  return text.trim().split(/\s+/)
}

/** The same as a set. */
export function wordSet(text: string): ReadonlySet<string> {
  return new Set(words(text))
}
