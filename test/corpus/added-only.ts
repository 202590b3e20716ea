/** LF, CR LF or a lone CR: all of them end lines in YAML. */
const LINE_END = /\r\n|\n|\r/

/**
 * True when every line of `before` is still there, in order, in `after`: as it was, or with text inserted in one
 * place of it. Knows nothing of how the change was made.
 */
export function isAddedOnly(before: string, after: string): boolean {
  const lines = after.split(LINE_END)
  let at = 0
  for (const line of before.split(LINE_END)) {
    while (at < lines.length && !holds(lines[at] as string, line)) at++
    if (at === lines.length) return false
    at++
  }
  return true
}

function holds(line: string, original: string): boolean {
  if (line === original) return true
  if (line.length <= original.length) return false
  let head = 0
  while (head < original.length && line[head] === original[head]) head++
  return line.endsWith(original.slice(head))
}
