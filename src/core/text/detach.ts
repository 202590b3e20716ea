/** Texts of which one is kept for all that are the same, up to this number. */
export const MOST_TEXTS = 10_000

/** The same text by itself. */
export function detachString(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string
}
