/**
 * Columns by code point. string-width is more exact, but takes 110 to 145 ms to load, more than a whole run (it makes an
 * Intl.Segmenter, and ICU with it), and its version 9 needs Node 22.
 */

/** First and last code points of characters that take two columns in a terminal (East Asian wide, emoji). */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x4dbf],
  [0x4e00, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
]

/** Columns of one character (a string of one code point) in a terminal: 0, 1 or 2. */
export function characterWidth(c: string): number {
  const code = c.codePointAt(0) ?? 0
  if (code < 0x300) return 1
  // Created here, because reading Unicode's tables takes time that a run without such characters need not spend.
  if (/\p{Mn}|\p{Me}|\p{Cf}/u.test(c)) return 0
  return WIDE.some(([low, high]) => code >= low && code <= high) ? 2 : 1
}

/** The start of a text, at most so many columns wide. */
export function startOf(text: string, columns: number): string {
  let [out, width] = ['', 0]
  for (const c of text) {
    width += characterWidth(c)
    if (width > columns) break
    out += c
  }
  return out
}

/** Columns of a text in a terminal. */
export function textWidth(text: string): number {
  let width = 0
  for (const c of text) width += characterWidth(c)
  return width
}
