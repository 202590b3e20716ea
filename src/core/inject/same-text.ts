/**
 * True where two texts without sidecars are the same. The user's comments inside owned fields survive every change, but
 * may move when the lines around them are removed: lines with only a comment are compared without their order and
 * indentation.
 */
export function isSameText(one: string, other: string): boolean {
  if (one === other) return true
  const [a, b] = [taken(one), taken(other)]
  return a.rest === b.rest && a.comments === b.comments
}

/** Splits a text into its comment lines, sorted, and the rest. */
function taken(text: string): { comments: string; rest: string } {
  const comments: string[] = []
  const rest = text.replace(COMMENT_LINE, (line) => {
    comments.push(line.trim())
    return ''
  })
  return { comments: comments.sort().join('\n'), rest }
}

const COMMENT_LINE = /^[ \t]*#[^\r\n]*(?:\r\n|\r|\n|$)/gm
